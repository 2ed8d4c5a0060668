//! What can be read and stands where it means nothing: `?` beside no field, `any(…)` beside no
//! comparison, a loop over something that is no list.

use specql_model::{ActionId, PathResolution, Step, StepKind, scope::Scope};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, Path};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic};

/// The first such thing of a step.
pub(super) fn of_step(ctx: &Context<'_>, id: ActionId, step: &Step) -> Option<Diagnostic> {
    if let StepKind::ForEach { collection, .. } = &step.kind
        && let ExpressionKind::Path(path) = &collection.kind
        && let Some(found) = of_loop(ctx, id, step, path)
    {
        return Some(found);
    }
    let assigned: Vec<TextRange> =
        step.write().iter().flat_map(|it| &it.assignments).map(|it| it.value.range).collect();
    let mut found = None;
    step.expressions(&mut |it| {
        let place = Place { has_field: false, is_assigned: assigned.contains(&it.range) };
        look(it, place, &mut |range, message| {
            found.get_or_insert_with(|| ctx.finding(&RULE, range, message.to_owned()));
        });
    });
    found
}

/// What stands around an expression.
#[derive(Clone, Copy)]
struct Place {
    /// It is compared with a field.
    has_field: bool,
    /// It is a value, or a part of one, that a field is set to.
    is_assigned: bool,
}

fn look(it: &Expression, place: Place, report: &mut dyn FnMut(TextRange, &str)) {
    let alone = Place { has_field: false, is_assigned: false };
    let beside = |other: &Expression| Place {
        has_field: matches!(other.kind, ExpressionKind::Path(_)),
        is_assigned: false,
    };
    match &it.kind {
        ExpressionKind::Parameter if !place.has_field && !place.is_assigned => {
            report(
                it.range,
                "`?` stands beside no field, so nothing says which input it is and the action would fail; write `input.name`",
            );
        }
        ExpressionKind::Binary(left, BinaryOperator::And | BinaryOperator::Or, _, right) => {
            look(left, alone, report);
            look(right, alone, report);
        }
        ExpressionKind::Binary(left, operator, _, right) if compares(*operator) => {
            look(left, beside(right), report);
            match quantified(right) {
                Some([]) => report(
                    right.range,
                    "nothing stands in these parentheses to compare with, so the action would fail",
                ),
                Some(items) => items.iter().for_each(|it| look(it, beside(left), report)),
                None => look(right, beside(left), report),
            }
        }
        ExpressionKind::In { operand, list, .. } => {
            look(operand, alone, report);
            list.iter().for_each(|it| look(it, beside(operand), report));
        }
        ExpressionKind::Between { operand, low, high, .. } => {
            look(operand, alone, report);
            look(low, beside(operand), report);
            look(high, beside(operand), report);
        }
        ExpressionKind::Like { operand, pattern, .. } => {
            look(operand, alone, report);
            quantified(pattern)
                .unwrap_or(std::slice::from_ref(pattern.as_ref()))
                .iter()
                .for_each(|it| look(it, alone, report));
        }
        ExpressionKind::Call { .. } if quantified(it).is_some() => {
            report(
                it.range,
                "this stands to the right of a comparison only, as in `x = any(list)`, so the action would fail",
            );
        }
        ExpressionKind::Call { arguments, .. } => {
            let inner = Place { has_field: false, ..place };
            arguments.iter().for_each(|it| look(it, inner, report));
        }
        ExpressionKind::IsUnique { operand, .. }
            if !matches!(operand.kind, ExpressionKind::Path(_) | ExpressionKind::Missing) =>
        {
            report(operand.range, "only a field can be unique, so the action would fail; name one");
        }
        // Arithmetic and `CASE` have the type of what they stand beside.
        _ => it.children(&mut |it| look(it, place, report)),
    }
}

const fn compares(operator: BinaryOperator) -> bool {
    !matches!(
        operator,
        BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::Power
            | BinaryOperator::Concat
            | BinaryOperator::AtTimeZone
    )
}

/// What stands in `any(…)`, `some(…)` or `all(…)`.
fn quantified(it: &Expression) -> Option<&[Expression]> {
    let ExpressionKind::Call { function, arguments, .. } = &it.kind else { return None };
    let is_word = |word: &&str| word.eq_ignore_ascii_case(&function.text);
    let is_missing = |it: &Expression| it.kind == ExpressionKind::Missing;
    ["any", "some", "all"]
        .iter()
        .any(is_word)
        .then(|| if arguments.iter().all(is_missing) { &[] } else { arguments.as_slice() })
}

/// A loop over the input as a whole. Other things that are no list are `unknown-field` and `type-mismatch`.
fn of_loop(ctx: &Context<'_>, id: ActionId, step: &Step, path: &Path) -> Option<Diagnostic> {
    let range = path.segments.first()?.range.cover(path.segments.last()?.range);
    let range = TextRange::new(range.start().saturating_sub(u32::from(path.dollar)), range.end());
    let names: Vec<&str> = path.segments.iter().map(|it| it.text.as_str()).collect();
    match (Scope::at(ctx.workspace, id, step).resolve(path), names.as_slice()) {
        (
            PathResolution::Parameter(parameter)
            | PathResolution::BehindParameter { parameter, .. },
            [.., before, part],
        ) if parameter.name.text == *before => {
            let message = format!(
                "a loop runs over a list of the input as a whole, and `{part}` is a part of `{before}`, so the action \
                 would fail; give that part as an input of its own"
            );
            let found = ctx.finding(&RULE, range, message);
            Some(found.related(ctx.id(), parameter.name.range, "the parameter"))
        }
        (PathResolution::Input { name: "", .. }, _) => {
            let message = "a loop runs over one list of the input, so the action would fail; write `input.` and its name";
            Some(ctx.finding(&RULE, range, message.to_owned()))
        }
        _ => None,
    }
}
