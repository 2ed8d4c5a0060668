//! An `insert` leaves a required field without a value, or a step sets one to `NULL`.
//!
//! The `ref` by which a new row belongs to the own row is set by the generated code, and what the caller
//! gives is not known.

use specql_model::{
    Action, ActionId, Entity, Field, Name, Parameter, PathResolution, Step, StepKind, Type, Write,
    names::is_graphql_name, suggest,
};
use specql_syntax::{
    edit::Value,
    expression::{Expression, ExpressionKind},
    statement::Assignment,
};
use specql_text::{TextEdit, TextRange};

use super::{field_not_declared, invalid_type::misplaced_default};

use crate::{Context, Diagnostic, Fix, Level, Rule, context::listed, guards::asks_about};

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
        of_parameters(ctx, id, action, acc);
    }
}

/// Parameters that a caller may leave out, and that a step writes to a required field as they are.
fn of_parameters(ctx: &Context<'_>, id: ActionId, action: &Action, acc: &mut Vec<Diagnostic>) {
    if action.parameters.iter().all(Parameter::is_sure) {
        return;
    }
    ctx.each_step(id, &mut |scope, step| {
        let Some(write) = step.write() else { return };
        let Some(entity) = ctx.written(write) else { return };
        let is_new = matches!(step.kind, StepKind::Insert(_) | StepKind::Upsert(_));
        for assignment in &write.assignments {
            let field = entity.field(&assignment.field.text).filter(|it| is_required(it));
            // A new row has the default instead.
            let field =
                field.filter(|it| !is_unknown(it)).filter(|it| !is_new || it.default.is_none());
            if let (Some(field), ExpressionKind::Path(path)) = (field, &assignment.value.kind)
                && let PathResolution::Parameter(parameter) = scope.resolve(path)
                && !parameter.is_sure()
                && !asks_about(action, &parameter.name.text)
            {
                acc.push(left_out(ctx, assignment.value.range, entity, field, parameter));
            }
        }
        if is_new {
            acc.extend(taken_from_input(ctx, action, entity, write));
        }
    });
}

/// `Post(title)` and `Post FROM input` with a parameter that callers may leave out, for a required field.
fn taken_from_input(
    ctx: &Context<'_>,
    action: &Action,
    entity: &Entity,
    write: &Write,
) -> Vec<Diagnostic> {
    let takes_all = write.from.as_ref().is_some_and(|it| it.text == "input");
    let place = |parameter: &Parameter| {
        let column = write.columns.iter().find(|it| parameter.is_called(&it.text));
        column.map(|it| it.range).or(write.from.as_ref().filter(|_| takes_all).map(|it| it.range))
    };
    let unsure = action.parameters.iter().filter(|it| !it.is_sure());
    let taken = unsure.filter_map(|parameter| {
        let field = entity.field(&parameter.name.text).filter(|it| is_required(it))?;
        let is_left_out = !is_unknown(field) && field.default.is_none();
        let range = place(parameter).filter(|_| is_left_out)?;
        let is_asked = asks_about(action, &parameter.name.text);
        (!is_asked).then(|| left_out(ctx, range, entity, field, parameter))
    });
    taken.collect()
}

