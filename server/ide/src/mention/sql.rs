//! Names in a query in SQL: the tables of entities and their columns.
//!
//! Invariant: a name that may be something else than it seems is not in the list.

use std::ops::Range;

use specql_model::{
    Entity, Name, StepKind, Type,
    entity::BUILT_INS,
    expression::{Expression, ExpressionKind},
    query_row::{RowColumn, query_row},
    scope::Scope,
};
use specql_syntax::{
    QueryColumn, QueryNames, QueryTable, expression::EntityReference, query_names,
};
use specql_text::TextRange;

use super::{Mentions, Subject};

/// The names of an expression that is a query.
pub(super) fn query<'a>(it: &'a Expression, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let ExpressionKind::RawSql(text) = &it.kind else { return };
    let Some(file) = acc.workspace.file(acc.own.0) else { return };
    // What is folded or escaped has other places in the file.
    if it.range.slice(file.text()) != text.as_str() {
        return;
    }
    if let Some(names) = query_names(text) {
        let start = it.range.start();
        Query { start, scope, acc }.select(&names, &mut Vec::new());
    }
}

/// A table that columns can name, and whose entity it is.
struct Table<'n, 'a> {
    alias: &'n str,
    entity: Option<&'a Entity>,
    is_open: bool,
}

struct Query<'c, 'a> {
    /// Where the query begins in the file.
    start: u32,
    scope: &'c Scope<'a>,
    acc: &'c mut Mentions<'a>,
}

impl<'a> Query<'_, 'a> {
    fn select<'n>(&mut self, names: &'n QueryNames, tables: &mut Vec<Table<'n, 'a>>) {
        let outer = tables.len();
        for it in &names.tables {
            let entity = self.table(it);
            tables.push(Table { alias: &it.alias, entity, is_open: names.is_open });
        }
        for it in &names.columns {
            self.column(it, tables);
        }
        for it in &names.inner {
            self.select(it, tables);
        }
        tables.truncate(outer);
    }

    fn range(&self, part: &Range<usize>) -> TextRange {
        let at = |it: usize| self.start + u32::try_from(it).unwrap_or_default();
        TextRange::new(at(part.start), at(part.end))
    }

    fn table(&mut self, it: &QueryTable) -> Option<&'a Entity> {
        let range = self.range(&it.range);
        let name = |text: &str| Name::new(text, range);
        let schema = it.schema.as_deref().map(name);
        let reference = EntityReference { schema, name: name(&it.name) };
        let is_table = it.name.starts_with("tb_");
        let workspace = self.acc.workspace;
        let found = workspace.resolve(self.acc.own, &reference).found().filter(|_| is_table)?;
        self.acc.push(range, Subject::Entity(found));
        workspace.entity(found).map(AsRef::as_ref)
    }

    fn column(&mut self, it: &QueryColumn, tables: &[Table<'_, 'a>]) {
        let range = self.range(&it.range);
        let inner = tables.iter().rev();
        let entity = match &it.table {
            Some(table) => inner.clone().find(|it| it.alias.eq_ignore_ascii_case(table)),
            // A table that is not known may have any column.
            None if tables.iter().any(|it| it.is_open || it.entity.is_none()) => None,
            None => inner.clone().find(|table| {
                table.entity.is_some_and(|entity| column(entity, &it.name).is_some())
            }),
        };
        let subject = entity.and_then(|table| column(table.entity?, &it.name));
        if let Some(subject) = &subject {
            self.values(it, subject);
        }
        self.acc.push_known(range, subject.or_else(|| self.parameter(it)));
    }

    /// Values of an enum that its column is compared with.
    fn values(&mut self, it: &QueryColumn, column: &Subject<'a>) {
        for literal in &it.compared {
            self.acc.enum_value(column, &literal.text, self.range(&literal.range));
        }
    }

    /// What the upstream generator calls an input.
    fn parameter(&self, it: &QueryColumn) -> Option<Subject<'a>> {
        let name = match it.table.as_deref() {
            None => it.name.strip_prefix("p_")?,
            Some("input") => &it.name,
            Some(_) => return None,
        };
        let parameter = self.scope.parameters().iter().find(|it| it.name.text == name)?;
        Some(Subject::Parameter(self.acc.own, parameter))
    }
}

/// The columns that the query of a loop gives names of their own, and where.
pub(super) fn aliases<'a>(collection: &'a Expression, variable: &'a Name, acc: &mut Mentions<'a>) {
    let ExpressionKind::RawSql(text) = &collection.kind else { return };
    for column in query_row(acc.workspace, acc.own, text).columns {
        let subject = of_row(acc, variable, column);
        if let Subject::QueryColumn { declared: Some(declared), column, .. } = &subject
            && column.is_alias
        {
            acc.declare(*declared, subject);
        }
    }
}

/// What a column of the row of a loop's query is: a name of the query's own, else what the table has by
/// this name.
pub(super) fn of_row<'a>(
    acc: &Mentions<'a>,
    variable: &'a Name,
    column: RowColumn<'a>,
) -> Subject<'a> {
    let table = column.table_column().filter(|it| !column.is_alias && it.1 == column.name);
    let table = table.and_then(|(id, name)| self::column(acc.workspace.entity(id)?, name));
    if let Some(it) = table {
        return it;
    }
    let query = query_of(acc, variable);
    let declared = query.zip(column.place.clone()).and_then(|(query, place)| {
        let at = |it: usize| Some(query.start() + u32::try_from(it).ok()?);
        let range = TextRange::new(at(place.start)?, at(place.end)?);
        let text = acc.workspace.file(acc.own.0)?.text();
        // What is folded or escaped has other places in the file.
        let written = range.slice(text).trim_matches('"');
        let is_verbatim = written.eq_ignore_ascii_case(&column.name);
        (is_verbatim && query.contains_range(range)).then_some(range)
    });
    Subject::QueryColumn { column, variable, query, declared }
}

/// The query that a variable of a loop runs over.
fn query_of(acc: &Mentions<'_>, variable: &Name) -> Option<TextRange> {
    let actions = acc.workspace.entity(acc.own).into_iter().flat_map(|it| &it.actions);
    let mut found = None;
    for step in actions.flat_map(|it| &it.steps) {
        step.walk(&mut |it| {
            if let StepKind::ForEach { variable: Some(name), collection, .. } = &it.kind
                && name.range == variable.range
            {
                found = Some(collection.range);
            }
        });
    }
    found
}

/// What a column of an entity's table is.
fn column<'a>(entity: &'a Entity, name: &str) -> Option<Subject<'a>> {
    let field = |name: &str| entity.fields.iter().find(|it| it.name.text == name);
    if let Some(it) = field(name) {
        return Some(Subject::Field(entity.id, it));
    }
    let refers = name.strip_prefix("fk_").and_then(field);
    if let Some(it) = refers.filter(|it| matches!(it.ty, Type::Ref(_))) {
        return Some(Subject::Field(entity.id, it));
    }
    if name.strip_prefix("pk_").is_some_and(|it| it == entity.snake_name()) {
        return Some(Subject::Entity(entity.id));
    }
    let built_in = BUILT_INS.iter().find(|it| it.name == name);
    built_in.map(|it| Subject::BuiltIn(entity.id, it))
}
