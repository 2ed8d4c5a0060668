//! A type's one-line language cannot be read: a bracket without its end, text that fits nothing.

mod foreign;
pub(super) mod form;
mod numbers;
mod parameters;

use specql_model::{Field, Name, Type};
use specql_syntax::statement::{LineProblem, LineProblemKind};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-type",
    level: Level::Error,
    summary: "a field's type cannot be read",
    run: invalid_type,
    page: include_str!("../../../../docs/rules/invalid-type.md"),
};

fn invalid_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    parameters::without_type(ctx, acc);
    let parameters = ctx.actions().flat_map(|it| &it.1.parameters);
    for it in parameters {
        let of_type = parameters::with_nothing_in(ctx, it);
        if let Some(found) = of_type.or_else(|| numbers::of_field(ctx, &it.as_field())) {
            acc.push(found);
            continue;
        }
        let found = form::report(ctx, it.type_range, it.range.end(), it.problems.is_empty());
        acc.extend(found.or_else(|| unread(ctx, &it.as_field())));
    }
    for field in &entity.fields {
        acc.extend(numbers::of_field(ctx, field).or_else(|| open_and_required(ctx, field)));
        acc.extend(without(ctx, field));
        acc.extend(default_among_values(ctx, field));
        if ctx.is_damaged(field.range) {
            continue;
        }
        let is_read = field.problems.is_empty() && !matches!(field.ty, Type::Unknown(_));
        if let Some(it) = form::report(ctx, field.type_range, field.range.end(), is_read) {
            acc.push(it);
            continue;
        }
        acc.extend(unread(ctx, field));
    }
}

/// What cannot be read in the type of a field or a parameter; the first place explains the others.
fn unread(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let problem = field.problems.first().filter(|_| !ctx.is_damaged(field.range))?;
    if let Some((range, better)) = foreign::meant(ctx, field) {
        return Some(of_another_language(ctx, field, problem, range, &better));
    }
    let message = format!(
        "{} in the type of `{}`; a type is `name`, `name!` or `name = default`, like `text!`, \
         `ref(User)`, `enum(a, b) = a`",
        what(problem, ctx.slice(problem.range)),
        field.name.text
    );
    let found = ctx.finding(&RULE, ctx.visible(problem.range, field.type_range), message);
    Some(found.fix(comma_in_vain(ctx, problem)))
}

/// `date NOT NULL`: what another language would have there, from the place where it cannot be read on.
fn of_another_language(
    ctx: &Context<'_>,
    field: &Field,
    problem: &LineProblem,
    range: TextRange,
    better: &str,
) -> Diagnostic {
    let start = problem.range.start().clamp(range.start(), range.end());
    let at = TextRange::new(start, range.end());
    let message = format!(
        "`{}` is of another language, and nothing in the type of `{}`; write `{better}`",
        ctx.slice(at).trim(),
        field.name.text
    );
    ctx.finding(&RULE, ctx.visible(at, field.type_range), message).fix(ctx.write(range, better))
}

/// `enum(a, b,)`: the comma before the bracket goes.
fn comma_in_vain(ctx: &Context<'_>, problem: &LineProblem) -> Option<Fix> {
    let text = ctx.file.text();
    let at = problem.range.to_usize().start;
    let before = text.get(..at)?.trim_end_matches(' ');
    let behind = text.get(before.len()..)?.trim_start_matches(' ');
    let start = before.strip_suffix(',')?.len();
    if !behind.starts_with([')', ']']) || problem.kind != LineProblemKind::Expected("a value") {
        return None;
    }
    let edit = TextEdit::replace(TextRange::from(start..text.len() - behind.len()), "");
    Some(Fix::safe("Remove the comma", ctx.id(), vec![edit]))
}

/// A field with a name and nothing behind it. A long form without `type` is `missing-key`.
fn without(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    if field.ty != Type::Missing || ctx.is_damaged(field.range) {
        return None;
    }
    ctx.entry_of_field(field).filter(|it| it.value.is_null())?;
    let message = format!(
        "`{}` has no type, so the column would become text; write one behind it, like `text` or `integer`",
        field.name.text
    );
    Some(ctx.finding(&RULE, field.name.range, message))
}

/// `enum(draft, live = live)`: the default stands among the values.
fn default_among_values(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let (value, default) = misplaced_default(field)?;
    let message = format!(
        "`{}` is one value of `{}`, not a default; write it behind the values, like `enum(…) = {}`",
        value.text,
        field.name.text,
        default.trim()
    );
    Some(ctx.finding(&RULE, value.range, message))
}

/// The value of an enum that was meant to be one with a default behind it, and the default.
pub(super) fn misplaced_default(field: &Field) -> Option<(&Name, &str)> {
    let Type::Enum(values) = &field.ty else { return None };
    let is_quoted = |it: &&Name| it.text.starts_with(['\'', '"']);
    let value = values.iter().filter(|it| !is_quoted(it)).find(|it| it.text.contains('='))?;
    let (before, default) = value.text.rsplit_once('=')?;
    // What cannot be read for another reason is said, and `=` alone is a value.
    (field.problems.is_empty() && !before.trim().is_empty()).then_some((value, default))
}

