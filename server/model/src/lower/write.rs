//! Steps that write or read rows: the statement, and the keys beside it or behind it.

use specql_syntax::{
    expression::EntityReference,
    statement::{LineProblem, Statement, StatementKeyword, WriteStatement, parse_statement},
    yaml::{Node, NodeKind},
};

use super::{
    field::reference,
    reader::{get, name, names},
    value::{assignments, condition},
};
use crate::Write;

/// Reads the value of `insert`, `update`, `upsert`, `delete` or `find` together with its siblings.
pub(super) fn write(node: &Node, step: &Node, problems: &mut Vec<LineProblem>) -> Write {
    let statement = match &node.kind {
        NodeKind::Scalar(it) if !node.is_null() => {
            match parse_statement(StatementKeyword::Write, it) {
                (Statement::Write(it), found) => {
                    problems.extend(found);
                    it
                }
                _ => WriteStatement::default(),
            }
        }
        _ => WriteStatement { entity: long_entity(node), ..WriteStatement::default() },
    };
    let set_is_empty = statement.set_keyword.is_some();
    let mut write = Write {
        entity: statement.entity,
        columns: statement.columns,
        assignments: statement.assignments,
        from: statement.from,
        filter: statement.filter,
        ..Write::default()
    };
    // In the long form the keys stand behind the keyword, else beside it.
    for place in [node, step] {
        complete(&mut write, place, problems);
    }
    write.all_input = !set_is_empty
        && write.columns.is_empty()
        && write.assignments.is_empty()
        && write.from.is_none();
    write
}

fn long_entity(node: &Node) -> Option<EntityReference> {
    let mut entity = reference(&name(node, &["entity"])?);
    entity.schema = entity.schema.take().or_else(|| name(node, &["schema"]));
    Some(entity)
}

fn complete(write: &mut Write, place: &Node, problems: &mut Vec<LineProblem>) {
    if let Some(fields) = get(place, &["fields"]) {
        if fields.as_mapping().is_some() {
            write.assignments.extend(assignments(fields, problems));
        } else {
            write.columns.extend(names(fields).unwrap_or_default());
        }
    }
    for key in ["values", "set"] {
        if let Some(it) = get(place, &[key]) {
            write.assignments.extend(assignments(it, problems));
        }
    }
    if let Some(it) = get(place, &["where"]).and_then(|it| condition(it, problems)) {
        write.filter.get_or_insert(it);
    }
    let fill = |slot: &mut Option<_>, keys: &[&str]| {
        if slot.is_none() {
            *slot = name(place, keys);
        }
    };
    fill(&mut write.from, &["from"]);
    fill(&mut write.bind, &["as", "store", "result"]);
    fill(&mut write.conflict_action, &["conflict_action"]);
    if write.conflict_target.is_empty() {
        let target = get(place, &["conflict_target", "on_conflict"]);
        write.conflict_target = target.and_then(names).unwrap_or_default();
    }
}
