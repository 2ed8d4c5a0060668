//! The `_cascade` that a client gets from a successful run, with example values.

use serde_json::{Map, Value, json};
use specql_model::{
    Action, ActionId, Entity, Invalidation, Operation, Strategy, entity::graphql_name,
};

use super::{
    action::{cascade_is_on, filter_value, writes_event},
    example,
};
use crate::catalog::Catalog;

/// The sample; `None` for an action without a cascade.
pub(crate) fn cascade_sample(catalog: Catalog<'_>, id: ActionId) -> Option<Value> {
    let (_, action) = catalog.action(id)?;
    cascade_is_on(catalog, action).then(|| json!({ "_cascade": cascade(catalog, id, action) }))
}

/// The members of the cascade, in the order in which `app.cascade_build` gives them to a reader.
pub(super) fn cascade(catalog: Catalog<'_>, id: ActionId, action: &Action) -> Value {
    let changes = changes(catalog, id);
    let updated: Vec<Value> = changes
        .iter()
        .filter(|it| it.1 != Operation::Delete)
        .map(|(entity, operation)| entry(catalog, entity, *operation))
        .collect();
    let deleted: Vec<Value> = changes
        .iter()
        .filter(|it| it.1 == Operation::Delete)
        .map(|(entity, _)| {
            json!({
                "__typename": entity.name.as_str(),
                "id": example::id(entity),
                "deletedAt": example::TIMESTAMP,
            })
        })
        .collect();
    let invalidations: Vec<Value> = action
        .impact
        .iter()
        .flat_map(|it| &it.cache_invalidations)
        .filter_map(invalidation)
        .collect();
    let mut metadata = Map::new();
    metadata.insert("timestamp".into(), example::TIMESTAMP.into());
    metadata.insert("transactionId".into(), "4711".into());
    metadata.insert("depth".into(), usize::from(changes.len() > 1).into());
    metadata.insert("affectedCount".into(), (updated.len() + deleted.len()).into());
    if writes_event(action) {
        metadata.insert("eventId".into(), example::numbered_id(900).into());
    }
    if catalog.has_tenants() {
        metadata.insert("tenantId".into(), example::numbered_id(800).into());
    }
    json!({
        "updated": updated,
        "deleted": deleted,
        "invalidations": invalidations,
        "metadata": metadata,
    })
}

/// What happens to which entity: the declared impact first, then what the steps do besides.
pub(super) fn changes<'a>(catalog: Catalog<'a>, id: ActionId) -> Vec<(&'a Entity, Operation)> {
    let Some((entity, action)) = catalog.action(id) else { return Vec::new() };
    let mut res: Vec<(&Entity, Operation)> = catalog.primary(id).into_iter().collect();
    for it in action.impact.iter().flat_map(|it| &it.side_effects) {
        let Some(name) = &it.entity else { continue };
        let Some(target) = catalog.resolve_name(entity.id, name) else { continue };
        let operation = it.operation.as_ref().and_then(|it| it.value).unwrap_or(Operation::Update);
        add(&mut res, target, operation);
    }
    for effect in catalog.effects(id) {
        if let Some(target) = effect.entity.and_then(|it| catalog.entity(it)) {
            add(&mut res, target, effect.operation);
        }
    }
    res
}

fn add<'a>(changes: &mut Vec<(&'a Entity, Operation)>, entity: &'a Entity, operation: Operation) {
    if changes.iter().all(|it| it.0.id != entity.id) {
        changes.push((entity, operation));
    }
}

fn entry(catalog: Catalog<'_>, entity: &Entity, operation: Operation) -> Value {
    json!({
        "__typename": entity.name.as_str(),
        "id": example::id(entity),
        "operation": if operation == Operation::Update { "UPDATED" } else { "CREATED" },
        "entity": example::graphql_entity(catalog, entity),
    })
}

fn invalidation(it: &Invalidation) -> Option<Value> {
    let query = it.query.as_ref()?;
    let strategy = it.strategy.as_ref().and_then(|it| it.value).unwrap_or(Strategy::Invalidate);
    let default_scope = if it.filter.is_empty() { "PREFIX" } else { "EXACT" };
    let scope =
        it.scope.as_ref().map_or_else(|| default_scope.to_owned(), |it| it.text.to_uppercase());
    let mut res = Map::new();
    res.insert("queryName".into(), query.as_str().into());
    res.insert("strategy".into(), strategy.as_str().into());
    if scope == "PATTERN" {
        res.insert("queryPattern".into(), query.as_str().into());
    }
    res.insert("scope".into(), scope.into());
    if !it.filter.is_empty() {
        let arguments: Map<String, Value> = it
            .filter
            .iter()
            .map(|(name, value)| (graphql_name(name.as_str()), filter_value(value)))
            .collect();
        res.insert("arguments".into(), arguments.into());
    }
    Some(res.into())
}
