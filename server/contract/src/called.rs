//! What comes to an action from the actions that it calls: their invalidations and events are its own.

use specql_model::{ActionId, Workspace};

use crate::{
    Place,
    changes::{calls, changes, writes_event},
    invalidation::{Invalidation, declared_invalidations},
};

/// The actions that an action calls, itself or through others, each once, in the order of the steps.
#[must_use]
pub fn called_actions(workspace: &Workspace, id: ActionId) -> Vec<ActionId> {
    let mut res = Vec::new();
    collect(workspace, id, &mut res);
    res.retain(|it| *it != id);
    res
}

fn collect(workspace: &Workspace, id: ActionId, res: &mut Vec<ActionId>) {
    let Some(place) = Place::new(workspace, id) else { return };
    for call in calls(&place) {
        if !res.contains(&call.action) {
            res.push(call.action);
            collect(workspace, call.action, res);
        }
    }
}

/// Whether an action that it calls can write an event.
pub(crate) fn publishes(place: &Place<'_>) -> bool {
    called_actions(place.workspace, place.id).into_iter().any(|id| {
        Place::new(place.workspace, id).is_some_and(|it| writes_event(&it, &changes(&it)))
    })
}

/// The declared invalidations with those of the actions that it calls, each once.
pub(crate) fn invalidations(place: &Place<'_>, own: Vec<Invalidation>) -> Vec<Invalidation> {
    let mut res = own;
    for id in called_actions(place.workspace, place.id) {
        for it in declared_invalidations(place.workspace, id) {
            if res.iter().all(|other| !other.is_same(&it)) {
                res.push(it);
            }
        }
    }
    res
}
