//! Expressions of two operands and an operator.

use tree_sitter::Node;

use super::{BinaryOperator, Expression, ExpressionKind, Line, expect_word, field_of, has_word};
use crate::statement::LineProblemKind;

/// Operators that have no meaning of their own here, as SQL writes them.
const SQL_OPERATORS: &[&str] = &[
    "->", "->>", "#>", "#>>", "@>", "<@", "?", "?|", "?&", "&&", "@@", "@?", "<<", ">>", "&", "|",
];

pub(super) fn binary_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let left = field_of(line, node, "left");
    let Some(operator) = node.child_by_field_name("operator") else { return left.kind };
    let range = line.range(operator);
    // Before the operand: of two things that are missing at one place the first counts.
    match operator.kind() {
        "distinct_operator" => expect_word(line, operator, "`FROM`"),
        "time_zone_operator" => expect_word(line, operator, "`TIME ZONE`"),
        _ => {}
    }
    let right = field_of(line, node, "right");
    let Some(meaning) = operator_of(operator, line.text(operator)) else {
        line.report(range.cover(right.range), LineProblemKind::Unexpected);
        return left.kind;
    };
    ExpressionKind::Binary(Box::new(left), meaning, range, Box::new(right))
}

/// What an operator means; nothing for an `ESCAPE` without its pattern.
fn operator_of(operator: Node<'_>, written: &str) -> Option<BinaryOperator> {
    Some(match operator.kind() {
        "OR" => BinaryOperator::Or,
        "AND" => BinaryOperator::And,
        "=" => BinaryOperator::Equal,
        "<>" => BinaryOperator::NotEqual,
        "<" => BinaryOperator::Less,
        "<=" => BinaryOperator::LessOrEqual,
        ">" => BinaryOperator::Greater,
        ">=" => BinaryOperator::GreaterOrEqual,
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "%" => BinaryOperator::Modulo,
        "^" => BinaryOperator::Power,
        "||" => BinaryOperator::Concat,
        "distinct_operator" => BinaryOperator::Distinct { negated: has_word(operator, "NOT") },
        "time_zone_operator" => BinaryOperator::AtTimeZone,
        "regex_operator" => BinaryOperator::Regex {
            negated: written.starts_with('!'),
            ignore_case: written.ends_with('*'),
        },
        "operator" => BinaryOperator::Sql(SQL_OPERATORS.iter().find(|it| **it == written)?),
        _ => return None,
    })
}

/// A pattern, and the character after its `ESCAPE`.
pub(super) fn pattern_of(
    line: &mut Line<'_>,
    node: Node<'_>,
) -> (Box<Expression>, Option<Box<Expression>>) {
    let pattern = node.child_by_field_name("pattern");
    let escaped = pattern.filter(|it| it.child_by_field_name("operator").is_some_and(is_escape));
    match escaped {
        Some(it) => {
            let pattern = Box::new(field_of(line, it, "left"));
            (pattern, Some(Box::new(field_of(line, it, "right"))))
        }
        None => (Box::new(field_of(line, node, "pattern")), None),
    }
}

fn is_escape(operator: Node<'_>) -> bool {
    operator.kind() == "ESCAPE"
}
