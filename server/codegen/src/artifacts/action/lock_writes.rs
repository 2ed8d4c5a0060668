//! What an `insert`, an `upsert`, an `update` and a `delete` lock: the rows that they write, and those that their
//! values name.

use specql_model::{Entity, Step, Write};

use super::{
    frame::Frame,
    lock_plan::{Strength, Which},
    lock_scope::{Scope, names_alias, sources_of},
    rows::{Link, Way, way},
};
use crate::{
    catalog::ColumnType,
    expression::{Row, Value},
    sql::{Sql, TypeName, sql},
};

impl<'a> Frame<'a> {
    fn look_at_values(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        target: Option<&Row<'a>>,
        link: Option<&Link>,
        scope: &Scope,
    ) {
        for it in &write.assignments {
            let Some(column) = self.env.catalog.named_column(entity, it.field.as_str()) else {
                continue;
            };
            let rows: Vec<Row<'a>> = target.cloned().into_iter().collect();
            let value =
                self.translated(scope, |frame| frame.env.assigned(&it.value, &rows, &column));
            let Some(value) = value.filter(|it| !names_alias(it.as_str(), "t$")) else { continue };
            self.add_unique_value(entity, &column, &value, scope);
            self.add_named_rows(entity, &column, &value, scope);
            if let ColumnType::Reference(Some(to)) = column.ty {
                self.add_key(to.id, &value, Strength::KeyShare, scope);
            }
        }
        // The row that a reference of the input leads to may be written by a later step, and must not go.
        for (field, column) in self.env.catalog.columns(entity) {
            let is_link = link.is_some_and(|it| it.column == column.name);
            if !write.takes(entity, field)
                || is_link
                || !self.is_locked_by_value(entity, field, &column)
            {
                continue;
            }
            let value =
                self.env.input_value(&[field.name.as_str()], field.name.range, Some(entity));
            if let ColumnType::Reference(Some(target)) = column.ty {
                let strength = self.strength(target, Strength::KeyShare);
                self.add_set(target, &Which::Id(value.operand()), strength, scope);
                continue;
            }
            let value = self.env.coerce(value, &column.ty);
            self.add_unique_value(entity, &column, &value, scope);
            self.add_named_rows(entity, &column, &value, scope);
        }
    }

    fn add_id(&mut self, entity: &'a Entity, id: &Value<'a>, scope: &Scope) {
        self.add(entity, &Which::Id(id.operand()), scope);
    }

    pub(super) fn look_at_insert(&mut self, step: &Step, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let id = self.looked_through(scope);
        let link = self.link_to_own(id, step, entity);
        // The fields of the own row mean the input still: that is what the row is made of.
        self.look_at_values(entity, write, None, link.as_ref(), scope);
        self.count_key_write(entity, write);
        self.makes_row(entity, write, link.as_ref(), scope);
    }

    pub(super) fn look_at_upsert(&mut self, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let target = Row { alias: Sql::raw("t$"), entity };
        self.look_at_values(entity, write, Some(&target), None, scope);
        self.look_at_values(entity, write, None, None, scope);
        let values = self.translated(scope, |frame| frame.target_values(entity, write)).flatten();
        self.add_target(entity, values.as_deref(), scope);
        let Some(values) = values else { return self.comes_later(write.bind.as_deref()) };
        let same = values.iter().map(|(column, it)| sql!("t$.{} = {}", column.name, it));
        let live = self.env.live(&Sql::raw("t$"));
        let condition = sql!("{} AND {}", Sql::join(same, " AND "), live);
        self.add(entity, &Which::Where(condition.clone()), scope);
        self.leaves_row(entity, write, &condition, scope);
    }

    pub(super) fn look_at_write(&mut self, step: &Step, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let target = Row { alias: Sql::raw("t$"), entity };
        let condition = self.look_at_rows(step, entity, write, &target, scope);
        self.look_at_values(entity, write, Some(&target), None, scope);
        self.count_key_write(entity, write);
        match condition {
            Some(it) => self.changes_row(entity, write, &it, scope),
            None => self.comes_later(write.bind.as_deref()),
        }
    }

    /// The rows of a write; gives the condition by which they are found, if they are.
    fn look_at_rows(
        &mut self,
        step: &Step,
        entity: &'a Entity,
        write: &Write,
        target: &Row<'a>,
        scope: &Scope,
    ) -> Option<Sql> {
        match &write.filter {
            Some(filter) => {
                let id = self.looked_through(scope);
                let found = self.translated(scope, |frame| {
                    let condition = frame.env.condition(filter, std::slice::from_ref(target));
                    let live = frame.live(frame.count(id, entity, filter), &target.alias);
                    (sql!("({}) AND {}", condition, live), frame.named_row(filter, target))
                });
                let Some((condition, row)) = found else {
                    self.locked_late(step.range);
                    return None;
                };
                let which = row.unwrap_or_else(|| Which::Where(condition.clone()));
                self.add(entity, &which, scope);
                self.settle(step.range, entity, Some(filter), &condition, scope);
                // What a column of a new row will hold may be known only then.
                if sources_of(&condition, scope).iter().any(|it| it.made.is_some()) {
                    self.locked_late(step.range);
                }
                Some(condition)
            }
            None if entity.id == self.env.entity.id => {
                if self.env.creates_own_row {
                    return None;
                }
                let id = if self.env.own_row_is_left {
                    Value::scalar(sql!("{}.id", self.env.own_row), TypeName::new("uuid"))
                } else {
                    self.env.input_value(&["id"], step.range, None)
                };
                self.add_id(entity, &id, scope);
                Some(self.row_of(entity, &Which::Id(id.operand())))
            }
            None => self.look_at_link(step, entity, scope),
        }
    }

    /// The row that a reference of the own row leads to, or the rows that refer to it; the condition by which
    /// they are found.
    fn look_at_link(&mut self, step: &Step, entity: &'a Entity, scope: &Scope) -> Option<Sql> {
        let own = self.env.entity;
        match way(self.env.catalog, own, entity)? {
            Way::Forward(link) if self.env.creates_own_row => {
                let id = self.env.input_value(&[&link.field], own.name.range, None);
                self.add_id(entity, &id, scope);
                Some(self.row_of(entity, &Which::Id(id.operand())))
            }
            Way::Forward(link) => {
                let key = sql!("{}.{}", self.env.own_row, link.column);
                let is_id = link.key.as_str() == "id";
                let which = if is_id { Which::Id(key) } else { Which::Key(key) };
                self.add(entity, &which, scope);
                Some(self.row_of(entity, &which))
            }
            Way::Backward(_) if self.env.creates_own_row => None,
            Way::Backward(link) => {
                let key = sql!("{}.{}", self.env.own_row, link.key);
                let tenant = self.env.and_tenant(&Sql::raw("t$"));
                let condition = sql!("t$.{} = {}{}", link.column, key, tenant);
                self.add(entity, &Which::Where(condition.clone()), scope);
                self.reads_rows = false;
                self.settle(step.range, entity, None, &condition, scope);
                Some(condition)
            }
        }
    }
}