/// A required field that is given what callers may leave out.
fn left_out(
    ctx: &Context<'_>,
    range: TextRange,
    entity: &Entity,
    field: &Field,
    parameter: &Parameter,
) -> Diagnostic {
    let message = format!(
        "`{}` of `{}` is required, and callers may leave `{}` out, so the action fails without it; add `!` to the \
         parameter's type",
        field.name.text, entity.name.text, parameter.name.text
    );
    let found = ctx.finding(&RULE, range, message).level(Level::Warning);
    let found = found.related(ctx.id(), parameter.name.range, "the parameter");
    found.related(entity.id.0, field.name.range, "the field")
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
        acc.extend(without_value(ctx, id, step, entity, write));
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
    id: ActionId,
    step: &Step,
    entity: &Entity,
    write: &Write,
) -> Option<Diagnostic> {
    // Without a name the entity is still typed.
    let place = write.entity.as_ref()?.range();
    let link = ctx.workspace.link_to_own(id, step);
    let is_listed = !write.columns.is_empty() || !write.assignments.is_empty();
    if write.takes_all() || !is_listed || !ctx.knows_fields(entity) {
        return None;
    }
    let names = || write.assignments.iter().map(|it| &it.field).chain(&write.columns);
    let is_given = |field: &Field| {
        names().any(|it| {
            let named = entity.field(&it.text).or_else(|| entity.reference_id(&it.text));
            named.is_some_and(|it| it.name == field.name)
                || it.text.strip_prefix("fk_") == Some(&field.name.text)
                // A misspelt column is a finding of its own, and so is one that is joined with its value.
                || (named.is_none()
                    && (suggest(&it.text, [field.name.as_str()]).is_some()
                        || it.text.split([':', ' ']).next() == Some(field.name.as_str())))
        })
    };
    let missing: Vec<&Field> = entity
        .fields
        .iter()
        .filter(|it| is_required(it) && it.default.is_none())
        .filter(|it| {
            !is_given(it)
                && !is_unknown(it)
                && !is_told(ctx, entity, it)
                && link.is_none_or(|link| link.name != it.name)
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
            .fix(add(ctx, id, step, write, &named)),
    )
}

/// Whether it is said where a field is declared that it has no name, or leads to no entity.
fn is_told(ctx: &Context<'_>, entity: &Entity, field: &Field) -> bool {
    let is_lost = |it| ctx.workspace.resolve(entity.id, it).found().is_none();
    !is_graphql_name(&field.name.text) || field.ty.targets().iter().any(is_lost)
}

fn is_unknown(field: &Field) -> bool {
    // What is wrong with a type may be its default.
    matches!(field.ty, Type::Unknown(_) | Type::Missing)
        || !field.problems.is_empty()
        || misplaced_default(field).is_some()
}

/// Takes the fields from the input, in the form of what is written; an `impact` that lists fields gets them
/// as well.
fn add(ctx: &Context<'_>, id: ActionId, step: &Step, write: &Write, names: &[&str]) -> Option<Fix> {
    let title = format!("Take {} from the input", listed(names.iter().copied()));
    let mut edits = match (write.columns.last(), write.assignments.last()) {
        (Some(column), None) => add_columns(ctx, column, names),
        (None, Some(last)) => add_assignments(ctx, last, names),
        _ => Vec::new(),
    };
    if !edits.is_empty() {
        edits.extend(field_not_declared::declare(ctx, id, step, names));
    }
    Some(Fix::review(title, ctx.id(), edits))
}

/// `Post(title, body)`, or a list of names.
fn add_columns(ctx: &Context<'_>, last: &Name, names: &[&str]) -> Vec<TextEdit> {
    if let Some(list) = ctx.list_with(last.range) {
        let items = names.iter().map(|it| Value::Scalar((*it).to_owned()));
        return items.flat_map(|it| ctx.append_item(list, &it)).collect();
    }
    let is_plain = last.range.len() as usize == last.text.len();
    let text: String = names.iter().map(|it| format!(", {it}")).collect();
    if is_plain { ctx.write_part(TextRange::empty(last.range.end()), &text) } else { Vec::new() }
}

/// `SET title = …, body = input.body`, or a mapping.
fn add_assignments(ctx: &Context<'_>, last: &Assignment, names: &[&str]) -> Vec<TextEdit> {
    let field = last.field.range;
    if let (Some(mapping), Some(entry)) = (ctx.mapping_with_key(field), ctx.entry_with_key(field)) {
        let after = entry.key.as_str();
        let value = |it: &str| Value::Scalar(format!("input.{it}"));
        // Each goes right behind the last one.
        let names = names.iter().rev();
        return names.flat_map(|it| ctx.insert_entry(mapping, after, it, &value(it))).collect();
    }
    let between = TextRange::new(field.end(), last.value.range.start().max(field.end()));
    if !ctx.slice(between).contains('=') {
        return Vec::new();
    }
    let text: String = names.iter().map(|it| format!(", {it} = input.{it}")).collect();
    ctx.write_part(TextRange::empty(last.value.range.end()), &text)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_parameter_that_the_step_takes_by_its_name() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text!
  kind: {type: text, nullable: false, default: draft}
  body: text
actions:
  - name: add
    params: {title: text, kind: text, body: text}
    steps:
      - insert: Post FROM input
      #                   ^^^^^ warning[missing-required-field]: `title` of `Post` is required, and callers may leave `title` out, so the action fails without it; add `!` to the parameter's type
    impact: {primary: {operation: CREATE}}
  - name: add_named
    params: {title: text, kind: text, body: text}
    steps:
      - insert: Post(title, kind, body)
      #              ^^^^^ warning[missing-required-field]
    impact: {primary: {operation: CREATE}}
  - name: add_sure
    params: {title: text!, body: text}
    steps:
      - insert: Post FROM input
    impact: {primary: {operation: CREATE}}
  - name: change
    params: {title: text}
    steps:
      - update: Post FROM input
    impact: {primary: {operation: UPDATE}}
"#,
        );
    }

    #[test]
    fn a_parameter_that_callers_may_leave_out() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text!
  kind: {type: text, nullable: false, default: draft}
  body: text
