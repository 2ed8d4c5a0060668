//! Trees of the step grammar to statements, by the keyword of the step.

mod write;

use specql_text::TextRange;
use tree_sitter::Node;

use super::{
    CallStatement, ForEachStatement, LineProblem, LineProblemKind, NotifyStatement, Statement,
    StatementKeyword,
};
use crate::{
    Name,
    expression::{
        BinaryOperator, Expression, ExpressionKind, Path, Segments,
        parse::{
            arguments_of, condition_of, expression_of, field_of, has_word, joined, list_of, path_of,
        },
    },
    line::{self, Language, Line},
    yaml::Scalar,
};

pub(super) fn parse(keyword: StatementKeyword, scalar: &Scalar) -> (Statement, Vec<LineProblem>) {
    let tree = line::parse(Language::Step, &scalar.text);
    let root = tree.root_node();
    let mut line = Line::new(scalar);
    let statement = match keyword {
        StatementKeyword::Condition => Statement::Condition(condition_of(&mut line, root)),
        StatementKeyword::Write => Statement::Write(write::write_of(&mut line, root)),
        StatementKeyword::ForEach => Statement::ForEach(for_each_of(&mut line, root)),
        StatementKeyword::Call => Statement::Call(call_of(&mut line, root)),
        StatementKeyword::Notify => Statement::Notify(notify_of(&mut line, root)),
    };
    (statement, line.finish(root))
}

fn missing_after(range: TextRange) -> Expression {
    Expression { range: TextRange::empty(range.end()), kind: ExpressionKind::Missing }
}

/// `x in xs`, `x in Entity WHERE …`.
fn for_each_of(line: &mut Line<'_>, step: Node<'_>) -> ForEachStatement {
    let filter = filter_of(line, step);
    let Some(target) = step.child_by_field_name("target") else {
        return ForEachStatement {
            variable: None,
            collection: missing_after(line.range(step)),
            filter,
        };
    };
    if target.kind() == "missing_value" {
        line.expected(target, "a loop variable");
    }
    if target.kind() != "in_expression" {
        let written = expression_of(line, target);
        let Some(variable) = single_name(&written) else {
            line.expected_at(TextRange::empty(written.range.start()), "a loop variable and `in`");
            return ForEachStatement { variable: None, collection: written, filter };
        };
        let collection = missing_after(written.range);
        line.expected_at(collection.range, "`in`");
        return ForEachStatement { variable: Some(variable), collection, filter };
    }
    let target = innermost_membership(line, target);
    let variable = field_of(line, target, "operand");
    if has_word(target, "NOT") {
        line.expected_at(variable.range, "a loop variable and `in`");
    }
    if single_name(&variable).is_none() && variable.kind != ExpressionKind::Missing {
        line.report(variable.range, LineProblemKind::Unexpected);
    }
    let collection = match target.child_by_field_name("collection") {
        Some(list) if list.kind() == "list" => {
            let mut items = list_of(line, list);
            if items.len() > 1 {
                line.unexpected(list);
            }
            items.pop()
        }
        Some(other) => Some(expression_of(line, other)),
        None => None,
    };
    ForEachStatement {
        variable: single_name(&variable),
        collection: collection.unwrap_or_else(|| missing_after(line.range(target))),
        filter,
    }
}

/// The first `x in xs` of `x in in`, where a word that begins with `in` is being typed.
fn innermost_membership<'tree>(line: &mut Line<'_>, mut membership: Node<'tree>) -> Node<'tree> {
    while let Some(inner) = membership.child_by_field_name("operand")
        && inner.kind() == "in_expression"
    {
        let rest = TextRange::new(line.range(inner).end(), line.range(membership).end());
        line.report(rest, LineProblemKind::Unexpected);
        membership = inner;
    }
    membership
}

/// The condition of a step's only `WHERE`; no other clause has a place beside it.
fn filter_of(line: &mut Line<'_>, step: Node<'_>) -> Option<Expression> {
    let mut filter = None;
    for clause in step.named_children(&mut step.walk()) {
        match clause.kind() {
            "where_clause" if filter.is_none() => {
                filter = Some(field_of(line, clause, "condition"));
            }
            kind if kind.ends_with("_clause") => line.unexpected(clause),
            _ => {}
        }
    }
    filter
}

/// `action(a = …)`, `schema.fn(…)`, or the name alone.
fn call_of(line: &mut Line<'_>, step: Node<'_>) -> CallStatement {
    let (mut segments, arguments) = named_call(line, step, "a function or an action");
    let function = segments.pop();
    CallStatement {
        schema: joined(&segments),
        function,
        arguments: arguments.into_iter().map(named_argument).collect(),
    }
}

