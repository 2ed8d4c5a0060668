//! Locks of unique values. Two actions that write the same values in opposite orders would wait for each
//! other in a circle: a row that is not there yet cannot be locked, so its value is, before the first step
//! and in one order.

use specql_model::{Entity, Field, Write};

use super::{
    frame::Frame,
    lock_plan::{Strength, Which, key_lock},
    lock_scope::{Scope, lock_query},
};
use crate::{
    artifacts::table::by_id,
    catalog::{Column, ColumnType},
    names,
    sql::{Sql, sql},
};

impl<'a> Frame<'a> {
    /// Counts a statement that writes a unique value.
    pub(super) fn count_key_write(&mut self, entity: &Entity, write: &Write) {
        let is_written =
            |field: &Field| write.takes(entity, field) || write.assigned(entity, field).is_some();
        if entity.fields.iter().any(|it| it.unique && is_written(it)) {
            self.locks.count_key_writes(if self.loops > 0 { 2 } else { 1 });
        }
    }

    /// Whether what a field is given decides which locks are taken.
    pub(super) fn is_locked_by_value(
        &self,
        entity: &Entity,
        field: &Field,
        column: &Column<'_>,
    ) -> bool {
        field.unique
            || matches!(column.ty, ColumnType::Reference(Some(_)))
            || !by_id::targets(self.env.catalog, entity, field).is_empty()
    }

    /// The value of a unique field that a statement writes.
    pub(super) fn add_unique_value(
        &mut self,
        entity: &Entity,
        column: &Column<'_>,
        value: &Sql,
        scope: &Scope,
    ) {
        if entity.field(&column.field).is_some_and(|it| it.unique) {
            let value = sql!("({})::{}", value, column.ty.sql_type());
            let lock = self.key_lock(entity, column.name.as_str(), &value);
            self.add_key_lock(&lock, scope);
        }
    }

    /// The lock of a value of a column, or of the values of several.
    pub(super) fn key_lock(&self, entity: &Entity, columns: &str, value: &Sql) -> Sql {
        let table = names::table(entity).catalogue_text();
        key_lock(&table, columns, self.env.catalog.has_tenants(), value)
    }

    fn add_key_lock(&mut self, lock: &Sql, scope: &Scope) {
        let query = lock_query(lock, scope);
        if !self.locks.keys.contains(&query) {
            self.locks.keys.push(query);
        }
    }

    /// The rows whose ids a value holds, in a list or as that of one of several entities.
    pub(super) fn add_named_rows(
        &mut self,
        entity: &'a Entity,
        column: &Column<'a>,
        value: &Sql,
        scope: &Scope,
    ) {
        let Some(field) = entity.field(&column.field) else { return };
        if value.as_str() == "NULL" {
            return;
        }
        let tenant = self.env.and_tenant(&Sql::raw("t$"));
        let which = match column.ty {
            ColumnType::Json => {
                Which::Where(sql!("t$.id = ANY (app.listed_ids({})){}", value, tenant))
            }
            _ => Which::Id(sql!("({})::uuid", value)),
        };
        for target in by_id::targets(self.env.catalog, entity, field) {
            let strength = self.strength(target, Strength::KeyShare);
            self.add_set(target, &which, strength, scope);
        }
    }

    /// The value by which an upsert finds its row, if it is known. Where no index keeps it unique a lock
    /// does, which has to be taken with the others.
    pub(super) fn add_target(
        &mut self,
        entity: &Entity,
        values: Option<&[(Column<'a>, Sql)]>,
        scope: &Scope,
    ) {
        let is_indexed = values.is_none_or(|it| match it {
            [(column, _)] => match entity.field(&column.field) {
                Some(field) => field.unique,
                None => column.name.as_str() == "id",
            },
            _ => false,
        });
        self.locks.count_key_writes(if is_indexed && self.loops == 0 { 1 } else { 2 });
        if let Some(values) = values {
            let lock = self.target_lock(entity, values);
            self.add_key_lock(&lock, scope);
        }
    }

    /// The lock of the values by which an upsert finds its row.
    pub(super) fn target_lock(&self, entity: &Entity, values: &[(Column<'a>, Sql)]) -> Sql {
        let columns: Vec<&str> = values.iter().map(|it| it.0.name.as_str()).collect();
        let typed = values.iter().map(|(column, it)| sql!("({})::{}", it, column.ty.sql_type()));
        let value = match values {
            [_] => Sql::join(typed, ""),
            _ => {
                // By its values, because texts of one moment differ; a key that is not whole finds nothing.
                let row = sql!("ROW({})", Sql::join(typed, ", "));
                sql!("CASE WHEN {} IS NOT NULL THEN hash_record_extended({}, 0) END", row, row)
            }
        };
        self.key_lock(entity, &columns.join(","), &value)
    }

    /// What an upsert writes to the columns by which it finds its row.
    pub(super) fn target_values(
        &mut self,
        entity: &'a Entity,
        write: &Write,
    ) -> Option<Vec<(Column<'a>, Sql)>> {
        let mut res = Vec::new();
        for target in &write.conflict_target {
            let column = self.env.catalog.named_column(entity, target.as_str())?;
            let is_it =
                |name: &str| entity.column(name).is_some_and(|it| it.name() == column.field);
            let assigned = write.assignments.iter().find(|it| is_it(it.field.as_str()));
            let value = match assigned {
                Some(it) => self.env.assigned(&it.value, &[], &column),
                None => {
                    let value = self.env.input_value(&[&column.field], target.range, Some(entity));
                    self.env.coerce(value, &column.ty)
                }
            };
            res.push((column, value));
        }
        (!res.is_empty()).then_some(res)
    }
}
