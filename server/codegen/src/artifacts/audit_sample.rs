//! What the audit keeps of a successful run: the contract's shapes with example values.

use serde_json::{Map, Value, json};
use specql_contract::{Contract, Outcome, Trail};
use specql_model::config::CascadeStorage;

use super::{cascade_sample::filled, example};
use crate::{catalog::Catalog, names};

/// The rows by table; `None` for an action of whose entities none is audited.
pub(crate) fn audit_sample(catalog: Catalog<'_>, contract: &Contract) -> Option<Value> {
    let audit = &contract.audit;
    let cascade = match (&contract.cascade, &audit.cascade) {
        (Some(cascade), Some(kept)) => Some(filled(catalog, contract, cascade, kept)),
        _ => None,
    };
    let mut res = Map::new();
    for trail in &audit.trails {
        let Some(entity) = catalog.entity(trail.entity) else { continue };
        let beside = cascade.as_ref().filter(|_| trail.keeps_cascade);
        let rows = trail.outcomes.iter().map(|it| row(catalog, contract, trail, *it, beside));
        let table = names::audit_table(catalog.workspace(), entity);
        let rows: Vec<Value> = rows.collect();
        res.insert(format!("{}.{}", table.schema.as_str(), table.name.as_str()), rows.into());
    }
    if !res.is_empty() {
        let cascade = cascade.filter(|_| audit.storage == Some(CascadeStorage::Log));
        let row = log_row(catalog, contract, cascade);
        res.insert("app.mutation_log".to_owned(), Value::Array(vec![row]));
    }
    (!res.is_empty()).then(|| res.into())
}

/// The row of one change. A deletion sets `deleted_at`, so it is an update of the row, unless it is hard.
fn row(
    catalog: Catalog<'_>,
    contract: &Contract,
    trail: &Trail,
    outcome: Outcome,
    cascade: Option<&Value>,
) -> Value {
    let mut res = example::object(catalog, &trail.row(), &[]);
    let id = catalog.entity(trail.entity).map(example::id);
    res.insert("audit_id".into(), example::numbered_id(400).into());
    res.insert("entity_id".into(), id.into());
    let operation = match outcome {
        Outcome::Created => "INSERT",
        Outcome::Deleted if trail.removes => "DELETE",
        Outcome::Updated | Outcome::Deleted => "UPDATE",
    };
    res.insert("operation_type".into(), operation.into());
    if operation == "DELETE" {
        res.insert("new_values".into(), Value::Null);
    }
    if outcome == Outcome::Created {
        res.insert("old_values".into(), Value::Null);
    }
    if let (Outcome::Deleted, Some(Value::Object(new))) = (outcome, res.get_mut("new_values"))
        && let Some(it) = new.get_mut("deleted_at")
    {
        *it = example::TIMESTAMP.into();
    }
    match (contract.audit.storage, cascade) {
        (Some(CascadeStorage::Column), Some(cascade)) => {
            res.insert("cascade_data".into(), cascade.clone());
            res.insert("cascade_entities".into(), touched(catalog, contract));
        }
        (Some(CascadeStorage::Embedded), Some(cascade)) => {
            if let Some(Value::Object(new)) = res.get_mut("new_values") {
                new.insert("_cascade".into(), cascade.clone());
            }
        }
        _ => {}
    }
    res.into()
}

fn touched(catalog: Catalog<'_>, contract: &Contract) -> Value {
    let names = contract.entities().filter_map(|it| catalog.entity(it));
    names.map(|it| Value::from(catalog.type_name(it).as_str())).collect()
}

fn log_row(catalog: Catalog<'_>, contract: &Contract, cascade: Option<Value>) -> Value {
    let tenant = if catalog.has_tenants() {
        example::numbered_id(800)
    } else {
        "00000000-0000-0000-0000-000000000000".to_owned()
    };
    let entity = catalog.primary(contract.action).map(|it| it.0);
    json!({
        "mutation_id": example::numbered_id(600),
        "tenant_id": tenant,
        "action": contract.name.as_str(),
        "entity": entity.map(|it| catalog.type_name(it).to_string()),
        "entity_id": entity.map(example::id),
        "cascade_data": cascade,
        "cascade_entities": touched(catalog, contract),
        "changed_by": example::numbered_id(500),
        "change_reason": null,
        "correlation_id": example::numbered_id(700),
        "causation_id": null,
        "event_id": (!contract.events.is_empty()).then(|| example::numbered_id(900)),
        "traceparent": null,
        "transaction_id": 4711,
        "created_at": example::TIMESTAMP,
    })
}
