//! An `insert` leaves a required field without a value, or a step sets one to `NULL`.
//!
//! The `ref` by which a new row belongs to the own row is set by the generated code, and what the caller
//! gives is not known.

use specql_model::{ActionId, Entity, Field, Name, Step, StepKind, Type, Write, suggest};
use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::TextEdit;

use crate::{Context, Diagnostic, Fix, Level, Rule, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "missing-required-field",
    level: Level::Error,
    summary: "a required field gets no value",
    run: missing_required_field,
    page: include_str!("../../../../docs/rules/missing-required-field.md"),
};

fn missing_required_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| of_step(ctx, id, step, acc));
        }
    }
}

fn of_step(ctx: &Context<'_>, id: ActionId, step: &Step, acc: &mut Vec<Diagnostic>) {
    let Some(write) = step.write() else { return };
    let Some(entity) = ctx.written(write) else { return };
    for assignment in &write.assignments {
        let field = entity.field(&assignment.field.text).filter(|it| is_required(it));
        let Some(field) = field else { continue };
        nulls(&assignment.value, &mut |value| {
            let message = format!(
                "`{}` of `{}` is required, so it cannot be set to `NULL`",
                field.name.text, entity.name.text
            );
            let found = ctx.finding(&RULE, value.range, message);
            acc.push(found.related(entity.id.0, field.name.range, "the field"));
        });
    }
    if matches!(step.kind, StepKind::Insert(_) | StepKind::Upsert(_)) && step.problems.is_empty() {
        let link = ctx.workspace.link_to_own(id, step);
        acc.extend(without_value(ctx, entity, write, link));
    }
}

/// The values of an expression that are `NULL`, those of its `CASE` included.
fn nulls<'a>(expression: &'a Expression, visit: &mut dyn FnMut(&'a Expression)) {
    match &expression.kind {
        ExpressionKind::Null => visit(expression),
        ExpressionKind::Case { arms, otherwise, .. } => {
            arms.iter().for_each(|it| nulls(&it.1, visit));
            otherwise.iter().for_each(|it| nulls(it, visit));
        }
        _ => {}
    }
}

fn is_required(field: &Field) -> bool {
    !field.nullable && !field.name.text.is_empty()
}

/// A row that would be inserted without a value for a required field.
fn without_value(
    ctx: &Context<'_>,
    entity: &Entity,
    write: &Write,
    link: Option<&Field>,
) -> Option<Diagnostic> {
    // Without a name the entity is still typed.
    let place = write.entity.as_ref()?.range();
    let is_listed = !write.columns.is_empty() || !write.assignments.is_empty();
    if write.all_input || write.from.is_some() || !is_listed || !ctx.knows_fields(entity) {
        return None;
    }
    let names = || write.assignments.iter().map(|it| &it.field).chain(&write.columns);
    let is_given = |field: &Field| {
        names().any(|it| {
            let named = entity.field(&it.text).or_else(|| entity.reference_id(&it.text));
            named.is_some_and(|it| it.name == field.name)
                || it.text.strip_prefix("fk_") == Some(&field.name.text)
                // A misspelt column is a finding of its own.
                || (named.is_none() && suggest(&it.text, [field.name.as_str()]).is_some())
        })
    };
    let missing: Vec<&Field> = entity
        .fields
        .iter()
        .filter(|it| is_required(it) && it.default.is_none())
        .filter(|it| {
            !is_given(it) && !is_unknown(it) && link.is_none_or(|link| link.name != it.name)
        })
        .collect();
    let first = missing.first()?;
    let named: Vec<&str> = missing.iter().map(|it| it.name.as_str()).collect();
    let (is, it) = if named.len() == 1 { ("is", "it") } else { ("are", "them") };
    let message = format!(
        "{} of `{}` {is} required, and the step gives {it} no value, so the insert would fail",
        listed(named.iter().copied()),
        entity.name.text
    );
    Some(
        ctx.finding(&RULE, place, message)
            .related(entity.id.0, first.name.range, "the field")
            .fix(add(ctx, write, &named)),
    )
}

