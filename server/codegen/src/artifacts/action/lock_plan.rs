//! What an action locks: rows of tables, as conditions on a row `t$`.

use std::collections::BTreeMap;

use specql_model::{ActionId, Entity, EntityId};

use crate::{
    names,
    sql::{Literal, Sql, sql},
};

/// Which rows `t$` of a table are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// The one of an id.
    Id(Sql),
    /// The one of a key.
    Key(Sql),
    /// Those of a condition, which says the tenant where rows have one.
    Where(Sql),
}

impl Which {
    /// Whether a value that a caller leaves out names it, so that no row is meant.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Id(it) | Self::Key(it) if it.as_str() == "NULL")
    }
}

/// A call with what it gives: another one that gives the same leads to the same rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LookedThrough {
    pub(super) action: ActionId,
    /// Name and value of each input.
    pub(super) given: Vec<(String, String)>,
    pub(super) in_loop: bool,
}

/// What an action locks before its steps.
#[derive(Debug, Clone, Default)]
pub(super) struct LockPlan<'a> {
    /// By table, which is the order of the locks.
    pub(super) tables: BTreeMap<String, TableLocks<'a>>,
    /// Tables of which the action asks whether rows exist that it or others may make.
    pub(super) guards: Vec<String>,
    /// The locks of the unique values that steps write.
    pub(super) keys: Vec<KeyQuery>,
    /// How many statements write such values, those in loops twice.
    pub(super) key_writes: u32,
}

impl LockPlan<'_> {
    /// Counts statements that write unique values; calls of calls can be more than a number holds.
    pub(super) fn count_key_writes(&mut self, count: u32) {
        self.key_writes = self.key_writes.saturating_add(count);
    }

    /// Takes the locks of unique values in one order. A statement waits for whoever writes the same value
    /// at the time; one that is the only one of its action holds nothing that anybody else waits for.
    pub(super) fn key_locks(&self) -> Option<Sql> {
        if self.key_writes < 2 {
            return None;
        }
        let queries = union(&self.keys.iter().collect::<Vec<_>>())?;
        Some(sql!(
            "PERFORM pg_advisory_xact_lock(k$.lock) FROM (\n    {}\n    ORDER BY lock\n) AS k$\nWHERE k$.lock IS NOT NULL;",
            queries
        ))
    }

    /// Whether rows that give such values have changed before they were locked, so that others are written than
    /// those whose locks were taken. Nobody is waited for here, out of the order.
    pub(super) fn key_locks_again(&self) -> Option<Sql> {
        self.key_locks()?;
        let read: Vec<&KeyQuery> = self.keys.iter().filter(|it| it.reads_rows).collect();
        let taken = sql!(
            "IF EXISTS (\n    SELECT FROM (\n        {}\n    ) AS k$\n    WHERE NOT pg_try_advisory_xact_lock(k$.lock)\n) THEN",
            union(&read)?.indented()
        );
        Some(sql!("{}\n    {}\nEND IF;", taken, changed_meanwhile()))
    }
}

/// A query for locks of unique values, behind its `SELECT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyQuery {
    pub(super) text: Sql,
    /// Rows that are there give the values.
    pub(super) reads_rows: bool,
}

/// Each lock once.
fn union(keys: &[&KeyQuery]) -> Option<Sql> {
    Some(match keys {
        [] => return None,
        [one] => sql!("SELECT DISTINCT {}", one.text),
        several => {
            let queries = several.iter().map(|it| sql!("SELECT {}", it.text));
            Sql::join(queries, "\n    UNION\n    ")
        }
    })
}

/// The error after which a caller tries again.
pub(super) fn changed_meanwhile() -> Sql {
    Sql::raw(
        "RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'rows changed while they were locked, so try again';",
    )
}

/// `app.key_lock('blog.tb_post.slug', …)` of a value that a statement writes.
pub(super) fn key_lock(table: &str, column: &str, by_tenant: bool, value: &Sql) -> Sql {
    let name = Literal::text(format!("{table}.{column}"));
    let name =
        if by_tenant { sql!("concat({}, ':', ctx$.tenant_id)", name) } else { Sql::of(&name) };
    sql!("app.key_lock({}, {})", name, value)
}

/// The rows of one table that are locked.
#[derive(Debug, Clone)]
pub(super) struct TableLocks<'a> {
    pub(super) entity: &'a Entity,
    /// Conditions on a row `t$`; any of them.
    pub(super) sets: Vec<Set>,
}

/// What is locked of a row, weakest first, as PostgreSQL orders them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Nobody deletes it: a new row refers to it.
    KeyShare,
    /// Nobody changes it: its values are read.
    Share,
    /// It may be changed.
    NoKeyUpdate,
    /// It may be deleted, softly too.
    Update,
}

