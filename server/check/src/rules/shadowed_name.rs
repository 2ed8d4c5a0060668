//! A variable has the name of something else, so that one of the two cannot be named.

use specql_model::{
    Action, ActionId, Entity, EntityId, Name, PathEnd, PathResolution, Step, StepKind, Type,
    infer::QueryMismatchKind, scope::Scope,
};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, Path};

use crate::{Context, Diagnostic, Level, Rule, variables::given};

pub(crate) const RULE: Rule = Rule {
    code: "shadowed-name",
    level: Level::Warning,
    summary: "two things have one name, and only one of them can be meant",
    run: shadowed_name,
    page: include_str!("../../../../docs/rules/shadowed-name.md"),
};

fn shadowed_name(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        ctx.each_step(id, &mut |scope, step| {
            if let Some(name) = given(step).filter(|it| !it.text.is_empty()) {
                acc.extend(declared(ctx, id, action, scope, step, name));
            }
            step.expressions(&mut |it| in_expression(ctx, scope, it, acc));
        });
        let scope = Scope::of_action(ctx.workspace, id);
        let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        for (condition, _) in entries.filter_map(|it| it.condition.as_deref()) {
            in_expression(ctx, &scope, condition, acc);
        }
    }
    for (expression, text, it) in ctx.types().iter().flat_map(|it| &it.queries) {
        if let QueryMismatchKind::Itself(name) = &it.kind {
            let written = text.get(it.range.clone()).unwrap_or_default();
            let message = if written.matches('.').count() == 1 {
                format!(
                    "`{name}` is a column of the query's own table on both sides, so this compares it with itself; a \
                     query in SQL does not see the row of the action there, `EXISTS Entity WHERE …` does"
                )
            } else {
                format!(
                    "`{name}` is compared with itself, so this says nothing; name a column of another table on one side"
                )
            };
            acc.push(ctx.finding(&RULE, ctx.in_query(expression.range, text, &it.range), message));
        }
    }
}

/// A variable with the name of another one, of a parameter or of a field.
fn declared(
    ctx: &Context<'_>,
    id: ActionId,
    action: &Action,
    scope: &Scope<'_>,
    step: &Step,
    name: &Name,
) -> Option<Diagnostic> {
    if matches!(name.as_str(), "input" | "old" | "new") {
        let message = format!(
            "`{}` has a meaning of its own in every step, so nothing reads what is stored here; choose another name",
            name.text
        );
        return Some(ctx.finding(&RULE, name.range, message));
    }
    let earlier = scope.variables().iter().rev();
    let earlier = earlier.filter(|it| !it.is_implied).find(|it| it.is_called(&name.text));
    let parameter = action.parameters.iter().find(|it| it.name.text == name.text);
    let own = ctx.workspace.entity(id.entity)?;
    let field = own.field(&name.text).filter(|it| {
        // `find: User` as `author` is what the field `author` leads to.
        let target = ctx.workspace.target(id.entity, &it.ty);
        !(matches!(it.ty, Type::Ref(_)) && target.is_some() && target == held(ctx, id, step))
    });
    if earlier.is_none() && parameter.is_none() && Entity::built_in(&name.text).is_some() {
        let message = format!(
            "`{}` is also a column of every row, which cannot be named from here on; choose another name",
            name.text
        );
        return Some(ctx.finding(&RULE, name.range, message));
    }
    let lost = |what| format!("{what}, which cannot be named from here on; choose another one");
    let (what, place) = match (earlier, parameter, field) {
        (Some(it), ..) => (lost("the variable of a step before"), it.name.range),
        (_, Some(it), _) => (lost("the parameter"), it.name.range),
        (_, _, Some(it)) => (of_field(own), it.name.range),
        _ => return None,
    };
    let message = format!("`{}` is also the name of {what}", name.text);
    Some(ctx.finding(&RULE, name.range, message).related(ctx.id(), place, "the other one"))
}

/// What the two names mean from here on: rows of a step come first, variables before the row of the action.
fn of_field(own: &Entity) -> String {
    format!(
        "the field, which alone has it in a step over rows of `{}`, and the variable elsewhere; choose another one",
        own.name.text
    )
}

/// The entity whose row a step gives a name to.
fn held(ctx: &Context<'_>, id: ActionId, step: &Step) -> Option<EntityId> {
    let write = match &step.kind {
        StepKind::Find { write, .. } => Some(write),
        _ => step.write(),
    };
    match write?.entity.as_ref() {
        Some(it) => ctx.resolve_reference(it).found(),
        None => Some(id.entity),
    }
}

/// A column that is compared with itself, because the other name is hidden by the row.
fn in_expression<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    expression: &'a Expression,
    acc: &mut Vec<Diagnostic>,
) {
    if let ExpressionKind::Binary(left, operator, _, right) = &expression.kind
        && is_comparison(*operator)
        && let (ExpressionKind::Path(one), ExpressionKind::Path(other)) = (&left.kind, &right.kind)
        && !one.text().is_empty()
        && (one.text() == other.text()
            || is_same_column(scope, one, other)
            || parameter_beside_itself(scope, one, other).is_some())
    {
        let hidden = other.first().and_then(|name| hidden(ctx, scope, name));
        let parameter = parameter_beside_itself(scope, one, other);
        let advice = match (hidden, parameter) {
            (Some(it), _) => format!("{it} has the name as well, and is hidden by the row here"),
            (None, Some(it)) if one.text() != other.text() => {
                format!(
                    "`{}` is the parameter with and without its sign, and no field here",
                    it.text
                )
            }
            _ => "name another value on one side".to_owned(),
        };
        let message =
            format!("`{}` is compared with itself, so this says nothing; {advice}", one.text());
        acc.push(ctx.finding(&RULE, expression.range, message));
    }
    if let ExpressionKind::Exists { entity, filter: Some(filter), .. } = &expression.kind {
        let row = ctx.resolve_reference(entity).found();
        let row = row.map_or(specql_model::Row::Unknown, specql_model::Row::Of);
        return in_expression(ctx, &scope.within(row), filter, acc);
    }
    expression.children(&mut |it| in_expression(ctx, scope, it, acc));
}

