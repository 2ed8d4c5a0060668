//! What an action publishes, in words, then the part of the outbox that the place is about.

use std::fmt::Write;

use specql_codegen::Artifact;
use specql_contract::{Contract, Event, EventCascade};
use specql_model::{ActionId, Cdc, Workspace};
use specql_text::TextRange;

use super::{
    part::{Said, part, statement, whole},
    sample,
};
use crate::describe;

/// Keys of the block, each with the members of an event that it decides.
const MEMBERS: &[(&str, &[&str])] = &[
    ("event_type", &["event_type"]),
    ("version", &["event_type", "event_version"]),
    ("topic", &["event_type", "topic"]),
    ("partition_key", &["event_type", "partition_key"]),
    ("include_cascade", &["event_type", "event_metadata.cascade"]),
    ("include_side_effects", &["event_type", "event_payload"]),
    ("include_payload", &["event_type", "event_payload"]),
    ("payload", &["event_type", "event_payload"]),
    ("side_effect_events", &["event_type", "aggregate_type", "topic"]),
];

/// The key `cdc`: what is published, and the statement that writes the outbox.
pub(super) fn cdc(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let cdc = declared(workspace, id)?;
    let mut res = String::new();
    publishes(workspace, id, |_| true, &mut res);
    if cdc.is_enabled() {
        part(workspace, id, Artifact::Action, &[cdc.range], &mut res);
        statement(&specql_codegen::outbox_rows(workspace), "INSERT INTO", &mut res);
    }
    Some(said(workspace, id, res))
}

/// A key of the block: what is published, and what of it the key decides.
pub(super) fn key(workspace: &Workspace, id: ActionId, key: &str) -> Option<Said> {
    let Some((_, members)) = MEMBERS.iter().find(|it| it.0 == key) else {
        return cdc(workspace, id);
    };
    declared(workspace, id)?;
    let mut res = String::new();
    publishes(workspace, id, |_| true, &mut res);
    let events = events(workspace, id);
    let all: Vec<&Event> = events.iter().collect();
    let own = if key == "side_effect_events" { all.get(1..) } else { all.get(..1) };
    sample::events(workspace, id, own.unwrap_or_default(), members, &mut res);
    Some(said(workspace, id, res))
}

/// One event, by the place that asks for it: its type, or its entity among `side_effect_events`.
pub(super) fn event(workspace: &Workspace, id: ActionId, place: TextRange) -> Option<Said> {
    let cdc = declared(workspace, id)?;
    let named = |it: &(specql_model::Name, specql_model::Name)| {
        place.contains_range(it.0.range) || place.contains_range(it.1.range)
    };
    let ty = match cdc.side_effect_events.iter().find(|it| named(it)) {
        Some((_, ty)) => ty.text.clone(),
        None => cdc.event_type.as_ref()?.text.clone(),
    };
    let events = events(workspace, id);
    let own: Vec<&Event> = events.iter().filter(|it| it.event_type == ty).collect();
    let mut res = String::new();
    publishes(workspace, id, |it| it.event_type == ty, &mut res);
    let members = ["event_type", "aggregate_type", "topic", "partition_key", "event_payload"];
    sample::events(workspace, id, &own, &members, &mut res);
    Some(said(workspace, id, res))
}

fn declared(workspace: &Workspace, id: ActionId) -> Option<&Cdc> {
    workspace.action(id)?.cdc.as_deref()
}

fn said(workspace: &Workspace, id: ActionId, markdown: String) -> Said {
    let artifacts = [Artifact::Action, Artifact::EventSample, Artifact::EventSchema];
    Said { markdown, whole: whole(workspace, id, &artifacts) }
}

/// The events that the action's own block asks for.
fn events(workspace: &Workspace, id: ActionId) -> Vec<Event> {
    let contract = Contract::of(workspace, id);
    contract.map(|it| it.own_events().cloned().collect()).unwrap_or_default()
}

/// A table of events.
pub(super) fn publishes(
    workspace: &Workspace,
    id: ActionId,
    is_asked: impl Fn(&Event) -> bool,
    acc: &mut String,
) {
    let Some(contract) = Contract::of(workspace, id) else { return };
    match declared(workspace, id) {
        Some(cdc) if !cdc.is_enabled() => {
            let why =
                if cdc.enabled.is_none() { "`enabled: true` is missing" } else { "it is off" };
            let _ = write!(acc, "\nIts `cdc` publishes nothing: {why}.\n");
        }
        Some(_) if contract.own_events().next().is_none() => {
            acc.push_str("\nIts `cdc` publishes nothing: no step touches the primary entity.\n");
        }
        _ => {}
    }
    let events = contract.events;
    if events.is_empty() {
        return;
    }
    acc.push_str(
        "\n| publishes | version | topic | when | of each row of |\n|---|---|---|---|---|\n",
    );
    for it in events.iter().filter(|it| is_asked(it)) {
        line(workspace, it, acc);
    }
    let what = match events.first().map(|it| it.cascade) {
        Some(EventCascade::Entries) => "The first event of a run carries the cascade.",
        Some(EventCascade::References) => {
            "The first event of a run names the changed rows; what they hold stays in the table."
        }
        Some(EventCascade::Nothing) | None => "The events carry nothing of the cascade.",
    };
    let _ = write!(acc, "\n{what}\n");
}

fn line(workspace: &Workspace, it: &Event, acc: &mut String) {
    let entity = workspace.entity(it.entity).map(|it| it.name.text.clone()).unwrap_or_default();
    let called = it.via.and_then(|_| workspace.action(it.action));
    let by = called.map(|it| format!(", by `{}`", it.name.text)).unwrap_or_default();
    let _ = writeln!(
        acc,
        "| `{}` | {} | `{}` | {}{by} | `{entity}` |",
        it.event_type,
        it.version,
        it.topic,
        describe::certainty(it.certainty),
    );
}
