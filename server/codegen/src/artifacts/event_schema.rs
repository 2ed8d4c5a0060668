//! JSON Schemas of the payloads of an action's events, by type and version.

use serde_json::{Map, Value};
use specql_contract::{Contract, Event};

use super::json_schema;
use crate::catalog::Catalog;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schemas by `Type.vN`; `None` for an action that publishes nothing.
pub(crate) fn event_schema(catalog: Catalog<'_>, contract: &Contract) -> Option<Value> {
    let schemas = contract.events.iter().map(|it| {
        (format!("{}.v{}", it.event_type, it.version), Value::Object(schema(catalog, it)))
    });
    let schemas: Map<String, Value> = schemas.collect();
    (!schemas.is_empty()).then(|| schemas.into())
}

/// The schema of one event.
pub(super) fn schema(catalog: Catalog<'_>, event: &Event) -> Map<String, Value> {
    let mut res = Map::new();
    res.insert("$schema".into(), DRAFT.into());
    res.insert(
        "$id".into(),
        format!("urn:specql:event:{}:{}", event.event_type, event.version).into(),
    );
    res.insert("title".into(), event.event_type.as_str().into());
    if let Value::Object(payload) = json_schema::object(catalog, &event.payload_shape()) {
        res.extend(payload);
    }
    res
}
