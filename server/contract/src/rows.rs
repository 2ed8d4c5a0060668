//! How many rows a write can touch, and which writes touch the same row.

use specql_model::{
    Action, ActionId, Effect, Entity, Operation, RowSource, Step, StepKind,
    expression::{BinaryOperator, Expression, ExpressionKind},
};
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
        RowSource::Reference { field, forward: true } if own => Handle::Through(field.to_string()),
        _ => step,
    };
    let many = match &effect.rows {
        RowSource::Filter => !filter_names_one_row(place, effect),
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
    if in_loop(&place.action.steps, own_step) {
        return true;
    }
    if effect.via.is_none() {
        return false;
    }
    let Some(action) = place.workspace.action(effect.action) else { return true };
    in_loop(&action.steps, effect.step) || !is_called_directly(place, effect)
}

/// Whether the step of a called action is reached by the call itself, not by calls in between, of
/// which nothing is known here.
fn is_called_directly(place: &Place<'_>, effect: &Effect) -> bool {
    let mut found = false;
    for step in &place.action.steps {
        step.walk(&mut |it| {
            if Some(it.range) == effect.via {
                found |= called(place, it) == Some(effect.action);
            }
        });
    }
    found
}

/// The action that a step calls.
pub(crate) fn called(place: &Place<'_>, step: &Step) -> Option<ActionId> {
    let (schema, function) = step.called()?;
    let schema = schema.map(|it| it.text.as_str());
    place.workspace.called(place.entity.id, schema, &function.text)
}

fn in_loop(steps: &[Step], wanted: TextRange) -> bool {
    let mut found = false;
    for step in steps {
        step.walk(&mut |it| {
            if let StepKind::ForEach { body, .. } = &it.kind {
                body.iter().for_each(|it| it.walk(&mut |it| found |= it.range == wanted));
            }
        });
    }
    found
}

fn filter_names_one_row(place: &Place<'_>, effect: &Effect) -> bool {
    let action: Option<&Action> = place.workspace.action(effect.action);
    let entity = effect.entity.and_then(|it| place.entity_of(it));
    let (Some(action), Some(entity)) = (action, entity) else { return false };
    let mut found = false;
    for step in &action.steps {
        step.walk(&mut |it| {
            if it.range == effect.step
                && let Some(filter) = it.write().and_then(|it| it.filter.as_ref())
            {
                found |= names_one_row(entity, filter);
            }
        });
    }
    found
}

/// Whether a condition can hold for one row only: `id = …` or a unique field `= …`, perhaps with more.
#[must_use]
pub fn names_one_row(entity: &Entity, filter: &Expression) -> bool {
    let names_key = |it: &Expression| match &it.kind {
        ExpressionKind::Path(path) if !path.dollar && path.segments.len() == 1 => {
            path.first().is_some_and(|it| {
                it.text == "id" || entity.field(&it.text).is_some_and(|it| it.unique)
            })
        }
        _ => false,
    };
    match &filter.kind {
        ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) => {
            names_key(left) || names_key(right)
        }
        ExpressionKind::Binary(left, BinaryOperator::And, _, right) => {
            names_one_row(entity, left) || names_one_row(entity, right)
        }
        _ => false,
    }
}