/// `recipient(channel, "text")`, or an event's name.
fn notify_of(line: &mut Line<'_>, step: Node<'_>) -> NotifyStatement {
    let target = step.child_by_field_name("target");
    if let Some(text) = target.filter(|it| matches!(it.kind(), "string" | "unclosed_string")) {
        reject_clauses(line, step);
        let recipient = Some(expression_of(line, text));
        return NotifyStatement { recipient, channel: None, message: None };
    }
    let (segments, arguments) = named_call(line, step, "a recipient or an event");
    let recipient = joined(&segments).map(|name| Expression {
        range: name.range,
        kind: ExpressionKind::Path(Path { dollar: false, segments }),
    });
    let mut arguments = arguments.into_iter();
    let channel = arguments.next().and_then(|it| match it.kind {
        ExpressionKind::Path(path) => joined(&path.segments),
        ExpressionKind::String(text) => Some(Name::new(text, it.range)),
        ExpressionKind::Missing => None,
        _ => {
            line.report(it.range, LineProblemKind::Unexpected);
            None
        }
    });
    let message = arguments.next();
    for surplus in arguments {
        line.report(surplus.range, LineProblemKind::Unexpected);
    }
    NotifyStatement { recipient, channel, message }
}

/// The name and the arguments of a step that is a call or a name.
fn named_call(
    line: &mut Line<'_>,
    step: Node<'_>,
    what: &'static str,
) -> (Segments, Vec<Expression>) {
    reject_clauses(line, step);
    let Some(target) = step.child_by_field_name("target") else { return Default::default() };
    match target.kind() {
        "call" => {
            let function = target.child_by_field_name("function");
            let segments = function.map(|it| path_of(line, it).segments).unwrap_or_default();
            (segments, arguments_of(line, target))
        }
        "path" => (path_of(line, target).segments, Vec::new()),
        "missing_value" => {
            line.expected(target, what);
            Default::default()
        }
        _ => {
            line.expected_at(TextRange::empty(line.range(target).start()), what);
            expression_of(line, target);
            Default::default()
        }
    }
}

fn reject_clauses(line: &mut Line<'_>, step: Node<'_>) {
    for child in step.named_children(&mut step.walk()) {
        if child.kind().ends_with("_clause") {
            line.unexpected(child);
        }
    }
}

/// An argument with the name before its first `=`, if it has one.
fn named_argument(argument: Expression) -> (Option<Name>, Expression) {
    match split_assignment(argument) {
        Ok((name, value)) => (Some(name), value),
        Err(argument) => (None, argument),
    }
}

/// Reads `name = value` out of an expression that begins with it: in a list of arguments
/// `flag = a OR b` gives `flag` the value of `a OR b`, whatever binds tighter.
pub(super) fn split_assignment(
    mut expression: Expression,
) -> Result<(Name, Expression), Expression> {
    match take_assigned(&mut expression) {
        Some(name) => Ok((name, expression)),
        None => Err(expression),
    }
}

/// Takes `name =` off the start of an expression.
fn take_assigned(expression: &mut Expression) -> Option<Name> {
    if let ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) = &mut expression.kind
        && let Some(name) = assigned_name(left)
    {
        let missing = Expression { range: right.range, kind: ExpressionKind::Missing };
        *expression = std::mem::replace(right, missing);
        return Some(name);
    }
    let first = match &mut expression.kind {
        ExpressionKind::Binary(left, ..) => left,
        ExpressionKind::IsNull { operand, .. }
        | ExpressionKind::IsUnique { operand, .. }
        | ExpressionKind::IsValid(operand)
        | ExpressionKind::In { operand, .. }
        | ExpressionKind::Like { operand, .. }
        | ExpressionKind::Between { operand, .. }
        | ExpressionKind::Matches { operand, .. } => operand,
        _ => return None,
    };
    // What stands in parentheses is a value as a whole.
    if first.range.start() != expression.range.start() || first.range == expression.range {
        return None;
    }
    let name = take_assigned(first)?;
    expression.range = TextRange::new(first.range.start(), expression.range.end());
    Some(name)
}

/// The name left of `=`: a field, or a path that begins with one.
fn assigned_name(left: &Expression) -> Option<Name> {
    match &left.kind {
        ExpressionKind::Path(path) if !path.dollar => joined(&path.segments),
        _ => None,
    }
}

/// The name of a path with one part.
pub(super) fn single_name(expression: &Expression) -> Option<Name> {
    match &expression.kind {
        ExpressionKind::Path(Path { dollar: false, segments }) => match segments.as_slice() {
            [name] => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}
