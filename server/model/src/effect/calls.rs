//! The actions that an action calls, and what it writes through them.
//!
//! Invariant: a step of a called action is in the result once for each `call` that leads to it, however
//! many ways lead there; actions that call each other in a circle end.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Call, Certainty, Effect, OwnEffects};
use crate::{
    ActionId, Workspace,
    workspace::{Read, note, unrecorded},
};

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

/// The actions that run by a call in the order in which they begin, without the one that calls.
fn reachable(workspace: &Workspace, from: ActionId, call: &Call) -> Vec<(ActionId, Certainty)> {
    let mut order = Vec::new();
    let mut best: FxHashMap<ActionId, Certainty> = FxHashMap::default();
    // The next one on top: a chain of calls may be longer than the stack of a thread.
    let mut next = vec![(call.action, call.certainty)];
    while let Some((action, certainty)) = next.pop() {
        let known = best.get(&action).copied();
        if action == from || known == Some(Certainty::Always) || known == Some(certainty) {
            continue;
        }
        if best.insert(action, certainty).is_none() {
            order.push(action);
        }
        let calls = own(workspace, action).map_or(&[][..], |it| &it.calls);
        next.extend(calls.iter().rev().map(|it| (it.action, both(certainty, it.certainty))));
    }
    order.into_iter().filter_map(|it| Some((it, *best.get(&it)?))).collect()
}

impl Workspace {
    /// The calls of other actions among the steps of an action, in their order.
    #[must_use]
    pub fn calls(&self, action: ActionId) -> &[Call] {
        note(|| Read::Body(action.entity.0));
        unrecorded(|| own(self, action)).map_or(&[], |it| &it.calls)
    }

    /// The actions that an action calls, itself or through others: each once, in the order in which they
    /// begin, with the first step that leads there.
    #[must_use]
    pub fn called_actions(&self, action: ActionId) -> Vec<Call> {
        let mut res: Vec<Call> = Vec::new();
        let mut places: FxHashMap<ActionId, usize> = FxHashMap::default();
        for call in self.calls(action) {
            for (reached, certainty) in unrecorded(|| reachable(self, action, call)) {
                let place = *places.entry(reached).or_insert(res.len());
                match res.get_mut(place) {
                    Some(it) if certainty == Certainty::Always => it.certainty = certainty,
                    Some(_) => {}
                    None => res.push(Call { action: reached, certainty, step: call.step }),
                }
            }
        }
        res
    }
}

fn both(left: Certainty, right: Certainty) -> Certainty {
    match (left, right) {
        (Certainty::Always, Certainty::Always) => Certainty::Always,
        _ => Certainty::Sometimes,
    }
}