/// `text?!`: a value may be missing, and has to be there.
fn open_and_required(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let end = field.type_range.to_usize().end;
    let marks = ctx.file.text().get(end.saturating_sub(1)..)?;
    let at = marks.get(..3)?.find("?!").or_else(|| marks.get(..3)?.find("!?"))?;
    let start = u32::try_from(end.saturating_sub(1) + at).ok()?;
    let message = format!(
        "`?` says that `{}` may be without a value, and `!` that it has to have one; remove one of the two",
        field.name.text
    );
    Some(ctx.finding(&RULE, TextRange::new(start, start + 2), message))
}

/// What is wrong, without its place.
pub(super) fn what(problem: &LineProblem, written: &str) -> String {
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    match &problem.kind {
        LineProblemKind::Expected(it) => format!("{it} is expected"),
        LineProblemKind::Unexpected if written.is_empty() || written.contains('`') => {
            "something here fits nothing".to_owned()
        }
        LineProblemKind::Unexpected => format!("`{written}` fits nothing"),
        LineProblemKind::Unclosed(it) => format!("`{it}` is never closed"),
        LineProblemKind::UnclosedComment => "`/*` is never closed".to_owned(),
        LineProblemKind::CommentOfJoinedLines => {
            "`--` makes a comment of all that follows, because YAML joins these lines".to_owned()
        }
        LineProblemKind::Sql(message) => message.clone(),
        LineProblemKind::TooDeep => "the nesting is too deep".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn types_that_cannot_be_read() {
        check_diagnostics(
            r#"
entity: Post
fields:
  author: ref(Post
  #          ^ error[invalid-type]: `(` is never closed in the type of `author`; a type is `name`, `name!` or `name = default`, like `text!`, `ref(User)`, `enum(a, b) = a`
  kind: enum(draft, live = draft)
  #                 ^^^^^^^^^^^^ error[invalid-type]: `live = draft` is one value of `kind`, not a default; write it behind the values, like `enum(…) = draft`
  title: text!!
  #           ^ error[invalid-type]: `!` fits nothing in the type of `title`; a type is `name`, `name!` or `name = default`, like `text!`, `ref(User)`, `enum(a, b) = a`
"#,
        );
    }

    #[test]
    fn a_comma_behind_the_last_value() {
        let before = "entity: Post\nfields:\n  kind: enum(a, b$0,)\n";
        check_fix(before, &before.replace("$0,", ""));
        check_diagnostics(
            "
entity: Post
fields: {kind: text}
actions:
  - name: sort_post
    params:
      kind: enum(a, b,)!
      #              ^ 💡 error[invalid-type]: a value is expected in the type of `kind`; a type is `name`, `name!` or `name = default`, like `text!`, `ref(User)`, `enum(a, b) = a`
    steps:
      - update: Post SET kind = $kind
    impact: {primary: {operation: UPDATE, fields: [kind]}}
",
        );
    }

    #[test]
    fn parameters_without_a_type() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    params:
      - name: one
        #     ^^^ warning[invalid-type]: `one` has no type, so what callers give is taken for text; write one, like `type: text` or `type: integer`
      - {name: two, typ: integer}
      #             ^^^ 💡 error[invalid-type]: `two` has no type, so what callers give is taken for text; did you mean `type`?
      - {name: three, type: integer}
      - {four: integer}
      - five
      - {name: six, type: list()!}
      #                   ^^^^^^ error[invalid-type]: `six` is a list of nothing; write the type of its items, as in `list(text)`
      - {name: seven, type: ref()!}
      #                     ^^^^^ error[invalid-type]: `seven` is a reference to nothing, so no row could be meant; write the entity, as in `ref(User)`
    steps:
      - validate: $six IS NULL AND $seven IS NULL
      - validate: $one = title AND $two = title AND $three = $four AND $five = title
"#,
        );
    }

    #[test]
    fn bounds_without_a_value_between() {
        check_diagnostics(
            r#"
entity: Post
fields:
  stars: {type: integer, min: 5, max: 1}
  #                                   ^ error[invalid-type]: no value lies between `5` and `1`, so no row could be written; change the two about
  rank: integer(10, 1)
  #                 ^ error[invalid-type]
  body:
  #<^^ error[invalid-type]: `body` has no type, so the column would become text; write one behind it, like `text` or `integer`
  views: {type: integer, min: 0, max: 0}
  price: decimal(10, 2)  # specql: allow(postgres-type)
"#,
        );
    }

    #[test]
    fn values_without_commas_and_references_to_nothing() {
        check_diagnostics(
            "
entity: Post
fields:
  status: enum(draft sent) = draft
  #            ^^^^^^^^^^ 💡 error[invalid-type]: `draft sent` is one value, so `status` could never be another; write commas between values, or quotes around it
  kind: enum('in progress', done)
  author: {type: ref}
  #              ^^^ error[invalid-type]: `author` is a reference to nothing, so no row could be meant; write the entity, as in `ref(User)`
actions:
  - name: look
    steps:
      - validate: status = 'sent'
",
        );
    }
}
