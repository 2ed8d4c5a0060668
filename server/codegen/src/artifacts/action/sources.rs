//! Where the columns of a write take their values from: the input, or expressions.

use specql_contract::{looked_up, not_found_message};
use specql_model::{
    ActionId, Entity, Field, Name, Operation, Scope, Step, Write,
    expression::{Expression, ExpressionKind},
};

use super::{
    frame::{Change, Frame},
    rows::Link,
};
use crate::{
    catalog::{Column, ColumnType},
    constraint::default_value,
    expression::{Input, Row},
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Sql, TypeName, sql},
};

/// A column and its value.
pub(super) struct Source<'a> {
    pub(super) column: Column<'a>,
    pub(super) field: Option<&'a Field>,
    pub(super) value: Value<'a>,
    /// The key alone, where the value is one that is looked up or else fails: what rows are found by.
    pub(super) key: Option<Sql>,
}

/// Where a value comes from.
pub(super) enum Value<'a> {
    /// What the caller gives.
    Input(Input<'a>),
    /// An expression of the step.
    Expression(Sql),
}

impl<'a> Frame<'a> {
    /// The columns of a write in the order they are written; `target` is the row that is updated.
    pub(super) fn sources(
        &mut self,
        step: &Step,
        entity: &'a Entity,
        write: &Write,
        target: Option<&Row<'a>>,
    ) -> Vec<Source<'a>> {
        self.sources_beside(step, entity, write, target, None)
    }

    /// The columns of a new row: one of another entity may belong to the own row.
    pub(super) fn sources_of_new(
        &mut self,
        step: &Step,
        entity: &'a Entity,
        write: &Write,
    ) -> Vec<Source<'a>> {
        let link = self.link_to_own(self.id, step, entity);
        let mut res = self.sources_beside(step, entity, write, None, link.as_ref());
        if let Some(link) = link
            && let Some(column) = self.env.catalog.named_column(entity, &link.field)
        {
            let key = sql!("{}.{}", self.env.own().alias, link.key);
            let field = entity.field(&link.field);
            res.push(Source { column, field, value: Value::Expression(key), key: None });
        }
        res
    }

    /// The columns without that of a link, which takes nothing from the input.
    fn sources_beside(
        &mut self,
        step: &Step,
        entity: &'a Entity,
        write: &Write,
        target: Option<&Row<'a>>,
        link: Option<&Link>,
    ) -> Vec<Source<'a>> {
        let is_link = |field: &Field| link.is_some_and(|it| it.field == field.name.text);
        let mut res: Vec<Source<'a>> = Vec::new();
        let assigned = |field: &Field| write.assigned(entity, field).is_some();
        if write.takes_all() {
            for (field, _) in self.env.catalog.columns(entity) {
                if !assigned(field) && !is_link(field) {
                    res.push(self.input_source(entity, field));
                }
            }
        }
        for name in &write.columns {
            match entity.field(name.as_str()) {
                Some(field) if assigned(field) || is_link(field) => {}
                Some(field) => res.push(self.input_source(entity, field)),
                None => self.unknown_field(entity, name),
            }
        }
        for assignment in &write.assignments {
            let Some(column) = self.env.catalog.named_column(entity, assignment.field.as_str())
            else {
                self.unknown_field(entity, &assignment.field);
                continue;
            };
            let scope: Vec<Row<'a>> = target.cloned().into_iter().collect();
            let mut value = self.env.assigned(&assignment.value, &scope, &column);
            let field = entity.field(assignment.field.as_str());
            let mut key = None;
            let inserts = target.is_none_or(|it| it.alias.as_str() == "default$");
            if self.is_looked_up(step, entity, &assignment.field, &assignment.value) {
                key = Some(value.clone());
                value = self.or_not_found(value, &assignment.value, &scope, &column);
            } else if let (true, Some(default)) = (inserts, field.and_then(default_in_absence))
                && matches!(assignment.value.kind, ExpressionKind::Path(_))
            {
                value = sql!("coalesce({}, {})", value, default);
            }
            res.retain(|it| it.column.name != column.name);
            res.push(Source { column, field, value: Value::Expression(value), key });
        }
        res
    }

    /// Whether the value names its row by an id that nothing has looked up before.
    fn is_looked_up(&self, step: &Step, entity: &Entity, field: &Name, value: &Expression) -> bool {
        let scope = Scope::at(self.env.catalog.workspace(), self.id, step);
        looked_up(&scope, entity, field, value).is_some()
    }

    /// The key of the row; an id without a row is a failure.
    fn or_not_found(
        &mut self,
        key: Sql,
        value: &Expression,
        scope: &[Row<'a>],
        column: &Column<'a>,
    ) -> Sql {
        if key.as_str() == "NULL" {
            return key;
        }
        let text = Column { ty: ColumnType::Scalar(TypeName::new("text")), ..column.clone() };
        let id = self.env.assigned(value, scope, &text);
        sql!(
            "coalesce({}, app.no_row({}, {}, ({})::text))",
            key,
            Literal::text(not_found_message(&column.field)),
            Literal::text(column.field.as_str()),
            id
        )
    }

    fn input_source(&mut self, entity: &'a Entity, field: &'a Field) -> Source<'a> {
        let index = self.env.input_of_field(entity, field);
        let column = self.env.catalog.column(entity, field);
        if matches!(column.ty, ColumnType::Reference(Some(_))) {
            // Declares the variable with its row.
            self.env.input_key(index);
        }
        let value = match self.env.inputs.get(index) {
            Some(it) => Value::Input(it.clone()),
            None => Value::Expression(Sql::raw("NULL")),
        };
        Source { column, field: Some(field), value, key: None }
    }

    fn unknown_field(&mut self, entity: &Entity, name: &Name) {
        let message =
            format!("`{}` is no field of `{}`, so it is not written", name.text, entity.name.text);
        self.env.problem(ProblemKind::UnresolvedName, name.range, &message);
    }

    /// The link by which a new row of another entity belongs to the own row of an action.
    pub(super) fn link_to_own(
        &self,
        id: ActionId,
        step: &Step,
        entity: &'a Entity,
    ) -> Option<Link> {
        let catalog = self.env.catalog;
        let it = catalog.workspace().link_to_own(id, step)?;
        Some(Link::new(catalog, entity, it, self.env.entity))
    }

    /// The checks of the inputs among the sources.
    pub(super) fn check_sources(&self, lines: &mut Lines, sources: &[Source<'a>], is_update: bool) {
        for source in sources {
            if let (Some(field), Value::Input(input)) = (source.field, &source.value) {
                self.check_value(lines, field, input, is_update);
            }
        }
    }

    /// The value in an `INSERT`.
    pub(super) fn inserted(&self, source: &Source<'a>) -> Sql {
        match (&source.value, source.field) {
            (Value::Input(input), Some(field)) => value_of(field, input),
            (Value::Input(input), None) => input_value(input),
            (Value::Expression(sql), _) => sql.clone(),
        }
    }

    /// The value in an `UPDATE` of `t$`: an input that is absent leaves the column as it is.
    pub(super) fn updated(&self, source: &Source<'a>) -> Sql {
        match &source.value {
            Value::Expression(sql) => sql.clone(),
            Value::Input(input) => {
                sql!(
                    "CASE WHEN {} THEN {} ELSE t$.{} END",
                    input.is_present(),
                    input_value(input),
                    source.column.name
                )
            }
        }
    }

    /// Whether a write sets fields of rows that the action is about: of a deleted row none are, and where one
    /// is made the fields of others are not.
    fn is_about(&self, entity: &Entity, how: Noted) -> bool {
        let changes: &[Change] = match how {
            Noted::Updated { own: true } if self.operation == Operation::Create => {
                return self.is_primary(entity);
            }
            Noted::Inserted => &[Change::Created],
            Noted::Upserted => &[Change::Created, Change::Updated],
            Noted::Updated { .. } => &[Change::Updated],
        };
        let wanted = Change::of(self.operation);
        self.is_primary(entity) && changes.iter().any(|it| wanted.contains(it))
    }

    /// Notes which fields of the primary entity a write sets, for the answer: those of expressions
    /// always, those of the input when it has them.
    pub(super) fn note_fields(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        sources: &[Source<'a>],
        how: Noted,
    ) {
        if sources.is_empty() || !self.is_about(entity, how) {
            return;
        }
        let inserts = matches!(how, Noted::Inserted);
        self.field_steps += if self.loops > 0 { 2 } else { 1 };
        let names = sources.iter().map(|it| {
            let name = Literal::text(it.column.field.as_str());
            match &it.value {
                Value::Input(input) if !(inserts && is_required(it.field)) => {
                    sql!("CASE WHEN {} THEN {} END", input.is_present(), name)
                }
                _ => Sql::of(&name),
            }
        });
        lines.push(sql!("work$.fields := work$.fields || ARRAY[{}];", Sql::join(names, ", ")));
    }
}

/// Which write sets fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    Inserted,
    Upserted,
    /// The row of the action itself, or others.
    Updated {
        own: bool,
    },
}

/// An insert needs its value, so it has it.
fn is_required(field: Option<&Field>) -> bool {
    field.is_some_and(|it| !it.nullable && default_value(it).is_none())
}

/// The value of an input in the type of its column: a reference by its key.
pub(super) fn input_value(input: &Input<'_>) -> Sql {
    match (&input.ty, &input.row) {
        (Some(ColumnType::Reference(Some(target))), Some(row)) => {
            sql!("{}.{}", row, names::primary_key(target))
        }
        (Some(ColumnType::Reference(_)), _) => Sql::raw("NULL"),
        _ => Sql::of(&input.variable),
    }
}

/// The value of an input for its column, the field's default in its absence.
pub(super) fn value_of(field: &Field, input: &Input<'_>) -> Sql {
    let value = input_value(input);
    match default_value(field) {
        Some(default) => sql!("coalesce({}, {})", value, default),
        None => value,
    }
}

/// What an insert writes to a field that may not be null when the value is.
fn default_in_absence(field: &Field) -> Option<Sql> {
    if field.nullable { None } else { default_value(field) }
}

/// The names of the fields that are written.
pub(super) fn field_names(sources: &[Source<'_>]) -> Vec<String> {
    sources.iter().map(|it| it.column.field.clone()).collect()
}
