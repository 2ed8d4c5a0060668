//! The `impact` block that follows from what the steps of an action write.

use specql_model::{
    ActionId, Certainty, Effect, Entity, EntityId, ImpactEntry, Operation, Workspace,
};
use specql_syntax::edit::Value;

use crate::{Context, Fix, alignment::written_fields, guards::condition_of, wanted::reference};

/// What happens to one entity, with the writes that do it.
struct Change<'a> {
    entity: EntityId,
    operation: Operation,
    effects: Vec<&'a Effect>,
}

/// The fix that writes the block into an action; absent when the steps write nothing that is known.
pub(crate) fn write_impact(ctx: &Context<'_>, id: ActionId) -> Option<Fix> {
    let action = ctx.action_node(id)?;
    let block = impact_from_steps(ctx.workspace, id, false)?;
    let edits = ctx.insert_entry(action, "steps", "impact", &block);
    Some(Fix::review("Write `impact` from the steps", ctx.id(), edits))
}

/// The block as a value, for editors that offer it while its key is typed; absent when the steps write
/// nothing that is known. Beside an event its `primary` says when the event is published.
#[must_use]
pub fn impact_from_steps(workspace: &Workspace, id: ActionId, publishes: bool) -> Option<Value> {
    let mut changes = changes(workspace.effects(id));
    // The sort is stable: the file's entity first, then the order of the steps.
    changes.sort_by_key(|it| it.entity != id.entity);
    let mut is_first = true;
    let mut entries = changes.iter().filter_map(|it| {
        let entity = workspace.entity(it.entity)?;
        // The primary entry is what the action is about, whenever it happens.
        let is_primary = std::mem::take(&mut is_first);
        let says_when = !is_primary || publishes;
        let condition = says_when.then(|| condition(workspace, id, &it.effects)).flatten();
        Some(entry(workspace, id.entity, entity, it.operation, &it.effects, condition))
    });
    let mut block = vec![("primary".to_owned(), entries.next()?)];
    let side_effects: Vec<Value> = entries.collect();
    if !side_effects.is_empty() {
        block.push(("side_effects".to_owned(), Value::List(side_effects)));
    }
    Some(Value::Mapping(block))
}

/// Writes by entity and operation. An update of rows that the action also inserts or deletes is a part
/// of that: the cascade reports each row once.
fn changes(effects: &[Effect]) -> Vec<Change<'_>> {
    let mut res: Vec<Change<'_>> = Vec::new();
    let (updates, others): (Vec<&Effect>, Vec<&Effect>) =
        effects.iter().partition(|it| it.operation == Operation::Update);
    for effect in others.into_iter().chain(updates) {
        let Some(entity) = effect.entity else { continue };
        let same = |it: &&mut Change<'_>| {
            it.entity == entity
                && (it.operation == effect.operation || effect.operation == Operation::Update)
        };
        match res.iter_mut().find(same) {
            Some(it) => it.effects.push(effect),
            None => res.push(Change { entity, operation: effect.operation, effects: vec![effect] }),
        }
    }
    let first_step =
        |it: &Change<'_>| effects.iter().position(|effect| effect.entity == Some(it.entity));
    res.sort_by_key(first_step);
    res
}

/// When writes happen that do not in every run; absent where nothing says when.
pub(crate) fn condition(
    workspace: &Workspace,
    id: ActionId,
    effects: &[&Effect],
) -> Option<String> {
    let is_sure = effects.iter().any(|it| it.certainty == Certainty::Always);
    if is_sure { None } else { condition_of(workspace, id, effects) }
}

/// When the rows of an entity are written that are not written in every run; absent where nothing says when.
#[must_use]
pub fn condition_of_entity(
    workspace: &Workspace,
    id: ActionId,
    entity: EntityId,
) -> Option<String> {
    let effects = workspace.effects(id).iter().filter(|it| it.entity == Some(entity));
    condition(workspace, id, &effects.collect::<Vec<_>>())
}

/// The edits that write `condition` into an entry of an `impact`; none where it has another form.
pub(crate) fn insert_condition(
    ctx: &Context<'_>,
    entry: &ImpactEntry,
    condition: &str,
) -> Option<Fix> {
    let entry = ctx.node_at(entry.range).filter(|it| it.as_mapping().is_some())?;
    let value = Value::Scalar(condition.to_owned());
    let after = if entry.get("fields").is_some() { "fields" } else { "operation" };
    let edits = ctx.insert_entry(entry, after, "condition", &value);
    Some(Fix::review(format!("Write `condition: {condition}`"), ctx.id(), edits))
}

/// `entity`, `operation` and, where the steps name them, `fields`; when it happens.
pub(crate) fn entry(
    workspace: &Workspace,
    from: EntityId,
    entity: &Entity,
    operation: Operation,
    effects: &[&Effect],
    condition: Option<String>,
) -> Value {
    let scalar = |text: &str| Value::Scalar(text.to_owned());
    let mut entry = vec![
        ("entity".to_owned(), scalar(&reference(workspace, from, entity.id).unwrap_or_default())),
        ("operation".to_owned(), scalar(operation.as_str())),
    ];
    let (fields, open) = written_fields(effects);
    let own = fields.into_iter().filter(|it| entity.field(it).is_some());
    let own: Vec<String> = own.map(str::to_owned).collect();
    if operation != Operation::Delete && !open && !own.is_empty() {
        entry.push(("fields".to_owned(), Value::FlowList(own)));
    }
    entry.extend(condition.map(|it| ("condition".to_owned(), Value::Scalar(it))));
    Value::Mapping(entry)
}
