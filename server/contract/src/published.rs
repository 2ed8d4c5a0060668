//! What others learn of a run: the part of a contract that cascade and events are made of.

use specql_model::{ActionId, EntityId, Workspace};

use crate::{
    Place,
    cascade::{self, Cascade, cascade_is_on},
    changes::{self, Change},
    events::{self, Event},
};

/// What an action changes, and what its answer and its events carry of that: the part of a
/// [`Contract`](crate::Contract) that rules ask for, at a third of its price.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The action.
    pub action: ActionId,
    /// As in the contract.
    pub changes: Vec<Change>,
    /// As in the contract.
    pub cascade: Option<Cascade>,
    /// As in the contract.
    pub event_cascade: Option<Cascade>,
    /// As in the contract.
    pub events: Vec<Event>,
}

impl Published {
    /// What an action publishes; absent when there is no such action.
    #[must_use]
    pub fn of(workspace: &Workspace, id: ActionId) -> Option<Self> {
        Place::new(workspace, id).map(|it| Self::at(&it))
    }

    pub(crate) fn at(place: &Place<'_>) -> Self {
        let changes = changes::changes(place);
        let mut listed = cascade::listed(place, &changes);
        let events = events::events(place, &changes, listed.as_ref());
        if let Some(it) = &mut listed {
            it.has_event = !events.is_empty();
        }
        let is_on = cascade_is_on(place.workspace.config(), place.action);
        let (cascade, event_cascade) = if is_on { (listed, None) } else { (None, listed) };
        Self { action: place.id, changes, cascade, event_cascade, events }
    }

    /// The events that the action's own `cdc` asks for.
    pub fn own_events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|it| it.action == self.action)
    }

    /// What happens to an entity.
    pub fn changes_of(&self, entity: EntityId) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |it| it.entity == entity)
    }
}
