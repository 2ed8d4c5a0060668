//! What an action does, in words first, then the part of its SQL that the place is about.

use std::fmt::Write;

use specql_codegen::Artifact;
use specql_contract::{Contract, Event, EventCascade, Outcome};
use specql_model::{Action, ActionId, Effect, Entity, EntityId, ImpactEntry, Step, Workspace};
use specql_text::TextRange;

use super::part::{Said, part, statement, whole, whole_of_entity};
use crate::describe;

/// The action itself.
pub(super) fn action(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (entity, action) = declared(workspace, id)?;
    let mut res =
        format!("**action** `{}` of `{}`\n", action.name.text, describe::qualified(entity));
    if let Some(description) = &action.description {
        let _ = write!(res, "\n{}\n", description.text);
    }
    writes(workspace, workspace.effects(id), &mut res);
    publishes(workspace, id, &mut res);
    let steps: Vec<TextRange> = action.steps.iter().map(|it| it.range).collect();
    part(workspace, id, Artifact::Action, &steps, &mut res);
    Some(Said {
        markdown: res,
        whole: whole(workspace, id, &[Artifact::Action, Artifact::Effects]),
    })
}

/// The key `impact`: what the steps really do, what of it clients see, and the statements that build the
/// cascade.
pub(super) fn impact(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let impact = action.impact.as_deref()?;
    let mut res = String::new();
    writes(workspace, workspace.effects(id), &mut res);
    listed(workspace, id, None, &mut res);
    part(workspace, id, Artifact::Action, &[impact.key, impact.range], &mut res);
    Some(Said {
        markdown: res,
        whole: whole(workspace, id, &[Artifact::Action, Artifact::CascadeSample]),
    })
}

/// The primary entity or a side effect: its writes, its entry of the cascade, and the SQL of both.
pub(super) fn entry(workspace: &Workspace, id: ActionId, entry: &ImpactEntry) -> Option<Said> {
    let entity = match &entry.entity {
        Some(it) => workspace.resolve_name(id.entity, &it.text).found()?,
        None => id.entity,
    };
    let effects: Vec<Effect> =
        workspace.effects(id).iter().filter(|it| it.entity == Some(entity)).cloned().collect();
    let mut res = String::new();
    writes(workspace, &effects, &mut res);
    listed(workspace, id, Some(entity), &mut res);
    let steps = effects.iter().map(|it| it.via.unwrap_or(it.step));
    let places: Vec<TextRange> = steps.chain([entry.range]).collect();
    part(workspace, id, Artifact::Action, &places, &mut res);
    Some(Said {
        markdown: res,
        whole: whole(workspace, id, &[Artifact::Action, Artifact::CascadeSample]),
    })
}

/// The key `cdc`, or the type of an event: what is published, and the part that writes the outbox.
pub(super) fn cdc(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let range = action.cdc.as_deref()?.range;
    let mut res = String::new();
    publishes(workspace, id, &mut res);
    part(workspace, id, Artifact::Action, &[range], &mut res);
    statement(workspace, Artifact::Foundation, "INSERT INTO app.outbox", &mut res);
    Some(Said {
        markdown: res,
        whole: whole(workspace, id, &[Artifact::EventSample, Artifact::EventSchema]),
    })
}

/// The keyword of a step: what it writes, and its SQL.
pub(super) fn step(workspace: &Workspace, id: ActionId, step: &Step) -> Said {
    let inside = |it: &&Effect| {
        let own = it.via.unwrap_or(it.step);
        step.range.start() <= own.start() && own.end() <= step.range.end()
    };
    let effects: Vec<Effect> = workspace.effects(id).iter().filter(inside).cloned().collect();
    let mut res = String::new();
    if !effects.is_empty() {
        writes(workspace, &effects, &mut res);
    }
    part(workspace, id, Artifact::Action, &[step.range], &mut res);
    Said { markdown: res, whole: whole(workspace, id, &[Artifact::Action]) }
}

/// The key `audit` of an entity: the columns that are kept, and the trigger that keeps them.
pub(super) fn audit(workspace: &Workspace, entity: &Entity) -> Option<Said> {
    let key = entity.audit.as_ref()?.key;
    if !specql_contract::is_audited(workspace.config(), entity) {
        return Some("\nNo change of this entity is recorded.\n".to_owned().into());
    }
    let image = specql_contract::audit_image(workspace, entity);
    let columns: Vec<String> = image.members.iter().map(|it| format!("`{}`", it.name)).collect();
    let mut res = format!(
        "\n| what | when | which rows |\n|---|---|---|\n| the row before and after: {} | every insert, update, deletion | each row that a statement touches |\n",
        columns.join(", ")
    );
    let id = ActionId { entity: entity.id, index: 0 };
    part(workspace, id, Artifact::Audit, &[key], &mut res);
    Some(Said { markdown: res, whole: vec![whole_of_entity(entity, Artifact::Audit)] })
}

fn declared(workspace: &Workspace, id: ActionId) -> Option<(&Entity, &Action)> {
    let entity = workspace.entity(id.entity)?;
    Some((entity, entity.actions.get(id.index as usize)?))
}

/// A table of effects; a sentence when there are none.
fn writes(workspace: &Workspace, effects: &[Effect], acc: &mut String) {
    if effects.is_empty() {
        acc.push_str("\nIts steps write nothing.\n");
        return;
    }
    acc.push_str("\n| writes | operation | fields | when | rows |\n|---|---|---|---|---|\n");
    for it in effects {
        let _ = writeln!(
            acc,
            "| `{}` | {} | {} | {} | {} |",
            describe::effect_entity(workspace, it),
            it.operation.as_str(),
            describe::effect_fields(&it.fields),
            describe::certainty(it.certainty),
            describe::rows(&it.rows),
        );
    }
}

/// What clients see of it in `_cascade`: of one entity, or of all.
fn listed(workspace: &Workspace, id: ActionId, only: Option<EntityId>, acc: &mut String) {
    let Some(contract) = Contract::of(workspace, id) else { return };
    let Some(cascade) = &contract.cascade else {
        acc.push_str("\nClients see none of it: the cascade is off.\n");
        return;
    };
    let entries = cascade.entries.iter().filter(|it| only.is_none_or(|only| it.entity == only));
    let entries = entries.map(|it| {
        let list = if it.outcome == Outcome::Deleted { "deleted" } else { "updated" };
        format!("`{}` {} in `{list}`", it.typename, it.outcome.as_str())
    });
    let entries: Vec<String> = entries.collect();
    if entries.is_empty() {
        acc.push_str("\nNothing of it is listed in `_cascade`.\n");
    } else {
        let _ = write!(acc, "\nIn `_cascade`: {}.\n", entries.join(", "));
    }
}

fn publishes(workspace: &Workspace, id: ActionId, acc: &mut String) {
    let Some((_, action)) = declared(workspace, id) else { return };
    let Some(contract) = Contract::of(workspace, id) else { return };
    match &action.cdc {
        Some(cdc) if !cdc.is_enabled() => {
            acc.push_str("\nIts `cdc` publishes nothing: `enabled: true` is missing.\n");
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
    for it in &events {
        event(workspace, it, acc);
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

fn event(workspace: &Workspace, it: &Event, acc: &mut String) {
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
