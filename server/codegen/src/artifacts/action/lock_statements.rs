//! The statements of the locks, and the rows that are read with them into variables.

use std::collections::BTreeMap;

use specql_model::Entity;

use super::{
    failure::{fail, fail_if},
    frame::Frame,
    lock_plan::{Strength, TableLocks, Which, changed_meanwhile, guard_lock},
};
use crate::{
    catalog::ColumnType,
    names,
    sql::{Ident, Lines, Sql, sql},
};

/// What is done with one table.
struct Table<'a> {
    entity: &'a Entity,
    locks: Option<TableLocks<'a>>,
    loads: Vec<Load>,
}

/// A row that is read into a variable.
struct Load {
    row: Sql,
    /// The variable of a row that steps may leave unread; it has only to be there then.
    variable: Option<Ident>,
    id: Sql,
    /// The name in messages.
    field: String,
    message: String,
    /// The id may be absent.
    optional: bool,
}

impl<'a> Frame<'a> {
    /// Locks what the plan says and reads the rows that inputs name, table by table.
    pub(super) fn take_locks(&mut self, lines: &mut Lines) {
        let tables = self.tables();
        let key_locks = self.locks.key_locks();
        if tables.is_empty() && self.locks.guards.is_empty() && key_locks.is_none() {
            return;
        }
        lines.push(Sql::raw("-- locks, in the order of the tables and of their keys"));
        for table in &self.locks.guards {
            lines.push(guard_lock(table));
        }
        if let Some(it) = key_locks {
            lines.push(it);
        }
        let mut again = Lines::new();
        for (name, table) in &tables {
            self.table_locks(lines, &mut again, name, table);
        }
        lines.append(again);
        if let Some(it) = self.locks.key_locks_again() {
            lines.push(it);
        }
        lines.blank();
    }

    fn tables(&mut self) -> BTreeMap<String, Table<'a>> {
        let mut res: BTreeMap<String, Table<'a>> = BTreeMap::new();
        let own = names::table(self.env.entity).catalogue_text();
        let own_is_read = self.env.own_row_is_used && !self.creates;
        for (name, it) in &self.locks.tables {
            let mut locks = it.clone();
            if own_is_read && *name > own {
                locks.by_own_row(&self.env.own_row);
            }
            let table = Table { entity: it.entity, locks: Some(locks), loads: Vec::new() };
            res.insert(name.clone(), table);
        }
        let mut loads: Vec<(&'a Entity, Load)> = Vec::new();
        if self.env.own_row_is_used && !self.creates {
            let entity = self.env.entity;
            let id = self.env.input_value(&["id"], entity.name.range, None);
            let load = Load {
                row: self.env.own_row.clone(),
                variable: None,
                id: id.sql,
                field: "id".to_owned(),
                message: format!("{} not found", entity.name.text),
                optional: false,
            };
            loads.push((entity, load));
        }
        for input in &self.env.inputs {
            let (Some(row), Some(ColumnType::Reference(Some(target)))) = (&input.row, &input.ty)
            else {
                continue;
            };
            let load = Load {
                row: Sql::of(row),
                variable: Some(row.clone()),
                id: Sql::of(&input.variable),
                field: input.name.clone(),
                message: format!("{} not found", input.name),
                optional: true,
            };
            loads.push((target, load));
        }
        for (entity, load) in loads {
            let name = names::table(entity).catalogue_text();
            let table =
                res.entry(name).or_insert_with(|| Table { entity, locks: None, loads: Vec::new() });
            let none = || TableLocks { entity, sets: Vec::new() };
            let row = self.row_of(entity, &Which::Id(load.id.clone()));
            table.locks.get_or_insert_with(none).hold(row);
            table.loads.push(load);
        }
        res
    }

