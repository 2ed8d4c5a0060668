//! What an action promises, beside what a call of it has left.

#![allow(clippy::indexing_slicing, reason = "a member that JSON has not is null")]

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::Value;
use specql_codegen::{Artifact, Target, render};
use specql_contract::{Contract, Outcome as Change, Shape, Trail, outbox_row};
use specql_model::{
    Operation, Workspace,
    config::{CascadeStorage, FieldCase},
};
use specql_tests::{
    cascade,
    postgres::Outcome,
    shapes::{differences, misfits},
};

/// A contract with its samples and schemas.
pub(super) struct Promised<'a> {
    pub(super) contract: Contract,
    workspace: &'a Workspace,
    cascade: Value,
    events: Value,
    audit: Value,
    schemas: HashMap<String, Validator>,
}

impl<'a> Promised<'a> {
    pub(super) fn new(workspace: &'a Workspace, contract: Contract) -> Self {
        let sample = |artifact| -> Value {
            let text = render(workspace, artifact, Target::Action(contract.action)).text;
            serde_json::from_str(&text).unwrap_or(Value::Null)
        };
        let schemas = match sample(Artifact::EventSchema) {
            Value::Object(it) => it.iter().map(|it| (it.0.clone(), validator(it.1))).collect(),
            _ => HashMap::new(),
        };
        let cascade = sample(Artifact::CascadeSample)["_cascade"].take();
        let (events, audit) = (sample(Artifact::EventSample), sample(Artifact::AuditSample));
        Self { contract, workspace, cascade, events, audit, schemas }
    }

    /// A failure is one of those that the contract knows.
    pub(super) fn failure(&self, outcome: &Outcome) -> Vec<String> {
        let code = outcome.status().trim_start_matches("failed:");
        let is_known = self.contract.failures.iter().any(|it| it.code == code);
        if is_known { Vec::new() } else { vec![format!("fails with {:#}", outcome.0)] }
    }

    pub(super) fn answer(&self, outcome: &Outcome) -> Vec<String> {
        let contract = &self.contract;
        let mut res = self.cascade(outcome.cascade());
        res.extend(self.primary(outcome));
        let object = outcome.at("/object_data");
        let deleted = contract.operation == Operation::Delete;
        let is_whole = object.get("createdAt").or(object.get("created_at")).is_some();
        // A run that touched no row of the primary entity has no object.
        if is_whole || !(deleted || object.is_null()) {
            let faults = misfits(&contract.answer.object.clone().into(), object);
            res.extend(faults.into_iter().map(|it| format!("object_data {it}")));
        }
        let Value::Object(mut extra) = outcome.at("/extra_metadata").clone() else { return res };
        extra.remove("_cascade");
        let faults = misfits(&contract.answer.extra_metadata().into(), &extra.into());
        res.extend(faults.into_iter().map(|it| format!("extra_metadata {it}")));
        res
    }

    /// The answer names the row that the action is about, whoever changes it: a step or an action that is
    /// called.
    fn primary(&self, outcome: &Outcome) -> Vec<String> {
        let contract = &self.contract;
        let mut of_it = contract.changes_of(contract.primary);
        let sure = of_it.any(|it| it.operation == contract.operation && it.surely_finds_one_row());
        if sure && (outcome.at("/id").is_null() || outcome.at("/object_data").is_null()) {
            return vec![format!("{:?} is sure, and no row is named", contract.operation)];
        }
        Vec::new()
    }

    fn cascade(&self, row: &Value) -> Vec<String> {
        let Some(promised) = &self.contract.cascade else {
            let is_absent = row.is_null();
            return if is_absent { Vec::new() } else { vec![format!("there is a cascade: {row}")] };
        };
        let mut res =
            compared("_cascade", &promised.shape(self.workspace).into(), &self.cascade, row);
        if self.workspace.config().field_case == FieldCase::Camel {
            for (what, value) in [("the sample", &self.cascade), ("_cascade", row)] {
                let faults = cascade::faults(value);
                res.extend(faults.into_iter().map(|it| format!("{what}: {it}")));
            }
        }
        res
    }

