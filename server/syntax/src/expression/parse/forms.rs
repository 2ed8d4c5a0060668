//! Expressions with keywords or brackets: `IS`, `IN`, `LIKE`, `BETWEEN`, `MATCHES`, `CASE`, `EXISTS`,
//! casts, arrays, rows, subscripts.

use specql_text::TextRange;
use tree_sitter::Node;

use super::{
    Expression, ExpressionKind, Line, UnaryOperator, call, check_closed, check_commas, entity_of,
    expect_word, expression_of, field_of, has_word, is_beside, operator::pattern_of, path_of,
    unquoted,
};
use crate::{
    expression::{EntityReference, LikeKind},
    statement::LineProblemKind,
};

pub(super) fn kind_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    match node.kind() {
        "is_expression" => is_of(line, node),
        "in_expression" => in_of(line, node),
        "like_expression" => like_of(line, node),
        "between_expression" => {
            let operand = boxed(line, node, "operand");
            let low = boxed(line, node, "low");
            expect_word(line, node, "`AND`");
            let high = boxed(line, node, "high");
            let symmetric = has_word(node, "SYMMETRIC");
            ExpressionKind::Between {
                operand,
                low,
                high,
                symmetric,
                negated: has_word(node, "NOT"),
            }
        }
        "matches_expression" => matches_of(line, node),
        "case_expression" => case_of(line, node),
        "exists_expression" => exists_of(line, node),
        "cast_expression" => cast_of(line, node),
        "call" => call::call_of(line, node),
        "array" => ExpressionKind::Array(list_of(line, node).into()),
        "row" => ExpressionKind::Row(list_of(line, node).into()),
        "subscript_expression" => subscript_of(line, node),
        "typed_literal" => {
            let value = boxed(line, node, "value");
            let ty = node.child_by_field_name("type").map(|it| line.name(it));
            ExpressionKind::Cast(value, ty.unwrap_or_else(|| line.name(node)))
        }
        _ => {
            line.expected(node, "a value");
            ExpressionKind::Missing
        }
    }
}

pub(super) fn boxed(line: &mut Line<'_>, node: Node<'_>, field: &str) -> Box<Expression> {
    Box::new(field_of(line, node, field))
}

/// `IS NULL`, `IS TRUE`, `IS VALID`, `IS UNIQUE`; a truth value that is unknown is null.
fn is_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    expect_word(line, node, "`NULL`");
    let negated = has_word(node, "NOT");
    match () {
        () if has_word(node, "UNIQUE") => ExpressionKind::IsUnique { operand, negated },
        () if has_word(node, "TRUE") => ExpressionKind::IsBool { operand, value: true, negated },
        () if has_word(node, "FALSE") => ExpressionKind::IsBool { operand, value: false, negated },
        () if has_word(node, "VALID") => {
            let valid = ExpressionKind::IsValid(operand);
            if negated { not(line, node, valid) } else { valid }
        }
        () => ExpressionKind::IsNull { operand, negated },
    }
}

fn not(line: &Line<'_>, node: Node<'_>, kind: ExpressionKind) -> ExpressionKind {
    let operand = Expression { range: line.range(node), kind };
    ExpressionKind::Unary(UnaryOperator::Not, Box::new(operand))
}

/// `x IN (a, b)`, `x IN (SELECT …)`, `x IN items`. A text has a place behind `IN` in `position` only.
fn in_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    let collection = node.child_by_field_name("collection");
    if collection.is_some_and(|it| it.kind().ends_with("string"))
        && line.position != Some(node.id())
        && let Some(it) = collection
    {
        line.report(line.range(it), LineProblemKind::Expected("a list in parentheses"));
    }
    let list = match collection {
        Some(it) if it.kind() == "list" => list_of(line, it),
        Some(it) => vec![expression_of(line, it)],
        None => Vec::new(),
    };
    ExpressionKind::In { operand, list: list.into(), negated: has_word(node, "NOT") }
}

fn like_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    expect_word(line, node, "`TO`");
    let kind = match () {
        () if has_word(node, "SIMILAR") => LikeKind::Similar,
        () if has_word(node, "ILIKE") => LikeKind::ILike,
        () => LikeKind::Like,
    };
    let (pattern, escape) = pattern_of(line, node);
    ExpressionKind::Like { operand, pattern, escape, kind, negated: has_word(node, "NOT") }
}

fn subscript_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    check_closed(line, node);
    ExpressionKind::Subscript {
        operand: boxed(line, node, "operand"),
        index: boxed(line, node, "index"),
    }
}

/// The expressions in brackets.
pub(crate) fn list_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_commas(line, node);
    node.named_children(&mut node.walk())
        .filter(|it| !is_beside(*it))
        .map(|it| expression_of(line, it))
        .collect()
}

fn matches_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    let negated = has_word(node, "NOT");
    let Some(pattern) = node.child_by_field_name("pattern") else {
        return ExpressionKind::Missing;
    };
    let quoted = pattern.kind().ends_with("string");
    if pattern.kind() == "unclosed_string" {
        line.unclosed(pattern);
    }
    if pattern.kind() == "missing_value" {
        line.expected(pattern, "a pattern");
    }
    let mut name = line.name(pattern);
    if quoted {
        name.text = unquoted(&name.text).into();
    }
    ExpressionKind::Matches { operand, pattern: name, quoted, negated }
}

fn case_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = node.child_by_field_name("operand").map(|it| expression_of(line, it));
    let (mut arms, mut otherwise) = (Vec::new(), None);
    for child in node.named_children(&mut node.walk()) {
        match child.kind() {
            "case_arm" => {
                let condition = field_of(line, child, "condition");
                expect_word(line, child, "`THEN`");
                arms.push((condition, field_of(line, child, "value")));
            }
            "case_default" => otherwise = Some(boxed(line, child, "value")),
            "missing_word" => line.expected(child, "`END`"),
            _ => {}
        }
    }
    // `CASE` alone: what is missing is a `WHEN`, no operand.
    let operand = operand.filter(|it| it.kind != ExpressionKind::Missing).map(Box::new);
    ExpressionKind::Case { operand, arms: arms.into(), otherwise }
}

fn exists_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    check_closed(line, node);
    let mut filter = None;
    for child in node.named_children(&mut node.walk()) {
        match child.kind() {
            "raw_sql" | "unclosed_raw_sql" => {
                let function = line.name(node.child(0).unwrap_or(node));
                let arguments = vec![expression_of(line, child)];
                return ExpressionKind::Call {
                    function,
                    arguments: arguments.into(),
                    star: false,
                    distinct: false,
                };
            }
            "where_clause" => filter = Some(boxed(line, child, "condition")),
            _ => {}
        }
    }
    let entity = node.child_by_field_name("entity").and_then(|it| {
        if it.kind() == "missing_name" {
            line.expected(it, "an entity");
            return Some(EntityReference { schema: None, name: line.name(it) });
        }
        entity_of(path_of(line, it))
    });
    entity.map_or(ExpressionKind::Missing, |entity| ExpressionKind::Exists {
        entity: Box::new(entity),
        filter,
        negated: false,
    })
}

fn cast_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    check_closed(line, node);
    let ty = node.named_children(&mut node.walk()).find(|it| it.kind() == "type");
    let Some(ty) = ty else {
        line.expected_at(TextRange::empty(operand.range.end()), "`AS`");
        return operand.kind;
    };
    check_closed(line, ty);
    if let Some(missing) = ty.named_child(0).filter(|it| it.kind() == "missing_name") {
        line.expected(missing, "a type");
    }
    ExpressionKind::Cast(operand, line.name(ty))
}
