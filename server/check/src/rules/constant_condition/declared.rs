//! Parts of a condition that the declaration of a field decides: its bounds, its pattern, the values of its enum,
//! that it is required.
//!
//! That something always holds is advice: nobody is harmed by a value that is looked at again.

use std::cmp::Ordering;

use specql_contract::inputs_of;
use specql_model::{
    ActionId, Column, EntityId, Field, OwnRow, PathEnd, PathResolution, ResolvedPath, Row, Type,
    infer::ValueType, scope::Scope,
};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, Path, UnaryOperator};
use specql_text::TextRange;

use super::{Literal, RULE, compare, literal, turned};
use crate::{
    Context, Diagnostic, Level,
    enums::unquoted,
    limits::{self, refusal},
};

pub(super) fn report(ctx: &Context<'_>, id: ActionId, acc: &mut Vec<Diagnostic>) {
    let is_made = ctx.workspace.own_row(id) == OwnRow::Awaited;
    ctx.each_step(id, &mut |scope, step| {
        if !step.problems.is_empty() {
            return;
        }
        // Until the row is made its fields mean the input, which may be anything.
        let has_row = !is_made || ctx.workspace.own_row_at(id, step.range) != OwnRow::Awaited;
        let place = Place { ctx, id, has_row };
        step.expressions(&mut |it| place.in_expression(scope, it, None, acc));
    });
}

struct Place<'c, 'a> {
    ctx: &'c Context<'a>,
    id: ActionId,
    /// The fields of the file's entity are those of a row.
    has_row: bool,
}

/// What is said of a part of a condition.
struct Verdict {
    range: TextRange,
    always: bool,
    /// As the beginning of a sentence.
    reason: String,
    /// Where it is declared.
    said: (EntityId, TextRange),
    advice: String,
    /// It is about whether there is a value.
    is_presence: bool,
}

impl<'a> Place<'_, 'a> {
    fn in_expression(
        &self,
        scope: &Scope<'a>,
        expression: &'a Expression,
        joined: Option<BinaryOperator>,
        acc: &mut Vec<Diagnostic>,
    ) {
        acc.extend(self.verdict(scope, expression).map(|it| {
            let holds = if it.always { "always" } else { "never" };
            let message = format!("{}, so this {holds} holds{}", it.reason, it.advice);
            let found = self.ctx.finding(&RULE, it.range, message);
            // A condition that always holds does no harm, and neither does one of several that never holds. Whether
            // there is a value is asked of rows that somebody may still loosen.
            let is_harmless = it.always || it.is_presence || joined == Some(BinaryOperator::Or);
            let found = found.level(if is_harmless { Level::Hint } else { RULE.level });
            found.related(it.said.0.0, it.said.1, "the declaration")
        }));
        if let ExpressionKind::Exists { entity, filter: Some(filter), .. } = &expression.kind {
            let row = self.ctx.resolve_reference(entity).found().map_or(Row::Unknown, Row::Of);
            return self.in_expression(&scope.within(row), filter, None, acc);
        }
        let joined = match &expression.kind {
            // What is denied holds where it says that it does not.
            ExpressionKind::Unary(UnaryOperator::Not, operand)
                if !matches!(operand.kind, ExpressionKind::Exists { .. }) =>
            {
                return;
            }
            ExpressionKind::Binary(_, BinaryOperator::Or, ..) => Some(BinaryOperator::Or),
            ExpressionKind::Binary(_, BinaryOperator::And, ..) => joined,
            _ => None,
        };
        expression.children(&mut |it| self.in_expression(scope, it, joined, acc));
    }

    fn verdict(&self, scope: &Scope<'a>, part: &'a Expression) -> Option<Verdict> {
        match &part.kind {
            ExpressionKind::IsNull { operand, negated } => {
                self.presence(scope, part.range, operand, *negated)
            }
            ExpressionKind::In { operand, list, negated } => {
                let (entity, field) = self.field(scope, operand)?;
                let all = all_values(field, list);
                all.then(|| Verdict {
                    range: part.range,
                    always: !*negated,
                    reason: format!(
                        "these are all values of `{}`, which is required",
                        field.name.text
                    ),
                    said: (entity, field.type_range),
                    advice: String::new(),
                    is_presence: false,
                })
            }
            ExpressionKind::Binary(left, operator, _, right) => {
                let (name, value, operator) = match (literal(right), literal(left)) {
                    (Some(_), None) => (left, right, *operator),
                    (None, Some(_)) => (right, left, turned(*operator)),
                    _ => return None,
                };
                let (entity, field) = self.last_field(scope, name)?;
                let found = match operator {
                    BinaryOperator::Equal | BinaryOperator::NotEqual => {
                        self.misfit(field, value, operator == BinaryOperator::NotEqual)
                    }
                    _ => beyond(self.ctx, field, value, operator),
                };
                let (always, reason, bound) = found?;
                let said = (entity, bound.unwrap_or(field.type_range));
                let advice = String::new();
                let range = part.range;
                Some(Verdict { range, always, reason, said, advice, is_presence: false })
            }
            _ => None,
        }
    }

    /// `title IS NOT NULL` of a row whose title is required.
    fn presence(
        &self,
        scope: &Scope<'a>,
        range: TextRange,
        operand: &'a Expression,
        negated: bool,
    ) -> Option<Verdict> {
        let (entity, field) = self.field(scope, operand).filter(|it| !it.1.nullable)?;
        let ExpressionKind::Path(path) = &operand.kind else { return None };
        let [name] = path.segments.as_slice() else { return None };
        let inputs = inputs_of(self.ctx.workspace, self.id);
        let is_given = inputs.iter().any(|it| it.spellings.contains(&name.text));
        let advice = if is_given {
            format!("; what a caller gives is `input.{}`", name.text)
        } else {
            String::new()
        };
        let reason = format!("`{}` is required, and every row has it", name.text);
        let said = (entity, field.name.range);
        Some(Verdict { range, always: negated, reason, said, advice, is_presence: true })
    }

    /// The field of a row that an expression names.
    fn field(&self, scope: &Scope<'a>, name: &'a Expression) -> Option<(EntityId, &'a Field)> {
        let ExpressionKind::Path(path) = &name.kind else { return None };
        last(&self.path(scope, path).filter(|it| it.steps.len() == 1)?)
    }

    /// The same, perhaps of a row behind references, which may not be there.
    fn last_field(&self, scope: &Scope<'a>, name: &'a Expression) -> Option<(EntityId, &'a Field)> {
        let ExpressionKind::Path(path) = &name.kind else { return None };
        last(&self.path(scope, path)?)
    }

    fn path(&self, scope: &Scope<'a>, path: &'a Path) -> Option<ResolvedPath<'a>> {
        let is_input = !self.has_row && scope.begins_at_own_row(path);
        match scope.resolve(path) {
            PathResolution::Column(it) | PathResolution::Old(it) | PathResolution::New(it) => {
                (!is_input).then_some(it)
            }
            PathResolution::Variable { path, .. } => path,
            _ => None,
        }
    }

    /// A value that the field never has.
    fn misfit(
        &self,
        field: &Field,
        value: &Expression,
        negated: bool,
    ) -> Option<(bool, String, Option<TextRange>)> {
        let text = match literal(value)? {
            Literal::Text("") | Literal::Truth(_) => return None,
            Literal::Text(it) => it.to_owned(),
            Literal::Number(it) => it.to_string(),
        };
        let ty = ValueType::of_type(self.ctx.workspace, EntityId(self.ctx.id()), &field.ty);
        // What cannot be read at all is `type-mismatch`, and values of enums have a rule of their own.
        if !matches!(ty, ValueType::Scalar(it) if it.reads(&text)) {
            return None;
        }
        let it = refusal(self.ctx, field, &text)?;
        Some((negated, it.reason, it.bound))
    }
}

