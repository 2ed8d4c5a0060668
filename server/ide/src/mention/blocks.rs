//! Names in `impact`, `cascade` and `cdc`.

use specql_model::{
    Action, ActionId, Cascade, Cdc, EntityId, Impact, ImpactEntry, Name,
    expression::Path,
};
use specql_text::TextRange;

use super::{
    Mentions, Subject,
    expressions::{self, expression},
};
use crate::scope::{self, Scope};

pub(super) fn blocks<'a>(id: ActionId, action: &'a Action, acc: &mut Mentions<'a>) {
    let scope = acc.scope(id, action, action.range.end());
    if let Some(it) = &action.impact {
        acc.push(it.key, Subject::Impact(id));
        impact(it, &scope, acc);
    }
    if let Some(it) = &action.cascade {
        cascade(it, acc);
    }
    if let Some(it) = &action.cdc {
        acc.push(it.key, Subject::Cdc(id));
        cdc(id, it, action, &scope, acc);
    }
}

fn impact<'a>(it: &'a Impact, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    if let Some(it) = &it.primary {
        entry(it, Some(scope.own), scope, acc);
    }
    for it in &it.side_effects {
        entry(it, None, scope, acc);
    }
}

fn entry<'a>(
    it: &'a ImpactEntry,
    default: Option<EntityId>,
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    let owner = match &it.entity {
        Some(name) => acc.entity_name(name),
        None => default,
    };
    for name in it.fields.iter().flatten().chain(&it.relations) {
        acc.field(owner, name);
    }
    if let Some((condition, _)) = &it.condition {
        expression(condition, scope, None, acc);
    }
}

fn cascade<'a>(it: &'a Cascade, acc: &mut Mentions<'a>) {
    for name in it.include_entities.iter().flatten().chain(&it.exclude_entities) {
        acc.entity_name(name);
    }
}

fn cdc<'a>(
    id: ActionId,
    it: &'a Cdc,
    action: &Action,
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    if let Some(name) = &it.event_type {
        acc.push(name.range, Subject::Event(id));
    }
    let aggregate = scope::aggregate(scope.workspace, scope.own, action);
    let rows = scope.on_rows_of(aggregate).without_variables();
    for name in it.payload.iter().flatten().chain(&it.partition_key) {
        expressions::path(&dotted(name), &rows, acc);
    }
    for (entity, event) in &it.side_effect_events {
        acc.entity_name(entity);
        acc.push(event.range, Subject::Event(id));
    }
}

/// `author.name`, written as a plain value, as a path. Quotes shift the segments, so a name that is
/// not written as it reads is one segment.
fn dotted(name: &Name) -> Path {
    let as_written = name.range.len() as usize == name.text.len();
    if !as_written {
        return Path { dollar: false, segments: vec![name.clone()] };
    }
    let mut start = name.range.start();
    let segment = |text: &str| {
        let range = TextRange::new(start, start + u32::try_from(text.len()).unwrap_or(0));
        start = range.end() + 1;
        Name::new(text, range)
    };
    Path { dollar: false, segments: name.text.split('.').map(segment).collect() }
}
