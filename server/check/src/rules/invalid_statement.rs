//! A step's statement or condition cannot be read.
//!
//! One finding for each statement: the first thing that fits nothing explains what follows it.

use specql_model::{Action, Step, StepKind};
use specql_syntax::{
    expression::{Expression, ExpressionKind},
    statement::{LineProblem, LineProblemKind},
};
use specql_text::TextRange;

use super::{invalid_type::what, yaml_1_1_trap::cut_off};
use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-statement",
    level: Level::Error,
    summary: "a step's statement cannot be read",
    run: invalid_statement,
    page: include_str!("../../../../docs/rules/invalid-statement.md"),
};

fn invalid_statement(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| acc.extend(of_step(ctx, it)));
        }
        acc.extend(of_conditions(ctx, action));
    }
}

fn of_step(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    if ctx.is_damaged(step.value_range) || cut_off(ctx, step).is_some() {
        return None;
    }
    let form = form(step.keyword.as_str())?;
    if let Some(problem) = step.problems.first() {
        return Some(finding(ctx, problem, step.value_range, form));
    }
    let missing = match &step.kind {
        StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => it.entity.is_none(),
        StepKind::Delete { write, .. } | StepKind::Find { write, .. } => write.entity.is_none(),
        StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => {
            is_missing(condition)
        }
        StepKind::Switch { subject, .. } => is_missing(subject),
        StepKind::ForEach { variable, collection, .. } => {
            variable.is_none() || is_missing(collection)
        }
        StepKind::Call { function, .. } => function.is_none(),
        _ => false,
    };
    missing.then(|| {
        let message = format!("`{}` says nothing here; write {form}", step.keyword.text);
        ctx.finding(&RULE, step.keyword.range, message)
    })
}

fn is_missing(it: &Expression) -> bool {
    it.kind == ExpressionKind::Missing
}

/// The conditions of declared side effects.
fn of_conditions(ctx: &Context<'_>, action: &Action) -> Vec<Diagnostic> {
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    let conditions = entries.filter_map(|it| it.condition.as_ref());
    let broken =
        conditions.filter_map(|(condition, problems)| Some((condition.range, problems.first()?)));
    broken
        .filter(|(range, _)| !ctx.is_damaged(*range))
        .map(|(range, problem)| finding(ctx, problem, range, "`condition: status = 'draft'`"))
        .collect()
}

fn finding(ctx: &Context<'_>, problem: &LineProblem, value: TextRange, form: &str) -> Diagnostic {
    let what = what(problem, ctx.slice(problem.range));
    let message = match &problem.kind {
        LineProblemKind::Sql(_) => format!("{what}, so PostgreSQL could not run the step"),
        LineProblemKind::CommentOfJoinedLines => {
            format!("{what}; write `|` behind the key, or the comment as `/* … */`")
        }
        _ => format!("{what}, so the step cannot be read; write {form}"),
    };
    ctx.finding(&RULE, ctx.visible(problem.range, value), message)
}

/// The form that a keyword's value has.
fn form(keyword: &str) -> Option<&'static str> {
    let form = match keyword {
        "validate" => "`validate: status = 'draft'`",
        "if" => "`if: status = 'draft'`",
        "switch" => "`switch: status`",
        "insert" => {
            "`insert: Post`, `insert: Post(title)` or `insert: Post SET title = input.title`"
        }
        "update" => "`update: Post SET title = input.title`, with `WHERE …` for other rows",
        "upsert" => "`upsert: Setting(key, value)`",
        "delete" => "`delete: Post` or `delete: Comment WHERE post = input.id`",
        "find" => "`find: User WHERE email = input.email`",
        "foreach" => "`foreach: item in OrderItem WHERE order = input.id`",
        "call" => "`call: recalculate_total(order = input.id)`",
        "notify" => "`notify: customer(email, \"text\")` or the name of an event",
        _ => return None,
    };
    Some(form)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn every_keyword_has_its_form() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - if: title IN (
        #            ^ error[invalid-statement]: `(` is never closed, so the step cannot be read; write `if: status = 'draft'`
        then: []
      - switch: title AT
        #              ^ error[invalid-statement]: `TIME ZONE` is expected, so the step cannot be read; write `switch: status`
        cases: []
      - insert: Post(title = )
      #                    ^ error[invalid-statement]: a value is expected, so the step cannot be read; write `insert: Post`, `insert: Post(title)` or `insert: Post SET title = input.title`
      - update: Post SET title =
      #                        ^ error[invalid-statement]: a value is expected, so the step cannot be read; write `update: Post SET title = input.title`, with `WHERE …` for other rows
      - upsert: Post(title
      #             ^ error[invalid-statement]: `(` is never closed, so the step cannot be read; write `upsert: Setting(key, value)`
      - delete: Post WHERE title IS
      #                           ^ error[invalid-statement]: `NULL` is expected, so the step cannot be read; write `delete: Post` or `delete: Comment WHERE post = input.id`
      - find: Post WHERE title = 'a' title
      #                              ^^^^^ error[invalid-statement]: `title` fits nothing, so the step cannot be read; write `find: User WHERE email = input.email`
      - foreach: xs as x
      #           ^ error[invalid-statement]: `in` is expected, so the step cannot be read; write `foreach: item in OrderItem WHERE order = input.id`
        do: []
      - call: app.recalculate(title;)
      #                            ^ error[invalid-statement]: `;` fits nothing, so the step cannot be read; write `call: recalculate_total(order = input.id)`
      - notify: customer(email, 'a', 'b')
      #                              ^^^ error[invalid-statement]: `'b'` fits nothing, so the step cannot be read; write `notify: customer(email, "text")` or the name of an event
      - validate: EXTRACT(year, title) > 1 /*
      #                       ^ error[invalid-statement]: `FROM` is expected, so the step cannot be read; write `validate: status = 'draft'`
      - validate: title = 'a' /* and
      #                       ^^ error[invalid-statement]: `/*` is never closed, so the step cannot be read; write `validate: status = 'draft'`
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Post, operation: UPSERT}
        - {entity: Post, operation: DELETE}
"#,
        );
    }

    #[test]
    fn statements_that_cannot_be_read() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: title =
      #                 ^ error[invalid-statement]
      - validate:
      # ^^^^^^^^ error[invalid-statement]: `validate` says nothing here; write `validate: status = 'draft'`
      - find: Post WHERE title = 'a
      #                          ^ error[invalid-statement]
      - call: (title)
      #       ^^^^^^^ error[invalid-statement]
"#,
        );
    }
}
