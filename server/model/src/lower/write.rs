//! Steps that write or read rows: the statement, and the keys beside it or behind it.

use specql_syntax::{
    Name,
    ast::{StepOptions, names},
    expression::EntityReference,
    statement::{
        LineProblem, LineProblemKind, Statement, StatementKeyword, WriteStatement, parse_statement,
    },
    yaml::{Node, NodeKind},
};

use super::{
    step::Form,
    value::{assignments, condition},
};
use crate::Write;

/// Reads the value of `insert`, `update`, `upsert`, `delete` or `find` together with its siblings.
pub(super) fn write(form: Form<'_>, problems: &mut Vec<LineProblem>) -> Write {
    let value = form.value();
    let statement = match &value.kind {
        NodeKind::Scalar(it) if !value.is_null() => {
            match parse_statement(StatementKeyword::Write, it) {
                (Statement::Write(it), found) => {
                    problems.extend(found);
                    it
                }
                _ => WriteStatement::default(),
            }
        }
        _ => WriteStatement { entity: long_entity(form.inside), ..WriteStatement::default() },
    };
    let set_is_empty = statement.set_keyword.is_some();
    let has_no_name = value.as_mapping().is_some() && statement.entity.is_none();
    let mut write = Write {
        unread: value.as_sequence().is_some() || has_no_name,
        entity: statement.entity,
        columns: statement.columns,
        assignments: statement.assignments,
        from: statement.from.map(Box::new),
        filter: statement.filter,
        ..Write::default()
    };
    // In the long form the keys stand behind the keyword, else beside it.
    for place in [form.inside, form.beside] {
        complete(&mut write, place, problems);
    }
    write.all_input = !set_is_empty
        && !write.unread
        && write.columns.is_empty()
        && write.assignments.is_empty()
        && write.from.is_none();
    // Kept for as long as the file is, and never added to.
    write.assignments.shrink_to_fit();
    write
}

/// Whether a list or a mapping has nothing in it.
fn is_empty(node: &Node) -> bool {
    node.as_mapping().is_some_and(|it| it.entries.is_empty())
        || node.as_sequence().is_some_and(|it| it.items.is_empty())
}

fn long_entity(place: StepOptions<'_>) -> Option<EntityReference> {
    let mut entity = EntityReference::of(&place.entity()?);
    entity.schema = entity.schema.take().or_else(|| place.schema());
    Some(entity)
}

fn complete(write: &mut Write, place: StepOptions<'_>, problems: &mut Vec<LineProblem>) {
    let count = |it: &Write| it.assignments.len() + it.columns.len();
    let fields = place.fields();
    for values in [fields, place.values(), place.set()].into_iter().flatten() {
        let before = count(write);
        // A list of names takes their values from the input.
        if fields.is_some_and(|it| std::ptr::eq(it, values)) && values.as_mapping().is_none() {
            write.columns.extend(names(values).unwrap_or_default());
        } else {
            write.assignments.extend(assignments(values, problems));
        }
        if is_empty(values) {
            let kind = LineProblemKind::Expected("a field");
            problems.push(LineProblem { range: values.range, kind });
        }
        write.unread |= !values.is_null() && count(write) == before;
    }
    if let Some(it) = place.filter().and_then(|it| condition(it, problems)) {
        write.filter.get_or_insert(it);
    }
    let fill = |slot: &mut Option<Box<Name>>, written: Option<Name>| {
        if slot.is_none() {
            *slot = written.map(Box::new);
        }
    };
    fill(&mut write.from, place.from());
    fill(&mut write.bind, place.bind());
    fill(&mut write.conflict_action, place.conflict_action());
    if write.conflict_target.is_empty() {
        write.conflict_target = place.conflict_target().unwrap_or_default().into();
    }
}
