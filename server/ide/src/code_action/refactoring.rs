//! Refactorings of an action: the blocks that follow from its steps.

use specql_check::{FileEdit, condition_of_entity};
use specql_model::{Action, ActionId, Impact, SourceFile, Workspace};
use specql_syntax::{
    edit::{self, Value},
    yaml::Node,
};
use specql_text::TextRange;

use crate::{CodeAction, CodeActionKind, block};

/// Adds what is offered for the action whose name, or the key of whose part, is selected.
pub(super) fn refactorings(
    workspace: &Workspace,
    file: &SourceFile,
    selection: TextRange,
    acc: &mut Vec<CodeAction>,
) {
    let Some(entity) = file.entity() else { return };
    for (id, action) in entity.action_ids() {
        if !heads(action).any(|it| it.intersects(selection)) {
            continue;
        }
        write_impact(workspace, file, id, action, acc);
        add_cdc(workspace, file, id, action, acc);
    }
}

/// The places of an action at which its refactorings are offered: its name and the keys of its parts.
fn heads(action: &Action) -> impl Iterator<Item = TextRange> {
    let impact = action.impact.as_deref().map(|it| it.key);
    [Some(action.name.range), action.steps_key, impact].into_iter().flatten()
}

fn write_impact(
    workspace: &Workspace,
    file: &SourceFile,
    id: ActionId,
    action: &Action,
    acc: &mut Vec<CodeAction>,
) -> Option<()> {
    let offered = acc.iter().any(|it| it.codes.contains(&"missing-impact"));
    if action.impact.is_some() || offered {
        return None;
    }
    let entries = [("impact", block::impact(workspace, id, false)?)];
    acc.push(insertion("Write the `impact` block from the steps", file, action, &entries)?);
    Some(())
}

fn add_cdc(
    workspace: &Workspace,
    file: &SourceFile,
    id: ActionId,
    action: &Action,
    acc: &mut Vec<CodeAction>,
) -> Option<()> {
    if action.cdc.is_some() {
        return None;
    }
    let cdc = block::cdc(workspace, id)?;
    acc.push(if let Some(impact) = &action.impact {
        let mut res = insertion("Add a `cdc` block", file, action, &[("cdc", cdc)])?;
        res.edits.splice(0..0, conditioned(workspace, file, id, impact));
        res
    } else {
        let impact = block::impact(workspace, id, true)?;
        let entries = [("impact", impact), ("cdc", cdc)];
        insertion("Add `impact` and `cdc` blocks", file, action, &entries)?
    });
    Some(())
}

/// The edits that say in `primary` when the event of an action is published that is not in every run.
fn conditioned(
    workspace: &Workspace,
    file: &SourceFile,
    id: ActionId,
    impact: &Impact,
) -> Vec<FileEdit> {
    let Some(primary) = impact.primary.as_ref().filter(|it| it.condition.is_none()) else {
        return Vec::new();
    };
    let entity = workspace.effective_primary(id).and_then(|it| it.entity);
    let condition = entity.and_then(|it| condition_of_entity(workspace, id, it));
    let action = workspace.action(id).and_then(|it| action_node(&file.parse().yaml().root, it));
    let node = action.and_then(|it| it.get("impact")?.get("primary"));
    let node = node.filter(|it| it.as_mapping().is_some() && it.range == primary.range);
    let Some((condition, node)) = condition.zip(node) else { return Vec::new() };
    let edits = edit::insert_entry(file.parse(), node, "condition", &Value::Scalar(condition));
    edits.into_iter().map(|edit| FileEdit { file: file.id, edit }).collect()
}

/// Further entries at the end of an action.
fn insertion(
    title: &str,
    file: &SourceFile,
    action: &Action,
    entries: &[(&str, Value)],
) -> Option<CodeAction> {
    let node = action_node(&file.parse().yaml().root, action)?;
    let edits = entries
        .iter()
        .flat_map(|(key, value)| edit::insert_entry(file.parse(), node, key, value))
        .map(|edit| FileEdit { file: file.id, edit })
        .collect();
    Some(CodeAction {
        title: title.to_owned(),
        codes: Vec::new(),
        diagnostic_ranges: Vec::new(),
        preferred: false,
        kind: CodeActionKind::Extract,
        edits,
    })
}

/// The mapping that declares an action.
fn action_node<'a>(root: &'a Node, action: &Action) -> Option<&'a Node> {
    let actions = root.get("actions")?;
    let items = actions.as_sequence().map(|it| it.items.as_slice()).unwrap_or_default();
    let values = actions.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
    items
        .iter()
        .chain(values.iter().map(|it| &it.value))
        .find(|it| it.as_mapping().is_some() && action.range.contains_range(it.range))
}