/// The field at the end of a path.
fn last<'a>(path: &ResolvedPath<'a>) -> Option<(EntityId, &'a Field)> {
    let step = path.last().filter(|_| path.end == PathEnd::Whole)?;
    let Column::Field(field) = step.column else { return None };
    field.problems.is_empty().then_some((step.entity, field))
}

/// Whether a list has every value of a required enum.
fn all_values(field: &Field, list: &[Expression]) -> bool {
    let Type::Enum(values) = &field.ty else { return false };
    let listed = |value: &str| {
        list.iter().any(|it| matches!(&it.kind, ExpressionKind::String(text) if text == value))
    };
    !field.nullable && values.len() > 1 && values.iter().all(|it| listed(unquoted(it)))
}

/// A comparison with a number that the bounds of the field decide.
fn beyond(
    ctx: &Context<'_>,
    field: &Field,
    value: &Expression,
    operator: BinaryOperator,
) -> Option<(bool, String, Option<TextRange>)> {
    use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let ty = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), &field.ty);
    if !matches!(ty, ValueType::Scalar(it) if it.is_number()) {
        return None;
    }
    let value = literal(value)?;
    let (least, most) = limits::numbers(field);
    let order =
        |it: &Option<(f64, Option<TextRange>)>| compare(&Literal::Number(it.as_ref()?.0), &value);
    let is =
        |found: Option<Ordering>, wanted: &[Ordering]| found.is_some_and(|it| wanted.contains(&it));
    let (above, below) = ([Ordering::Greater], [Ordering::Less]);
    let (at_least, at_most) =
        ([Ordering::Greater, Ordering::Equal], [Ordering::Less, Ordering::Equal]);
    let (always, bound) = match operator {
        Less if is(order(&most), &below) => (true, most),
        Less if is(order(&least), &at_least) => (false, least),
        LessOrEqual if is(order(&most), &at_most) => (true, most),
        LessOrEqual if is(order(&least), &above) => (false, least),
        Greater if is(order(&least), &above) => (true, least),
        Greater if is(order(&most), &at_most) => (false, most),
        GreaterOrEqual if is(order(&least), &at_least) => (true, least),
        GreaterOrEqual if is(order(&most), &below) => (false, most),
        _ => return None,
    };
    let (number, place) = bound?;
    if always && place.is_none() {
        return None;
    }
    let side = if least.is_some_and(|it| it.0 == number) { "least" } else { "most" };
    Some((always, format!("`{}` is at {side} `{number}`", field.name.text), place))
}
