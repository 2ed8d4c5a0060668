//! Names in `impact`, `cascade` and `cdc`.

use specql_model::{
    Action, ActionId, Cascade, Cdc, EntityId, Impact, ImpactEntry, Invalidation, Name,
    scope::Scope, segments,
};
use specql_text::TextRange;

use super::{Mentions, Subject, expressions::expression, field};

pub(super) fn blocks<'a>(
    id: ActionId,
    action: &'a Action,
    is_asked: &dyn Fn(TextRange) -> bool,
    acc: &mut Mentions<'a>,
) {
    if let Some(it) = action.impact.as_deref().filter(|it| is_asked(it.range)) {
        acc.push(it.key, Subject::Impact(id));
        impact(it, &Scope::of_action(acc.workspace, id), acc);
    }
    if let Some(it) = &action.cascade {
        cascade(it, acc);
    }
    if let Some(it) = action.cdc.as_deref().filter(|it| is_asked(it.range)) {
        acc.push(it.key, Subject::Cdc(id));
        cdc(id, it, acc);
    }
}

fn impact<'a>(impact: &'a Impact, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    if let Some(it) = &impact.primary {
        entry(it, Some(acc.own), scope, acc);
    }
    for it in &impact.side_effects {
        entry(it, None, scope, acc);
    }
    for it in &impact.cache_invalidations {
        invalidation(impact, it, scope, acc);
    }
}

/// The entity that a query is about, its arguments, and what they are given.
fn invalidation<'a>(
    impact: &'a Impact,
    it: &'a Invalidation,
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    let asked = it.query.as_ref().zip(acc.workspace.entity(acc.own));
    if let Some((query, own)) = asked
        && let Some(about) = specql_check::entity_of_query(acc.workspace, own, query.as_str())
    {
        acc.push(query.range, Subject::Query(about.id));
    }
    for (name, value) in &it.filter {
        let argument = asked.and_then(|(query, own)| {
            let asked = (query.as_str(), name.as_str());
            let owner = specql_check::entity_of_argument(acc.workspace, own, impact, asked)?;
            field(acc.workspace, owner.id, name)
        });
        let input = value.text.strip_prefix("input.").or_else(|| value.text.strip_prefix('$'));
        match (input, &argument) {
            (Some(_), _) => given(value, scope, acc),
            (None, Some(argument)) => {
                acc.enum_value(argument, value.text.trim_matches('\''), value.range);
            }
            (None, None) => {}
        }
        acc.push_known(name.range, argument);
    }
}

/// `input.x` and `$x`: a parameter of the action, else a field of the file's entity.
fn given<'a>(value: &Name, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let Some(path) = given_path(value, acc) else { return };
    let Some(first) = path.first() else { return };
    match scope.parameters().iter().find(|it| it.is_called(&first.text)) {
        Some(it) => acc.push(first.range, Subject::Parameter(acc.own, it)),
        None => {
            let steps = acc.workspace.find_path(acc.own, &path).steps;
            acc.steps(&path, steps);
        }
    }
}

/// The segments behind `input.` or `$`, each with its place; where something is escaped, that of the value.
fn given_path(value: &Name, acc: &Mentions<'_>) -> Option<Vec<Name>> {
    let path = value.text.strip_prefix("input.").or_else(|| value.text.strip_prefix('$'))?;
    let written = value.range.slice(acc.workspace.file(acc.own.0)?.text());
    let Some(at) = written.find(value.text.as_str()) else {
        return Some(segments(&Name::new(path, value.range)));
    };
    let start = value.range.start() + u32::try_from(at + value.text.len() - path.len()).ok()?;
    let end = start + u32::try_from(path.len()).ok()?;
    Some(segments(&Name::new(path, TextRange::new(start, end))))
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
    if let Some((condition, _)) = it.condition.as_deref() {
        expression(condition, scope, None, acc);
    }
}

pub(super) fn cascade<'a>(it: &'a Cascade, acc: &mut Mentions<'a>) {
    for name in it.include_entities.iter().flatten().chain(&it.exclude_entities) {
        acc.entity_name(name);
    }
}

fn cdc<'a>(id: ActionId, it: &'a Cdc, acc: &mut Mentions<'a>) {
    if let Some(name) = &it.event_type {
        acc.push(name.range, Subject::Event(id));
    }
    let aggregate = acc.workspace.effective_primary(id).and_then(|it| it.entity);
    for name in it.payload.iter().flatten().chain(&it.partition_key) {
        let Some(aggregate) = aggregate else { break };
        let segments = segments(name);
        let path = acc.workspace.find_path(aggregate, &segments);
        acc.steps(&segments, path.steps);
    }
    for (entity, event) in &it.side_effect_events {
        acc.entity_name(entity);
        acc.push(event.range, Subject::Event(id));
    }
}
