//! A step that works on the row that a step before it has deleted: there is none any more, so the action
//! fails.
//!
//! Only the row of the action, and rows found by the same condition in the same words, are known to be the
//! same; a new row of the entity takes its place.

use specql_model::{EntityId, Step, StepKind, Write};
use specql_syntax::expression::EntityReference;

use super::RULE;
use crate::{Context, Diagnostic, Level};

/// Rows that are deleted, with the step that does it.
type Deleted<'a> = Vec<(EntityId, Option<&'a str>, &'a Step)>;

/// Reports every such step of an action.
pub(super) fn report<'a>(ctx: &Context<'a>, steps: &'a [Step], acc: &mut Vec<Diagnostic>) {
    in_list(ctx, steps, &mut Vec::new(), acc);
}

fn in_list<'a>(
    ctx: &Context<'a>,
    steps: &'a [Step],
    deleted: &mut Deleted<'a>,
    acc: &mut Vec<Diagnostic>,
) {
    for step in steps {
        acc.extend(of_step(ctx, step, deleted));
        for branch in step.branches() {
            in_list(ctx, branch, &mut deleted.clone(), acc);
        }
    }
}

fn of_step<'a>(ctx: &Context<'a>, step: &'a Step, deleted: &mut Deleted<'a>) -> Option<Diagnostic> {
    let is_read = |it: &&Write| step.problems.is_empty() && it.is_read();
    let write = step.write().filter(is_read)?;
    let entity = ctx.written(write)?.id;
    let row = write.filter.as_ref().map(|it| ctx.slice(it.range));
    if matches!(step.kind, StepKind::Insert(_) | StepKind::Upsert(_)) {
        deleted.retain(|it| it.0 != entity);
        return None;
    }
    let does = match step.kind {
        StepKind::Update(_) => "update",
        StepKind::Delete { .. } => "delete",
        _ => return None,
    };
    // Without a condition it is the row of the action, of its own entity only.
    if row.is_none() && Some(entity) != ctx.entity().map(|it| it.id) {
        return None;
    }
    let Some((_, _, by)) = deleted.iter().find(|it| (it.0, it.1) == (entity, row)) else {
        if does == "delete" {
            deleted.push((entity, row, step));
        }
        return None;
    };
    let place = write.entity.as_ref().map_or(step.keyword.range, EntityReference::range);
    // By a condition there may be no rows at all, and then nothing fails.
    let (level, so) = match row {
        None => (Level::Error, "so there is no row to"),
        Some(_) => (Level::Warning, "so no row is left to"),
    };
    let end = if row.is_none() { ", and the action fails" } else { "" };
    let message = format!("a step before deletes these rows, {so} {does}{end}");
    let found = ctx.finding(&RULE, place, message).level(level);
    Some(found.related(ctx.id(), ctx.first_line(by.range), "the step that deletes"))
}
