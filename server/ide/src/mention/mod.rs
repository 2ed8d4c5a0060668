//! Every name in an entity file that means something, and what it means. Hover and goto definition
//! read the same list.
//!
//! Invariant: a name that resolves to nothing is not in the list; its finding says why.

mod blocks;
mod declarations;
mod expressions;
mod steps;

use specql_model::{
    ActionId, BuiltIn, EntityId, Field, Name, Parameter, Resolution, SourceFile, Type, Workspace,
    expression::EntityReference,
};
use specql_text::TextRange;

use crate::scope::{self, Scope};

/// A name and what it means.
#[derive(Debug, Clone)]
pub(crate) struct Mention<'a> {
    pub(crate) range: TextRange,
    pub(crate) subject: Subject<'a>,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(crate) enum Subject<'a> {
    Entity(EntityId),
    /// Several entities have the name.
    Ambiguous(Vec<EntityId>),
    Field(EntityId, &'a Field),
    BuiltIn(EntityId, &'static BuiltIn),
    EnumValue { owner: EntityId, field: &'a Field, value: &'a Name },
    /// A type, where it is written.
    Type(&'a Type),
    Action(ActionId),
    Parameter(ActionId, &'a Parameter),
    /// A loop's variable or a stored result, in the same file.
    Variable { name: &'a Name, declared: TextRange, entity: Option<EntityId> },
    /// The key of an action's `impact`.
    Impact(ActionId),
    /// The key of an action's `cdc`.
    Cdc(ActionId),
    /// The type of an event that the action publishes.
    Event(ActionId),
}

/// The list as it grows.
pub(crate) struct Mentions<'a> {
    workspace: &'a Workspace,
    own: EntityId,
    found: Vec<Mention<'a>>,
}

/// The innermost name that a cursor touches; of two neighbours the one that begins there.
pub(crate) fn at<'a>(
    workspace: &'a Workspace,
    file: &'a SourceFile,
    offset: u32,
) -> Option<Mention<'a>> {
    all(workspace, file)
        .into_iter()
        .filter(|it| it.range.touches(offset) && !it.range.is_empty())
        .min_by_key(|it| (!it.range.contains(offset), it.range.len()))
}

/// Every name of a file, declarations first, then uses.
pub(crate) fn all<'a>(workspace: &'a Workspace, file: &'a SourceFile) -> Vec<Mention<'a>> {
    let Some(entity) = file.entity() else { return Vec::new() };
    let mut acc = Mentions { workspace, own: entity.id, found: Vec::new() };
    declarations::entity(entity, &mut acc);
    for (index, action) in (0..).zip(&entity.actions) {
        let id = ActionId { entity: entity.id, index };
        declarations::action(id, action, &mut acc);
        steps::steps(id, action, &action.steps, &mut acc);
        blocks::blocks(id, action, &mut acc);
    }
    acc.found
}

impl<'a> Mentions<'a> {
    fn push(&mut self, range: TextRange, subject: Subject<'a>) {
        self.found.push(Mention { range, subject });
    }

    fn push_known(&mut self, range: TextRange, subject: Option<Subject<'a>>) {
        if let Some(subject) = subject {
            self.push(range, subject);
        }
    }

    /// A reference to an entity in a statement or a type; gives the entity.
    fn entity(&mut self, reference: &EntityReference) -> Option<EntityId> {
        let resolution = self.workspace.resolve(self.own.0, reference);
        self.resolution(reference.range(), resolution)
    }

    /// The name of an entity in a block; gives the entity.
    fn entity_name(&mut self, name: &Name) -> Option<EntityId> {
        let resolution = scope::entity_named(self.workspace, self.own.0, &name.text);
        self.resolution(name.range, resolution)
    }

    fn resolution(&mut self, range: TextRange, resolution: Resolution) -> Option<EntityId> {
        match resolution {
            Resolution::Found(id) => {
                self.push(range, Subject::Entity(id));
                Some(id)
            }
            Resolution::Ambiguous(ids) => {
                self.push(range, Subject::Ambiguous(ids));
                None
            }
            Resolution::Unknown => None,
        }
    }

    /// The name of a field of an entity.
    fn field(&mut self, owner: Option<EntityId>, name: &Name) {
        let subject = owner.and_then(|it| scope::field(self.workspace, it, &name.text));
        self.push_known(name.range, subject);
    }

    /// A value of a field's enum.
    fn enum_value(&mut self, subject: &Subject<'a>, text: &str, range: TextRange) {
        let Subject::Field(owner, field) = subject else { return };
        let Type::Enum(values) = &field.ty else { return };
        if let Some(value) = values.iter().find(|it| it.text == text) {
            self.push(range, Subject::EnumValue { owner: *owner, field, value });
        }
    }

    fn scope(&self, id: ActionId, action: &'a specql_model::Action, offset: u32) -> Scope<'a> {
        Scope::of_action(self.workspace, self.own, action, id.index, offset)
    }
}
