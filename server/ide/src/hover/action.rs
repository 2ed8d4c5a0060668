//! What an action does: its writes, what it publishes, and the SQL that follows from it.

use std::fmt::Write;

use specql_codegen::Artifact;
use specql_model::{Action, ActionId, Entity, Workspace};

use crate::{PreviewTarget, describe, preview};

/// The longest preview inside a hover, in lines; the whole is one click away.
const MAX_LINES: usize = 40;

/// The action itself.
pub(super) fn action(workspace: &Workspace, id: ActionId) -> Option<String> {
    let (entity, action) = declared(workspace, id)?;
    let mut res =
        format!("**action** `{}` of `{}`\n", action.name.text, describe::qualified(entity));
    if let Some(description) = &action.description {
        let _ = write!(res, "\n{}\n", description.text);
    }
    writes(workspace, id, &mut res);
    publishes(workspace, id, &mut res);
    sample(workspace, id, Artifact::Action, &mut res);
    Some(res)
}

/// The key `impact`: what the steps really do, beside the documentation of the key.
pub(super) fn impact(workspace: &Workspace, id: ActionId) -> Option<String> {
    let mut res = String::new();
    writes(workspace, id, &mut res);
    sample(workspace, id, Artifact::Action, &mut res);
    Some(res)
}

/// The key `cdc`: the event and its outbox row.
pub(super) fn cdc(workspace: &Workspace, id: ActionId) -> Option<String> {
    let mut res = String::new();
    publishes(workspace, id, &mut res);
    sample(workspace, id, Artifact::EventSample, &mut res);
    Some(res)
}

fn declared(workspace: &Workspace, id: ActionId) -> Option<(&Entity, &Action)> {
    let entity = workspace.entity(id.entity)?;
    Some((entity, entity.actions.get(id.index as usize)?))
}

/// A table of the effects; a sentence when there are none.
fn writes(workspace: &Workspace, id: ActionId, acc: &mut String) {
    let effects = workspace.effects(id);
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

fn publishes(workspace: &Workspace, id: ActionId, acc: &mut String) {
    let Some((_, action)) = declared(workspace, id) else { return };
    let Some(cdc) = &action.cdc else { return };
    let events = describe::events(workspace, id);
    let (Some((first, others)), true) = (events.split_first(), cdc.is_enabled()) else {
        acc.push_str("\nPublishes nothing: `enabled: true` is missing.\n");
        return;
    };
    let version = cdc.version.map_or(1, |(it, _)| it);
    let _ = write!(acc, "\nPublishes `{first}` (version {version})");
    for it in others {
        let _ = write!(acc, ", `{it}`");
    }
    acc.push_str(".\n");
}

/// The artifact in a fence, cut to [`MAX_LINES`].
fn sample(workspace: &Workspace, id: ActionId, artifact: Artifact, acc: &mut String) {
    let Some((_, action)) = declared(workspace, id) else { return };
    let target = PreviewTarget {
        file: Some(id.entity.0),
        action: Some(action.name.text.to_string()),
        artifact,
    };
    let Some(it) = preview::preview(workspace, &target) else { return };
    let total = it.text.lines().count();
    let shown: Vec<&str> = it.text.lines().take(MAX_LINES).collect();
    let _ = write!(acc, "\n```{}\n{}\n```\n", it.language, shown.join("\n"));
    if total > MAX_LINES {
        let _ = write!(
            acc,
            "\n{} more lines: open the preview with the code lens above the action.\n",
            total - MAX_LINES
        );
    }
}
