//! What the blocks of a file do at a place: at each key of an action, of what lies in it, and of `audit`.

use specql_model::{
    Action, ActionId, Entity, Impact, SourceFile, Step, Workspace,
    keys::{
        ACTION, AUDIT, FILTER, INVALIDATION, Level, MappingSpec, PRIMARY, Place, PlaceKind,
        SIDE_EFFECT, SIDE_EFFECT_EVENTS,
    },
};
use specql_syntax::yaml::Entry;
use specql_text::TextRange;

use super::{action, audit, event, part::Said, step};

/// The words and the part of an artifact that belong to the key that a cursor touches.
pub(super) fn at(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<Said> {
    let place = super::place(file, offset)?;
    let level = place.innermost().filter(|_| matches!(place.kind, PlaceKind::Key))?;
    let entry = level.entry.filter(|it| it.key.range.touches(offset))?;
    of_entry(workspace, file, &place, entry, offset)
}

/// The same of the key in whose value a cursor is.
pub(super) fn around(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<Said> {
    let place = super::place(file, offset)?;
    let entry = place.innermost()?.entry?;
    of_entry(workspace, file, &place, entry, offset)
}

fn of_entry(
    workspace: &Workspace,
    file: &SourceFile,
    place: &Place<'_>,
    entry: &Entry,
    offset: u32,
) -> Option<Said> {
    let entity = file.entity()?;
    let level = place.innermost()?;
    let is_audit = |it: &specql_model::Audit| it.key == entry.key.range;
    if is_in(place, &AUDIT) || entity.audit.as_ref().is_some_and(is_audit) {
        return audit::audit(workspace, entity);
    }
    let (id, found) = action_at(entity, offset)?;
    // The key of the action in whose value the place is, or on which it is.
    let block = place.enclosing(&ACTION)?;
    let name = block.key.map_or("", |it| it.name);
    if block.entry.is_some_and(|it| it.key.range == entry.key.range) {
        return of_block(workspace, id, name, entry.range);
    }
    let key = level.key.map_or("", |it| it.name);
    match name {
        "params" => action::parameters(workspace, id, entry.range),
        "steps" => Some(step::step(workspace, id, step_at(&found.steps, offset)?)),
        "impact" => {
            let impact = found.impact.as_deref()?;
            of_impact(workspace, id, impact, place, key, entry.range)
        }
        "cascade" => action::cascade(workspace, id),
        "cdc" if is_in(place, &SIDE_EFFECT_EVENTS) => event::event(workspace, id, entry.range),
        "cdc" => event::key(workspace, id, key),
        _ => None,
    }
}

/// A key of the action itself.
fn of_block(workspace: &Workspace, id: ActionId, key: &str, range: TextRange) -> Option<Said> {
    match key {
        "params" => action::parameters(workspace, id, range),
        "steps" => action::steps(workspace, id),
        "impact" | "impacts" => action::impact(workspace, id),
        "cascade" => action::cascade(workspace, id),
        "cdc" => event::cdc(workspace, id),
        "name" | "description" | "requires" | "returns" => action::action(workspace, id),
        _ => None,
    }
}

/// A key below `impact`.
fn of_impact(
    workspace: &Workspace,
    id: ActionId,
    impact: &Impact,
    place: &Place<'_>,
    key: &str,
    range: TextRange,
) -> Option<Said> {
    if is_in(place, &SIDE_EFFECT) {
        let entry = impact.side_effects.iter().find(|it| it.range.contains_range(range))?;
        return action::entry(workspace, id, entry);
    }
    if is_in(place, &INVALIDATION) || is_in(place, &FILTER) {
        let mut all = impact.cache_invalidations.iter();
        let item = all.find(|it| it.range.contains_range(range))?;
        return action::invalidations(workspace, id, item.range);
    }
    match key {
        "side_effects" => action::side_effects(workspace, id),
        "cache_invalidations" => action::invalidations(workspace, id, range),
        _ if key == "primary" || is_in(place, &PRIMARY) => {
            action::entry(workspace, id, impact.primary.as_ref()?)
        }
        _ => action::impact(workspace, id),
    }
}

fn is_in(place: &Place<'_>, spec: &'static MappingSpec) -> bool {
    place.levels.iter().any(|it: &Level<'_>| std::ptr::eq(it.spec, spec))
}

fn action_at(entity: &Entity, offset: u32) -> Option<(ActionId, &Action)> {
    entity.action_ids().find(|(_, it)| it.range.touches(offset))
}

/// The innermost step that a cursor is in.
fn step_at(steps: &[Step], offset: u32) -> Option<&Step> {
    let step = steps.iter().find(|it| it.range.touches(offset))?;
    step.branches().into_iter().find_map(|it| step_at(it, offset)).or(Some(step))
}