impl Strength {
    /// `FOR …`.
    pub(super) fn clause(self) -> Sql {
        Sql::raw(match self {
            Self::KeyShare => "FOR KEY SHARE",
            Self::Share => "FOR SHARE",
            Self::NoKeyUpdate => "FOR NO KEY UPDATE",
            Self::Update => "FOR UPDATE",
        })
    }

    /// Whether the row is read only.
    pub(super) fn is_shared(self) -> bool {
        self <= Self::Share
    }
}

/// Rows to lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    /// The sources that the condition names, each with a comma behind it; empty where it names none.
    pub(super) from: Sql,
    /// The condition on a row `t$`.
    pub(super) condition: Sql,
    /// What is asked of `t$` for each row of the sources in turn; empty where all is one join.
    pub(super) for_each: Sql,
    pub(super) strength: Strength,
    /// The same by the variable of the own row, once that is read and locked.
    pub(super) by_own_row: Option<Sql>,
    /// It reads rows of these entities, which are found but not locked while it is evaluated.
    pub(super) reads: Vec<EntityId>,
    /// One `find` alone looks at them, and takes the one with the first key.
    pub(super) first_only: bool,
}

impl Set {
    /// The rows of a condition that asks for no others, of which the ids stay.
    pub(super) fn of(condition: Sql) -> Self {
        let (from, for_each) = (Sql::default(), Sql::default());
        let (strength, by_own_row, reads) = (Strength::KeyShare, None, Vec::new());
        Self { from, condition, for_each, strength, by_own_row, reads, first_only: false }
    }

    /// Whether another one means the same rows.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.from == other.from
            && self.condition == other.condition
            && self.for_each == other.for_each
    }
}

impl<'a> TableLocks<'a> {
    /// Those that are changed and those that are read: two statements, unless rows are deleted, which
    /// waits for readers too and so keeps to one order with them.
    pub(super) fn statements(&self) -> Vec<(Self, Strength)> {
        let strongest = |sets: &[Set]| sets.iter().map(|it| it.strength).max();
        let of = |sets: Vec<Set>| {
            let strength = strongest(&sets)?;
            Some((Self { entity: self.entity, sets }, strength))
        };
        if strongest(&self.sets) == Some(Strength::Update) {
            return of(self.sets.clone()).into_iter().collect();
        }
        let (shared, changed): (Vec<Set>, Vec<Set>) =
            self.sets.iter().cloned().partition(|it| it.strength.is_shared());
        let shared = shared.into_iter().filter(|it| !changed.iter().any(|other| other.is_same(it)));
        let shared: Vec<Set> = shared.collect();
        [of(changed), of(shared)].into_iter().flatten().collect()
    }

    /// The condition on `t$` for all rows. Sources stand beside the table and not in an `EXISTS`: so a plan
    /// can begin with them.
    pub(super) fn condition(&self) -> Sql {
        let (table, key) = (names::table(self.entity), names::primary_key(self.entity));
        match self.sets.as_slice() {
            [one] if one.from.as_str().is_empty() => one.condition.clone(),
            several => {
                let queries = several.iter().map(|it| {
                    let condition = it.condition.indented();
                    let rows = if it.for_each.is_empty() {
                        sql!("{} AS t$", table)
                    } else {
                        let asked = &it.for_each;
                        sql!(
                            "LATERAL (SELECT t$.{} FROM {} AS t$ WHERE {} OFFSET 0) AS t$",
                            key,
                            table,
                            asked
                        )
                    };
                    sql!("SELECT t$.{} FROM {}{} WHERE {}", key, it.from, rows, condition)
                });
                sql!("t$.{} IN (\n    {}\n)", key, Sql::join(queries, "\n    UNION ALL\n    "))
            }
        }
    }

    /// Whether the first row is all that is needed. One that changed while it was waited for is passed over,
    /// because the condition is asked of the row itself.
    pub(super) fn takes_first(&self) -> bool {
        matches!(self.sets.as_slice(), [one] if one.first_only && one.from.is_empty())
    }

    /// A row that is read by its id into a variable stays until the commit.
    pub(super) fn hold(&mut self, condition: Sql) {
        if self.sets.iter().all(|it| it.condition != condition) {
            self.sets.push(Set::of(condition));
        }
    }

    /// The own row is in a variable and locked, so what it leads to can be named by it.
    pub(super) fn by_own_row(&mut self, row: &Sql) {
        for set in &mut self.sets {
            if let Some(condition) = set.by_own_row.take() {
                set.from = Sql::default();
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
