//! Entities and actions.

use std::collections::BTreeSet;

use ecow::EcoString;
use specql_model::{
    ActionId, Entity, EntityId, ListedName, MentionKind, NameKind, NameList, Operation, Resolution,
    Type,
};

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
///
/// Those in `taken` are there already.
pub(super) fn entities(
    ctx: &Context<'_>,
    word: &str,
    own: Own,
    taken: &[EntityId],
    acc: &mut Items,
) {
    entities_that(ctx, word, own, &|it| !taken.contains(&it), acc);
}

/// The same for those entities that can stand there.
pub(super) fn entities_that(
    ctx: &Context<'_>,
    word: &str,
    own: Own,
    can_stand: &dyn Fn(EntityId) -> bool,
    acc: &mut Items,
) {
    if let Some(name) = ctx.name_behind_dot().filter(|_| !word.contains('.')) {
        return schemas_of(ctx, name, acc);
    }
    let (schema, name) = word.rsplit_once('.').map_or((None, word), |(it, name)| (Some(it), name));
    let joined = joined(ctx);
    let rank = |it: &ListedName| distance(ctx, it, own, &joined);
    let counts = |it: &ListedName| {
        schema.is_none_or(|schema| it.schema == schema) && can_stand(it.id.entity)
    };
    let mut found = nearest(ctx.workspace.name_list(NameKind::Entity), name, counts, rank, acc);
    found.sort();
    for (_, it) in found {
        if let Some(it) = ctx.workspace.entity(it.id.entity) {
            acc.push(entity(ctx, it, schema.is_some()));
        }
    }
}

/// The schemas that have an entity of a name: what stands before its dot.
fn schemas_of(ctx: &Context<'_>, name: &str, acc: &mut Items) {
    let all = ctx.workspace.name_list(NameKind::Entity);
    let named = all.beginning_with(&name.to_lowercase()).iter();
    let named = named.filter(|it| it.name.eq_ignore_ascii_case(name));
    let schemas: BTreeSet<&str> = named.map(|it| it.schema.as_str()).collect();
    acc.extend(schemas.into_iter().map(|it| Item::new(it, CompletionKind::Value)));
}

/// The nearest of some names, up to the limit of the list, with their ranks. Of more than that those that
/// begin with what is typed come before those that have its letters.
fn nearest<'a>(
    all: &'a NameList,
    word: &str,
    counts: impl Fn(&ListedName) -> bool,
    rank: impl Fn(&ListedName) -> u8,
    acc: &mut Items,
) -> Vec<(u8, &'a ListedName)> {
    if all.all().len() <= COMPLETION_LIMIT {
        return all.all().iter().filter(|it| counts(it)).map(|it| (rank(it), it)).collect();
    }
    let lower = word.to_lowercase();
    let has_letters = |it: &&ListedName| !it.lower.starts_with(&lower) && fits(&it.lower, &lower);
    let begin = all.beginning_with(&lower).iter().filter(|it| counts(it));
    let others = all.all().iter().filter(|it| counts(it)).filter(has_letters);
    let mut found = Vec::new();
    acc.is_cut |= take_nearest(begin.map(|it| (rank(it), it)), &mut found);
    acc.is_cut |= take_nearest(others.map(|it| (FARTHEST + rank(it), it)), &mut found);
    found
}

/// Adds the nearest of some names, up to the limit of the list. Whether there were more.
fn take_nearest<'a>(
    names: impl Iterator<Item = (u8, &'a ListedName)>,
    found: &mut Vec<(u8, &'a ListedName)>,
) -> bool {
    let room = COMPLETION_LIMIT.saturating_sub(found.len());
    let mut nearest: Vec<_> = names.collect();
    let is_cut = nearest.len() > room;
    if is_cut {
        nearest.select_nth_unstable(room);
        nearest.truncate(room);
    }
    found.extend(nearest);
    is_cut
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
        .documentation(ctx.documentation(|| hover::entity_summary(it)))
}

/// The actions that a `call` can name, those of this file first.
pub(super) fn actions(ctx: &Context<'_>, word: &str, acc: &mut Items) {
    let current = ctx.action().map(|it| it.name.text.clone());
    let rank = |it: &ListedName| u8::from(it.id.entity != ctx.own());
    let is_other = |it: &ListedName| Some(&it.name) != current.as_ref();
    let all = ctx.workspace.name_list(NameKind::Action);
    let mut found = nearest(all, word, |_| true, rank, acc);
    found.retain(|(_, it)| is_other(it));
    // Those of this file as they stand there.
    let place = |it: &ListedName| (it.id.entity == ctx.own()).then_some(it.id.index);
    found.sort_by_key(|(rank, it)| (*rank, place(it), *it));
    for (_, it) in found {
        if let Some(item) = action(ctx, it.id) {
            acc.push(item);
        }
    }
}

/// One action, with the arguments that it takes.
fn action(ctx: &Context<'_>, id: ActionId) -> Option<Item> {
    let (entity, action) = (ctx.workspace.entity(id.entity)?, ctx.workspace.action(id)?);
    let arguments = action.parameters.iter().zip(1..);
    let arguments: Vec<String> =
        arguments.map(|(it, index)| format!("{} = ${{{index}}}", escaped(&it.name.text))).collect();
    let item = Item::new(action.name.text.as_str(), CompletionKind::Action);
    let call = format!("{}({}$0)", escaped(&action.name.text), arguments.join(", "));
    let item = if ctx.is_called() { item } else { item.snippet(call) };
    let documentation = action.description.as_ref().map(|it| it.text.to_string());
    Some(item.detail(entity.name.text.as_str()).documentation(documentation.unwrap_or_default()))
}

/// Types of events: what operations make of the entity's name.
pub(super) fn event_types(entity: &str, operations: &[Operation]) -> Vec<Item> {
    let one = |operation: &Operation| {
        let name = format!("{entity}{}", operation.participle());
        Item::new(name, CompletionKind::Value).detail(operation.as_str())
    };
    operations.iter().map(one).collect()
}

/// More than any distance.
const FARTHEST: u8 = 5;

/// 0 or 4: the file's entity; 1: a `ref` leads there or comes from there; 2: same schema; 3: elsewhere.
fn distance(ctx: &Context<'_>, it: &ListedName, own: Own, joined: &Joined) -> u8 {
    if it.id.entity == ctx.own() {
        return if own == Own::First { 0 } else { 4 };
    }
    match &joined.schema {
        None => 3,
        Some(_) if joined.entities.contains(&it.id.entity) => 1,
        Some(schema) if *schema == it.schema => 2,
        Some(_) => 3,
    }
}

/// What is near to the file's entity.
struct Joined {
    /// Its schema; absent when the file declares none yet.
    schema: Option<EcoString>,
    entities: BTreeSet<EntityId>,
}

/// The entities that a `ref` leads to, and those from which one leads here. Found by who mentions
/// whom, not by a look at every entity.
fn joined(ctx: &Context<'_>) -> Joined {
    let Some(own) = ctx.workspace.entity(ctx.own()) else {
        return Joined { schema: None, entities: BTreeSet::new() };
    };
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
    Joined { schema: Some(own.schema_name().into()), entities: found }
}

fn refers(ctx: &Context<'_>, from: &Entity, to: EntityId) -> bool {
    from.fields.iter().any(|it| match &it.ty {
        Type::Ref(targets) => {
            targets.iter().any(|it| ctx.workspace.resolve(from.id, it) == Resolution::Found(to))
        }
        _ => false,
    })
}
