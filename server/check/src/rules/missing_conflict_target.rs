//! An `upsert` does not say by which field it finds the row that is there already.

use specql_model::{Action, Entity, Name, Parameter, Step, StepKind, Type, Write, scope::Scope};
use specql_syntax::{edit::Value, expression::ExpressionKind};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule, guards::asks_about, nodes::is_nearly_written};

pub(crate) const RULE: Rule = Rule {
    code: "missing-conflict-target",
    level: Level::Error,
    summary: "an `upsert` does not say by which field it finds its row",
    run: missing_conflict_target,
    page: include_str!("../../../../docs/rules/missing-conflict-target.md"),
};

fn missing_conflict_target(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        ctx.each_step(id, &mut |scope, step| reads_itself(ctx, scope, step, acc));
        for step in &action.steps {
            step.walk(&mut |step| {
                let StepKind::Upsert(write) = &step.kind else { return };
                if write.entity.is_none() || !step.problems.is_empty() {
                    return;
                }
                let entity = write.entity.as_ref().and_then(|it| {
                    ctx.workspace.entity(ctx.resolve_reference(it).found()?)
                });
                let typed = |it| is_nearly_written(it, "conflict_target");
                let is_typed = || ctx.node_at(step.range).is_some_and(typed);
                if write.conflict_target.is_empty() && (is_typed() || is_damaged_below(ctx, step)) {
                    return;
                }
                if write.conflict_target.is_empty() {
                    let message = "an `upsert` finds its row by `conflict_target`, and there is none, so the step would fail";
                    let found = ctx.finding(&RULE, step.keyword.range, message.to_owned());
                    let fix = entity.and_then(|it| add(ctx, step.range, it, write));
                    acc.push(found.fix(fix));
                } else if let Some(entity) = entity {
                    match not_written(ctx, entity, write) {
                        Some(it) => acc.push(it),
                        None => may_be_null(ctx, action, entity, write, acc),
                    }
                }
            });
        }
    }
}

/// Whether the line below a step cannot be read, or one of its own.
fn is_damaged_below(ctx: &Context<'_>, step: &Step) -> bool {
    let behind = ctx.file.text().get(step.range.to_usize().end..).unwrap_or_default();
    let line = behind.split_inclusive('\n').take(2).map(str::len).sum::<usize>();
    let end = TextRange::from(0..step.range.to_usize().end + line).end();
    ctx.is_damaged(TextRange::new(step.range.start(), end.saturating_sub(1)))
}

/// Targets whose value is read from the row that they are to find.
fn reads_itself<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    step: &'a Step,
    acc: &mut Vec<Diagnostic>,
) {
    let StepKind::Upsert(write) = &step.kind else { return };
    let Some(entity) = write.entity.as_ref().and_then(|it| ctx.resolve_reference(it).found())
    else {
        return;
    };
    for (assigned, name) in scope.targets_read_from_row(write, entity) {
        let is_variable = scope.variables().iter().any(|it| it.is_called(&name.text));
        let advice = if is_variable {
            format!("give what a step stores as `{}` another name", name.text)
        } else {
            format!("write `input.{}`, or another value", name.text)
        };
        let message = format!(
            "the step looks for its row by `{}`, and `{}` is a field of that row, so it cannot be found; {advice}",
            assigned.field.text, name.text
        );
        acc.push(ctx.finding(&RULE, name.range, message));
    }
}

/// A target to which the step gives no value.
fn not_written(ctx: &Context<'_>, entity: &Entity, write: &Write) -> Option<Diagnostic> {
    if write.takes_all() {
        return None;
    }
    let field = |name: &str| entity.field(name).map(|it| it.name.text.clone());
    let assigned = write.assignments.iter().map(|it| &it.field);
    let written: Vec<_> = assigned.chain(&write.columns).filter_map(|it| field(&it.text)).collect();
    let target = write.conflict_target.first()?;
    // That it has to have a value is said already.
    let is_required =
        |it: &Name| entity.field(&it.text).is_some_and(|it| !it.nullable && it.default.is_none());
    if is_required(target) {
        return None;
    }
    let named =
        write.conflict_target.iter().map(|it| field(&it.text)).collect::<Option<Vec<_>>>()?;
    if named.iter().any(|it| written.contains(it)) {
        return None;
    }
    let message =
        format!("the step gives `{}` no value, so it cannot find its row by it", target.text);
    Some(ctx.finding(&RULE, target.range, message))
}

/// Targets that the caller may leave out: a row without a value is like no other, so each run inserts one more.
fn may_be_null(
    ctx: &Context<'_>,
    action: &Action,
    entity: &Entity,
    write: &Write,
    acc: &mut Vec<Diagnostic>,
) {
    for target in &write.conflict_target {
        let field = entity.field(&target.text).filter(|it| it.nullable && it.default.is_none());
        let Some(field) = field.filter(|it| !matches!(it.ty, Type::Unknown(_) | Type::Missing))
        else {
            continue;
        };
        let name = field.name.as_str();
        let from_input = input_of(write, name).is_some_and(|input| {
            let is_sure = action.parameter(input).is_some_and(Parameter::is_sure);
            !is_sure && !asks_about(action, input)
        });
        if from_input {
            let message = format!(
                "`{name}` can be null, and a row without it is like no other, so the step would insert one more \
                 each time; make the field required, or the input"
            );
            let found = ctx.finding(&RULE, target.range, message).level(Level::Warning);
            acc.push(found.related(entity.id.0, field.name.range, "the field"));
        }
    }
}