/// Whether one of two paths is the other one behind the name of its entity: `id` and `post.id`.
fn is_same_column<'a>(scope: &Scope<'a>, one: &'a Path, other: &'a Path) -> bool {
    let is_longer = one.segments.len().abs_diff(other.segments.len()) == 1;
    let column = |it: &'a Path| match scope.resolve(it) {
        PathResolution::Column(path) if path.end == PathEnd::Whole => {
            let steps = path.steps.iter();
            Some(steps.map(|it| (it.entity, it.column.clone())).collect::<Vec<_>>())
        }
        _ => None,
    };
    is_longer && column(one).is_some_and(|it| column(other) == Some(it))
}

/// The parameter that both of two paths are: `reader` and `$reader` where no row has a column of that name.
fn parameter_beside_itself<'a>(
    scope: &Scope<'a>,
    one: &'a Path,
    other: &'a Path,
) -> Option<&'a Name> {
    // Of rows that nobody knows, the name without the sign may be a column.
    let is_known = scope.rows().into_iter().all(|it| it.known().is_some());
    if one.first()?.text != other.first()?.text || !is_known {
        return None;
    }
    match (scope.resolve(one), scope.resolve(other)) {
        (PathResolution::Parameter(it), PathResolution::Parameter(same)) => {
            std::ptr::eq(it, same).then_some(&it.name)
        }
        _ => None,
    }
}

fn is_comparison(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
            | BinaryOperator::Distinct { .. }
    )
}

/// What else has a name that is a column of the step's row.
fn hidden(ctx: &Context<'_>, scope: &Scope<'_>, name: &Name) -> Option<&'static str> {
    if !scope.is_column_of_step(name) {
        return None;
    }
    if scope.variables().iter().any(|it| it.is_called(&name.text)) {
        return Some("a variable");
    }
    if scope.parameters().iter().any(|it| it.name.text == name.text) {
        return Some("a parameter");
    }
    let own = ctx.workspace.entity(scope.own_entity())?;
    let is_other = scope.rows().first().is_some_and(|it| it.known() != Some(own.id));
    (is_other && own.column(&name.text).is_some()).then_some("a field of the file's entity")
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn names_of_two_things() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
  team: text
#- /post.yaml
entity: Post
fields:
  title: text
  team: text
  author: ref(User)
actions:
  - name: look
    params:
      reason: text
    steps:
      - validate: $reason = title AND title <> title
      #                               ^^^^^^^^^^^^^^ warning[shadowed-name]: `title` is compared with itself, so this says nothing; name another value on one side
      - find: User WHERE id = input.author
        as: author
      - find: User WHERE team = team
      #                  ^^^^^^^^^^^ warning[shadowed-name]: `team` is compared with itself, so this says nothing; a field of the file's entity has the name as well, and is hidden by the row here
        as: title
        #   ^^^^^ warning[shadowed-name]: `title` is also the name of the field, which alone has it in a step over rows of `Post`, and the variable elsewhere; choose another one
      - find: User WHERE id = author
        as: author
        #   ^^^^^^ warning[shadowed-name]: `author` is also the name of the variable of a step before, which cannot be named from here on; choose another one
      - find: User WHERE id = author
        as: reason
        #   ^^^^^^ warning[shadowed-name]
      - find: Post WHERE id = post.id
      #                  ^^^^^^^^^^^^ warning[shadowed-name]: `id` is compared with itself, so this says nothing; name another value on one side
      - find: Post WHERE id = post.id OR author = author.id
        as: other
      - update: Post SET title = 'x'
    impact:
      primary: {operation: UPDATE, fields: [title], condition: title <> title}
      #                                                        ^^^^^^^^^^^^^^ warning[shadowed-name]: `title` is compared with itself, so this says nothing; name another value on one side
"#,
        );
    }

    #[test]
    fn rows_of_an_entity_that_there_is_not() {
        check_diagnostics(
            "
entity: Post
fields: {title: text}
actions:
  - name: look
    params: {seat: text!}
    steps:
      - validate: NOT EXISTS(Tickets WHERE seat = $seat)
      #                      ^^^^^^^ error[unknown-entity]
",
        );
    }

    #[test]
    fn variables_called_like_columns_of_every_row() {
        check_diagnostics(
            "
entity: Post
fields: {title: text, parent: ref(Post)}
actions:
  - name: look
    steps:
      - find: Post WHERE id = parent
        as: id
        #   ^^ warning[shadowed-name]: `id` is also a column of every row, which cannot be named from here on; choose another name
      - find: Post WHERE title = 'x'
        as: created_at
        #   ^^^^^^^^^^ warning[shadowed-name]: `created_at` is also a column of every row, which cannot be named from here on; choose another name
",
        );
    }
}
