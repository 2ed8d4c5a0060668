//! What comes to an action from the actions that it calls: their invalidations and events are its own.

use specql_model::{ActionId, Cdc, Certainty, Workspace};

use crate::{
    Place,
    cascade::{Cascade, cascade_is_on},
    changes::{Change, writes_event},
    events::{Event, may_be_gone, own_events},
    invalidation::{Invalidation, declared_invalidations, rank},
    rows::{Rows, comes_once},
};

/// The actions that an action calls, itself or through others, each once, in the order in which they
/// begin.
#[must_use]
pub fn called_actions(workspace: &Workspace, id: ActionId) -> Vec<ActionId> {
    workspace.called_actions(id).into_iter().map(|it| it.action).collect()
}

/// Whether an action that it calls can write an event that carries a cascade.
pub(crate) fn publishes_cascade(place: &Place<'_>) -> bool {
    let carries = |it: &Place<'_>| {
        let cdc = it.action.cdc.as_deref();
        cascade_is_on(it.workspace.config(), it.action)
            && cdc.is_some_and(|it| it.is_enabled() && it.include_cascade != Some(false))
    };
    place.called().iter().any(|(_, it)| carries(it) && writes_event(it, it.changes()))
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

/// The events of each action that it calls, as they are in a run of this one. `listed` is what the run
/// lists of its rows.
pub(crate) fn events(
    place: &Place<'_>,
    all: &[Change],
    listed: Option<&Cascade>,
) -> Vec<Vec<Event>> {
    let mut res = Vec::new();
    for (call, called) in place.called() {
        if !called.action.cdc.as_deref().is_some_and(Cdc::is_enabled) {
            continue;
        }
        let mut events = own_events(called, called.changes(), listed);
        let once = comes_once(place, call.action);
        for event in &mut events {
            event.via = Some(call.step);
            if call.certainty == Certainty::Sometimes
                || may_be_gone(all, event.entity, &event.outcomes)
            {
                event.certainty = Certainty::Sometimes;
                event.is_sure = false;
            }
            if !once {
                event.rows = Rows::Many;
            }
        }
        res.push(events);
    }
    res
}
