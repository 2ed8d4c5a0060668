//! The outbox rows that an action writes: the contract's shapes with example values.

use serde_json::{Map, Value};
use specql_contract::{Contract, Event, outbox_row};

use super::{cascade_sample::tell_apart, example};
use crate::catalog::Catalog;

/// The rows as a list; `None` for an action that publishes nothing.
pub(crate) fn event_sample(catalog: Catalog<'_>, contract: &Contract) -> Option<Value> {
    let events = contract.events.iter().enumerate();
    let rows = events.map(|(index, it)| row(catalog, 900 + index, index == 0, it));
    let rows: Vec<Value> = rows.collect();
    (!rows.is_empty()).then(|| rows.into())
}

fn row(catalog: Catalog<'_>, number: usize, leads: bool, event: &Event) -> Value {
    // The first event of a run has the cascade, the others its id.
    let without = if leads { "cascadeEventId" } else { "cascade" };
    let mut res = example::object(catalog, &outbox_row(catalog.workspace(), event), &[without]);
    let aggregate = catalog.entity(event.entity).map(example::id).unwrap_or_default();
    set(&mut res, "id", example::numbered_id(number).into());
    if event.key.path.is_none() {
        set(&mut res, "partition_key", aggregate.as_str().into());
    }
    set(&mut res, "aggregate_id", aggregate.into());
    if leads {
        set(&mut res, "causation_id", Value::Null);
    }
    if let Some(Value::Object(metadata)) = res.get_mut("event_metadata")
        && let Some(Value::Array(entries)) = metadata.get_mut("cascade")
    {
        tell_apart(&mut entries.iter_mut().collect::<Vec<_>>());
    }
    res.into()
}

/// A value in place of the example, where the shape has the member.
fn set(row: &mut Map<String, Value>, name: &str, value: Value) {
    if let Some(it) = row.get_mut(name) {
        *it = value;
    }
}
