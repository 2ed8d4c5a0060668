//! Entities and actions.

use std::collections::BTreeSet;

use specql_model::{Entity, EntityId, MentionKind, Operation, Resolution, Type};

use crate::{CompletionKind, describe, hover};

use super::{
    context::Context,
    items::{COMPLETION_LIMIT, Item, Items, escaped, fits},
};

/// Where the file's own entity stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// Steps mostly write it.
    First,
    /// A `ref` rarely leads to it.
    Last,
}

/// All entities, those that a `ref` joins with this file first. Behind `crm.` those of the schema.
pub(super) fn entities(ctx: &Context<'_>, word: &str, own: Own, acc: &mut Items) {
    let (schema, name) = word.rsplit_once('.').map_or((None, word), |(it, name)| (Some(it), name));
    let joined = joined(ctx);
    let mut found: Vec<(u8, &Entity)> = ctx
        .workspace
        .entities()
        .map(AsRef::as_ref)
        .filter(|it: &&Entity| !it.name.text.is_empty())
        .filter(|it| schema.is_none_or(|schema| it.schema_name() == schema))
        .map(|it| (distance(ctx, it, own, &joined), it))
        .collect();
    if found.len() > COMPLETION_LIMIT {
        acc.is_cut = true;
        found.retain(|(_, it)| fits(&it.name.text, name));
    }
    let order = |(one, left): &(u8, &Entity), (other, right): &(u8, &Entity)| {
        (one, &left.name.text, left.id).cmp(&(other, &right.name.text, right.id))
    };
    if found.len() > COMPLETION_LIMIT {
        found.select_nth_unstable_by(COMPLETION_LIMIT, order);
        found.truncate(COMPLETION_LIMIT);
    }
    found.sort_by(order);
    for (_, it) in found {
        acc.push(entity(ctx, it, schema.is_some()));
    }
}

/// One entity; qualified where its name alone means another one or several.
pub(super) fn entity(ctx: &Context<'_>, it: &Entity, has_schema: bool) -> Item {
    let unique = matches!(
        ctx.workspace.resolve_name(ctx.own(), &it.name.text),
        Resolution::Found(id) if id == it.id
    );
    let text =
        if unique || has_schema { it.name.text.to_string() } else { describe::qualified(it) };
    let label = if has_schema { it.name.text.to_string() } else { text.clone() };
    Item::new(label, CompletionKind::Entity)
        .text(text)
        .detail(it.schema_name())
        .documentation(hover::entity_summary(it))
}

/// The actions that a `call` can name, those of this file first.
pub(super) fn actions(ctx: &Context<'_>, acc: &mut Items) {
    let current = ctx.action().map(|it| it.name.text.clone());
    let mut found: Vec<(bool, &Entity)> =
        ctx.workspace.entities().map(|it| (it.id != ctx.own(), it.as_ref())).collect();
    found.sort_by_key(|(is_other, _)| *is_other);
    for (_, entity) in found {
        for action in &entity.actions {
            if action.name.text.is_empty() || Some(&action.name.text) == current.as_ref() {
                continue;
            }
            let arguments: Vec<String> = action
                .parameters
                .iter()
                .zip(1..)
                .map(|(it, index)| format!("{} = ${{{index}}}", escaped(&it.name.text)))
                .collect();
            let item = Item::new(action.name.text.as_str(), CompletionKind::Action);
            let call = format!("{}({}$0)", escaped(&action.name.text), arguments.join(", "));
            acc.push(
                if ctx.is_called() { item } else { item.snippet(call) }
                    .detail(entity.name.text.as_str())
                    .documentation(
                        action
                            .description
                            .as_ref()
                            .map(|it| it.text.to_string())
                            .unwrap_or_default(),
                    ),
            );
        }
    }
}

/// Types of events: what the primary operation makes of the entity's name.
pub(super) fn event_types(entity: &str, operations: &[Operation], acc: &mut Items) {
    for operation in operations {
        let name = format!("{entity}{}", operation.participle());
        acc.push(Item::new(name, CompletionKind::Value).detail(operation.as_str()));
    }
}

/// 0 or 4: the file's entity; 1: a `ref` leads there or comes from there; 2: same schema; 3: elsewhere.
fn distance(ctx: &Context<'_>, it: &Entity, own: Own, joined: &BTreeSet<EntityId>) -> u8 {
    if it.id == ctx.own() {
        return if own == Own::First { 0 } else { 4 };
    }
    let Some(own) = ctx.workspace.entity(ctx.own()) else { return 3 };
    if joined.contains(&it.id) {
        1
    } else if own.schema_name() == it.schema_name() {
        2
    } else {
        3
    }
}

/// The entities that a `ref` leads to, and those from which one leads here. Found by who mentions
/// whom, not by a look at every entity.
fn joined(ctx: &Context<'_>) -> BTreeSet<EntityId> {
    let Some(own) = ctx.workspace.entity(ctx.own()) else { return BTreeSet::new() };
    let there = own.fields.iter().filter_map(|it| match &it.ty {
        Type::Ref(targets) => Some(targets),
        _ => None,
    });
    let there = there.flatten().filter_map(|it| ctx.workspace.resolve(own.id, it).found());
    let here = ctx.workspace.referrers(own.id).into_iter();
    let here = here.filter(|it| it.kind == MentionKind::Field).map(|it| EntityId(it.file));
    let leads_here =
        |it: &EntityId| ctx.workspace.entity(*it).is_some_and(|it| refers(ctx, it, own.id));
    let mut found: BTreeSet<EntityId> = here.collect();
    found.retain(leads_here);
    found.extend(there);
    found
}

fn refers(ctx: &Context<'_>, from: &Entity, to: EntityId) -> bool {
    from.fields.iter().any(|it| match &it.ty {
        Type::Ref(targets) => {
            targets.iter().any(|it| ctx.workspace.resolve(from.id, it) == Resolution::Found(to))
        }
        _ => false,
    })
}
