//! What comes to an action from the actions that it calls: their invalidations and events are its own.

use rustc_hash::FxHashSet;
use specql_model::{ActionId, Workspace};

use crate::{
    Place,
    changes::{calls, changes, writes_event},
    invalidation::{Invalidation, declared_invalidations, rank},
};

/// The actions that an action calls, itself or through others, each once, in the order of the steps.
#[must_use]
pub fn called_actions(workspace: &Workspace, id: ActionId) -> Vec<ActionId> {
    let called = |id: ActionId| {
        let calls = Place::new(workspace, id).map(|it| calls(&it)).unwrap_or_default();
        calls.into_iter().rev().map(|it| it.action)
    };
    let mut res = Vec::new();
    let mut seen = FxHashSet::from_iter([id]);
    // The next one on top: a chain of calls may be longer than the stack of a thread.
    let mut next: Vec<ActionId> = called(id).collect();
    while let Some(it) = next.pop() {
        if seen.insert(it) {
            res.push(it);
            next.extend(called(it));
        }
    }
    res
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
    rank(&mut res);
    res
}
