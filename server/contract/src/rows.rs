//! How many rows a write can touch, and which writes touch the same row.

use specql_model::{ActionId, Effect, Operation, RowSource, Step};
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
    let called = place.action.step_at(via).and_then(|it| called(place, it));
    let ways = called.map(|it| ways(place, it, effect.action, &mut vec![place.id]));
    ways != Some(Ways::One)
}

/// Whether one call at most leads to an action, and no loop.
pub(crate) fn comes_once(place: &Place<'_>, action: ActionId) -> bool {
    ways(place, place.id, action, &mut Vec::new()) != Ways::Several
}

/// So many calls are followed; what lies behind is taken to run any number of times.
const DEPTH: usize = 64;

/// How often a call comes to an action.
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
}

/// The ways from a called action to another through its calls. An action that was looked through in vain
/// is not looked through again; one that led there makes a second way.
fn ways(place: &Place<'_>, from: ActionId, to: ActionId, visited: &mut Vec<ActionId>) -> Ways {
    if from == to {
        return Ways::One;
    }
    if visited.len() > DEPTH {
        return Ways::Several;
    }
    let found = Place::new(place.workspace, from).filter(|_| !visited.contains(&from));
    let Some(place) = found else { return Ways::None };
    visited.push(from);
    let mut res = Ways::None;
    for step in &place.action.steps {
        step.walk(&mut |it| {
            let called = called(&place, it).filter(|_| res != Ways::Several);
            let Some(called) = called else { return };
            let further = ways(&place, called, to, visited);
            let repeated = further != Ways::None && place.action.is_in_loop(it.range);
            res = res.and(if repeated { Ways::Several } else { further });
        });
    }
    if res != Ways::None {
        visited.retain(|it| *it != from);
    }
    res
}

/// The action that a step calls.
pub(crate) fn called(place: &Place<'_>, step: &Step) -> Option<ActionId> {
    let (schema, function) = step.called()?;
    let schema = schema.map(|it| it.text.as_str());
    place.workspace.called(place.entity.id, schema, &function.text)
}
