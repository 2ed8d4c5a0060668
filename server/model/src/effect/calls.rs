//! What an action writes through the actions that it calls.
//!
//! Invariant: a step of a called action is in the result once for each `call` that leads to it, however
//! many ways lead there; actions that call each other in a circle end.

use std::{collections::VecDeque, sync::Arc};

use rustc_hash::FxHashMap;

use super::{Call, Certainty, Effect, OwnEffects};
use crate::{ActionId, Workspace};

/// Own effects in the order of the text, those of a call behind those of the steps before it.
pub(super) fn all(workspace: &Workspace, action: ActionId) -> Arc<[Effect]> {
    let Some(own) = own(workspace, action) else { return Arc::from([]) };
    if own.calls.is_empty() {
        return Arc::clone(&own.effects);
    }
    let mut effects = own.effects.to_vec();
    for call in &own.calls {
        for (reached, certainty) in reachable(workspace, action, call) {
            let Some(theirs) = self::own(workspace, reached) else { continue };
            effects.extend(theirs.effects.iter().map(|it| Effect {
                certainty: both(certainty, it.certainty),
                via: Some(call.step),
                ..it.clone()
            }));
        }
    }
    // The sort is stable: effects of one call keep the order in which they happen.
    effects.sort_by_key(|it| it.via.unwrap_or(it.step).start());
    effects.into()
}

fn own(workspace: &Workspace, action: ActionId) -> Option<&OwnEffects> {
    workspace.file_effects(action.entity.0)?.own(workspace, action)
}

/// The actions that run by a call, nearest first, without the one that calls.
fn reachable(workspace: &Workspace, from: ActionId, call: &Call) -> Vec<(ActionId, Certainty)> {
    let mut order = Vec::new();
    let mut best: FxHashMap<ActionId, Certainty> = FxHashMap::default();
    let mut queue = VecDeque::from([(call.action, call.certainty)]);
    while let Some((action, certainty)) = queue.pop_front() {
        let known = best.get(&action).copied();
        if action == from || known == Some(Certainty::Always) || known == Some(certainty) {
            continue;
        }
        if best.insert(action, certainty).is_none() {
            order.push(action);
        }
        for next in own(workspace, action).map_or(&[][..], |it| &it.calls) {
            queue.push_back((next.action, both(certainty, next.certainty)));
        }
    }
    order.into_iter().filter_map(|it| Some((it, *best.get(&it)?))).collect()
}

fn both(left: Certainty, right: Certainty) -> Certainty {
    match (left, right) {
        (Certainty::Always, Certainty::Always) => Certainty::Always,
        _ => Certainty::Sometimes,
    }
}
