//! A field that is set to what it is: `SET title = title`, where a parameter was meant or another value.

use specql_model::{Column, PathEnd, PathResolution, Step, StepKind, scope::Scope};
use specql_syntax::{
    expression::{Expression, ExpressionKind},
    statement::Assignment,
};

use super::RULE;
use crate::{Context, Diagnostic};

/// Reports every such assignment of an update.
pub(super) fn report<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    step: &'a Step,
    acc: &mut Vec<Diagnostic>,
) {
    let StepKind::Update(write) = &step.kind else { return };
    let is_read = step.problems.is_empty() && write.is_read();
    let Some(entity) = ctx.written(write).filter(|_| is_read) else { return };
    for it in &write.assignments {
        if is_itself(scope, it) && entity.field(&it.field.text).is_some() {
            acc.push(finding(ctx, scope, it));
        }
    }
}

fn is_itself(scope: &Scope<'_>, it: &Assignment) -> bool {
    let Expression { kind: ExpressionKind::Path(path), .. } = &it.value else { return false };
    let [name] = path.segments.as_slice() else { return false };
    let is_column = |found: &PathResolution<'_>| match found {
        PathResolution::Column(path) => match path.steps.as_slice() {
            [step] => {
                path.end == PathEnd::Whole
                    && matches!(&step.column, Column::Field(field) if field.name.text == it.field.text)
            }
            _ => false,
        },
        _ => false,
    };
    !path.dollar
        && name.text == it.field.text
        && scope.is_column_of_step(name)
        && is_column(&scope.resolve(path))
}

fn finding(ctx: &Context<'_>, scope: &Scope<'_>, it: &Assignment) -> Diagnostic {
    let name = &it.field.text;
    let parameter = scope.parameters().iter().find(|it| it.name.text == *name);
    let is_hidden = scope.variables().iter().any(|it| it.is_called(name));
    let advice = match parameter {
        Some(_) => format!("the parameter is `${name}`"),
        None if is_hidden => {
            "the variable has the name of the field and is hidden by it here, so call it otherwise"
                .to_owned()
        }
        None => "write what it becomes, or leave it out".to_owned(),
    };
    let message = format!("`{name}` is set to what it is, so this changes nothing; {advice}");
    let fix = parameter.map(|_| ctx.change_to(it.value.range, &format!("${name}")));
    ctx.finding(&RULE, it.field.range.cover(it.value.range), message).fix(fix)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn fields_that_are_set_to_themselves() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields: {name: text, posts: integer}
#- /post.yaml
entity: Post
fields: {title: text, name: text, n: integer, author: ref(User)}
actions:
  - name: rename_post
    params: {title: text!}
    steps:
      - update: Post SET title = title, n = n
      #                  ^^^^^^^^^^^^^ 💡 warning[no-effect]: `title` is set to what it is, so this changes nothing; the parameter is `$title`
      #                                 ^^^^^ warning[no-effect]: `n` is set to what it is, so this changes nothing; write what it becomes, or leave it out
      - update: User SET name = name, posts = posts + 1
      #                  ^^^^^^^^^^^ warning[no-effect]: `name` is set to what it is, so this changes nothing; write what it becomes, or leave it out
      - update: Post SET title = $title, n = old.n
    impact:
      primary: {operation: UPDATE, fields: [title, n]}
      side_effects: [{entity: User, operation: UPDATE, fields: [name, posts]}]
",
        );
    }

    #[test]
    fn a_variable_is_hidden() {
        check_diagnostics(
            "
entity: Post
fields: {title: text}
actions:
  - name: rename_post
    params: {titles: list(text)}
    steps:
      - foreach: title in input.titles
      #          ^^^^^ warning[shadowed-name]
        do:
          - update: Post SET title = title
          #                  ^^^^^^^^^^^^^ warning[no-effect]: `title` is set to what it is, so this changes nothing; the variable has the name of the field and is hidden by it here, so call it otherwise
    impact: {primary: {operation: UPDATE, fields: [title], condition: jsonb_array_length(input.titles) > 0}}
",
        );
    }

    #[test]
    fn the_parameter_is_named() {
        let before = "entity: Post\nfields: {title: text}\nactions:\n  - name: rename_post\n    params: {title: text!}\n    steps:\n      - update: Post SET $0title = title\n    impact: {primary: {operation: UPDATE, fields: [title]}}\n";
        check_fix(before, &before.replace("$0title = title", "title = $title"));
    }
}
