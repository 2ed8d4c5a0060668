//! A row that a step stores under no name, while others read it: `find: Order WHERE …` without `as:`.

use specql_model::{ActionId, Entity, Step, StepKind};
use specql_syntax::edit::Value;

use crate::{
    Context, Diagnostic, Fix, names::is_column, rules::unknown_variable, variables::given,
};

/// Puts one finding, with the name as its fix, in the place of those that follow from such a step.
pub(super) fn tell(ctx: &Context<'_>, id: ActionId, found: &mut Vec<Diagnostic>) {
    // Most actions name nothing that there is not.
    let Some(action) = ctx.workspace.action(id).filter(|_| !found.is_empty()) else { return };
    let mut nameless = Vec::new();
    for step in &action.steps {
        step.walk(&mut |step| nameless.extend(of_step(ctx, step)));
    }
    for (step, entity) in nameless {
        let end = step.range.end();
        let is_behind = |it: &Diagnostic| it.fixes.is_empty() && it.range.start() >= end;
        let Some(name) = found.iter().filter(|it| is_behind(it)).find_map(|it| owner(ctx, it))
        else {
            continue;
        };
        let is_of_row = |it: &Diagnostic| is_behind(it) && owner(ctx, it) == Some(name);
        let parts = found.iter().filter(|it| is_of_row(it)).filter_map(|it| part(ctx, it));
        if !parts.into_iter().all(|it| is_column(entity, it)) {
            continue;
        }
        let Some(first) = found.iter().find(|it| is_of_row(it)).map(|it| it.range) else {
            continue;
        };
        let message = format!(
            "nothing is called `{name}` here, so the action would fail; the `{}` before it gives its row no name, so \
             write `as: {name}` there",
            step.keyword.text
        );
        let node = ctx.node_at(step.range);
        let edits = node.map(|it| {
            ctx.insert_entry(it, &step.keyword.text, "as", &Value::Scalar(name.to_owned()))
        });
        let fix = edits.map(|it| Fix::review(format!("Write `as: {name}`"), ctx.id(), it));
        let told = ctx.finding(&unknown_variable::RULE, first, message).fix(fix);
        let at = found.iter().position(is_of_row).unwrap_or_default();
        found.retain(|it| !is_of_row(it));
        found.insert(at, told.related(ctx.id(), step.keyword.range, "the row"));
    }
}

/// A step that finds a row and gives it no name, with the row's entity.
fn of_step<'a>(ctx: &Context<'a>, step: &'a Step) -> Option<(&'a Step, &'a Entity)> {
    let StepKind::Find { write, .. } = &step.kind else { return None };
    let entity = ctx.written(write).filter(|it| ctx.knows_fields(it))?;
    (given(step).is_none() && step.problems.is_empty()).then_some((step, entity))
}

/// The unknown name, where a part of it is read.
fn owner<'a>(ctx: &Context<'a>, it: &Diagnostic) -> Option<&'a str> {
    part(ctx, it).map(|_| ctx.slice(it.range))
}

/// The name behind the dot.
fn part<'a>(ctx: &Context<'a>, it: &Diagnostic) -> Option<&'a str> {
    let behind = ctx.file.text().get(it.range.to_usize().end..)?.strip_prefix('.')?;
    let end = behind.find(|it: char| !it.is_alphanumeric() && it != '_')?;
    behind.get(..end).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const FILES: &str = "#- /shelf.yaml
entity: Shelf
fields: {room: integer, label: text}
#- /book.yaml
entity: Book
fields: {title: text, place: integer, shelf: ref(Shelf)}
actions:
  - name: move
    params: {to: ref(Shelf)!}
    steps:
      - find: Shelf WHERE id = $to
        error: no_shelf
      - validate: there.room > 0
      #           ^^^^^ 💡 error[unknown-variable]: nothing is called `there` here, so the action would fail; the `find` before it gives its row no name, so write `as: there` there
      - update: Book SET shelf = there.id, place = there.room
    impact: {primary: {operation: UPDATE, fields: [shelf, place]}}
";

    #[test]
    fn a_row_without_a_name_is_told_once() {
        check_diagnostics(FILES);
    }

    #[test]
    fn the_name_is_written() {
        let before: String =
            FILES.lines().filter(|it| !it.contains('💡')).map(|it| format!("{it}\n")).collect();
        let before = before.replace("there.room > 0", "$0there.room > 0");
        let book = before.replace("$0", "");
        let (_, book) = book.split_once("#- /book.yaml\n").unwrap();
        check_fix(
            &before,
            &book.replace("WHERE id = $to\n", "WHERE id = $to\n        as: there\n"),
        );
    }
}
