//! Names in `impact`, `cascade` and `cdc`.

use specql_model::{
    Action, ActionId, Cascade, Cdc, EntityId, Impact, ImpactEntry, scope::Scope, segments,
};

use super::{Mentions, Subject, expressions::expression};

pub(super) fn blocks<'a>(id: ActionId, action: &'a Action, acc: &mut Mentions<'a>) {
    if let Some(it) = &action.impact {
        acc.push(it.key, Subject::Impact(id));
        impact(it, &Scope::of_action(acc.workspace, id), acc);
    }
    if let Some(it) = &action.cascade {
        cascade(it, acc);
    }
    if let Some(it) = &action.cdc {
        acc.push(it.key, Subject::Cdc(id));
        cdc(id, it, acc);
    }
}

fn impact<'a>(it: &'a Impact, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    if let Some(it) = &it.primary {
        entry(it, Some(acc.own), scope, acc);
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
