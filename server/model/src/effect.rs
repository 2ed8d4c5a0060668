//! What an action writes, inferred from its steps: through branches, loops and calls of other actions.
//!
//! Rules compare these with the declared impact; code generation, fixes and hovers read the same value.

mod calls;
mod group;
mod infer;
mod own_row;
mod rows;

use std::sync::{Arc, OnceLock};

use ecow::EcoString;
use specql_syntax::Name;
use specql_text::TextRange;

use crate::{
    ActionId, Entity, EntityId, Operation, Workspace,
    workspace::{NamedPart, unrecorded},
};

pub use group::{EffectGroup, grouped};
pub use own_row::OwnRow;
pub use rows::RowFilter;

/// One write of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The entity; absent when the name resolves to nothing or to several.
    pub entity: Option<EntityId>,
    /// The entity's name as written in the step, in the file of [`Effect::action`].
    pub target: Name,
    /// What is done.
    pub operation: Operation,
    /// An upsert that leaves a row alone that is there.
    pub keeps: bool,
    /// Which fields are written.
    pub fields: EffectFields,
    /// Whether it happens in every successful run.
    pub certainty: Certainty,
    /// How the rows are found.
    pub rows: RowSource,
    /// The step's range, in the file of [`Effect::action`].
    pub step: TextRange,
    /// The action whose step it is: the action itself, or one that it calls.
    pub action: ActionId,
    /// In the calling action: the range of the `call` step through which the effect comes.
    pub via: Option<TextRange>,
}

/// The fields that a write sets.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectFields {
    /// Exactly these, in snake_case as declared where they resolve, else as written.
    Named(Vec<EcoString>),
    /// Any field of the entity that the input carries, and surely these.
    Input(Vec<EcoString>),
    /// The row as a whole (`delete`).
    Row,
}

/// Whether an effect happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// In every run that succeeds.
    Always,
    /// In some: inside a branch, a loop, or after a `return`.
    Sometimes,
}

/// How a write finds its rows.
#[derive(Debug, Clone, PartialEq)]
pub enum RowSource {
    /// The row that this step inserts.
    New,
    /// The row `input.id` of the file's entity.
    InputId,
    /// The condition of the step.
    Filter {
        /// It can hold for one row only, which has to be there; else for any number.
        one: bool,
    },
    /// The row that a `ref` leads to; the field, and whether it is the file's entity (`true`) or the
    /// written one (`false`) that has it.
    Reference {
        /// The `ref` field.
        field: EcoString,
        /// `Post.author` leads from the post to the user: forward. `Comment.post`, in an action of
        /// `Post` that writes comments, is backward and may find many rows.
        forward: bool,
        /// It is a `ref(A|B)`, which may lead to a row of the other entity.
        may_miss: bool,
    },
    /// No `ref` leads there, so no row is found; a rule asks for a `WHERE`.
    Unreachable,
    /// Several `ref` fields lead there: their names.
    Ambiguous(Vec<EcoString>),
}

/// What the actions of one file write, inferred when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct FileEffects {
    own: OnceLock<Vec<OwnEffects>>,
    all: OnceLock<Vec<Arc<[Effect]>>>,
    parts: OnceLock<Box<[NamedPart]>>,
}

/// What the steps of one action write themselves, and which actions they call.
#[derive(Debug, Default)]
pub(crate) struct OwnEffects {
    /// In the order of the steps.
    effects: Arc<[Effect]>,
    calls: Vec<Call>,
}

/// A call of another action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The action that is called, or one that is called in its turn.
    pub action: ActionId,
    /// Whether it runs in every run that succeeds.
    pub certainty: Certainty,
    /// The `call`, in the file of the calling action.
    pub step: TextRange,
}

impl FileEffects {
    /// What of the file has a name; made by the first who asks.
    pub(crate) fn named_parts(&self, parts: impl FnOnce() -> Vec<NamedPart>) -> &[NamedPart] {
        self.parts.get_or_init(|| unrecorded(parts).into_boxed_slice())
    }

    /// Everything that an action writes.
    pub(crate) fn of_action(&self, workspace: &Workspace, action: ActionId) -> &[Effect] {
        let infer = || match workspace.entity(action.entity) {
            Some(it) => it.action_ids().map(|(id, _)| calls::all(workspace, id)).collect(),
            None => Vec::new(),
        };
        let all = self.all.get_or_init(infer);
        all.get(action.index as usize).map_or(&[], AsRef::as_ref)
    }

    /// What the steps of an action write themselves.
    fn own(&self, workspace: &Workspace, action: ActionId) -> Option<&OwnEffects> {
        let infer = |entity: &Entity| {
            entity.action_ids().map(|(id, it)| infer::own(workspace, entity, id, it)).collect()
        };
        let own = self.own.get_or_init(|| {
            workspace.entity(action.entity).map(|it| infer(it)).unwrap_or_default()
        });
        own.get(action.index as usize)
    }
}

#[cfg(test)]
mod tests;
