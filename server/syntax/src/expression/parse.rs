//! Trees of the step grammar to expressions.

use tree_sitter::Node;

use super::{
    BinaryOperator, EcoString, EntityReference, Expression, ExpressionKind, LineProblem, Name,
    Path, Scalar, Segments, UnaryOperator,
};
use crate::{
    line::{self, Language, Line},
    quoted::unquoted,
    statement::LineProblemKind,
};

mod call;
mod forms;
mod operator;

pub(crate) use call::arguments_of;
pub(crate) use forms::list_of;

/// Levels of an expression; what lies deeper is [`ExpressionKind::Missing`] and reported.
const MAX_DEPTH: usize = 200;

/// Reads a scalar that is an expression and nothing else.
pub(super) fn parse(scalar: &Scalar) -> (Expression, Vec<LineProblem>) {
    let tree = line::parse(Language::Step, &scalar.text);
    let root = tree.root_node();
    let mut line = Line::new(scalar);
    let expression = condition_of(&mut line, root);
    (expression, line.finish(root))
}

/// The expression of a whole step; clauses of statements have no place in it.
pub(crate) fn condition_of(line: &mut Line<'_>, step: Node<'_>) -> Expression {
    for child in step.named_children(&mut step.walk()) {
        if child.kind().ends_with("_clause") {
            line.unexpected(child);
        }
    }
    field_of(line, step, "target")
}

/// The expression in a field of a node.
pub(crate) fn field_of(line: &mut Line<'_>, node: Node<'_>, field: &str) -> Expression {
    match node.child_by_field_name(field) {
        Some(it) => expression_of(line, it),
        None => {
            let range = line.range(node);
            Expression {
                range: specql_text::TextRange::empty(range.end()),
                kind: ExpressionKind::Missing,
            }
        }
    }
}

/// The expression that a node is.
pub(crate) fn expression_of(line: &mut Line<'_>, node: Node<'_>) -> Expression {
    let range = line.range(node);
    if line.depth >= MAX_DEPTH {
        line.report(range, LineProblemKind::TooDeep);
        return Expression { range, kind: ExpressionKind::Missing };
    }
    line.depth += 1;
    let kind = kind_of(line, node);
    line.depth -= 1;
    Expression { range, kind }
}

fn kind_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    match node.kind() {
        "path" => ExpressionKind::Path(path_of(line, node)),
        "number" => ExpressionKind::Number(line.text(node).into()),
        "string" => ExpressionKind::String(unquoted(line.text(node)).into()),
        "unclosed_string" => {
            line.unclosed(node);
            ExpressionKind::String(unquoted(line.text(node)).into())
        }
        "boolean" => ExpressionKind::Bool(line.text(node).eq_ignore_ascii_case("true")),
        "null" => ExpressionKind::Null,
        "parameter" => ExpressionKind::Parameter,
        "raw_sql" => {
            line.check_sql(node);
            ExpressionKind::RawSql(line.text(node).into())
        }
        "unclosed_raw_sql" => {
            line.unclosed(node);
            ExpressionKind::RawSql(line.text(node).into())
        }
        "parenthesized_expression" => inner_of(line, node),
        "unary_expression" => unary_of(line, node),
        "binary_expression" => operator::binary_of(line, node),
        "negated_expression" => {
            expect_word(line, node, "`IN`, `LIKE`, `BETWEEN` or `MATCHES`");
            field_of(line, node, "operand").kind
        }
        _ => forms::kind_of(line, node),
    }
}

fn inner_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    check_closed(line, node);
    let inner = node.named_children(&mut node.walk()).find(|it| !is_beside(*it));
    inner.map_or(ExpressionKind::Missing, |it| expression_of(line, it).kind)
}

/// Whether a node is none of the expressions of the one around it.
fn is_beside(node: Node<'_>) -> bool {
    let kind = node.kind();
    node.is_extra() || matches!(kind, "missing_close" | "missing_comma" | "type")
}

fn unary_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let operand = field_of(line, node, "operand");
    let operator = node.child_by_field_name("operator").map(|it| it.kind());
    match (operator, operand.kind) {
        (Some("NOT"), ExpressionKind::Exists { entity, filter, negated: false }) => {
            ExpressionKind::Exists { entity, filter, negated: true }
        }
        (Some("+"), kind) => kind,
        (operator, kind) => {
            let is_not = operator == Some("NOT");
            let operator = if is_not { UnaryOperator::Not } else { UnaryOperator::Negate };
            ExpressionKind::Unary(operator, Box::new(Expression { range: operand.range, kind }))
        }
    }
}

/// A dotted name; a part that is not typed yet is an empty name.
pub(crate) fn path_of(line: &mut Line<'_>, node: Node<'_>) -> Path {
    let mut path = Path { dollar: false, segments: Segments::new() };
    for child in node.children(&mut node.walk()) {
        match child.kind() {
            "$" => path.dollar = true,
            "identifier" => path.segments.push(line.name(child)),
            "missing_segment" => {
                line.expected(child, "a name");
                path.segments.push(line.name(child));
            }
            _ => {}
        }
    }
    path
}

/// The entity that a path names: what stands before the last dot is the schema.
pub(crate) fn entity_of(mut path: Path) -> Option<EntityReference> {
    let name = path.segments.pop()?;
    Some(EntityReference { schema: joined(&path.segments), name })
}

/// Names joined by dots, with the place of all of them.
pub(crate) fn joined(segments: &[Name]) -> Option<Name> {
    let (first, last) = (segments.first()?, segments.last()?);
    let texts: Vec<&str> = segments.iter().map(Name::as_str).collect();
    Some(Name::new(texts.join("."), first.range.cover(last.range)))
}

/// Reports a bracket without its end.
pub(crate) fn check_closed(line: &mut Line<'_>, node: Node<'_>) {
    let mut open = None;
    for child in node.children(&mut node.walk()) {
        match child.kind() {
            "(" | "[" => open = Some(child),
            "missing_close" => {
                if let Some(it) = open {
                    line.unclosed(it);
                }
            }
            _ => {}
        }
    }
}

/// Reports a keyword that is missing directly below a node.
fn expect_word(line: &mut Line<'_>, node: Node<'_>, what: &'static str) {
    let missing = node.children(&mut node.walk()).find(|it| it.kind() == "missing_word");
    if let Some(it) = missing {
        line.expected(it, what);
    }
}

/// Whether a keyword stands directly below a node.
pub(crate) fn has_word(node: Node<'_>, word: &str) -> bool {
    node.children(&mut node.walk()).any(|it| it.kind() == word)
}

/// Reports commas that are missing directly below a node.
pub(crate) fn check_commas(line: &mut Line<'_>, node: Node<'_>) {
    for child in node.children(&mut node.walk()) {
        if child.kind() == "missing_comma" {
            line.expected(child, "`,`");
        }
    }
}
