//! Where a value stands for one of an enum: beside a column in a comparison, in `IN`, in an assignment,
//! in a case of `switch`.

use specql_model::{
    Action, ActionId, FileId, Name, Step, StepKind, Type,
    scope::{Row, Scope},
};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, LikeKind, Path};

use crate::Context;

/// A value beside a column of an enum.
pub(crate) struct EnumValue<'v, 'a> {
    /// The values that the enum lists.
    pub(crate) values: &'v [Name],
    /// The file that lists them.
    pub(crate) home: FileId,
    /// The column as written.
    pub(crate) column: &'v str,
    /// The value.
    pub(crate) value: &'a Expression,
    /// It is a case of `switch`, where a bare word is a value.
    pub(crate) is_case: bool,
    /// It is a pattern, which values are like.
    pub(crate) like: Option<LikeKind>,
    /// What becomes of a value that the enum does not list: the end of a message.
    pub(crate) outcome: &'static str,
}

/// Nothing is equal to it.
const NEVER: &str = "so it never holds";
/// No row has it, whatever else the list has.
const UNEQUAL: &str = "so no row has it";
/// Everything differs from it.
const ALWAYS: &str = "so it always holds";
/// The table refuses it.
const REFUSED: &str = "so the write fails";
/// The called action refuses it.
const ARGUMENT: &str = "so the call fails";

type Visit<'v, 'a> = &'v mut dyn FnMut(&EnumValue<'_, 'a>);

/// Calls `visit` for every such value in an action.
pub(crate) fn visit_values<'a>(
    ctx: &Context<'a>,
    id: ActionId,
    action: &'a Action,
    visit: Visit<'_, 'a>,
) {
    ctx.each_step(id, &mut |scope, step| in_step(ctx, scope, step, visit));
    let scope = Scope::of_entity(ctx.workspace, id.entity);
    let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
    for (condition, _) in entries.filter_map(|it| it.condition.as_deref()) {
        in_expression(ctx, &scope, condition, visit);
    }
}

fn in_step<'a>(ctx: &Context<'a>, scope: &Scope<'a>, step: &'a Step, visit: Visit<'_, 'a>) {
    step.expressions(&mut |it| in_expression(ctx, scope, it, visit));
    if let StepKind::Switch { subject, cases, .. } = &step.kind {
        for (case, _) in cases {
            beside(scope, subject, case, NEVER, &mut |it| {
                visit(&EnumValue { is_case: true, ..*it });
            });
        }
    }
    if let StepKind::Call { arguments, .. } = &step.kind
        && let Some((id, called)) = ctx.called(step)
    {
        for (at, (name, value)) in arguments.iter().enumerate() {
            if let Some(parameter) = called.parameter_of(at, name.as_ref())
                && let Type::Enum(values) = &parameter.ty
            {
                let (home, column) = (id.entity.0, parameter.name.as_str());
                let (is_case, outcome) = (false, ARGUMENT);
                results(value, &mut |value| {
                    visit(&EnumValue { values, home, column, value, is_case, like: None, outcome });
                });
            }
        }
    }
    let Some(write) = step.write() else { return };
    let Some(entity) = ctx.written(write) else { return };
    for assignment in &write.assignments {
        if let Some(field) = entity.field(&assignment.field.text)
            && let Type::Enum(values) = &field.ty
            && field.problems.is_empty()
        {
            let (home, column) = (entity.id.0, assignment.field.as_str());
            let (is_case, outcome) = (false, REFUSED);
            results(&assignment.value, &mut |value| {
                visit(&EnumValue { values, home, column, value, is_case, like: None, outcome });
            });
        }
    }
}

/// The values that an expression may have: itself, or the results of its `CASE` and of functions that
/// give one of their arguments.
fn results<'a>(expression: &'a Expression, visit: &mut dyn FnMut(&'a Expression)) {
    match &expression.kind {
        ExpressionKind::Cast(operand, ty) if is_text(ty) => results(operand, visit),
        ExpressionKind::Call { function, arguments, star: false, distinct: false }
            if gives_argument(function) =>
        {
            arguments.iter().for_each(|it| results(it, visit));
        }
        ExpressionKind::Case { arms, otherwise, .. } => {
            arms.iter().for_each(|it| results(&it.1, visit));
            otherwise.iter().for_each(|it| results(it, visit));
        }
        _ => visit(expression),
    }
}