fn is_unknown(field: &Field) -> bool {
    matches!(field.ty, Type::Unknown(_) | Type::Missing)
}

/// Takes the fields from the input, in the form of what is written.
fn add(ctx: &Context<'_>, write: &Write, names: &[&str]) -> Option<Fix> {
    let title = format!("Take {} from the input", listed(names.iter().copied()));
    let (end, text) = match (write.columns.last(), write.assignments.last()) {
        (Some(column), None) if is_plain(column) => {
            (column.range.end(), names.iter().map(|it| format!(", {it}")).collect::<String>())
        }
        (None, Some(last)) => {
            let from = last.field.range.end();
            let between = specql_text::TextRange::new(from, last.value.range.start().max(from));
            let set = names.iter().map(|it| format!(", {it} = input.{it}")).collect::<String>();
            if !ctx.slice(between).contains('=') {
                return None;
            }
            (last.value.range.end(), set)
        }
        _ => return None,
    };
    Some(Fix::review(title, ctx.id(), vec![TextEdit::insert(end, text)]))
}

fn is_plain(name: &Name) -> bool {
    name.range.len() as usize == name.text.len()
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn the_link_to_the_own_row() {
        check_diagnostics(
            r#"
#- /line.yaml
entity: Line
fields:
  order: ref(Order)!
  text: text!
#- /swap.yaml
entity: Swap
fields:
  from: ref(Order)!
  to: ref(Order)!
#- /order.yaml
entity: Order
fields:
  number: text!
actions:
  - name: add_line
    steps:
      - insert: Line(text)
    impact:
      primary: {entity: Line, operation: CREATE, fields: [order, text]}
  - name: swap
    steps:
      - insert: Swap(from)
      #         ^^^^ 💡 error[missing-required-field]: `to` of `Swap` is required, and the step gives it no value, so the insert would fail
    impact:
      primary: {entity: Swap, operation: CREATE, fields: [from]}
  - name: open
    steps:
      - insert: Line(text)
      #         ^^^^ 💡 error[missing-required-field]: `order` of `Line` is required, and the step gives it no value, so the insert would fail
      - insert: Order(number)
      - insert: Line(text)
    impact:
      primary: {entity: Order, operation: CREATE, fields: [number]}
      side_effects:
        - {entity: Line, operation: CREATE, fields: [order, text]}
"#,
        );
    }

    #[test]
    fn values_that_are_not_given() {
        check_diagnostics(
            r#"
#- /line.yaml
entity: Line
fields:
  post: ref(Post)!
  text: text!
  number: integer = 1!
  note: text
#- /post.yaml
entity: Post
fields:
  title: text!
  body: text!
  status: text = 'x'!
actions:
  - name: make
    steps:
      - insert: Post(title)
      #         ^^^^ 💡 error[missing-required-field]: `body` of `Post` is required, and the step gives it no value, so the insert would fail
      - insert: Line SET note = 'x'
      #         ^^^^ 💡 error[missing-required-field]: `text` of `Line` is required, and the step gives it no value, so the insert would fail
      - insert: Line(text)
      - update: Post SET title = NULL, body = CASE WHEN title = 'x' THEN 'y' ELSE NULL END
      #                          ^^^^ error[missing-required-field]: `title` of `Post` is required, so it cannot be set to `NULL`
      #                                                                           ^^^^ error[missing-required-field]
      - insert: Line
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Line, operation: CREATE}
"#,
        );
    }

    #[test]
    fn the_value_comes_from_the_input() {
        let file = |step: &str| {
            format!(
                "entity: Post\nfields:\n  title: text!\n  body: text!\nactions:\n  - name: make\n    steps:\n      - insert: {step}  # why\n    impact:\n      primary: {{operation: CREATE}}\n"
            )
        };
        check_fix(&file("P$0ost(title)"), &file("Post(title, body)"));
        check_fix(
            &file("P$0ost SET title = 'x'"),
            &file("Post SET title = 'x', body = input.body"),
        );
    }
}
