//! A parameter of an enum that has more values than the field which takes it.
//!
//! One that a condition asks about may be sorted out there, and one that shares no value with the field is
//! another type.

use specql_model::{Action, ActionId, Entity, Field, Name, Parameter, Step, Type};
use specql_syntax::expression::{Expression, ExpressionKind, Path};

use super::RULE;
use crate::{
    Context, Diagnostic, Level,
    enums::{lists, unquoted},
    guards::asks_about,
};

/// Reports the first such value of each parameter of an action.
pub(super) fn report(ctx: &Context<'_>, id: ActionId, action: &Action, acc: &mut Vec<Diagnostic>) {
    let enums = || action.parameters.iter().filter(|it| matches!(it.ty, Type::Enum(_)));
    if enums().next().is_none() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    ctx.each_step(id, &mut |_, step| {
        let Some(entity) = step.write().and_then(|it| ctx.written(it)) else { return };
        for parameter in enums() {
            let name = parameter.name.as_str();
            if !told.contains(&name)
                && let Some(field) = taken(entity, step, parameter)
                && let Some(value) = surplus(parameter, field)
                && !asks_about(action, name)
            {
                told.push(name);
                acc.push(finding(ctx, entity, field, parameter, value));
            }
        }
    });
}

fn finding(
    ctx: &Context<'_>,
    entity: &Entity,
    field: &Field,
    parameter: &Parameter,
    value: &Name,
) -> Diagnostic {
    let message = format!(
        "`{}` is no value of `{}` of `{}`, which takes `{}`, so a call with it fails; leave it out, or add it there",
        unquoted(value),
        field.name.text,
        entity.name.text,
        parameter.name.text
    );
    let found = ctx.finding(&RULE, value.range, message).level(Level::Warning);
    found.related(entity.id.0, field.name.range, "the field")
}

/// The field that a step sets to a parameter.
fn taken<'e>(entity: &'e Entity, step: &Step, parameter: &Parameter) -> Option<&'e Field> {
    let write = step.write().filter(|it| it.is_read())?;
    let name = parameter.name.as_str();
    let assigned = write.assignments.iter().find(|it| is_parameter(&it.value, name));
    let column = || write.columns.iter().find(|it| it.text == name);
    let field = assigned.map(|it| &it.field).or_else(column)?;
    entity.field(&field.text).filter(|it| it.problems.is_empty())
}

fn is_parameter(value: &Expression, name: &str) -> bool {
    let ExpressionKind::Path(path) = &value.kind else { return false };
    names_parameter(path, name)
}

fn names_parameter(path: &Path, name: &str) -> bool {
    match path.segments.as_slice() {
        [only] => path.dollar && only.text == name,
        [input, only] => input.text == "input" && only.text == name,
        _ => false,
    }
}

/// The first value of a parameter that a field does not have, where it has another one.
fn surplus<'p>(parameter: &'p Parameter, field: &Field) -> Option<&'p Name> {
    let (Type::Enum(given), Type::Enum(values)) = (&parameter.ty, &field.ty) else { return None };
    let has = |it: &&Name| lists(values, unquoted(it));
    given.iter().find(has)?;
    given.iter().find(|it| !has(it))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn values_that_the_field_does_not_take() {
        check_diagnostics(
            "
entity: Take
fields:
  camera: enum(a, b, drone)
  kind: enum(x, y)
actions:
  - name: shoot
    params:
      camera: enum(a, b, crane)!
      #                  ^^^^^ warning[unknown-enum-value]: `crane` is no value of `camera` of `Take`, which takes `camera`, so a call with it fails; leave it out, or add it there
      kind: enum(x, none)!
    steps:
      - insert: Take SET camera = $camera
      - if: $kind <> 'none'
        then:
          - insert: Take SET kind = $kind, camera = 'a'
    impact: {primary: {operation: CREATE, fields: [camera, kind]}}
",
        );
    }
}
