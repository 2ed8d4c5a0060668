//! What the blocks of a file do at a place: on `primary`, on the keys of a side effect, on a step's
//! keyword, on `audit`.

use specql_model::{Action, ActionId, Entity, SourceFile, Step, Workspace};

use super::{action, part::Said};

/// The keys of a side effect, on which its hover shows what it does.
const OF_SIDE_EFFECT: [&str; 4] = ["entity", "operation", "fields", "collection"];

/// The words and the SQL of the block whose key a cursor touches.
pub(super) fn at(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<Said> {
    let entity = file.entity()?;
    if entity.audit.as_ref().is_some_and(|it| it.key.touches(offset)) {
        return action::audit(workspace, entity);
    }
    let (id, found) = action_at(entity, offset)?;
    let word = word(file.text(), offset);
    if let Some(impact) = found.impact.as_deref().filter(|it| it.range.touches(offset)) {
        let mut side_effects = impact.side_effects.iter();
        return match side_effects.find(|it| it.range.touches(offset)) {
            Some(it) if OF_SIDE_EFFECT.contains(&word) => action::entry(workspace, id, it),
            None if word == "primary" => action::entry(workspace, id, impact.primary.as_ref()?),
            _ => None,
        };
    }
    let step = step_at(&found.steps, offset)?;
    Some(action::step(workspace, id, step))
}

fn action_at(entity: &Entity, offset: u32) -> Option<(ActionId, &Action)> {
    entity.action_ids().find(|(_, it)| it.range.touches(offset))
}

/// The step whose keyword a cursor touches.
fn step_at(steps: &[Step], offset: u32) -> Option<&Step> {
    steps.iter().find_map(|step| {
        let is_it = step.keyword.range.touches(offset) && !step.keyword.text.is_empty();
        let below = || step.branches().into_iter().find_map(|it| step_at(it, offset));
        if is_it { Some(step) } else { below() }
    })
}

/// The key under the cursor: a word with a colon behind it; empty for anything else.
fn word(text: &str, offset: u32) -> &str {
    let offset = offset as usize;
    let (Some(before), Some(after)) = (text.get(..offset), text.get(offset..)) else { return "" };
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let start = before.trim_end_matches(is_part).len();
    let end = offset + (after.len() - after.trim_start_matches(is_part).len());
    let is_key = text.get(end..).is_some_and(|it| it.trim_start_matches(' ').starts_with(':'));
    text.get(start..end).filter(|_| is_key).unwrap_or_default()
}
