//! What an action locks: rows of tables, as conditions on a row `t$`.

use std::collections::BTreeMap;

use specql_model::{Entity, EntityId};

use crate::{
    names,
    sql::{Literal, Sql, sql},
};

/// What an action locks before its steps.
#[derive(Debug, Clone, Default)]
pub(super) struct LockPlan<'a> {
    /// By table, which is the order of the locks.
    pub(super) tables: BTreeMap<String, TableLocks<'a>>,
    /// Tables of which the action asks whether rows exist that it or others may make.
    pub(super) guards: Vec<String>,
}

/// The rows of one table that are locked.
#[derive(Debug, Clone)]
pub(super) struct TableLocks<'a> {
    pub(super) entity: &'a Entity,
    /// Conditions on a row `t$`; any of them.
    pub(super) sets: Vec<Set>,
}

/// Rows to lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    /// The condition on a row `t$`.
    pub(super) condition: Sql,
    /// The same by the variable of the own row, once that is read and locked.
    pub(super) by_own_row: Option<Sql>,
    /// It reads rows of these entities, which are found but not locked while it is evaluated.
    pub(super) reads: Vec<EntityId>,
}

impl TableLocks<'_> {
    /// The condition on `t$` for all rows.
    pub(super) fn condition(&self) -> Sql {
        match self.sets.as_slice() {
            [one] => one.condition.clone(),
            several => {
                let (table, key) = (names::table(self.entity), names::primary_key(self.entity));
                let queries = several.iter().map(|it| {
                    let condition = it.condition.indented();
                    sql!("SELECT t$.{} FROM {} AS t$ WHERE {}", key, table, condition)
                });
                sql!("t$.{} IN (\n    {}\n)", key, Sql::join(queries, "\n    UNION ALL\n    "))
            }
        }
    }

    /// The own row is in a variable and locked, so what it leads to can be named by it.
    pub(super) fn by_own_row(&mut self, row: &Sql) {
        for set in &mut self.sets {
            if let Some(condition) = set.by_own_row.take() {
                set.condition = condition.with_alias("own$", row);
                set.reads.clear();
            }
        }
    }
}

/// `pg_advisory_xact_lock` of a table's name.
pub(super) fn guard_lock(table: &str) -> Sql {
    sql!("PERFORM pg_advisory_xact_lock(hashtextextended({}, 0));", Literal::text(table))
}
