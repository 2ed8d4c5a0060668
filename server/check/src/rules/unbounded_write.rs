//! A step works on another entity and no `ref` leads to its rows, so it has none to work on.

use rustc_hash::FxHashMap;
use specql_model::{ActionId, Effect, Operation, PathResolution, RowSource, Step, scope::Scope};
use specql_text::TextRange;

use crate::{
    Context, Diagnostic, FileEdit, Level, Rule,
    parameters::declare,
    rows::{Unled, add_where, unled},
};

pub(crate) const RULE: Rule = Rule {
    code: "unbounded-write",
    level: Level::Error,
    summary: "a step works on another entity and says nothing about which rows",
    run: unbounded_write,
    page: include_str!("../../../../docs/rules/unbounded-write.md"),
};

fn unbounded_write(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let own = ctx.workspace.effects(id).iter().filter(|it| it.action == id);
        let filtered = own.filter(|it| matches!(it.rows, RowSource::Filter { .. }));
        let by_filter: FxHashMap<TextRange, &Effect> = filtered.map(|it| (it.step, it)).collect();
        if !by_filter.is_empty() {
            ctx.each_step(id, &mut |scope, step| {
                let effect = by_filter.get(&step.range);
                acc.extend(effect.and_then(|it| without_column(ctx, scope, it, step)));
            });
        }
        let unled = unled(ctx, id, action).into_iter();
        acc.extend(unled.filter_map(|it| unreachable(ctx, id, &it)));
    }
}

/// A step on rows to which no reference leads.
fn unreachable(ctx: &Context<'_>, id: ActionId, it: &Unled<'_>) -> Option<Diagnostic> {
    let (own, entity) = (ctx.entity()?, it.entity);
    let is_known = ctx.knows_references(own) && ctx.knows_references(entity);
    if it.rows != RowSource::Unreachable || !is_known {
        return None;
    }
    let message = format!(
        "no field leads from `{}` to `{}` or back, so it is not said which {}; add a `WHERE`",
        own.name.text, entity.name.text, it.what
    );
    let input = format!("{}_id", entity.snake_name());
    let fix = add_where(ctx, it.step, &format!("id = input.{input}")).map(|mut fix| {
        let (file, edits) = (ctx.id(), declare(ctx, id, &input, "uuid"));
        fix.edits.extend(edits.into_iter().map(|edit| FileEdit { file, edit }));
        fix
    });
    let finding = ctx.finding(&RULE, it.range, message);
    Some(finding.related(entity.id.0, entity.name.range, "the entity").fix(fix))
}

/// A `WHERE` that names values and no column of the rows that are written: it holds for all of them or
/// for none.
fn without_column(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    effect: &Effect,
    step: &Step,
) -> Option<Diagnostic> {
    let filter = step.write()?.filter.as_ref()?;
    let written = ctx.workspace.entity(effect.entity?)?;
    if !step.problems.is_empty() || filter.asks_for_rows() {
        return None;
    }
    let (mut names_any, mut names_column) = (false, false);
    scope.visit_paths(filter, &mut |scope, path, _| {
        names_any = true;
        names_column |= match scope.resolve(path) {
            PathResolution::Opaque | PathResolution::Unknown { .. } => true,
            _ => scope.begins_at_row_of_step(path),
        };
    });
    if !names_any || names_column {
        return None;
    }
    let what = if effect.operation == Operation::Delete { "deleted" } else { "written" };
    let message = format!(
        "no column of `{}` is named here, so all of its rows are {what} or none; compare one of its columns",
        written.name.text
    );
    let found = ctx.finding(&RULE, filter.range, message);
    Some(found.related(written.id.0, written.name.range, "the entity"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_find_without_condition() {
        check_diagnostics(
            r#"
#- /counter.yaml
entity: Counter
fields:
  value: integer = 0
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: rename
    steps:
      - find: User
        as: writer
      - find: Counter
      #       ^^^^^^^ 💡 error[unbounded-write]: no field leads from `Post` to `Counter` or back, so it is not said which row is found; add a `WHERE`
      - update: Post SET title = writer.name
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
"#,
        );
    }

    #[test]
    fn rows_that_nothing_leads_to() {
        check_diagnostics(
            r#"
#- /counter.yaml
entity: Counter
fields:
  value: integer
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    params:
      counter_id: uuid
    steps:
      - insert: Post
      - update: Counter SET value = value + 1
      #         ^^^^^^^ 💡 error[unbounded-write]: no field leads from `Post` to `Counter` or back, so it is not said which rows are written; add a `WHERE`
      - update: Counter SET value = value + 1 WHERE id = input.counter_id
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Counter, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn the_rows_are_said() {
        check_fix(
            r#"
#- /counter.yaml
entity: Counter
fields:
  value: integer
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: $0Counter SET value = value + 1  # how many
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Counter, operation: UPDATE}
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    params:
      counter_id: uuid
    steps:
      - insert: Post
      - update: Counter SET value = value + 1 WHERE id = input.counter_id  # how many
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Counter, operation: UPDATE}
"#,
        );
    }
}
