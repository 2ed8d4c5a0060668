//! How many rows a write can touch, and which writes touch the same row.

use std::collections::BTreeMap;

use specql_model::{ActionId, Effect, Operation, RowSource, Workspace};
use specql_text::TextRange;

use crate::Place;

/// How many rows of an entity can be touched in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rows {
    /// At most one.
    One,
    /// Any number.
    Many,
}

/// A row as the steps name it: two writes with one handle touch the same row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Handle {
    /// The row that the action is about: `input.id`, or the one that its first insert makes.
    Own,
    /// The row that a `ref` of the own row leads to.
    Through(String),
    /// What the step finds or makes: the action whose step it is, where, and the call it comes by.
    Step(ActionId, TextRange, Option<TextRange>),
}

/// The row that an effect touches, and whether it can be several.
pub(crate) fn handle(place: &Place<'_>, effects: &[Effect], effect: &Effect) -> (Handle, Rows) {
    let step = Handle::Step(effect.action, effect.step, effect.via);
    let repeated = is_repeated(place, effect);
    let own = effect.action == place.id && effect.via.is_none();
    let handle = match &effect.rows {
        RowSource::InputId if own => Handle::Own,
        RowSource::New if own && makes_own_row(place, effects, effect) => Handle::Own,
        RowSource::Reference { field, forward: true, .. } if own => {
            Handle::Through(field.to_string())
        }
        _ => step,
    };
    let many = match &effect.rows {
        RowSource::Filter { one } => !one,
        RowSource::Reference { forward, .. } => !forward,
        _ => false,
    };
    // The own row stays the same in every round of a loop.
    let repeated =
        repeated && !matches!((&handle, effect.operation), (Handle::Own, Operation::Update));
    (handle, if many || repeated { Rows::Many } else { Rows::One })
}

/// The first write of the own entity inserts it, and this is it.
fn makes_own_row(place: &Place<'_>, effects: &[Effect], effect: &Effect) -> bool {
    let own = |it: &&Effect| {
        it.entity == Some(place.entity.id) && it.action == place.id && it.via.is_none()
    };
    effects.iter().find(own).is_some_and(|it| it.step == effect.step)
        && effect.entity == Some(place.entity.id)
}

/// Whether the step of an effect can run several times.
fn is_repeated(place: &Place<'_>, effect: &Effect) -> bool {
    let own_step = effect.via.unwrap_or(effect.step);
    if place.action.is_in_loop(own_step) {
        return true;
    }
    let Some(via) = effect.via else { return false };
    let theirs = place.workspace.action(effect.action);
    if theirs.is_none_or(|it| it.is_in_loop(effect.step)) {
        return true;
    }
    place.runs().of_call(via, effect.action) != Ways::One
}

/// Whether one call at most leads to an action, and no loop.
pub(crate) fn comes_once(place: &Place<'_>, action: ActionId) -> bool {
    place.runs().of_action(action) != Ways::Several
}

/// How often an action runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    None,
    One,
    Several,
}

impl Ways {
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, it) | (it, Self::None) => it,
            _ => Self::Several,
        }
    }

    fn in_loop(self, is_in_loop: bool) -> Self {
        if is_in_loop && self == Self::One { Self::Several } else { self }
    }
}

/// How often each action runs that an action calls, itself or through others. An action in a circle, or
/// behind one, runs any number of times.
#[derive(Default)]
pub(crate) struct Runs {
    /// By the step that calls.
    by_call: BTreeMap<TextRange, BTreeMap<ActionId, Ways>>,
    all: BTreeMap<ActionId, Ways>,
}

impl Runs {
    /// Each call is followed once through all that lies behind it.
    pub(crate) fn of(workspace: &Workspace, id: ActionId) -> Self {
        let mut res = Self::default();
        for call in workspace.calls(id) {
            let reached = behind(workspace, id, call.action);
            let is_in_loop = is_in_loop(workspace, id, call.step);
            for (action, ways) in &reached {
                let known = res.all.entry(*action).or_insert(Ways::None);
                *known = known.and(ways.in_loop(is_in_loop));
            }
            let of_step = res.by_call.entry(call.step).or_default();
            for (action, ways) in reached {
                let known = of_step.entry(action).or_insert(Ways::None);
                *known = known.and(ways);
            }
        }
        res
    }

    fn of_call(&self, step: TextRange, action: ActionId) -> Ways {
        let found = self.by_call.get(&step).and_then(|it| it.get(&action));
        found.copied().unwrap_or(Ways::None)
    }

    fn of_action(&self, action: ActionId) -> Ways {
        self.all.get(&action).copied().unwrap_or(Ways::None)
    }
}

/// The actions that a run of `first` runs, itself among them, but for the one that calls it.
fn behind(workspace: &Workspace, from: ActionId, first: ActionId) -> BTreeMap<ActionId, Ways> {
    let next = |id: ActionId| workspace.calls(id).iter().filter(move |it| it.action != from);
    // How many calls of each action are still to be followed.
    let mut open: BTreeMap<ActionId, usize> = BTreeMap::new();
    let mut found = vec![first];
    open.insert(first, 0);
    while let Some(id) = found.pop() {
        for call in next(id) {
            count_call();
            let calls = open.entry(call.action).or_insert_with(|| {
                found.push(call.action);
                0
            });
            *calls += 1;
        }
    }
    let mut res: BTreeMap<ActionId, Ways> = BTreeMap::new();
    let mut ready = if open.get(&first) == Some(&0) { vec![first] } else { Vec::new() };
    res.insert(first, Ways::One);
    while let Some(id) = ready.pop() {
        open.remove(&id);
        let ways = res.get(&id).copied().unwrap_or(Ways::None);
        for call in next(id) {
            let further = ways.in_loop(is_in_loop(workspace, id, call.step));
            let known = res.entry(call.action).or_insert(Ways::None);
            *known = known.and(further);
            if let Some(calls) = open.get_mut(&call.action) {
                *calls -= 1;
                if *calls == 0 {
                    ready.push(call.action);
                }
            }
        }
    }
    res.extend(open.into_keys().map(|it| (it, Ways::Several)));
    res
}

fn is_in_loop(workspace: &Workspace, id: ActionId, step: TextRange) -> bool {
    workspace.action(id).is_some_and(|it| it.is_in_loop(step))
}

#[cfg(test)]
thread_local! {
    static FOLLOWED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts a call that is followed, for the test of how many that are.
fn count_call() {
    #[cfg(test)]
    FOLLOWED.with(|it| it.set(it.get() + 1));
}

/// How many calls were followed since it was asked last.
#[cfg(test)]
pub(crate) fn followed() -> usize {
    FOLLOWED.with(std::cell::Cell::take)
}
