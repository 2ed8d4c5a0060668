//! The rows that a query in SQL gives to a loop: their columns, and the fields that these are of.

use std::ops::Range;

use specql_syntax::{QueryNames, QueryResult, QueryTable, SqlColumn, SqlValue, query_result};

use crate::{Entity, EntityId, Field, Type, Workspace};

/// The row that a query gives to each turn of a loop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryRow<'a> {
    /// The columns that are known.
    pub columns: Vec<RowColumn<'a>>,
    /// It may have further columns.
    pub is_open: bool,
    /// The tables that the columns come from.
    pub(crate) names: QueryNames,
}

/// A column of the row of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct RowColumn<'a> {
    /// The name that PostgreSQL gives to it.
    pub name: String,
    /// The field whose column it is, and that field's entity.
    pub field: Option<(EntityId, &'a Field)>,
    /// Bytes of the query where its name stands; absent for what `*` gives.
    pub place: Option<Range<usize>>,
    /// The query gives it the name, by `AS`; else it has the name of what it is.
    pub is_alias: bool,
    /// Where it comes from.
    pub(crate) source: ColumnSource,
}

/// Where a column of a query comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnSource {
    /// A column of the table of an entity.
    Table(EntityId, String),
    /// A value that the query makes.
    Value(SqlValue),
    /// A query inside of it.
    Inner,
}

impl RowColumn<'_> {
    fn new(name: String, source: ColumnSource) -> Self {
        Self { name, field: None, place: None, is_alias: false, source }
    }

    /// The entity whose table has the column, and its name there.
    #[must_use]
    pub fn table_column(&self) -> Option<(EntityId, &str)> {
        match &self.source {
            ColumnSource::Table(entity, name) => Some((*entity, name)),
            ColumnSource::Value(_) | ColumnSource::Inner => None,
        }
    }
}

impl<'a> QueryRow<'a> {
    /// The column with a name, which PostgreSQL spells in one way only.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&RowColumn<'a>> {
        self.columns.iter().find(|it| it.name == name)
    }
}

/// The row that a query in parentheses gives to a loop in the file of an entity.
#[must_use]
pub fn query_row<'a>(workspace: &'a Workspace, own: EntityId, text: &str) -> QueryRow<'a> {
    let mut row = QueryRow { is_open: true, ..QueryRow::default() };
    let Some(QueryResult { columns: Some(columns), names }) = query_result(text) else {
        return row;
    };
    row.is_open = false;
    let tables = Tables { workspace, own, names: &names };
    for column in columns {
        match column {
            SqlColumn::Value { name: Some(name), value, place, is_alias } => {
                let column = tables.column(name, value);
                row.columns.push(RowColumn { place, is_alias, ..column });
            }
            SqlColumn::Value { name: None, .. } => row.is_open = true,
            SqlColumn::All(table) => tables.all(table.as_deref(), &mut row),
        }
    }
    row.names = names;
    row
}

/// The entity whose table a query names, with or without the schema before it.
#[must_use]
pub fn table_entity<'a>(
    workspace: &'a Workspace,
    from: EntityId,
    schema: Option<&str>,
    table: &str,
) -> Option<&'a Entity> {
    let is_table = table.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("tb_"));
    let found = workspace.resolve_parts(from, schema, table).found().filter(|_| is_table)?;
    workspace.entity(found).map(AsRef::as_ref)
}

/// The tables of a query.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'q, 'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) own: EntityId,
    pub(crate) names: &'q QueryNames,
}

impl<'a> Tables<'_, 'a> {
    fn column(&self, name: String, value: SqlValue) -> RowColumn<'a> {
        let found = match &value {
            SqlValue::Column { table, name } => self.owner(table.as_deref(), name),
            _ => None,
        };
        match found {
            Some((entity, column)) => of_table(entity, name, column.to_owned()),
            None => RowColumn::new(name, ColumnSource::Value(value)),
        }
    }

    /// `*`, `t.*`: the columns of tables that are known.
    fn all(&self, table: Option<&str>, row: &mut QueryRow<'a>) {
        let is_asked =
            |it: &&QueryTable| table.is_none_or(|alias| it.alias.eq_ignore_ascii_case(alias));
        let mut count = 0;
        for it in self.names.tables.iter().filter(is_asked) {
            count += 1;
            if let Some(entity) = self.entity(it).filter(|it| has_known_columns(it)) {
                let names = entity.table_columns();
                row.columns.extend(names.map(|name| of_table(entity, name.clone(), name)));
                continue;
            }
            let known = it.columns.iter().flatten().cloned();
            row.columns.extend(known.map(|name| RowColumn::new(name, ColumnSource::Inner)));
            row.is_open |= it.columns.is_none();
        }
        row.is_open |= count == 0 || (table.is_none() && self.names.is_open);
    }

    /// The entity whose table one of the tables is.
    fn entity(&self, table: &QueryTable) -> Option<&'a Entity> {
        let is_given = table.columns.is_some()
            || (table.schema.is_none() && self.names.given.contains(&table.name));
        table_entity(self.workspace, self.own, table.schema.as_deref(), &table.name)
            .filter(|_| !is_given)
    }

    /// The entity that a column is of, where no other table can have one of this name.
    pub(crate) fn owner<'n>(
        &self,
        table: Option<&str>,
        name: &'n str,
    ) -> Option<(&'a Entity, &'n str)> {
        let mut tables = self.names.tables.iter();
        if let Some(table) = table {
            let found = tables.find(|it| it.alias.eq_ignore_ascii_case(table))?;
            return Some((self.entity(found)?, name));
        }
        if self.names.is_open {
            return None;
        }
        let mut found = None;
        for table in tables {
            // Another table may have a column of this name.
            let entity = self.entity(table)?;
            if found.is_none() && entity.table_columns().any(|it| it == name) {
                found = Some(entity);
            }
        }
        Some((found?, name))
    }
}

fn of_table(entity: &Entity, name: String, column: String) -> RowColumn<'_> {
    let field = entity.fields.iter().find(|it| it.table_column() == column);
    let field = field.map(|it| (entity.id, it));
    RowColumn { field, ..RowColumn::new(name, ColumnSource::Table(entity.id, column)) }
}

/// Whether the columns of an entity's table follow from its file.
fn has_known_columns(entity: &Entity) -> bool {
    !entity.has_other_columns
        && !entity.has_damaged_fields
        && !entity.fields.iter().any(|it| matches!(it.ty, Type::Unknown(_) | Type::Missing))
}
