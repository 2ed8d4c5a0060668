//! Expressions with keywords or parentheses: `IS`, `IN`, `LIKE`, `BETWEEN`, `MATCHES`, `CASE`,
//! `EXISTS`, casts and calls.

use tree_sitter::Node;

use super::{
    Expression, ExpressionKind, Line, Name, SmolStr, UnaryOperator, check_closed, check_commas,
    entity_of, expect_word, expression_of, field_of, has_word, joined, path_of, unquoted,
};
use crate::expression::EntityReference;

pub(super) fn kind_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    match node.kind() {
        "is_expression" => is_of(line, node),
        "in_expression" => ExpressionKind::In {
            operand: boxed(line, node, "operand"),
            list: node
                .child_by_field_name("collection")
                .map(|it| collection_of(line, it))
                .unwrap_or_default(),
            negated: has_word(node, "NOT"),
        },
        "like_expression" => ExpressionKind::Like {
            operand: boxed(line, node, "operand"),
            pattern: boxed(line, node, "pattern"),
            negated: has_word(node, "NOT"),
            ignore_case: has_word(node, "ILIKE"),
        },
        "between_expression" => {
            let operand = boxed(line, node, "operand");
            let low = boxed(line, node, "low");
            expect_word(line, node, "`AND`");
            let high = boxed(line, node, "high");
            ExpressionKind::Between { operand, low, high, negated: has_word(node, "NOT") }
        }
        "matches_expression" => matches_of(line, node),
        "case_expression" => case_of(line, node),
        "exists_expression" => exists_of(line, node),
        "cast_expression" => cast_of(line, node),
        "call" => call_of(line, node),
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

fn boxed(line: &mut Line<'_>, node: Node<'_>, field: &str) -> Box<Expression> {
    Box::new(field_of(line, node, field))
}

/// `IS NULL`, `IS VALID`, `IS UNIQUE`; `IS TRUE` as the function call it stands for, because it is
/// never null.
fn is_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    expect_word(line, node, "`NULL`");
    let negated = has_word(node, "NOT");
    if has_word(node, "UNIQUE") {
        return ExpressionKind::IsUnique { operand, negated };
    }
    let truth = match () {
        () if has_word(node, "TRUE") => true,
        () if has_word(node, "FALSE") => false,
        () if has_word(node, "VALID") => {
            let valid = ExpressionKind::IsValid(operand);
            return if negated { not(line, node, valid) } else { valid };
        }
        () => return ExpressionKind::IsNull { operand, negated },
    };
    let range = line.range(node);
    let fallback = Expression { range, kind: ExpressionKind::Bool(!truth) };
    let function = Name::new("COALESCE", range);
    let is_true =
        ExpressionKind::Call { function, arguments: vec![*operand, fallback], star: false };
    if truth == negated { not(line, node, is_true) } else { is_true }
}

fn not(line: &Line<'_>, node: Node<'_>, kind: ExpressionKind) -> ExpressionKind {
    let operand = Expression { range: line.range(node), kind };
    ExpressionKind::Unary(UnaryOperator::Not, Box::new(operand))
}

/// The items after `IN`: those of a list, or the one query, path or call.
fn collection_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    if node.kind() == "list" { list_of(line, node) } else { vec![expression_of(line, node)] }
}

/// The expressions in parentheses.
pub(crate) fn list_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_commas(line, node);
    node.named_children(&mut node.walk())
        .filter(|it| !matches!(it.kind(), "missing_close" | "missing_comma" | "unexpected"))
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
    ExpressionKind::Case { operand, arms, otherwise }
}

fn exists_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    check_closed(line, node);
    let mut filter = None;
    for child in node.named_children(&mut node.walk()) {
        match child.kind() {
            "raw_sql" => return ExpressionKind::RawSql(line.text(node).into()),
            "unclosed_raw_sql" => {
                line.unclosed(child);
                return ExpressionKind::RawSql(line.text(node).into());
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
        entity,
        filter,
        negated: false,
    })
}

fn cast_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = boxed(line, node, "operand");
    expect_word(line, node, "`AS`");
    check_closed(line, node);
    let ty = node.named_children(&mut node.walk()).find(|it| it.kind() == "type");
    let Some(ty) = ty else { return operand.kind };
    check_closed(line, ty);
    if let Some(missing) = ty.named_child(0).filter(|it| it.kind() == "missing_name") {
        line.expected(missing, "a type");
    }
    ExpressionKind::Cast(operand, line.name(ty))
}

fn call_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let function = node.child_by_field_name("function").map(|it| path_of(line, it));
    let function = function.and_then(|it| joined(&it.segments));
    let function = function.unwrap_or_else(|| Name::new(SmolStr::default(), line.range(node)));
    let star = has_word(node, "star");
    ExpressionKind::Call { function, arguments: arguments_of(line, node), star }
}

/// The arguments of a call.
pub(crate) fn arguments_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_commas(line, node);
    node.children_by_field_name("argument", &mut node.walk())
        .map(|it| expression_of(line, it))
        .collect()
}
