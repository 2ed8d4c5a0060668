//! What an action locks, and how rows are put into a plan: as conditions on a row `t$` of their table, with
//! the sources that the conditions name.

use std::collections::BTreeMap;

use specql_model::{ActionId, Entity, EntityId};

use super::{frame::Frame, made_rows::MadeRow};
use crate::{
    names,
    sql::{Ident, Literal, Qualified, Sql, sql},
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

/// A source of the rows that names stand for: `tb_order_line AS b1$`, the items of a list.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) alias: String,
    pub(super) table: Sql,
    pub(super) condition: Option<Sql>,
    pub(super) entity: Option<EntityId>,
    /// The row is not there yet.
    pub(super) made: Option<MadeRow>,
}

/// What is in scope while the steps are looked through.
pub(super) struct Scope {
    pub(super) sources: Vec<Source>,
    /// The actions whose steps are looked through, the innermost last.
    pub(super) stack: Vec<ActionId>,
    /// The source that stands for the own row, once a step makes it.
    pub(super) own_made: Option<String>,
}

impl<'a> Frame<'a> {
    /// A lock of the table's name, for rows that are not there and have nothing that they belong to.
    pub(super) fn guard(&mut self, table: &Qualified) {
        let name = table.catalogue_text();
        if !self.locks.guards.contains(&name) {
            self.locks.guards.push(name);
            self.locks.guards.sort();
        }
    }

    pub(super) fn add_key(&mut self, entity: EntityId, key: &Sql, scope: &Scope) {
        let Some(entity) = self.env.catalog.entity(entity) else { return };
        self.add(entity, &sql!("t$.{} = {}", names::primary_key(entity), key), scope);
    }

    /// Adds rows `t$` of an entity, with the sources that the condition names.
    pub(super) fn add(&mut self, entity: &'a Entity, condition: &Sql, scope: &Scope) {
        let (needed, text) = named_sources(condition, scope);
        if needed.iter().any(|it| is_same_row(entity, condition, it)) {
            return;
        }
        let there = needed.iter().filter(|it| it.made.is_none());
        let reads = there.filter_map(|it| it.entity).collect();
        let is_own = matches!(needed.as_slice(), [one] if one.alias == "own$");
        let by_own_row = is_own.then(|| condition.clone());
        let condition = if needed.is_empty() {
            condition.clone()
        } else {
            let from = needed.iter().map(|it| {
                let alias = Sql::of(&Ident::new(it.alias.as_str()));
                let lateral = Sql::raw(if needed.len() > 1 { "LATERAL " } else { "" });
                match (&it.made, it.entity) {
                    (Some(made), _) => {
                        sql!("{}{} AS {}", lateral, made.table(&it.alias, &text), alias)
                    }
                    (None, Some(_)) => sql!("{} AS {}", it.table, alias),
                    (None, None) => it.table.clone(),
                }
            });
            let conditions = needed.iter().filter_map(|it| it.condition.clone());
            sql!(
                "EXISTS (\n    SELECT FROM {}\n    WHERE {}\n)",
                Sql::join(from, ", "),
                Sql::join(conditions.chain([condition.clone()]), " AND ")
            )
        };
        let table = names::table(entity).catalogue_text();
        let locks = self.locks.tables.entry(table);
        let locks = locks.or_insert_with(|| TableLocks { entity, sets: Vec::new() });
        let set = Set { condition, by_own_row, reads };
        if !locks.sets.contains(&set) {
            locks.sets.push(set);
        }
    }
}

/// The sources that a condition names, itself or through their own conditions.
pub(super) fn sources_of<'s>(condition: &Sql, scope: &'s Scope) -> Vec<&'s Source> {
    named_sources(condition, scope).0
}

/// The same, with the text that names columns of them: the condition, and the sources behind one another.
fn named_sources<'s>(condition: &Sql, scope: &'s Scope) -> (Vec<&'s Source>, String) {
    let mut res: Vec<&Source> = Vec::new();
    let mut text = condition.as_str().to_owned();
    for source in scope.sources.iter().rev() {
        if names_alias(&text, &source.alias) {
            text.push_str(source.table.as_str());
            if let Some(made) = &source.made {
                let table = made.table(&source.alias, &text);
                text.push_str(table.as_str());
            }
            text.push_str(source.condition.as_ref().map_or("", Sql::as_str));
            res.insert(0, source);
        }
    }
    (res, text)
}

/// Whether a text names an alias.
pub(super) fn names_alias(text: &str, alias: &str) -> bool {
    text.match_indices(&format!("{alias}.")).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        before.is_none_or(|it| !it.is_alphanumeric() && it != '_' && it != '$')
    })
}

/// Whether a condition means the row that a source of the same entity has found, which is locked as such.
fn is_same_row(entity: &Entity, condition: &Sql, source: &Source) -> bool {
    if source.entity != Some(entity.id) || source.alias == "own$" {
        return false;
    }
    let key = names::primary_key(entity);
    [key.as_str(), "id"].iter().any(|column| {
        let same = format!("t$.{column} = {}.{column}", source.alias);
        let text = condition.as_str();
        let text = text.strip_prefix('(').unwrap_or(text);
        text.strip_prefix(same.as_str()).is_some_and(|it| {
            it.is_empty() || it == ")" || it.starts_with(") AND t$.deleted_at IS NULL")
        })
    })
}

/// Whether a word is the alias of a query inside an expression, which nothing outside of it can name.
pub(super) fn is_inner(word: &str, scope: &Scope) -> bool {
    let is_alias = |letter: char| {
        word.strip_prefix(letter)
            .and_then(|it| it.strip_suffix('$'))
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    };
    (is_alias('e') || is_alias('r') || word == "t$")
        && scope.sources.iter().all(|it| it.alias != word)
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
