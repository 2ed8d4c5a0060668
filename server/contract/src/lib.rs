//! What an action promises, once, as data: inputs, ordered changes, cascade, answer, events, audit,
//! failures, with payloads as shapes.
//!
//! Generators, samples, schemas, rules, hovers and comparisons read a [`Contract`] and decide nothing
//! again. Law: every row that the database writes fits its shape, and has the members of the sample.

mod answer;
mod audit;
mod called;
mod cascade;
mod changes;
mod events;
mod failures;
mod fields;
mod image;
mod inputs;
mod invalidation;
mod looked_up;
mod names;
mod outbox;
mod payload;
mod promise;
mod published;
mod rows;
mod shape;
#[cfg(test)]
mod tests;
mod topics;
mod unkept;
mod value;

use std::cell::OnceCell;

use ecow::EcoString;
use specql_model::{Action, ActionId, Call, Entity, EntityId, Name, Operation, Workspace};
use specql_text::TextRange;

pub use answer::{Answer, Collection, Relation};
pub use audit::{Audit, Trail, audit_image, is_audited};
pub use called::called_actions;
pub use cascade::{Cascade, CascadeEntry, EntryDetail, MAX_INVALIDATIONS, cascade_is_on};
pub use changes::{Change, ChangeStep, Outcome};
pub use events::{Event, EventCascade, EventKind, PartitionKey, default_topic, primary_event};
pub use failures::{Failure, FailureCause, failure_of_step, returned_message};
pub use fields::kept_fields;
pub use image::{graphql_image, row_image};
pub use inputs::{Input, input_spellings, inputs_of, spellings_in};
pub use invalidation::{
    Invalidation, InvalidationScope, InvalidationValue, declared_invalidations,
};
pub use looked_up::{looked_up, not_found_message};
pub use names::graphql_member;
pub use outbox::outbox_row;
pub use payload::{Content, PayloadMember, Selection, SelectionNode};
pub use promise::{
    BREAKAGES, Breakage, Changed, Class, Compatibility, Difference, Mirror, Misread, Promises,
    Subject, changed, changed_event, compare, is_lock_file, lock_file, lock_file_of, read,
    recorded, write,
};
pub use published::Published;
pub use rows::Rows;
use rows::Runs;
pub use shape::{Format, Member, Object, Origin, Shape, Target};
pub use topics::{
    DEAD_LETTERS, MAX_RECORD, Retention, STATE, Topic, TopicRole, metric_name, topic_figures,
    topics, topics_of,
};
pub use value::shape_of_type;

/// What one action promises to its callers, to clients, to consumers and to auditors.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The action.
    pub action: ActionId,
    /// Its name.
    pub name: EcoString,
    /// The permission that it asks for, as written.
    pub requires: Option<Name>,
    /// The entity that it is about; the file's own where nothing says.
    pub primary: EntityId,
    /// What happens to that entity.
    pub operation: Operation,
    /// What the steps write follows from the `impact` alone: there are no steps, or a `pattern` makes
    /// them.
    pub declared_only: bool,
    /// What the caller gives, in the order in which the file asks for it.
    pub inputs: Vec<Input>,
    /// What changes: the primary entity first, then side effects as declared, then what nobody
    /// declares, in the order of the first write. Changes of called actions are among them.
    pub changes: Vec<Change>,
    /// The calls of other actions, in the order of the steps.
    pub calls: Vec<Call>,
    /// The members of `app.mutation_result` beside `_cascade`.
    pub answer: Answer,
    /// `_cascade`; absent where it is off.
    pub cascade: Option<Cascade>,
    /// What events carry of a run whose answer has no `_cascade`: those of actions that it calls.
    pub event_cascade: Option<Cascade>,
    /// The rows of the outbox: the primary event first, then `side_effect_events` as declared, then those
    /// of each action that it calls.
    pub events: Vec<Event>,
    /// What the audit keeps.
    pub audit: Audit,
    /// What it answers instead of success, in the order in which it can happen.
    pub failures: Vec<Failure>,
}

