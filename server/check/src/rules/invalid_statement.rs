//! A step's statement or condition cannot be read.
//!
//! One finding for each statement: the first thing that fits nothing explains what follows it.

mod doubled;
mod foreign;
mod joined;
mod mended;
mod untranslated;
mod words;

use specql_model::{Action, ActionId, Name, Step, StepKind, names::is_word};
use specql_syntax::{
    RefusalKind,
    expression::{Expression, ExpressionKind},
    refusals,
    statement::{LineProblem, LineProblemKind},
    yaml::ProblemKind,
};
use specql_text::{TextEdit, TextRange};

use super::{invalid_type::what, yaml_1_1_trap::cut_off};
use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) use joined::is_of_joined;

pub(crate) const RULE: Rule = Rule {
    code: "invalid-statement",
    level: Level::Error,
    summary: "a step's statement cannot be read",
    run: invalid_statement,
    page: include_str!("../../../../docs/rules/invalid-statement.md"),
};

fn invalid_statement(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| {
                acc.extend(of_step(ctx, id, it));
                doubled::of_step(ctx, it, acc);
            });
        }
        for (condition, _) in conditions(action) {
            doubled::of_expression(ctx, condition, acc);
        }
        acc.extend(of_conditions(ctx, action));
        acc.extend(half_permission(ctx, action));
    }
}

fn of_step(ctx: &Context<'_>, id: ActionId, step: &Step) -> Option<Diagnostic> {
    if ctx.is_damaged(step.value_range) || cut_off(ctx, step).is_some() || is_tagged(ctx, step) {
        return None;
    }
    let form = form(step.keyword.as_str())?;
    if let Some(word) = word_of_sql(step) {
        let message = format!(
            "`{}` is SQL and no part of this step, so the step cannot be read; leave it out, as in {form}",
            word.text
        );
        return Some(ctx.finding(&RULE, word.range, message).fix(without(ctx, word)));
    }
    if let Some(problem) = step.problems.first() {
        let of_words = words::of_step(ctx, step, problem);
        return of_words.or_else(|| Some(finding(ctx, problem, step.value_range, form)));
    }
    let found = not_passed_on(ctx, step)
        .or_else(|| tells_nobody(ctx, step))
        .or_else(|| untranslated::of_step(ctx, id, step));
    if found.is_some() {
        return found;
    }
    if let Some(range) = assigned_in_vain(step) {
        let message = format!(
            "a `{}` sets nothing, so what stands here is not read; say with `WHERE` which rows are meant, as in \
             {form}",
            step.keyword.text
        );
        return Some(ctx.finding(&RULE, range, message));
    }
    if let Some(it) = joined::of_step(ctx, step) {
        return Some(it);
    }
    if let Some(range) = condition_of_new_row(step) {
        let message = "an `insert` makes a row whatever there is, so this `WHERE` is not read; put the condition \
                       into an `if` around the step"
            .to_owned();
        return Some(ctx.finding(&RULE, range, message));
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
        StepKind::Notify { recipient, message, data, .. } => {
            recipient.is_none() && message.is_none() && data.is_empty()
        }
        _ => false,
    };
    missing.then(|| {
        let message = format!("`{}` says nothing here; it looks like {form}", step.keyword.text);
        ctx.finding(&RULE, step.keyword.range, message)
    })
}

/// `requires: caller.`, a path that breaks off.
fn half_permission(ctx: &Context<'_>, action: &Action) -> Option<Diagnostic> {
    let requires = action.requires.as_ref().filter(|it| it.text.ends_with('.'))?;
    let message = format!(
        "nothing stands behind the dot of `{}`, so nobody could have this permission; it looks like `caller.can_publish`",
        requires.text
    );
    Some(ctx.finding(&RULE, requires.range, message))
}

/// `notify:` with a key for the one who is told, and nothing behind it.
fn tells_nobody(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    let StepKind::Notify { recipient: None, .. } = &step.kind else { return None };
    let entry = ctx.mapping_with_key(step.keyword.range)?.as_mapping()?.get("to")?;
    let message =
        "nothing stands behind `to`, so nobody is told; write who is, like `to: owner.email`";
    entry.value.is_null().then(|| ctx.finding(&RULE, entry.key.range, message.to_owned()))
}

/// `validate: !(…)`, where YAML reads a tag.
fn is_tagged(ctx: &Context<'_>, step: &Step) -> bool {
    let value = TextRange::new(step.keyword.range.end(), step.value_range.end());
    let mut problems = ctx.file.parse().yaml().problems.iter();
    problems.any(|it| matches!(it.kind, ProblemKind::Tag(_)) && value.contains_range(it.range))
}

