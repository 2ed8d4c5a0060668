//! How rows are put into a plan of locks: as conditions on a row `t$` of their table, with the sources that
//! the conditions name.

use specql_model::{ActionId, Entity, EntityId, Operation};

use super::{
    frame::Frame,
    lock_plan::{KeyQuery, Set, Strength, TableLocks, Which},
};
use crate::{
    names,
    sql::{Ident, Qualified, Sql, sql},
};

/// A source of the rows that names stand for: `tb_order_line AS b1$`, the items of a list.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) alias: String,
    pub(super) table: Sql,
    pub(super) condition: Option<Sql>,
    pub(super) entity: Option<EntityId>,
    /// The row is not there yet, or not as a step leaves it.
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

impl Source {
    /// The entity of which a row is read.
    fn read_entity(&self) -> Option<EntityId> {
        self.entity.filter(|_| self.made.as_ref().is_none_or(|it| !it.from.is_empty()))
    }
}

/// The columns of a row as a step leaves it, by name as SQL has it.
#[derive(Debug, Clone)]
pub(super) struct MadeRow {
    pub(super) key: String,
    pub(super) columns: Vec<(String, Sql)>,
    /// ` FROM …`: the row before the step; empty where there is none.
    pub(super) from: Sql,
}

impl MadeRow {
    /// `(SELECT … AS fk_owner)`: those columns that a text names by the alias.
    pub(super) fn table(&self, alias: &str, text: &str) -> Sql {
        let named = |name: &str| names_column(text, &format!("{alias}.{name}"));
        let columns = self.columns.iter().filter(|it| named(&it.0)).map(|it| it.1.clone());
        let columns: Vec<Sql> = columns.collect();
        let before = Sql::raw(if columns.is_empty() { "" } else { " " });
        sql!("(SELECT{}{}{})", before, Sql::join(columns, ", "), self.from)
    }

    /// Whether a value is the id or the key of the row.
    pub(super) fn is_named(&self, alias: &str, value: &str) -> bool {
        value
            .strip_prefix(alias)
            .and_then(|it| it.strip_prefix('.'))
            .is_some_and(|it| it == "id" || it == self.key)
    }
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

    /// Adds the row of a key: locked as what a step may write, or else as given.
    pub(super) fn add_key(&mut self, entity: EntityId, key: &Sql, shared: Strength, scope: &Scope) {
        let Some(entity) = self.env.catalog.entity(entity) else { return };
        let which = match self.env.id_of_key(key) {
            Some(id) => Which::Id(id.clone()),
            None => Which::Key(key.clone()),
        };
        let strength = self.strength(entity, shared);
        self.add_set(entity, &which, strength, scope);
    }

    /// How a row of an entity is locked: for what the steps, those of called actions too, do to the
    /// entity.
    pub(super) fn strength(&self, entity: &Entity, shared: Strength) -> Strength {
        let mut effects = self.env.catalog.effects(self.id).iter();
        let deleted =
            effects.any(|it| it.entity == Some(entity.id) && it.operation == Operation::Delete);
        match (deleted, self.written.contains(&entity.id)) {
            (true, _) => Strength::Update,
            (false, true) => Strength::NoKeyUpdate,
            (false, false) => shared,
        }
    }

    /// Adds rows `t$` of an entity that steps may write, with the sources that the condition names.
    pub(super) fn add(&mut self, entity: &'a Entity, which: &Which, scope: &Scope) {
        let strength = self.strength(entity, Strength::NoKeyUpdate);
        self.add_set(entity, which, strength, scope);
    }

    /// The same of rows that a condition asks for: where it makes the action fail if it finds one, they may be
    /// others by then than those that are locked.
    pub(super) fn add_asked(&mut self, entity: &'a Entity, which: &Which, scope: &Scope) {
        let strength = self.strength(entity, Strength::NoKeyUpdate);
        let Some(set) = self.set_of(entity, which, strength, scope) else { return };
        let reads = if self.fails_if_found { Vec::new() } else { set.reads };
        self.put(entity, Set { reads, ..set });
    }

    /// The condition on `t$`. One row is the tenant's too, so that nobody holds up another tenant by its ids.
    pub(super) fn row_of(&self, entity: &Entity, which: &Which) -> Sql {
        let tenant = self.env.and_tenant(&Sql::raw("t$"));
        match which {
            Which::Id(id) => sql!("t$.id = {}{}", id, tenant),
            Which::Key(key) => sql!("t$.{} = {}{}", names::primary_key(entity), key, tenant),
            Which::Where(condition) => condition.clone(),
        }
    }