impl Contract {
    /// The contract of an action; absent when there is no such action.
    #[must_use]
    pub fn of(workspace: &Workspace, id: ActionId) -> Option<Self> {
        let place = Place::new(workspace, id)?;
        let Published { changes, cascade, event_cascade, events, .. } = Published::at(&place);
        let inputs = inputs::inputs(&place);
        Some(Self {
            action: id,
            name: place.action.name.text.clone(),
            requires: place.action.requires.clone(),
            primary: place.primary.id,
            operation: place.operation,
            declared_only: place.declared_only(),
            calls: workspace.calls(id).to_vec(),
            answer: answer::answer(&place, &changes),
            events,
            audit: audit::audit(&place, &changes, cascade.as_ref()),
            failures: failures::failures(&place, &inputs, &changes),
            inputs,
            cascade,
            event_cascade,
            changes,
        })
    }

    /// The contracts of a workspace, in the order of files and of their actions. Entities and actions
    /// that have no name yet are left out.
    pub fn all(workspace: &Workspace) -> impl Iterator<Item = Self> + '_ {
        let named = workspace.actions().filter(|(id, it)| {
            let entity = workspace.entity(id.entity);
            !it.name.text.is_empty() && entity.is_some_and(|it| !it.name.text.is_empty())
        });
        named.filter_map(|(id, _)| Self::of(workspace, id))
    }

    /// The events that the action's own `cdc` asks for.
    pub fn own_events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|it| it.action == self.action)
    }

    /// The entities that change, each once, in the order of the changes.
    pub fn entities(&self) -> impl Iterator<Item = EntityId> + '_ {
        self.changes.iter().enumerate().filter_map(|(index, change)| {
            let before = self.changes.get(..index).unwrap_or_default();
            before.iter().all(|it| it.entity != change.entity).then_some(change.entity)
        })
    }

    /// What happens to an entity.
    pub fn changes_of(&self, entity: EntityId) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |it| it.entity == entity)
    }

    /// How many rows of an entity the action can touch in one run.
    #[must_use]
    pub fn rows_of(&self, entity: EntityId) -> Option<Rows> {
        changes::together(self.changes_of(entity))
    }
}

/// An action with what is asked again and again.
struct Place<'a> {
    workspace: &'a Workspace,
    id: ActionId,
    /// The entity of the file.
    entity: &'a Entity,
    action: &'a Action,
    primary: &'a Entity,
    operation: Operation,
    runs: OnceCell<Runs>,
    changes: OnceCell<Vec<Change>>,
    called: OnceCell<Vec<(Call, Place<'a>)>>,
}

impl<'a> Place<'a> {
    fn new(workspace: &'a Workspace, id: ActionId) -> Option<Self> {
        let entity = workspace.entity(id.entity)?;
        let action = workspace.action(id)?;
        let declared = workspace.effective_primary(id);
        let found = declared.and_then(|it| workspace.entity(it.entity?));
        let operation = declared.map_or(Operation::Update, |it| it.operation);
        let primary = found.unwrap_or(entity);
        Some(Self {
            workspace,
            id,
            entity,
            action,
            primary,
            operation,
            runs: OnceCell::new(),
            changes: OnceCell::new(),
            called: OnceCell::new(),
        })
    }

    /// How often the actions run that it calls.
    fn runs(&self) -> &Runs {
        self.runs.get_or_init(|| Runs::of(self.workspace, self.id))
    }

    /// What it changes.
    fn changes(&self) -> &[Change] {
        self.changes.get_or_init(|| changes::changes(self))
    }

    /// The actions that it calls, itself or through others, each once.
    fn called(&self) -> &[(Call, Self)] {
        let place = |it: Call| Self::new(self.workspace, it.action).map(|place| (it, place));
        let all = || self.workspace.called_actions(self.id).into_iter().filter_map(place).collect();
        self.called.get_or_init(all)
    }

    fn entity_of(&self, id: EntityId) -> Option<&'a Entity> {
        self.workspace.entity(id).map(AsRef::as_ref)
    }

    /// The entity that a name in the file means.
    fn named(&self, name: &Name) -> Option<&'a Entity> {
        self.entity_of(self.workspace.resolve_name(self.entity.id, name.as_str()).found()?)
    }

    fn declared_only(&self) -> bool {
        self.action.pattern.is_some() || self.action.steps.is_empty()
    }

    /// A range in the action's own file.
    fn key(&self, range: TextRange) -> Origin {
        Origin::Key { file: self.entity.id.0, range }
    }
}
