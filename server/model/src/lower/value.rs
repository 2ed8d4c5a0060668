//! Expressions behind keys of the long forms.

use smallvec::smallvec;
use specql_syntax::{
    Name,
    expression::{BinaryOperator, Expression, ExpressionKind, Path, parse_expression},
    statement::{Assignment, LineProblem, LineProblemKind},
    yaml::{Node, NodeKind, Resolved, Scalar, ScalarStyle},
};
use specql_text::TextRange;

/// An expression that is not there.
pub(super) fn missing(range: TextRange) -> Expression {
    Expression { range, kind: ExpressionKind::Missing }
}

/// A condition: text, or a mapping of fields with the values they have to have.
pub(super) fn condition(node: &Node, problems: &mut Vec<LineProblem>) -> Option<Expression> {
    match &node.kind {
        NodeKind::Missing => None,
        NodeKind::Scalar(_) if node.is_null() => None,
        NodeKind::Scalar(it) => Some(expression(it, problems)),
        NodeKind::Mapping(_) => {
            let equal = assignments(node, problems).into_iter().map(|it| {
                let path = Path { dollar: false, segments: smallvec![it.field.clone()] };
                let range = it.field.range.cover(it.value.range);
                let left = Expression { range: it.field.range, kind: ExpressionKind::Path(path) };
                binary(range, left, BinaryOperator::Equal, it.value)
            });
            equal.reduce(|left, right| {
                binary(left.range.cover(right.range), left, BinaryOperator::And, right)
            })
        }
        NodeKind::Sequence(it) => {
            let all = it.items.iter().filter_map(|it| condition(it, problems)).collect::<Vec<_>>();
            all.into_iter().reduce(|left, right| {
                binary(left.range.cover(right.range), left, BinaryOperator::And, right)
            })
        }
    }
}

/// An operation whose operator is not written.
fn binary(
    range: TextRange,
    left: Expression,
    operator: BinaryOperator,
    right: Expression,
) -> Expression {
    let between = TextRange::empty(left.range.end());
    let kind = ExpressionKind::Binary(Box::new(left), operator, between, Box::new(right));
    Expression { range, kind }
}

/// A scalar as an expression, with its problems beside those of the step.
pub(super) fn expression(scalar: &Scalar, problems: &mut Vec<LineProblem>) -> Expression {
    let (expression, found) = parse_expression(scalar);
    problems.extend(found);
    expression
}

/// A value that is assigned or passed: an expression. What is written in YAML's quotes is text,
/// unless it can only be an expression (`"price * quantity"`, `"input.title"`).
pub(super) fn value(node: &Node, problems: &mut Vec<LineProblem>) -> Expression {
    let at = |kind| Expression { range: node.range, kind };
    let scalar = match &node.kind {
        NodeKind::Missing => return missing(node.range),
        NodeKind::Scalar(it) => it,
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
            problems.push(LineProblem {
                range: node.range,
                kind: LineProblemKind::Expected("an expression"),
            });
            return missing(node.range);
        }
    };
    match (&scalar.resolved, scalar.style) {
        (Resolved::Null, _) => at(ExpressionKind::Null),
        (Resolved::Bool(it), _) => at(ExpressionKind::Bool(*it)),
        // As the loader reads them: `012` is ten, and a date is no subtraction.
        (Resolved::Int(it), _) => at(ExpressionKind::Number(it.clone())),
        (Resolved::Timestamp, _) => at(ExpressionKind::String(scalar.text.clone())),
        (_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) => {
            let (expression, found) = parse_expression(scalar);
            if found.is_empty() && is_surely_expression(&expression.kind) {
                expression
            } else {
                at(ExpressionKind::String(scalar.text.clone()))
            }
        }
        _ => expression(scalar, problems),
    }
}

fn is_surely_expression(kind: &ExpressionKind) -> bool {
    match kind {
        ExpressionKind::Missing
        | ExpressionKind::Number(_)
        | ExpressionKind::Bool(_)
        | ExpressionKind::Null => false,
        ExpressionKind::Path(it) => it.dollar || it.segments.len() > 1,
        // `R&D`, `sure? yes`: signs that stand in texts, too.
        ExpressionKind::Binary(_, BinaryOperator::Sql("&" | "|" | "?" | "<<" | ">>"), ..) => false,
        _ => true,
    }
}

/// Fields with their values: of a mapping, or of one text `field = value`.
pub(super) fn assignments(node: &Node, problems: &mut Vec<LineProblem>) -> Vec<Assignment> {
    match &node.kind {
        NodeKind::Mapping(it) => {
            let entries = it.entries.iter();
            entries
                .map(|it| Assignment { field: it.key.clone(), value: value(&it.value, problems) })
                .collect()
        }
        NodeKind::Scalar(it) if !node.is_null() => {
            let expression = expression(it, problems);
            match assignment(expression) {
                Some(it) => vec![it],
                None => {
                    let kind = LineProblemKind::Expected("fields with values");
                    problems.push(LineProblem { range: node.range, kind });
                    Vec::new()
                }
            }
        }
        NodeKind::Sequence(it) => {
            it.items.iter().flat_map(|it| assignments(it, problems)).collect()
        }
        NodeKind::Missing | NodeKind::Scalar(_) => Vec::new(),
    }
}

fn assignment(expression: Expression) -> Option<Assignment> {
    let ExpressionKind::Binary(left, BinaryOperator::Equal, _, value) = expression.kind else {
        return None;
    };
    match left.kind {
        ExpressionKind::Path(path) if !path.dollar && path.segments.len() == 1 => {
            let field = path.segments.into_iter().next()?;
            Some(Assignment { field, value: *value })
        }
        _ => None,
    }
}

/// Values that are sent along: named in a mapping; a path in a list has the name of its last part.
pub(super) fn named_values(
    node: &Node,
    problems: &mut Vec<LineProblem>,
) -> Vec<(Name, Expression)> {
    let all = arguments(node, problems).into_iter();
    let named = all.filter_map(|(name, value)| {
        let name = name.or_else(|| match &value.kind {
            ExpressionKind::Path(path) => path.segments.last().cloned(),
            _ => None,
        });
        if name.is_none() && value.kind != ExpressionKind::Missing {
            let kind = LineProblemKind::Expected("a name before this value");
            problems.push(LineProblem { range: value.range, kind });
        }
        Some((name?, value))
    });
    named.collect()
}

/// Arguments of a call: by name in a mapping, by position in a list.
pub(super) fn arguments(
    node: &Node,
    problems: &mut Vec<LineProblem>,
) -> Vec<(Option<Name>, Expression)> {
    match &node.kind {
        NodeKind::Mapping(it) => {
            it.entries.iter().map(|it| (Some(it.key.clone()), value(&it.value, problems))).collect()
        }
        NodeKind::Sequence(it) => it.items.iter().map(|it| (None, value(it, problems))).collect(),
        NodeKind::Scalar(_) if !node.is_null() => vec![(None, value(node, problems))],
        NodeKind::Missing | NodeKind::Scalar(_) => Vec::new(),
    }
}