/// What stands in a query in SQL and is not passed on; names behind dollars are `unknown-sql-name`.
fn not_passed_on(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    let mut found = None;
    step.expressions(&mut |it| {
        it.walk(&mut |it| {
            let ExpressionKind::RawSql(text) = &it.kind else { return };
            let refused = refusals(text).into_iter().find(|it| it.kind != RefusalKind::Variable);
            if let Some(refused) = refused.filter(|_| found.is_none()) {
                let place = ctx.in_query(it.range, text, &refused.range);
                found = Some(ctx.finding(&RULE, place, refusal(refused.kind).to_owned()));
            }
        });
    });
    found
}

const fn refusal(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::DollarQuote => {
            "a query in SQL is passed on without texts between dollars, so the action would fail; write `'…'`"
        }
        RefusalKind::Backslash => {
            "a setting of the database says what `\\` means in a query in SQL, so it is not passed on and the \
             action would fail; write the comparison outside of the query, or `chr(92)`"
        }
        RefusalKind::LineBreak => {
            "a text in a query in SQL ends on its line, so the action would fail; write `chr(10)` for the break"
        }
        RefusalKind::Variable | RefusalKind::Shape => {
            "only one closed `(SELECT …)` is passed on as SQL, so the action would fail"
        }
    }
}

/// `insert: Post SET title = 'x' WHERE …`.
fn condition_of_new_row(step: &Step) -> Option<TextRange> {
    let StepKind::Insert(write) = &step.kind else { return None };
    write.filter.as_ref().map(|it| it.range)
}

/// `delete: Post SET title = 'x'`, where `WHERE` is meant.
fn assigned_in_vain(step: &Step) -> Option<TextRange> {
    let (StepKind::Delete { write, .. } | StepKind::Find { write, .. }) = &step.kind else {
        return None;
    };
    let (first, last) = (write.assignments.first()?, write.assignments.last()?);
    Some(first.field.range.cover(last.value.range))
}

/// Words with which the same statement begins in SQL.
const SQL: &[&str] = &["FROM", "INTO", "UPDATE", "INSERT", "DELETE", "ONLY"];

/// A word of SQL where the entity of a broken statement is expected.
pub(crate) fn word_of_sql(step: &Step) -> Option<&Name> {
    let entity = step.write()?.entity.as_ref().filter(|it| it.schema.is_none())?;
    let is_sql = SQL.iter().any(|it| it.eq_ignore_ascii_case(&entity.name.text));
    (is_sql && !step.problems.is_empty()).then_some(&entity.name)
}

fn without(ctx: &Context<'_>, word: &Name) -> Fix {
    let behind = ctx.file.text().get(word.range.to_usize().end..).unwrap_or_default();
    let gap =
        u32::try_from(behind.len() - behind.trim_start_matches(' ').len()).unwrap_or_default();
    let edit = TextEdit::replace(TextRange::new(word.range.start(), word.range.end() + gap), "");
    Fix::review(format!("Remove `{}`", word.text), ctx.id(), vec![edit])
}

fn is_missing(it: &Expression) -> bool {
    it.kind == ExpressionKind::Missing
}

/// The conditions of declared changes, and what could not be read of them.
fn conditions(action: &Action) -> impl Iterator<Item = (&Expression, &[LineProblem])> {
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    entries.filter_map(|it| it.condition.as_deref()).map(|it| (&it.0, &*it.1))
}

/// The conditions of declared side effects.
fn of_conditions(ctx: &Context<'_>, action: &Action) -> Vec<Diagnostic> {
    let broken = conditions(action)
        .filter_map(|(condition, problems)| Some((condition.range, problems.first()?)));
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
        _ => match mended::advice(ctx, problem.range, value)
            .or_else(|| foreign::meant(ctx, problem.range).map(str::to_owned))
        {
            Some(meant) => format!("{what}, so the step cannot be read; {meant}"),
            None => format!("{what}, so the step cannot be read; it looks like {form}"),
        },
    };
    let fix = comma(ctx, problem).or_else(|| mended::fix(ctx, problem.range, value));
    ctx.finding(&RULE, ctx.visible(problem.range, value), message).fix(fix)
}

