//! Calls, and the functions of SQL that have keywords among their arguments: `EXTRACT(year FROM x)`,
//! `position(a IN b)`, `substring(x FROM 1 FOR 2)`, `overlay(x PLACING a FROM 1)`, `trim(BOTH FROM x)`.

use specql_text::TextRange;
use tree_sitter::Node;

use super::{
    EcoString, Expression, ExpressionKind, Line, Name, check_closed, check_commas, expression_of,
    has_word, joined, path_of,
};
use crate::{expression::TrimSide, statement::LineProblemKind};

/// Words that stand before a query as a function does.
const BEFORE_QUERY: &[&str] = &["any", "all", "some", "array"];

pub(super) fn call_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    let function = node.child_by_field_name("function").map(|it| path_of(line, it));
    let function = function.and_then(|it| joined(&it.segments));
    let function = function.unwrap_or_else(|| Name::new(EcoString::default(), line.range(node)));
    let name = function.text.to_ascii_lowercase();
    if let Some(query) = node.child_by_field_name("query") {
        if !BEFORE_QUERY.contains(&name.as_str()) {
            line.report(
                line.range(query),
                LineProblemKind::Expected("another `(` before `SELECT`"),
            );
        }
        let arguments = vec![expression_of(line, query)];
        return ExpressionKind::Call {
            function,
            arguments: arguments.into(),
            star: false,
            distinct: false,
        };
    }
    let arguments = match name.as_str() {
        "trim" if is_keyworded_trim(node) => return trim_of(line, node),
        "extract" => extract_of(line, node),
        "position" => position_of(line, node),
        "substring" => substring_of(line, node),
        "overlay" => overlay_of(line, node),
        "row" => return ExpressionKind::Row(arguments_of(line, node).into()),
        _ => arguments_of(line, node),
    };
    let (star, distinct) = (has_word(node, "star"), has_word(node, "DISTINCT"));
    ExpressionKind::Call { function, arguments: arguments.into(), star, distinct }
}

/// The arguments of a call.
pub(crate) fn arguments_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_commas(line, node);
    node.children_by_field_name("argument", &mut node.walk())
        .map(|it| expression_of(line, it))
        .collect()
}

/// An argument, and the word or sign before it.
struct Separated<'tree> {
    separator: Option<Node<'tree>>,
    argument: Node<'tree>,
}

impl Separated<'_> {
    fn follows(&self, word: &str) -> bool {
        self.separator.is_some_and(|it| it.kind() == word)
    }
}

fn separated(node: Node<'_>) -> Vec<Separated<'_>> {
    let (mut all, mut separator) = (Vec::new(), None);
    let mut cursor = node.walk();
    let mut goes_on = cursor.goto_first_child();
    while goes_on {
        let child = cursor.node();
        if cursor.field_name() == Some("argument") {
            all.push(Separated { separator: separator.take(), argument: child });
        } else if matches!(child.kind(), "," | "missing_comma" | "FROM" | "FOR" | "PLACING") {
            separator = Some(child);
        }
        goes_on = cursor.goto_next_sibling();
    }
    all
}

/// Reports what stands between arguments and is none of `words`, or that nothing does; `required` is
/// expected then.
fn check_separators(line: &mut Line<'_>, node: Node<'_>, words: &[&str], required: &'static str) {
    let arguments = separated(node);
    for separator in arguments.iter().filter_map(|it| it.separator) {
        if separator.kind() == "missing_comma" {
            line.expected(separator, required);
        } else if !words.contains(&separator.kind()) {
            line.report(line.range(separator), LineProblemKind::Expected(required));
        }
    }
    if let [one] = arguments.as_slice()
        && one.argument.kind() != "missing_value"
    {
        line.expected_at(TextRange::empty(line.range(one.argument).end()), required);
    }
}

/// `EXTRACT(year FROM x)`: the first argument is a word of SQL and no name.
fn extract_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_separators(line, node, &["FROM"], "`FROM`");
    let mut arguments = separated(node).into_iter().map(|it| it.argument);
    let mut all = Vec::new();
    if let Some(part) = arguments.next() {
        let range = line.range(part);
        let is_word = part.kind() == "path" && part.child_count() == 1;
        all.push(if is_word {
            Expression { range, kind: ExpressionKind::String(line.text(part).into()) }
        } else {
            expression_of(line, part)
        });
    }
    all.extend(arguments.map(|it| expression_of(line, it)));
    all
}

