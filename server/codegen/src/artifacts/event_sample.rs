//! The outbox rows that an action writes, with example values.

use serde_json::{Map, Value, json};
use specql_model::{Action, ActionId, Cdc, Entity, Name, Operation};

use super::{
    action::{cascade_is_on, default_topic, writes_event},
    cascade_sample::{cascade, changes},
    example,
};
use crate::{catalog::Catalog, names};

/// The rows as a list; `None` for an action that publishes nothing.
pub(crate) fn event_sample(catalog: Catalog<'_>, id: ActionId) -> Option<Value> {
    let (entity, action) = catalog.action(id)?;
    let cdc = action.cdc.as_ref().filter(|_| writes_event(action))?;
    let changes = changes(catalog, id);
    let (primary, operation) = *changes.first()?;
    let event_type = cdc.event_type_or_default(primary.name.as_str(), operation).to_string();
    let mut metadata = metadata(&changes, action, cdc);
    if cascade_is_on(catalog, action) && cdc.include_cascade != Some(false) {
        let cascade = cascade(catalog, id, action);
        let list =
            |name: &str| cascade.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        metadata.insert("cascade".into(), [list("updated"), list("deleted")].concat().into());
    }
    let topic = cdc.topic.as_ref().map(|it| it.text.to_string());
    let mut rows = vec![row(
        catalog,
        &Event {
            number: 900,
            entity: primary,
            topic,
            event_type,
            cdc,
            payload: payload(catalog, cdc, &changes),
            metadata,
        },
    )];
    for (number, (name, event_type)) in (901..).zip(&cdc.side_effect_events) {
        let Some(target) = catalog.resolve_name(entity.id, name) else { continue };
        let payload = json!({ names::snake(target): image(catalog, cdc, target) });
        rows.push(row(
            catalog,
            &Event {
                number,
                entity: target,
                topic: None,
                event_type: event_type.text.to_string(),
                cdc,
                payload,
                metadata: self::metadata(&changes, action, cdc),
            },
        ));
    }
    Some(rows.into())
}

struct Event<'e> {
    number: usize,
    entity: &'e Entity,
    topic: Option<String>,
    event_type: String,
    cdc: &'e Cdc,
    payload: Value,
    metadata: Map<String, Value>,
}

fn row(catalog: Catalog<'_>, event: &Event<'_>) -> Value {
    let version = event.cdc.version.map_or(1, |it| it.0);
    let id = example::id(event.entity);
    let default = || default_topic(catalog, event.entity, &event.event_type, version);
    let topic = event.topic.clone().unwrap_or_else(default);
    let tenant = if catalog.has_tenants() {
        example::numbered_id(800)
    } else {
        "00000000-0000-0000-0000-000000000000".to_owned()
    };
    let causation = (event.number > 900).then(|| example::numbered_id(900));
    json!({
        "id": example::numbered_id(event.number),
        "aggregate_type": event.entity.name.as_str(),
        "aggregate_id": id,
        "event_type": event.event_type,
        "event_version": version,
        "event_payload": event.payload,
        "event_metadata": event.metadata,
        "created_at": example::TIMESTAMP,
        "processed_at": null,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "correlation_id": example::numbered_id(700),
        "tenant_id": tenant,
        "topic": topic,
        "partition_key": id,
        "causation_id": causation,
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    })
}

fn metadata(changes: &[(&Entity, Operation)], action: &Action, cdc: &Cdc) -> Map<String, Value> {
    let entities: Vec<&str> = changes.iter().map(|it| it.0.name.as_str()).collect();
    let mut res = Map::new();
    res.insert("mutation".into(), action.name.as_str().into());
    res.insert("mutationId".into(), example::numbered_id(600).into());
    res.insert("affectedEntities".into(), entities.into());
    res.insert("version".into(), cdc.version.map_or(1, |it| it.0).into());
    res
}

fn payload(catalog: Catalog<'_>, cdc: &Cdc, changes: &[(&Entity, Operation)]) -> Value {
    let mut res = Map::new();
    for (index, (entity, _)) in changes.iter().enumerate() {
        let value = match &cdc.payload {
            Some(paths) if index == 0 && cdc.include_payload != Some(false) => {
                selected(catalog, entity, paths)
            }
            _ => image(catalog, cdc, entity),
        };
        res.insert(names::snake(entity), value);
        if !cdc.include_side_effects.is_some_and(|it| it.0) {
            break;
        }
    }
    res.into()
}

fn image(catalog: Catalog<'_>, cdc: &Cdc, entity: &Entity) -> Value {
    if cdc.include_payload == Some(false) {
        return json!({ "id": example::id(entity) });
    }
    example::row(catalog, entity).into()
}

/// The members that `payload` names; one behind a reference is an object of its own.
fn selected(catalog: Catalog<'_>, entity: &Entity, paths: &[Name]) -> Value {
    let whole = example::row(catalog, entity);
    let mut res = Map::new();
    res.insert("id".into(), example::id(entity).into());
    for path in paths {
        match path.text.split_once('.') {
            None => {
                let name = catalog.named_column(entity, path.as_str()).map(|it| it.field);
                if let Some((name, value)) = name.and_then(|it| whole.get_key_value(&it)) {
                    res.insert(name.clone(), value.clone());
                }
            }
            Some((first, _)) => {
                let last = path.text.rsplit('.').next().unwrap_or_default();
                let nested = res.entry(first).or_insert_with(|| json!({}));
                if let Value::Object(it) = nested {
                    it.insert(
                        last.to_owned(),
                        format!("example {}", last.replace('_', " ")).into(),
                    );
                }
            }
        }
    }
    res.into()
}