    pub(super) fn add_set(
        &mut self,
        entity: &'a Entity,
        which: &Which,
        strength: Strength,
        scope: &Scope,
    ) {
        if let Some(set) = self.set_of(entity, which, strength, scope) {
            self.put(entity, set);
        }
    }

    /// Rows with the sources that their condition names; `None` for those that such a source is.
    fn set_of(
        &self,
        entity: &Entity,
        which: &Which,
        strength: Strength,
        scope: &Scope,
    ) -> Option<Set> {
        if which.is_nothing() {
            return None;
        }
        let condition = self.row_of(entity, which);
        let (needed, text) = named_sources(&condition, scope);
        if needed.iter().any(|it| is_same_row(entity, which, it)) {
            return None;
        }
        let reads = needed.iter().filter_map(|it| it.read_entity()).collect();
        let is_own = matches!(needed.as_slice(), [one] if one.alias == "own$");
        let by_own_row = is_own.then(|| condition.clone());
        let mut set = Set { strength, by_own_row, reads, ..Set::of(condition) };
        if needed.is_empty() {
            return Some(set);
        }
        // Policies let no index answer a comparison with an item out of JSON, where it is one of a join; asked
        // for each item, it is one with a value.
        let has_items = needed.iter().any(|it| it.entity.is_none());
        let condition = std::mem::take(&mut set.condition);
        let inner = if has_items && self.env.catalog.has_tenants() {
            set.for_each = condition;
            None
        } else {
            Some(condition)
        };
        let of_sources = needed.iter().filter_map(|it| it.condition.clone());
        let conditions: Vec<Sql> = of_sources.chain(inner).collect();
        set.condition =
            if conditions.is_empty() { Sql::raw("true") } else { Sql::join(conditions, " AND ") };
        set.from = sql!("{}, ", from_sources(&needed, &text));
        Some(set)
    }

    fn put(&mut self, entity: &'a Entity, set: Set) {
        let table = names::table(entity).catalogue_text();
        let locks = self.locks.tables.entry(table);
        let locks = locks.or_insert_with(|| TableLocks { entity, sets: Vec::new() });
        match locks.sets.iter_mut().find(|it| it.is_same(&set)) {
            Some(known) => {
                known.strength = known.strength.max(set.strength);
                known.first_only = false;
                if known.reads.is_empty() {
                    known.reads = set.reads;
                }
            }
            None => locks.sets.push(set),
        }
    }
}

/// The sources as a `FROM` lists them; `text` names their columns.
fn from_sources(needed: &[&Source], text: &str) -> Sql {
    let from = needed.iter().map(|it| {
        let alias = Sql::of(&Ident::new(it.alias.as_str()));
        let lateral = Sql::raw(if needed.len() > 1 { "LATERAL " } else { "" });
        match (&it.made, it.entity) {
            (Some(made), _) => sql!("{}{} AS {}", lateral, made.table(&it.alias, text), alias),
            (None, Some(_)) => sql!("{} AS {}", it.table, alias),
            (None, None) => it.table.clone(),
        }
    });
    Sql::join(from, ", ")
}

/// `… AS lock FROM …`: a value and the sources that it names.
pub(super) fn lock_query(lock: &Sql, scope: &Scope) -> KeyQuery {
    let (needed, text) = named_sources(lock, scope);
    let reads_rows = needed.iter().any(|it| it.read_entity().is_some());
    if needed.is_empty() {
        return KeyQuery { text: sql!("{} AS lock", lock), reads_rows };
    }
    let conditions: Vec<Sql> = needed.iter().filter_map(|it| it.condition.clone()).collect();
    let from = from_sources(&needed, &text);
    let text = if conditions.is_empty() {
        sql!("{} AS lock FROM {}", lock, from)
    } else {
        sql!("{} AS lock FROM {} WHERE {}", lock, from, Sql::join(conditions, " AND "))
    };
    KeyQuery { text, reads_rows }
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

/// Whether it is the row that a source of the same entity has found, which is locked as such.
fn is_same_row(entity: &Entity, which: &Which, source: &Source) -> bool {
    if source.entity != Some(entity.id) || source.alias == "own$" {
        return false;
    }
    let alias = Ident::new(source.alias.as_str());
    match which {
        Which::Id(id) => *id == sql!("{}.id", alias),
        Which::Key(key) => *key == sql!("{}.{}", alias, names::primary_key(entity)),
        Which::Where(_) => false,
    }
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

/// Whether a text names a column of an alias.
fn names_column(text: &str, column: &str) -> bool {
    text.match_indices(column).any(|(at, _)| {
        let after = text.get(at + column.len()..).and_then(|it| it.chars().next());
        after.is_none_or(|it| !it.is_alphanumeric() && it != '_' && it != '$')
    })
}