fn in_expression<'a>(
    ctx: &Context<'a>,
    scope: &Scope<'a>,
    expression: &'a Expression,
    visit: Visit<'_, 'a>,
) {
    match &expression.kind {
        ExpressionKind::Binary(
            left,
            operator @ (BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
            | BinaryOperator::Distinct { .. }),
            _,
            right,
        ) => {
            let is_equal = matches!(
                operator,
                BinaryOperator::Equal | BinaryOperator::Distinct { negated: true }
            );
            let differs = matches!(
                operator,
                BinaryOperator::NotEqual | BinaryOperator::Distinct { negated: false }
            );
            let outcome = match (is_equal, differs) {
                (true, _) => NEVER,
                (_, true) => ALWAYS,
                _ => UNEQUAL,
            };
            beside(scope, left, right, outcome, visit);
            beside(scope, right, left, outcome, visit);
            elements(right).iter().for_each(|it| beside(scope, left, it, outcome, visit));
        }
        ExpressionKind::In { operand, list, .. } => {
            list.iter().for_each(|it| beside(scope, operand, it, UNEQUAL, visit));
        }
        ExpressionKind::Like { operand, pattern, escape: None, kind, negated } => {
            let outcome = if *negated { ALWAYS } else { UNEQUAL };
            beside(scope, operand, pattern, outcome, &mut |it| {
                visit(&EnumValue { like: Some(*kind), ..*it });
            });
        }
        ExpressionKind::Between { operand, low, high, .. } => {
            [low, high].into_iter().for_each(|it| beside(scope, operand, it, UNEQUAL, visit));
        }
        ExpressionKind::Case { operand: Some(operand), arms, .. } => {
            arms.iter().for_each(|it| beside(scope, operand, &it.0, NEVER, visit));
        }
        // `coalesce(status, 'x')` gives a status.
        ExpressionKind::Call { function, arguments, star: false, distinct: false }
            if gives_argument(function) =>
        {
            for (at, one) in arguments.iter().enumerate() {
                let others = arguments.iter().enumerate().filter(|it| it.0 != at);
                others.for_each(|(_, it)| beside(scope, one, it, UNEQUAL, visit));
            }
        }
        ExpressionKind::Exists { entity, filter: Some(filter), .. } => {
            let row = ctx.resolve_reference(entity).found().map_or(Row::Unknown, Row::Of);
            return in_expression(ctx, &scope.within(row), filter, visit);
        }
        _ => {}
    }
    expression.children(&mut |it| in_expression(ctx, scope, it, visit));
}

/// The values that are listed in `ANY(ARRAY[a, b])`.
fn elements(expression: &Expression) -> &[Expression] {
    match &expression.kind {
        ExpressionKind::Call { arguments, .. } => match arguments.as_slice() {
            [Expression { kind: ExpressionKind::Array(items), .. }] => items,
            _ => &[],
        },
        _ => &[],
    }
}

fn beside<'a>(
    scope: &Scope<'a>,
    column: &'a Expression,
    value: &'a Expression,
    outcome: &'static str,
    visit: Visit<'_, 'a>,
) {
    if let Some(it) = Recased::of(column) {
        return it.beside(scope, value, outcome, visit);
    }
    let Some(path) = column_path(column).filter(|_| may_be_value(value)) else { return };
    if let resolution = scope.resolve(path)
        && let Some(Type::Enum(values)) = resolution.ty()
        && resolution.field().is_none_or(|(_, it)| it.problems.is_empty())
        && !values.is_empty()
    {
        let own = scope.own_entity().0;
        let home = resolution.field().map_or(own, |(entity, _)| entity.0);
        let (column, is_case) = (&path.text(), false);
        results(value, &mut |value| {
            visit(&EnumValue { values, home, column, value, is_case, like: None, outcome });
        });
    }
}

/// A column behind a function that changes nothing of its text but the case: `lower(status)`.
struct Recased<'a> {
    path: &'a Path,
    function: &'a Name,
    /// What the function makes of a text in ASCII, whatever the database's language.
    recase: fn(&str) -> String,
}

impl<'a> Recased<'a> {
    fn of(expression: &'a Expression) -> Option<Self> {
        let ExpressionKind::Call { function, arguments, star: false, distinct: false } =
            &expression.kind
        else {
            return None;
        };
        let [argument] = arguments.as_slice() else { return None };
        let recase: fn(&str) -> String = match function.text.to_ascii_lowercase().as_str() {
            "lower" => str::to_ascii_lowercase,
            "upper" => str::to_ascii_uppercase,
            "trim" | "btrim" => str::to_owned,
            _ => return None,
        };
        Some(Self { path: column_path(argument)?, function, recase })
    }