actions:
  - name: rename
    params: {name: text, mark: text, sure: text!, other: text = x}
    steps:
      - insert: Post SET title = $name, kind = $mark
        #                        ^^^^^ warning[missing-required-field]: `title` of `Post` is required, and callers may leave `name` out, so the action fails without it; add `!` to the parameter's type
      - update: Post SET kind = input.mark, title = $sure, body = $name
        #                       ^^^^^^^^^^ warning[missing-required-field]
      - update: Post SET title = coalesce($name, 'x'), kind = $other
    impact:
      primary: {entity: Post, operation: CREATE}
  - name: retitle
    params: {name: text, mark: text}
    steps:
      - validate: $mark <> ''
      - if: $name IS NOT NULL
        then:
          - update: Post SET title = $name, kind = $mark
    impact:
      primary: {entity: Post, operation: UPDATE, condition: input.name IS NOT NULL}
"#,
        );
    }

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

    /// In whatever style of YAML, and in the `fields` of an `impact`.
    #[test]
    fn the_value_is_written_as_the_step_is() {
        let file = |step: &str, fields: &str| {
            format!(
                "entity: Post\nfields:\n  title: text!\n  body: text!\nactions:\n  - name: make\n    steps:\n      - {step}\n    impact:\n      primary: {{operation: CREATE, fields: [{fields}]}}\n"
            )
        };
        for (before, after) in [
            ("{insert: P$0ost(title)}", "{insert: \"Post(title, body)\"}"),
            ("{insert: \"P$0ost(title)\"}", "{insert: \"Post(title, body)\"}"),
            (
                "{insert: P$0ost SET title = 'x'}",
                "{insert: \"Post SET title = 'x', body = input.body\"}",
            ),
            (
                "insert: 'P$0ost SET title = ''x'''",
                "insert: 'Post SET title = ''x'', body = input.body'",
            ),
            (
                "{insert: {entity: P$0ost, fields: [title]}}",
                "{insert: {entity: Post, fields: [title, body]}}",
            ),
            (
                "{insert: P$0ost, set: {title: \"'x'\"}}",
                "{insert: Post, set: {title: \"'x'\", body: input.body}}",
            ),
            (
                "insert: P$0ost\n        set:\n          title: \"'x'\"",
                "insert: Post\n        set:\n          title: \"'x'\"\n          body: input.body",
            ),
            (
                "insert: P$0ost\n        fields:\n          - title",
                "insert: Post\n        fields:\n          - title\n          - body",
            ),
        ] {
            check_fix(&file(before, "title"), &file(after, "title, body"));
        }
    }
}
