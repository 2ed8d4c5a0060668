//! The contract of an action as JSON: versioned, documented in `docs/artifacts/contract.md`.

use ecow::EcoString;
use serde_json::{Value, json};
use specql_contract::{
    Cascade, Change, Collection, Contract, Event, EventCascade, EventKind, Failure, FailureCause,
    Invalidation, InvalidationValue, Rows,
};
use specql_model::{ActionId, Certainty, EffectFields, EntityId, Name};

use super::{json_schema, json_schema::schema};
use crate::{catalog::Catalog, names};

/// Goes up when a member changes its meaning or goes; new members do not raise it.
const VERSION: u32 = 1;

/// The document.
pub(crate) fn contract_json(catalog: Catalog<'_>, it: &Contract) -> Option<Value> {
    catalog.entity(it.action.entity)?;
    let inputs: Vec<Value> = it
        .inputs
        .iter()
        .map(|input| {
            let spellings: Vec<&str> = input.spellings.iter().map(EcoString::as_str).collect();
            let value = match input.shape.not_null() {
                specql_contract::Shape::Reference(_) => json!({"type": "string", "format": "uuid"}),
                _ => schema(catalog, &input.shape),
            };
            json!({"name": input.name.as_str(), "spellings": spellings, "required": input.required, "schema": value})
        })
        .collect();
    let trails = it.audit.trails.iter().map(|trail| {
        let table =
            catalog.entity(trail.entity).map(|it| names::audit_table(catalog.workspace(), it));
        json!({
            "entity": name(catalog, trail.entity),
            "table": table.map(|it| format!("{}.{}", it.schema.as_str(), it.name.as_str())),
            "image": json_schema::object(catalog, &trail.image),
            "keepsCascade": trail.keeps_cascade,
        })
    });
    Some(json!({
        "contractVersion": VERSION,
        "action": action(catalog, it.action),
        "requires": it.requires.as_ref().map(Name::as_str),
        "primary": {"entity": name(catalog, it.primary), "operation": it.operation.as_str()},
        "declaredOnly": it.declared_only,
        "inputs": inputs,
        "changes": it.changes.iter().map(|it| change(catalog, it)).collect::<Vec<_>>(),
        "calls": calls(catalog, it),
        "object": json_schema::object(catalog, &it.answer.object),
        "returned": it.answer.returned.iter().map(EcoString::as_str).collect::<Vec<_>>(),
        "collections": it.answer.collections.iter().map(|it| collection(catalog, it)).collect::<Vec<_>>(),
        "cascade": it.cascade.as_ref().map(|it| cascade(catalog, it)),
        "events": it.events.iter().map(|it| event(catalog, it)).collect::<Vec<_>>(),
        "audit": trails.collect::<Vec<_>>(),
        "failures": it.failures.iter().map(failure).collect::<Vec<_>>(),
    }))
}

/// `blog.Post`.
fn name(catalog: Catalog<'_>, id: EntityId) -> Value {
    let entity = catalog.entity(id);
    entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).into()
}

pub(super) const fn certainty(it: Certainty) -> &'static str {
    match it {
        Certainty::Always => "always",
        Certainty::Sometimes => "sometimes",
    }
}

pub(super) const fn rows(it: Rows) -> &'static str {
    match it {
        Rows::One => "one",
        Rows::Many => "many",
    }
}

fn change(catalog: Catalog<'_>, it: &Change) -> Value {
    let (fields, input) = match &it.fields {
        EffectFields::Named(names) => (names.as_slice(), false),
        EffectFields::Input(names) => (names.as_slice(), true),
        EffectFields::Row => (&[][..], false),
    };
    json!({
        "entity": name(catalog, it.entity),
        "operation": it.operation.as_str(),
        "certainty": certainty(it.certainty),
        "rows": rows(it.rows),
        "through": it.through.as_ref().map(EcoString::as_str),
        "fields": fields.iter().map(EcoString::as_str).collect::<Vec<_>>(),
        "fieldsOfInput": input,
        "declared": it.declared.is_some(),
    })
}

pub(super) fn calls(catalog: Catalog<'_>, it: &Contract) -> Vec<Value> {
    let called = it.calls.iter().filter_map(|call| {
        Some(json!({"action": action(catalog, call.action)?, "certainty": certainty(call.certainty)}))
    });
    called.collect()
}