/// The comma that is missing before the next assignment.
fn comma(ctx: &Context<'_>, problem: &LineProblem) -> Option<Fix> {
    let (before, behind) = ctx.file.text().split_at_checked(problem.range.to_usize().start)?;
    let (name, _) = behind.split_once('=')?;
    if problem.kind != LineProblemKind::Expected("`,`")
        || !is_word(name.trim())
        || ctx.is_in_flow(problem.range)
    {
        return None;
    }
    let at = before.trim_end_matches(' ').len();
    let edit = TextEdit::replace(TextRange::from(at..at), ",");
    Some(Fix::review("Write the comma", ctx.id(), vec![edit]))
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
        #            ^ error[invalid-statement]: `(` is never closed, so the step cannot be read; it looks like `if: status = 'draft'`
        then: []
      - switch: title AT
        #              ^ error[invalid-statement]: `TIME ZONE` is expected, so the step cannot be read; it looks like `switch: status`
        cases: []
      - insert: Post(title = )
      #                    ^ error[invalid-statement]: a value is expected, so the step cannot be read; it looks like `insert: Post`, `insert: Post(title)` or `insert: Post SET title = input.title`
      - update: Post SET title =
      #                        ^ error[invalid-statement]: a value is expected, so the step cannot be read; it looks like `update: Post SET title = input.title`, with `WHERE …` for other rows
      - upsert: Post(title
      #             ^ error[invalid-statement]: `(` is never closed, so the step cannot be read; it looks like `upsert: Setting(key, value)`
      - delete: Post WHERE title IS
      #                           ^ error[invalid-statement]: `NULL` is expected, so the step cannot be read; it looks like `delete: Post` or `delete: Comment WHERE post = input.id`
      - find: Post WHERE title = 'a' title
      #                              ^^^^^ error[invalid-statement]: `title` fits nothing, so the step cannot be read; it looks like `find: User WHERE email = input.email`
      - foreach: xs as x
      #           ^ error[invalid-statement]: `in` is expected, so the step cannot be read; it looks like `foreach: item in OrderItem WHERE order = input.id`
        do: []
      - call: app.recalculate(title;)
      #                            ^ error[invalid-statement]: `;` fits nothing, so the step cannot be read; it looks like `call: recalculate_total(order = input.id)`
      - notify: customer(email, 'a', 'b')
      #                              ^^^ error[invalid-statement]: `'b'` fits nothing, so the step cannot be read; it looks like `notify: customer(email, "text")` or the name of an event
      - validate: EXTRACT(year, title) > 1 /*
      #                       ^ error[invalid-statement]: `FROM` is expected, so the step cannot be read; it looks like `validate: status = 'draft'`
      - validate: title = 'a' /* and
      #                       ^^ error[invalid-statement]: `/*` is never closed, so the step cannot be read; it looks like `validate: status = 'draft'`
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Post, operation: UPSERT}
        - {entity: Post, operation: DELETE}
"#,
        );
    }

    #[test]
    fn what_means_nothing_where_it_stands() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields:
  age: integer
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  n: integer
  tags: list(text)
actions:
  - name: look
    params:
      items: list(integer)
    steps:
      - validate: lower(?) = title AND n = ?
      #                 ^ error[invalid-statement]: `?` stands beside no field, so nothing says which input it is and the action would fail; write `input.name`
      - validate: n + ? > 1
      #               ^ error[invalid-statement]
      - validate: title LIKE ?
      #                      ^ error[invalid-statement]
      - validate: any(tags)
      #           ^^^^^^^^^ error[invalid-statement]: this stands to the right of a comparison only, as in `x = any(list)`, so the action would fail
      - validate: n = ANY ()
      #               ^^^^^^ error[invalid-statement]: nothing stands in these parentheses to compare with, so the action would fail
      - validate: lower(title) is unique
      #           ^^^^^^^^^^^^ error[invalid-statement]: only a field can be unique, so the action would fail; name one
      - foreach: x in items
        do:
          - validate: x > 1
      - foreach: x in $items
        do:
          - validate: x > 1
      - foreach: x in input
      #               ^^^^^ error[invalid-statement]
        do:
          - validate: x > 1
      - foreach: x in crm.User WHERE age = 1
        do:
          - validate: x.age > 1
      - foreach: x in input.items
        do:
          - validate: x > 1
      - foreach: x in tags
        do:
          - validate: x = title
      - validate: n = ? AND n BETWEEN ? AND ? AND n IN (?, 1) AND n > ? + 1
      - validate: title = ANY (tags) AND title LIKE ANY (ARRAY['a'])
      - update: Post SET n = coalesce(?, 1) WHERE title = ?
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [n]}
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
      # ^^^^^^^^ error[invalid-statement]: `validate` says nothing here; it looks like `validate: status = 'draft'`
      - find: Post WHERE title = 'a
      #                          ^ error[invalid-statement]
      - call: (title)
      #       ^^^^^^^ error[invalid-statement]
      - notify:
        to:
        #< error[invalid-statement]: nothing stands behind `to`, so nobody is told; write who is, like `to: owner.email`
        message: "'x'"
  - name: guarded
    requires: caller.
    #         ^^^^^^^ error[invalid-statement]: nothing stands behind the dot of `caller.`, so nobody could have this permission; it looks like `caller.can_publish`
    steps:
      - validate: title = 'a'
"#,
        );
    }
}