/// The input that gives a field its value as it is.
fn input_of<'w>(write: &'w Write, field: &'w str) -> Option<&'w str> {
    let assigned = write.assignments.iter().find(|it| it.field.text == field);
    let Some(assigned) = assigned else {
        let is_given = write.all_input
            || write.from.is_some()
            || write.columns.iter().any(|it| it.text == field);
        return is_given.then_some(field);
    };
    let ExpressionKind::Path(path) = &assigned.value.kind else { return None };
    match path.segments.as_slice() {
        [name] if path.dollar => Some(&name.text),
        [input, name] if input.text == "input" => Some(&name.text),
        _ => None,
    }
}

/// The one field of which every row has its own value.
fn add(ctx: &Context<'_>, step: TextRange, entity: &Entity, write: &Write) -> Option<Fix> {
    let mut unique = entity.fields.iter().filter(|it| it.unique);
    let (field, None) = (unique.next()?, unique.next()) else { return None };
    let assigned = write.assignments.iter().map(|it| &it.field);
    let is_written =
        write.all_input || assigned.chain(&write.columns).any(|it| it.text == field.name.text);
    let node = ctx.node_at(step).filter(|_| is_written)?;
    // An empty list stands there already.
    if node.get("conflict_target").is_some() {
        return None;
    }
    let value = Value::Scalar(field.name.text.to_string());
    let edits = ctx.insert_entry(node, "upsert", "conflict_target", &value);
    let title = format!("Find the row by `{}`", field.name.text);
    Some(Fix::review(title, ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn targets_of_upserts() {
        check_diagnostics(
            r#"
entity: Post
fields:
  slug: {type: text, unique: true}
  title: text
actions:
  - name: save
    steps:
      - upsert: Post(slug, title)
      # ^^^^^^ 💡 error[missing-conflict-target]: an `upsert` finds its row by `conflict_target`, and there is none, so the step would fail
      - upsert: Post(title)
        conflict_target: [slug]
        #                 ^^^^ error[missing-conflict-target]: the step gives `slug` no value, so it cannot find its row by it
      - upsert: Post(slug, title)
        conflict_target: slug
        #                ^^^^ warning[missing-conflict-target]: `slug` can be null, and a row without it is like no other, so the step would insert one more each time; make the field required, or the input
    impact:
      primary: {entity: Post, operation: UPSERT}
"#,
        );
    }

    #[test]
    fn targets_that_are_read_from_the_row_they_find() {
        check_diagnostics(
            r#"
#- /stock.yaml
entity: Stock
fields: {product: ref(Product)!, shelf: text!, amount: integer = 0!}
actions:
  - name: take_in
    params: {code: text!, place: text!, shelf: text!}
    steps:
      - upsert: Product SET code = $code
        conflict_target: code
        as: product
      - upsert: Stock SET product = product, shelf = lower(shelf), amount = amount + 1
      #                             ^^^^^^^ error[missing-conflict-target]: the step looks for its row by `product`, and `product` is a field of that row, so it cannot be found; give what a step stores as `product` another name
      #                                                    ^^^^^ error[missing-conflict-target]: the step looks for its row by `shelf`, and `shelf` is a field of that row, so it cannot be found; write `input.shelf`, or another value
        conflict_target: [product, shelf]
      - upsert: Stock SET product = product.id, shelf = $place, amount = amount + 1
      #                             ^^^^^^^ error[missing-conflict-target]: the step looks for its row by `product`, and `product` is a field of that row, so it cannot be found; give what a step stores as `product` another name
        conflict_target: [product, shelf]
      - upsert: Stock SET product = input.product, shelf = old.shelf, amount = amount + 1
      #                                                        ^^^^^ error[missing-conflict-target]: the step looks for its row by `shelf`, and `shelf` is a field of that row, so it cannot be found; write `input.shelf`, or another value
        conflict_target: [product, shelf]
      - upsert: Stock SET product = input.product, shelf = Stock.shelf, amount = amount + 1
      #                                                          ^^^^^ error[missing-conflict-target]: the step looks for its row by `shelf`, and `shelf` is a field of that row, so it cannot be found; write `input.shelf`, or another value
        conflict_target: [product, shelf]
    impact:
      primary: {entity: Stock, operation: UPSERT}
      side_effects: [{entity: Product, operation: UPSERT}]
#- /product.yaml
entity: Product
fields: {code: {type: text, unique: true, nullable: false}}
"#,
        );
    }

    #[test]
    fn a_target_that_has_a_value() {
        check_diagnostics(
            r#"
entity: Post
fields:
  slug: {type: text, unique: true}
  code: text!
  kind: text = draft
actions:
  - name: save
    params: {given: text!}
    steps:
      - upsert: Post(code)
        conflict_target: code
      - upsert: Post(kind, code)
        conflict_target: kind
      - upsert: Post SET slug = 'fixed', code = $given
        conflict_target: slug
      - upsert: Post SET slug = $given, code = $given
        conflict_target: slug
    impact:
      primary: {entity: Post, operation: UPSERT}
  - name: save_slug
    params: {slug: text!}
    steps:
      - upsert: Post(slug, code)
        conflict_target: slug
    impact:
      primary: {entity: Post, operation: UPSERT}
  - name: save_asked
    steps:
      - validate: input.slug IS NOT NULL
      - upsert: Post(slug, code)
        conflict_target: slug
    impact:
      primary: {entity: Post, operation: UPSERT}
"#,
        );
    }
}