    pub(super) fn events(&self, rows: Vec<Value>) -> Vec<String> {
        let mut res = Vec::new();
        for event in self.contract.events.iter().filter(|it| it.is_sure) {
            if rows.iter().all(|it| it["event_type"] != event.event_type.as_str()) {
                res.push(format!("no {} was written", event.event_type));
            }
        }
        for mut row in rows {
            for name in ["sequence", "written_lsn"] {
                row.as_object_mut().unwrap().remove(name);
            }
            // Actions that call each other may share a type: the row is of one of them.
            let of_type = self.contract.events.iter().enumerate();
            let of_type = of_type.filter(|it| row["event_type"] == it.1.event_type.as_str());
            let faults = of_type.map(|it| self.event(it.0, &row)).min_by_key(Vec::len);
            let none = || vec![format!("no event of the contract is {row}")];
            res.extend(faults.unwrap_or_else(none));
        }
        res
    }

    fn event(&self, number: usize, row: &Value) -> Vec<String> {
        let event = &self.contract.events[number];
        let what = format!("event {}", event.event_type);
        let shape = outbox_row(self.workspace, event).into();
        let mut res = compared(&what, &shape, &self.events[number], row);
        match self.schemas.get(&format!("{}.v{}", event.event_type, event.version)) {
            Some(it) => {
                let errors = it.iter_errors(&row["event_payload"]);
                res.extend(errors.map(|it| format!("{what} {}: {it}", it.instance_path)));
            }
            None => res.push(format!("{what} has no schema")),
        }
        res
    }

    pub(super) fn audit(&self, trail: &Trail, table: &str, mut row: Value) -> Vec<String> {
        let mut res = self.kept(&mut row);
        let outcome = outcome_of(&row);
        let index = trail.outcomes.iter().position(|it| *it == outcome);
        let index = index.or_else(|| trail.outcomes.iter().position(|it| *it != Change::Created));
        let mut sample = self.audit[table][index.unwrap_or_default()].clone();
        res.extend(self.kept(&mut sample));
        res.extend(compared(&format!("audit {table}"), &trail.row().into(), &sample, &row));
        res
    }

    /// Takes the cascade that is kept in a row out of it, and checks it.
    fn kept(&self, row: &mut Value) -> Vec<String> {
        let audit = &self.contract.audit;
        let kept = if audit.storage == Some(CascadeStorage::Embedded) {
            embedded(row)
        } else {
            row.as_object_mut().and_then(|it| it.remove("cascade_data"))
        };
        if let Some(it) = row.as_object_mut() {
            it.remove("cascade_entities");
        }
        let (Some(kept), Some(shape)) = (kept.filter(|it| !it.is_null()), &audit.cascade) else {
            return Vec::new();
        };
        let faults = misfits(&shape.clone().into(), &kept);
        faults.into_iter().map(|it| format!("kept cascade {it}")).collect()
    }
}

/// The cascade among the new values, which are nothing else where a row is gone.
fn embedded(row: &mut Value) -> Option<Value> {
    let new = row.get_mut("new_values")?;
    let res = new.as_object_mut()?.remove("_cascade");
    if new.as_object().is_some_and(serde_json::Map::is_empty) {
        *new = Value::Null;
    }
    res
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap_or_else(|error| panic!("{error}: {schema:#}"))
}

fn compared(what: &str, shape: &Shape, sample: &Value, row: &Value) -> Vec<String> {
    let faults = misfits(shape, row).into_iter().chain(differences(shape, sample, row));
    faults.map(|it| format!("{what} {it}")).collect()
}

/// What happened to the row that an audit row is of.
fn outcome_of(row: &Value) -> Change {
    let gone = |images: &Value| images.get("deleted_at").is_some_and(|it| !it.is_null());
    match row["operation_type"].as_str() {
        Some("INSERT") => Change::Created,
        Some("DELETE") => Change::Deleted,
        _ if gone(&row["new_values"]) => Change::Deleted,
        _ => Change::Updated,
    }
}
