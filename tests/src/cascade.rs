//! What a `_cascade` has to satisfy: the JSON Schemas of GraphQL Cascade, and what they cannot say.

use std::{collections::HashSet, fs, sync::OnceLock};

use jsonschema::{Resource, Validator};
use serde_json::{Value, json};

use crate::binary::project_root;

/// Everything that is wrong with a cascade; empty for a good one.
///
/// # Panics
///
/// When the schemas cannot be read.
#[must_use]
pub fn faults(cascade: &Value) -> Vec<String> {
    let response = json!({"success": true, "errors": [], "data": null, "cascade": cascade});
    let errors = validator()
        .iter_errors(&response)
        .map(|it| format!("{}: {it}", it.instance_path))
        .collect();
    [errors, repeated(cascade), incomplete(cascade), miscounted(cascade)].concat()
}

fn validator() -> &'static Validator {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    VALIDATOR.get_or_init(build)
}

fn build() -> Validator {
    let folder = project_root().join("tests/fixtures/cascade-schemas");
    let schema = |name: &str| -> Value {
        let text = fs::read_to_string(folder.join(format!("{name}.schema.json")));
        serde_json::from_str(&text.expect("the fixture is there")).expect("it is JSON")
    };
    let mut options = jsonschema::draft7::options();
    for name in ["error", "entity", "invalidation", "metadata"] {
        let address = format!("https://graphql-cascade.org/schema/v1/{name}.schema.json");
        let resource = Resource::from_contents(schema(name)).expect("it is a schema");
        options = options.with_resource(address, resource);
    }
    options
        .should_validate_formats(true)
        .build(&schema("cascade-response"))
        .expect("they refer to each other")
}

fn list<'v>(cascade: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    cascade.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn key(entry: &Value) -> (String, String) {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    (text("__typename"), text("id"))
}

/// An entity stands in a cascade once.
fn repeated(cascade: &Value) -> Vec<String> {
    let mut seen = HashSet::new();
    let all = list(cascade, "updated").chain(list(cascade, "deleted"));
    all.filter(|it| !seen.insert(key(it)))
        .map(|it| format!("{:?} is listed twice", key(it)))
        .collect()
}

/// A client can apply an entry when the entity names itself, and refers to others the same way.
fn incomplete(cascade: &Value) -> Vec<String> {
    let mut res = Vec::new();
    for entry in list(cascade, "updated") {
        let entity = &entry["entity"];
        if key(entity) != key(entry) {
            res.push(format!("the entity of {:?} is {:?}", key(entry), key(entity)));
        }
        if entry["operation"] == "DELETED" {
            res.push(format!("{:?} is deleted, and stands among the updated", key(entry)));
        }
        for (name, value) in entity.as_object().into_iter().flatten() {
            if name.contains('_') && name != "__typename" {
                res.push(format!("`{name}` is no GraphQL spelling"));
            }
            let refers = value.get("__typename").is_some();
            if refers && value.get("id").is_none() {
                res.push(format!("`{name}` refers to nothing"));
            }
        }
    }
    res
}

fn miscounted(cascade: &Value) -> Vec<String> {
    let metadata = &cascade["metadata"];
    let count = list(cascade, "updated").count() + list(cascade, "deleted").count();
    let mut res = Vec::new();
    if metadata["affectedCount"] != count {
        res.push(format!("{count} entities, and affectedCount is {}", metadata["affectedCount"]));
    }
    let timestamp = metadata["timestamp"].as_str().unwrap_or_default();
    if !timestamp.ends_with('Z') {
        res.push(format!("`{timestamp}` is not in UTC"));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        json!({
            "updated": [{
                "__typename": "Post", "id": "1", "operation": "CREATED",
                "entity": {"__typename": "Post", "id": "1", "author": {"__typename": "User", "id": "2"}}
            }],
            "deleted": [],
            "invalidations": [{"queryName": "posts", "strategy": "INVALIDATE", "scope": "PREFIX"}],
            "metadata": {"timestamp": "2025-01-15T10:30:00.000000Z", "depth": 0, "affectedCount": 1}
        })
    }

    fn faults_after(change: impl FnOnce(&mut Value)) -> usize {
        let mut cascade = sample();
        change(&mut cascade);
        faults(&cascade).len()
    }

    #[test]
    fn a_good_cascade_has_no_faults() {
        assert_eq!(faults(&sample()), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        assert_eq!(faults_after(|it| it["deleted"] = Value::Null), 1);
        assert_eq!(faults_after(|it| it["metadata"]["depth"] = Value::Null), 1);
        assert_eq!(faults_after(|it| it["metadata"]["affectedCount"] = 2.into()), 1);
        assert_eq!(
            faults_after(|it| it["metadata"]["timestamp"] = "2025-01-15T10:30:00+01:00".into()),
            1
        );
        assert_eq!(faults_after(|it| it["invalidations"][0]["scope"] = "SOME".into()), 1);
        assert_eq!(faults_after(|it| it["updated"][0]["entity"]["id"] = "2".into()), 1);
        assert_eq!(faults_after(|it| it["updated"][0]["entity"]["post_count"] = 2.into()), 1);
    }
}