    /// A text beside it, where that and the values are in letters of which the case is certain.
    fn beside(
        &self,
        scope: &Scope<'a>,
        value: &'a Expression,
        outcome: &'static str,
        visit: Visit<'_, 'a>,
    ) {
        let resolution = scope.resolve(self.path);
        let (ExpressionKind::String(text), Some(Type::Enum(values))) =
            (&value.kind, resolution.ty())
        else {
            return;
        };
        let is_sure = resolution.field().is_none_or(|(_, it)| it.problems.is_empty())
            && text.is_ascii()
            && !values.is_empty()
            && values.iter().all(|it| it.text.is_ascii())
            && !values.first().is_some_and(is_several);
        if is_sure {
            let home = resolution.field().map_or(scope.own_entity().0, |(entity, _)| entity.0);
            let column = &format!("{}({})", self.function.text, self.path.text());
            let recased = |it: &Name| Name::new((self.recase)(unquoted(it)), it.range);
            let values: &[Name] = &values.iter().map(recased).collect::<Vec<_>>();
            let (is_case, like) = (false, None);
            visit(&EnumValue { values, home, column, value, is_case, like, outcome });
        }
    }
}

/// Whether an expression may have a value of an enum, or a word that was meant to be one, as its result.
fn may_be_value(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::String(_)
            | ExpressionKind::Path(_)
            | ExpressionKind::Cast(..)
            | ExpressionKind::Call { .. }
            | ExpressionKind::Case { .. }
    )
}

/// The column that an expression is, behind `::text` and as the first argument of `coalesce`.
fn column_path(expression: &Expression) -> Option<&Path> {
    match &expression.kind {
        ExpressionKind::Path(path) => Some(path),
        ExpressionKind::Cast(operand, ty) if is_text(ty) => column_path(operand),
        ExpressionKind::Call { function, arguments, star: false, distinct: false }
            if gives_argument(function) =>
        {
            column_path(arguments.first()?)
        }
        _ => None,
    }
}

/// Whether a type holds the values of an enum as they are.
fn is_text(ty: &Name) -> bool {
    ["text", "varchar"].into_iter().any(|it| it.eq_ignore_ascii_case(&ty.text))
}

/// Whether a function gives one of its arguments.
fn gives_argument(function: &Name) -> bool {
    ["coalesce", "nullif", "greatest", "least"]
        .into_iter()
        .any(|it| it.eq_ignore_ascii_case(&function.text))
}

/// Whether an enum has a value. One that is several words was meant to be several, which `invalid-type` says.
pub(crate) fn lists(values: &[Name], text: &str) -> bool {
    // An enum without values has none that is missing: that it has none is said where it is declared.
    if values.is_empty() || values.iter().any(|it| unquoted(it) == text) {
        return true;
    }
    let has_word = |it: &Name| is_several(it) && it.text.split_whitespace().any(|it| it == text);
    // `live = draft` was meant to be a value and a default, which `invalid-type` says.
    let before = |it: &Name| unquoted(it).split_once('=').is_some_and(|it| it.0.trim() == text);
    values.iter().any(|it| has_word(it) || before(it))
}

/// Whether an enum has a value that is like a pattern; absent where that is not certain.
pub(crate) fn has_like(values: &[Name], pattern: &str, kind: LikeKind) -> Option<bool> {
    let is_sure = match kind {
        LikeKind::Like => true,
        LikeKind::ILike => pattern.is_ascii() && values.iter().all(|it| it.text.is_ascii()),
        LikeKind::Similar => false,
    };
    if !is_sure || pattern.contains('\\') || values.first().is_some_and(is_several) {
        return None;
    }
    let fold = |it: &str| match kind {
        LikeKind::ILike => it.to_ascii_lowercase(),
        LikeKind::Like | LikeKind::Similar => it.to_owned(),
    };
    let pattern = fold(pattern);
    Some(values.iter().any(|it| is_like(&fold(unquoted(it)), &pattern)))
}

/// `LIKE`: `%` stands for any text, `_` for one character.
fn is_like(text: &str, pattern: &str) -> bool {
    // Whether what was read of the pattern ends before each place of the text.
    let length = text.chars().count();
    let mut ends = vec![false; length + 1];
    ends.iter_mut().take(1).for_each(|it| *it = true);
    for sign in pattern.chars() {
        if sign == '%' {
            let mut is_behind = false;
            for it in &mut ends {
                is_behind |= *it;
                *it = is_behind;
            }
        } else {
            let fits: Vec<bool> = text.chars().map(|it| sign == '_' || sign == it).collect();
            let moved = ends.iter().zip(fits).map(|(end, fits)| *end && fits);
            ends = std::iter::once(false).chain(moved).collect();
        }
    }
    ends.last() == Some(&true)
}

/// Whether a value of an enum is words without the commas between them.
pub(crate) fn is_several(value: &Name) -> bool {
    let is_quoted = value.text.starts_with(['\'', '"']);
    !is_quoted && value.text.split_whitespace().count() > 1
}

/// A value of an enum without the quotes that it may be declared in.
pub(crate) fn unquoted(value: &Name) -> &str {
    value.text.trim_matches(['\'', '"'])
}