/// `position(needle IN haystack)`, which reads as a membership.
fn position_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    let arguments = separated(node);
    let outer = line.position;
    let mut all = Vec::new();
    for it in &arguments {
        if let Some(separator) = it.separator {
            line.report(line.range(separator), LineProblemKind::Expected("`IN`"));
        }
        line.position = leftmost_membership(it.argument).map(|it| it.id());
        let mut haystack = expression_of(line, it.argument);
        match take_needle(&mut haystack) {
            Some(needle) => all.extend([needle, haystack]),
            None => all.push(haystack),
        }
    }
    line.position = outer;
    if let ([_], [one]) = (arguments.as_slice(), all.as_slice())
        && one.kind != ExpressionKind::Missing
    {
        line.expected_at(TextRange::empty(one.range.end()), "`IN`");
    }
    all
}

/// The `IN` that an expression begins with.
fn leftmost_membership(mut node: Node<'_>) -> Option<Node<'_>> {
    while node.kind() != "in_expression" {
        node = node.child_by_field_name("left")?;
    }
    Some(node)
}

/// Takes `needle IN` off the start of an expression.
fn take_needle(expression: &mut Expression) -> Option<Expression> {
    if let ExpressionKind::In { operand, list, negated: false } = &mut expression.kind {
        let item = list.pop()?;
        let needle = std::mem::take(&mut **operand);
        *expression = item;
        return Some(needle);
    }
    let ExpressionKind::Binary(left, ..) = &mut expression.kind else { return None };
    let needle = take_needle(left)?;
    expression.range = TextRange::new(left.range.start(), expression.range.end());
    Some(needle)
}

/// `substring(x FROM 1 FOR 2)`; without `FROM` it begins at 1.
fn substring_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_separators(line, node, &[",", "FROM", "FOR"], "`FROM`");
    let all = separated(node);
    let begins_with_length = all.get(1).is_some_and(|it| it.follows("FOR"));
    let mut arguments: Vec<_> = all.iter().map(|it| expression_of(line, it.argument)).collect();
    match arguments.as_mut_slice() {
        [_, length, start] if begins_with_length => std::mem::swap(length, start),
        [_, length] if begins_with_length => {
            let range = TextRange::empty(length.range.start());
            let start = Expression { range, kind: ExpressionKind::Number("1".into()) };
            arguments.insert(1, start);
        }
        _ => {}
    }
    arguments
}

fn overlay_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Expression> {
    check_closed(line, node);
    check_separators(line, node, &[",", "PLACING", "FROM", "FOR"], "`PLACING`");
    separated(node).iter().map(|it| expression_of(line, it.argument)).collect()
}

/// Whether `trim` is written with its keywords.
fn is_keyworded_trim(node: Node<'_>) -> bool {
    ["BOTH", "LEADING", "TRAILING", "FROM"].into_iter().any(|it| has_word(node, it))
}

fn trim_of(line: &mut Line<'_>, node: Node<'_>) -> ExpressionKind {
    check_closed(line, node);
    let side = match () {
        () if has_word(node, "LEADING") => TrimSide::Leading,
        () if has_word(node, "TRAILING") => TrimSide::Trailing,
        () => TrimSide::Both,
    };
    let all = separated(node);
    for it in all.iter().filter(|it| it.separator.is_some() && !it.follows("FROM")) {
        line.unexpected(it.argument);
    }
    let from = all.iter().position(|it| it.follows("FROM"));
    let before = all.first().filter(|_| from.is_some());
    let characters = before.filter(|it| it.argument.kind() != "missing_value");
    let characters = characters.map(|it| Box::new(expression_of(line, it.argument)));
    let operand = all.get(from.unwrap_or_default()).map(|it| expression_of(line, it.argument));
    ExpressionKind::Trim { side, characters, operand: Box::new(operand.unwrap_or_default()) }
}
