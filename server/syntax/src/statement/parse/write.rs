//! Statements that write or find rows: the entity stands first, in whatever form.

use specql_text::TextRange;
use tree_sitter::Node;

use super::{
    super::{Assignment, WriteStatement},
    Expression, ExpressionKind, Line, LineProblemKind, Name, arguments_of, expression_of, field_of,
    joined, list_of, path_of, single_name, split_assignment,
};
use crate::expression::parse::{check_commas, entity_of};

pub(super) fn write_of(line: &mut Line<'_>, step: Node<'_>) -> WriteStatement {
    let mut statement = WriteStatement::default();
    if let Some(target) = step.child_by_field_name("target") {
        target_of(line, target, &mut statement);
    }
    for clause in step.named_children(&mut step.walk()) {
        match clause.kind() {
            "set_clause" => {
                statement.set_keyword.get_or_insert(keyword_of(line, clause));
                if let Some(missing) = clause.child(0).filter(|it| it.kind() == "missing_set") {
                    line.expected(missing, "`SET`");
                }
                check_commas(line, clause);
                for it in clause.named_children(&mut clause.walk()) {
                    if it.kind() == "assignment" {
                        statement.assignments.push(assignment_of(line, it));
                    }
                }
            }
            "values_clause" => {
                statement.set_keyword.get_or_insert(keyword_of(line, clause));
                values_of(line, clause, &mut statement);
            }
            "from_clause" if statement.from.is_none() => {
                statement.from = source_of(line, clause);
            }
            "where_clause" if statement.filter.is_none() => {
                statement.where_keyword = Some(keyword_of(line, clause));
                statement.filter = Some(field_of(line, clause, "condition"));
            }
            kind if kind.ends_with("_clause") => line.unexpected(clause),
            _ => {}
        }
    }
    statement
}

fn keyword_of(line: &Line<'_>, clause: Node<'_>) -> TextRange {
    line.range(clause.child(0).unwrap_or(clause))
}

/// The entity, with the columns or values in parentheses after it.
fn target_of(line: &mut Line<'_>, target: Node<'_>, statement: &mut WriteStatement) {
    match target.kind() {
        "path" => {
            let path = path_of(line, target);
            if path.dollar {
                line.unexpected(target);
            }
            statement.entity = entity_of(path);
        }
        "call" => {
            let function = target.child_by_field_name("function");
            statement.entity = function.and_then(|it| entity_of(path_of(line, it)));
            let open = target.children(&mut target.walk()).find(|it| it.kind() == "(");
            statement.set_keyword = open.map(|it| line.range(it));
            expect_fields(line, target);
            for argument in arguments_of(line, target) {
                column_of(line, argument, statement);
            }
        }
        "missing_value" => line.expected(target, "an entity"),
        _ => other_target(line, target, statement),
    }
}

/// In the parentheses of an entity fields are expected, not values.
fn expect_fields(line: &mut Line<'_>, target: Node<'_>) {
    for argument in target.children_by_field_name("argument", &mut target.walk()) {
        if argument.kind() == "missing_value" {
            line.expected(argument, "a field");
        }
    }
}

/// Something that begins with an entity and goes on as an expression: `User = 1`, `User STE a = 1`.
fn other_target(line: &mut Line<'_>, target: Node<'_>, statement: &mut WriteStatement) {
    let mut first = target;
    while let Some(child) = first.named_child(0).filter(|_| first.kind() != "path") {
        if !matches!(
            first.kind(),
            "binary_expression"
                | "in_expression"
                | "is_expression"
                | "like_expression"
                | "between_expression"
                | "matches_expression"
                | "negated_expression"
                | "subscript_expression"
                | "typed_literal"
        ) {
            break;
        }
        first = child;
    }
    if first.kind() != "path" {
        line.expected_at(TextRange::empty(line.range(target).start()), "an entity");
        expression_of(line, target);
        return;
    }
    statement.entity = entity_of(path_of(line, first));
    // The first child after the entity on the way down: an operator or text that fits nothing.
    let rest = first.next_sibling().unwrap_or(target);
    let rest = TextRange::new(line.range(rest).start(), line.range(target).end());
    line.report(rest, LineProblemKind::Unexpected);
}

/// `name`, or `name = value`.
fn column_of(line: &mut Line<'_>, argument: Expression, statement: &mut WriteStatement) {
    if let Some(name) = single_name(&argument) {
        statement.columns.push(name);
        return;
    }
    match split_assignment(argument) {
        Ok((field, value)) => statement.assignments.push(Assignment { field, value }),
        Err(Expression { kind: ExpressionKind::Missing, .. }) => {}
        Err(other) => line.report(other.range, LineProblemKind::Unexpected),
    }
}

fn assignment_of(line: &mut Line<'_>, node: Node<'_>) -> Assignment {
    let field = node.child_by_field_name("field");
    let field = field.and_then(|it| {
        if it.kind() == "missing_name" {
            line.expected(it, "a field");
            return Some(line.name(it));
        }
        joined(&path_of(line, it).segments)
    });
    let missing = node.children(&mut node.walk()).find(|it| it.kind() == "missing_equals");
    if let Some(it) = missing {
        line.expected(it, "`=`");
    }
    let field = field.unwrap_or_else(|| Name::new("", TextRange::empty(line.range(node).start())));
    Assignment { field, value: field_of(line, node, "value") }
}

/// `VALUES (a = …)`, or as in SQL the values of the columns listed before.
fn values_of(line: &mut Line<'_>, clause: Node<'_>, statement: &mut WriteStatement) {
    let values = clause.named_children(&mut clause.walk()).find_map(|it| match it.kind() {
        "list" => Some(list_of(line, it)),
        "missing_value" => {
            line.expected(it, "`(`");
            None
        }
        _ => None,
    });
    let mut columns = std::mem::take(&mut statement.columns).into_iter();
    for value in values.unwrap_or_default() {
        match columns.next() {
            Some(field) => statement.assignments.push(Assignment { field, value }),
            None => column_of(line, value, statement),
        }
    }
    statement.columns.extend(columns);
}

fn source_of(line: &mut Line<'_>, clause: Node<'_>) -> Option<Name> {
    let source = clause.child_by_field_name("source")?;
    if source.kind() == "missing_name" {
        line.expected(source, "a source, such as `input`");
        return None;
    }
    joined(&path_of(line, source).segments)
}
