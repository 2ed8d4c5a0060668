//! The `_cascade` that a client gets from a successful run: the contract's shape with example values.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use specql_contract::{Cascade, Contract, Invalidation, InvalidationValue};

use super::example;
use crate::catalog::Catalog;

/// The sample; `None` for an action without a cascade.
pub(crate) fn cascade_sample(catalog: Catalog<'_>, contract: &Contract) -> Option<Value> {
    let cascade = contract.cascade.as_ref()?;
    Some(
        json!({ "_cascade": filled(catalog, contract, cascade, &cascade.shape(catalog.workspace())) }),
    )
}

/// A cascade with examples, of the whole shape or of what the audit keeps of it.
pub(super) fn filled(
    catalog: Catalog<'_>,
    contract: &Contract,
    cascade: &Cascade,
    shape: &specql_contract::Object,
) -> Value {
    let mut res = example::object(catalog, shape, &[]);
    let lists = res.iter_mut().filter(|it| ["updated", "deleted"].contains(&it.0.as_str()));
    let mut entries: Vec<&mut Value> =
        lists.filter_map(|it| it.1.as_array_mut()).flatten().collect();
    let rows = entries.len();
    tell_apart(&mut entries);
    let arguments = cascade.invalidations.iter().map(|it| arguments(catalog, contract, it));
    if let Some(Value::Array(entries)) = res.get_mut("invalidations") {
        for (entry, arguments) in entries.iter_mut().zip(arguments) {
            // The shape says which of them there are.
            if let Some(Value::Object(shown)) = entry.get_mut("arguments") {
                let given = arguments.into_iter().filter(|it| shown.contains_key(&it.0));
                *shown = given.collect();
            }
        }
        entries.sort_by_key(|it| {
            let scope = it.get("scope").and_then(Value::as_str).unwrap_or_default();
            ["EXACT", "PREFIX", "PATTERN", "ALL"].iter().position(|it| *it == scope)
        });
    }
    if let Some(Value::Object(metadata)) = res.get_mut("metadata") {
        metadata.insert("timestamp".into(), example::TIMESTAMP.into());
        metadata.insert("depth".into(), cascade.depth.into());
        metadata.insert("affectedCount".into(), rows.into());
    }
    res.into()
}

/// Entries of one type are of different rows: each further one gets an id of its own.
pub(super) fn tell_apart(entries: &mut [&mut Value]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for entry in entries {
        let Some(id) = entry.get("id").and_then(Value::as_str).map(str::to_owned) else { continue };
        let count = seen.entry(id.clone()).or_default();
        if *count > 0 {
            let other = format!("{:08x}{}", *count, id.get(8..).unwrap_or_default());
            for path in ["/id", "/entity/id"] {
                if let Some(it) = entry.pointer_mut(path) {
                    *it = other.as_str().into();
                }
            }
        }
        *count += 1;
    }
}

fn arguments(catalog: Catalog<'_>, contract: &Contract, it: &Invalidation) -> Map<String, Value> {
    let value = |value: &InvalidationValue| match value {
        InvalidationValue::Text(it) => it.as_str().into(),
        InvalidationValue::Json(it) => serde_json::from_str(it).unwrap_or(Value::Null),
        InvalidationValue::Input(path, _) => input(catalog, contract, path),
    };
    it.arguments.iter().map(|(name, it)| (name.to_string(), value(it))).collect()
}

/// What a caller gives: an id for a reference.
fn input(catalog: Catalog<'_>, contract: &Contract, path: &[ecow::EcoString]) -> Value {
    let known =
        path.first().and_then(|name| contract.inputs.iter().find(|it| it.spellings.contains(name)));
    match (known.map(|it| it.shape.not_null()), path.len()) {
        (Some(shape), 1) => match example::value(catalog, shape, &[]) {
            Value::Object(it) => it.get("id").cloned().unwrap_or(Value::Null),
            other => other,
        },
        _ => "example".into(),
    }
}