    fn table_locks(&mut self, lines: &mut Lines, again: &mut Lines, name: &str, table: &Table<'a>) {
        let by_load = |load: &Load| self.row_of(table.entity, &Which::Id(load.id.clone()));
        let is_settled = self.keys.contains_key(&table.entity.id);
        let single = table.locks.as_ref().and_then(|it| match it.sets.as_slice() {
            [one] if !is_settled => {
                table.loads.iter().position(|load| by_load(load) == one.condition)
            }
            _ => None,
        });
        if let (Some(locks), None) = (&table.locks, single) {
            let mut is_first = true;
            for (locks, strength) in locks.statements() {
                let is_kept = self.lock_rows(lines, again, name, &locks, strength, is_first);
                is_first &= !is_kept;
            }
        }
        let strength = table.locks.as_ref().and_then(|it| Some(it.sets.first()?.strength));
        let mut loads: Vec<(usize, &Load)> = table.loads.iter().enumerate().collect();
        // The one that locks comes first.
        loads.sort_by_key(|it| Some(it.0) != single);
        for (index, load) in loads {
            if !load.optional {
                let fail =
                    fail("validation", &format!("{} is required", load.field), Some(&load.field));
                fail_if(lines, &sql!("{} IS NULL", load.id), &fail);
            }
            let live = self.env.live_one(&Sql::raw("t$"));
            let lock = strength.filter(|_| Some(index) == single);
            let lock = lock.map(|it| sql!(" {}", it.clause())).unwrap_or_default();
            let table = names::table(table.entity);
            let found =
                sql!("FROM {} AS t$\nWHERE t$.id = {} AND {}{};", table, load.id, live, lock);
            let filled = sql!("SELECT t$.* INTO {} {}", load.row, found);
            match &load.variable {
                Some(it) => lines.push_filling(filled, it, sql!("PERFORM {}", found)),
                None => lines.push(filled),
            }
            let condition = if load.optional {
                sql!("{} IS NOT NULL AND NOT FOUND", load.id)
            } else {
                Sql::raw("NOT FOUND")
            };
            fail_if(lines, &condition, &fail("not_found", &load.message, Some(&load.field)));
        }
    }

    /// Locks rows of one table; whether their keys are kept, beside those of a statement before.
    fn lock_rows(
        &mut self,
        lines: &mut Lines,
        again: &mut Lines,
        name: &str,
        locks: &TableLocks<'a>,
        strength: Strength,
        is_first: bool,
    ) -> bool {
        let (table, key) = (names::table(locks.entity), names::primary_key(locks.entity));
        let condition = locks.condition();
        // Rows through which these are found, and which are locked only after them, may have changed.
        let stale = locks.sets.iter().flat_map(|it| &it.reads).any(|it| {
            let read = self.env.catalog.entity(*it).map(|it| names::table(it).catalogue_text());
            read.is_some_and(|it| it.as_str() >= name && self.locks.tables.contains_key(&it))
        });
        let limit = Sql::raw(if locks.takes_first() { " LIMIT 1" } else { "" });
        let tail = sql!("ORDER BY t$.{}{} {}", key, limit, strength.clause());
        // Single rows that are read only are found again by who reads them.
        let is_kept = self.keys.contains_key(&locks.entity.id) || (stale && !strength.is_shared());
        if !is_kept {
            lines.push(sql!("PERFORM FROM {} AS t$\nWHERE {}\n{};", table, condition, tail));
            return false;
        }
        let keys = self.locked_keys(locks.entity);
        let before = if is_first { Sql::default() } else { sql!("{} || ", keys) };
        lines.push(sql!(
            "{} := {}ARRAY(\n    SELECT t$.{} FROM {} AS t$\n    WHERE {}\n    {}\n);",
            keys,
            before,
            key,
            table,
            condition.indented(),
            tail
        ));
        if !stale && !self.may_be_left_behind(locks, name) {
            return true;
        }
        again.push(sql!(
            "IF EXISTS (SELECT FROM {} AS t$ WHERE t$.{} <> ALL ({}) AND {}) THEN\n    {}\nEND IF;",
            table,
            key,
            keys,
            condition,
            changed_meanwhile()
        ));
        true
    }

    /// Whether rows are found by a row that the action deletes and that is locked only after them: one that comes to
    /// it meanwhile would refer to a row that is gone. Behind that lock none comes any more.
    fn may_be_left_behind(&self, locks: &TableLocks<'a>, name: &str) -> bool {
        let columns = self.env.catalog.columns(locks.entity);
        columns.into_iter().any(|(_, column)| {
            let ColumnType::Reference(Some(target)) = column.ty else { return false };
            let target = names::table(target).catalogue_text();
            let deletes =
                |it: &TableLocks<'a>| it.sets.iter().any(|it| it.strength == Strength::Update);
            let key = sql!("t$.{} = ", column.name);
            target.as_str() > name
                && self.locks.tables.get(&target).is_some_and(deletes)
                && locks.sets.iter().any(|it| it.condition.as_str().contains(key.as_str()))
        })
    }
}
