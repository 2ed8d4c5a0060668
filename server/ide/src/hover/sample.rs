//! The part of a sample that a place is about: entries of a cascade, members of events.

use serde_json::{Map, Value};
use specql_codegen::{Artifact, Target};
use specql_contract::{CascadeEntry, Event, Outcome};
use specql_model::{ActionId, Workspace};

use super::part::fenced;

/// The objects that clients get of the rows of some entries.
pub(super) fn entries(
    workspace: &Workspace,
    id: ActionId,
    wanted: &[&CascadeEntry],
    acc: &mut String,
) {
    let Some(sample) = sample(workspace, id, Artifact::CascadeSample) else { return };
    let is = |it: &Value, name: &str, text: &str| it.get(name).is_some_and(|it| it == text);
    for entry in wanted {
        let is_deleted = entry.outcome == Outcome::Deleted;
        let list = if is_deleted { "deleted" } else { "updated" };
        let all = sample.pointer("/_cascade").and_then(|it| it.get(list)?.as_array());
        let found = all.into_iter().flatten().find(|it| {
            is(it, "__typename", &entry.typename)
                && (is_deleted || is(it, "operation", entry.outcome.as_str()))
        });
        found.iter().for_each(|it| json(it, acc));
    }
}

/// What clients are told of a query.
pub(super) fn invalidations(
    workspace: &Workspace,
    id: ActionId,
    is_asked: impl Fn(&str) -> bool,
    acc: &mut String,
) {
    let Some(mut sample) = sample(workspace, id, Artifact::CascadeSample) else { return };
    let Some(Value::Array(all)) = sample.pointer_mut("/_cascade/invalidations") else { return };
    all.retain(|it| it.get("queryName").and_then(Value::as_str).is_some_and(&is_asked));
    if !all.is_empty() {
        json(&Value::Array(std::mem::take(all)), acc);
    }
}

/// Some members of the outbox rows of events.
pub(super) fn events(
    workspace: &Workspace,
    id: ActionId,
    wanted: &[&Event],
    members: &[&str],
    acc: &mut String,
) {
    let Some(Value::Array(rows)) = sample(workspace, id, Artifact::EventSample) else { return };
    let is_wanted = |row: &&Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let (ty, of) = (text("event_type"), text("aggregate_type"));
        wanted.iter().any(|it| it.event_type == ty && it.aggregate == of)
    };
    let of_row = |row: &Value| -> Value {
        let member = |name: &&str| match name.split_once('.') {
            Some((outer, inner)) => {
                let value = row.get(outer)?.get(inner)?.clone();
                Some((outer.to_owned(), Map::from_iter([(inner.to_owned(), value)]).into()))
            }
            None => Some(((*name).to_owned(), row.get(*name)?.clone())),
        };
        members.iter().filter_map(member).collect::<Map<_, _>>().into()
    };
    let rows: Vec<Value> = rows.iter().filter(is_wanted).map(of_row).collect();
    match rows.as_slice() {
        [] => {}
        [one] => json(one, acc),
        _ => json(&Value::Array(rows), acc),
    }
}

fn sample(workspace: &Workspace, id: ActionId, artifact: Artifact) -> Option<Value> {
    let rendered = specql_codegen::render(workspace, artifact, Target::Action(id));
    serde_json::from_str(&rendered.text).ok()
}

fn json(value: &Value, acc: &mut String) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    fenced("json", &lines, acc);
}