/// `blog.Post.create_post`.
fn action(catalog: Catalog<'_>, id: ActionId) -> Option<String> {
    let (entity, action) = catalog.action(id)?;
    Some(format!("{}.{}.{}", entity.schema_name(), entity.name.text, action.name.text))
}

fn collection(catalog: Catalog<'_>, it: &Collection) -> Value {
    json!({
        "name": it.name.as_str(),
        "entity": name(catalog, it.entity),
        "operation": it.operation.as_str(),
        "item": json_schema::object(catalog, &it.item),
    })
}

fn cascade(catalog: Catalog<'_>, it: &Cascade) -> Value {
    let entries = it.entries.iter().map(|it| {
        json!({
            "entity": name(catalog, it.entity),
            "outcome": it.outcome.as_str(),
            "certainty": certainty(it.certainty),
            "rows": rows(it.rows),
            "schema": json_schema::object(catalog, &it.shape(catalog.workspace())),
        })
    });
    json!({
        "entries": entries.collect::<Vec<_>>(),
        "excluded": it.excluded.iter().map(|it| name(catalog, *it)).collect::<Vec<_>>(),
        "invalidations": it.invalidations.iter().map(invalidation).collect::<Vec<_>>(),
        "metadata": json_schema::object(catalog, &it.metadata()),
        "limits": {"updated": it.max_updated, "deleted": it.max_deleted, "invalidations": specql_contract::MAX_INVALIDATIONS},
        "fullData": it.full_data,
        "depth": it.depth,
    })
}

fn invalidation(it: &Invalidation) -> Value {
    let arguments = it.arguments.iter().map(|(name, value)| {
        let value = match value {
            InvalidationValue::Input(path, _) => json!({"input": path.join(".")}),
            InvalidationValue::Text(it) => json!({"value": it.as_str()}),
            InvalidationValue::Json(it) => {
                json!({"value": serde_json::from_str::<Value>(it).unwrap_or(Value::Null)})
            }
        };
        (name.to_string(), value)
    });
    json!({
        "query": it.query.as_str(),
        "strategy": it.strategy.as_str(),
        "scope": it.scope.as_str(),
        "arguments": arguments.collect::<serde_json::Map<String, Value>>(),
        "reason": it.reason.as_ref().map(EcoString::as_str),
    })
}

fn event(catalog: Catalog<'_>, it: &Event) -> Value {
    json!({
        "type": it.event_type.as_str(),
        "version": it.version,
        "kind": match it.kind {
            EventKind::Primary => "primary",
            EventKind::SideEffect => "sideEffect",
        },
        "by": action(catalog, it.action),
        "aggregate": name(catalog, it.entity),
        "topic": it.topic.as_str(),
        "partitionKey": it.key.path.as_ref().map_or_else(|| "id".to_owned(), |it| it.join(".")),
        "outcomes": it.outcomes.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        "certainty": certainty(it.certainty),
        "rows": rows(it.rows),
        "cascade": match it.cascade {
            EventCascade::Nothing => "nothing",
            EventCascade::Entries => "entries",
            EventCascade::References => "references",
        },
        "payload": json_schema::object(catalog, &it.payload_shape()),
        "metadata": json_schema::object(catalog, &it.metadata_shape(catalog.workspace())),
    })
}

fn failure(it: &Failure) -> Value {
    json!({
        "status": format!("failed:{}", it.code),
        "cause": cause(&it.cause),
        "message": it.message.as_ref().map(EcoString::as_str),
    })
}

/// What makes an action fail, in words.
pub(super) fn cause(it: &FailureCause) -> String {
    match it {
        FailureCause::Tenant => "the session names no tenant".to_owned(),
        FailureCause::Input => "an input is missing or does not fit".to_owned(),
        FailureCause::Validate => "a `validate` does not hold".to_owned(),
        FailureCause::Reject => "a `reject` is reached".to_owned(),
        FailureCause::Row(name) => format!("`{name}` is not there"),
        FailureCause::Find => "a `find` finds nothing".to_owned(),
        FailureCause::Unique(name) => format!("another row has this `{name}`"),
        FailureCause::InUse(name) => format!("a row refers to it with `{name}`"),
    }
}
