//! What `was` says: tables and columns get their new names and keep their rows, with everything that is
//! named after them.

use std::collections::BTreeSet;

use specql_model::{Entity, Field, Type, Workspace};

use super::{
    lexer::unquoted,
    objects::{Index, Objects, Table, check_kind, table_stem},
    steps::Steps,
};
use crate::{
    catalog::{Catalog, Column, ColumnType, Contracts},
    names,
    sql::{Ident, Literal, Qualified, Sql},
};

/// Names constraints, indexes and sequences after what they belong to. Newer releases of PostgreSQL
/// name NOT NULL too.
const RENAME_PARTS: &str = include_str!("rename_parts.sql");

/// Writes the renames, and makes `old` what stands after them.
pub(super) fn renames(steps: &mut Steps, old: &mut Objects, new: &Objects, workspace: &Workspace) {
    let contracts = Contracts::default();
    let catalog = Catalog::new(workspace, &contracts);
    let mut all = Renames { steps, old, new, has_helper: false };
    all.outbox();
    for entity in catalog.entities() {
        all.entity(catalog, entity);
    }
    for entity in catalog.entities() {
        for (field, column) in catalog.columns(entity) {
            all.field(entity, field, &column);
        }
    }
    all.indexes();
}

struct Renames<'r> {
    steps: &'r mut Steps,
    old: &'r mut Objects,
    new: &'r Objects,
    has_helper: bool,
}

impl Renames<'_> {
    /// The outbox under another name in the configuration: events that nobody has read move with it.
    fn outbox(&mut self) {
        let (Some(from), Some(to)) = (self.old.outbox(), self.new.outbox()) else { return };
        if from == to {
            return;
        }
        self.steps.note(
            &format!(
                "The outbox {from} is {to} now, and so it is to the connector, which passes over what is written \
                 under the old name. Stop the writers, wait until every slot is past this place, then stop the \
                 connector and start it with the new configuration after this:"
            ),
            "SELECT s.slot_name, s.confirmed_flush_lsn >= pg_current_wal_insert_lsn() AS is_through FROM pg_replication_slots AS s;",
        );
        self.helper();
        let (Some(from), Some(to)) = (parsed(&from), parsed(&to)) else { return };
        self.table(&from, &to, None);
    }

    fn entity(&mut self, catalog: Catalog<'_>, entity: &Entity) {
        let Some(was) = &entity.was else { return self.trail(catalog, entity) };
        let (schema, name) = was.text.split_once('.').unwrap_or((entity.schema_name(), &was.text));
        let before = Entity {
            name: specql_model::Name::new(name, was.range),
            schema: Some(specql_model::Name::new(schema, was.range)),
            ..entity.clone()
        };
        let (from, to) = (names::table(&before), names::table(entity));
        let (from_text, to_text) = (from.catalogue_text(), to.catalogue_text());
        if !self.old.tables.contains_key(&from_text) || self.old.tables.contains_key(&to_text) {
            return self.trail(catalog, entity);
        }
        let trail = self.trail_of(&from_text);
        self.helper();
        self.steps.run(
            &format!(
                "`{}` was `{}`. Rows, references and history stay; images and events of before keep the \
                 old name. Who reads the old names has to change with this.",
                entity.name.text, was.text
            ),
            &Self::dropped_triggers(self.old, &from_text),
        );
        let keys = (names::primary_key(&before), names::primary_key(entity));
        for (from, to, keys) in [
            (from.clone(), to.clone(), Some(&keys)),
            (names::read_model(&before), names::read_model(entity), Some(&keys)),
        ] {
            self.table(&from, &to, keys);
        }
        if let Some(trail) = trail {
            self.table(&trail, &names::audit_table(catalog.workspace(), entity), None);
        }
    }

    /// A trail that has another name now, because an entity of another schema has this one's, or because
    /// the file says `qualified`.
    fn trail(&mut self, catalog: Catalog<'_>, entity: &Entity) {
        let table = names::table(entity).catalogue_text();
        let Some(from) = self.trail_of(&table) else { return };
        let to = names::audit_table(catalog.workspace(), entity);
        let is_kept = from.catalogue_text() == to.catalogue_text();
        if is_kept || self.old.tables.contains_key(&to.catalogue_text()) {
            return;
        }
        self.helper();
        self.steps.run(
            &format!(
                "`{}.{}` is `{}` to clients, in events and in the audit. Its trail moves; images and events \
                 of before keep the old name.",
                entity.schema_name(),
                entity.name.text,
                catalog.type_name(entity)
            ),
            &Self::dropped_triggers(self.old, &table),
        );
        self.table(&from, &to, None);
    }

    /// The trail that the triggers of a table write.
    fn trail_of(&self, table: &str) -> Option<Qualified> {
        let mine = self.old.triggers.iter().filter(|(on, _)| on == table);
        let mut trails = mine.map(|(_, name)| Qualified::new(names::APP, unquoted(name)));
        trails.find(|it| self.old.tables.contains_key(&it.catalogue_text()))
    }

    /// The triggers of a table call functions with the old names; the new files bring theirs.
    fn dropped_triggers(old: &mut Objects, table: &str) -> String {
        let mine: Vec<(String, String)> = old
            .triggers
            .iter()
            .filter(|(on, name)| on == table || is_check_of(name, table))
            .cloned()
            .collect();
        for it in &mine {
            old.triggers.remove(it);
        }
        let drops = mine.iter().map(|(on, name)| format!("DROP TRIGGER IF EXISTS {name} ON {on};"));
        drops.collect::<Vec<_>>().join("\n")
    }

    fn table(&mut self, from: &Qualified, to: &Qualified, keys: Option<&(Ident, Ident)>) {
        let (old, new) = (from.catalogue_text(), to.catalogue_text());
        if !self.old.tables.contains_key(&old) || self.old.tables.contains_key(&new) {
            return;
        }
        let mut text = String::new();
        if from.schema != to.schema {
            text += &format!("CREATE SCHEMA IF NOT EXISTS {};\n", sql(&to.schema));
            text += &format!("ALTER TABLE {old} SET SCHEMA {};\n", sql(&to.schema));
            if self.old.tables.get(&old).is_some_and(|it| it.is_partitioned) {
                text += &moved_partitions(from, to);
            }
        }
        let moved = Qualified { schema: to.schema.clone(), name: from.name.clone() };
        if from.name != to.name {
            let (moved, name) = (moved.catalogue_text(), sql(&to.name));
            text += &format!("ALTER TABLE {moved} RENAME TO {name};\n");
        }
        if let Some((from, to)) = keys.filter(|(from, to)| from != to) {
            text += &format!("ALTER TABLE {new} RENAME COLUMN {} TO {};\n", sql(from), sql(to));
        }
        // What is named after the table moves with it.
        if from.name != to.name {
            text += &format!(
                "SELECT pg_temp.rename_parts({}, {}, {});",
                literal(&new),
                literal(from.name.as_str()),
                literal(to.name.as_str())
            );
        }
        self.steps.run("", &text);
        self.old.rename_table(&old, &new, from.name.as_str(), to.name.as_str(), keys);
    }

    fn field(&mut self, entity: &Entity, field: &Field, column: &Column<'_>) {
        let Some(was) = &field.was else { return };
        let before = match &column.ty {
            ColumnType::Reference(_) => names::foreign_key(&was.text),
            _ if matches!(&field.ty, Type::Ref(it) if it.len() > 1) => {
                Ident::new(format!("{}_id", was.text))
            }
            _ => Ident::new(was.as_str()),
        };
        let it = Renamed {
            table: names::table(entity),
            fields: (was.text.to_string(), field.name.text.to_string()),
            columns: (before, column.name.clone()),
        };
        let (from, to) = (sql(&it.columns.0), sql(&it.columns.1));
        let text = it.table.catalogue_text();
        let has = |objects: &Objects, column: &str| {
            objects.tables.get(&text).is_some_and(|it| it.column(column).is_some())
        };
        if !has(self.old, &from) || has(self.old, &to) || has(self.new, &from) {
            return;
        }
        self.helper();
        let mut lines = it.dropped_checks_of_ids(self.old);
        lines.push(format!("ALTER TABLE {text} RENAME COLUMN {from} TO {to};"));
        if let Some(known) = self.old.tables.get_mut(&text) {
            for column in known.columns.iter_mut().filter(|it| it.name == from) {
                column.name.clone_from(&to);
            }
            lines.extend(it.checks(known));
        }
        lines.extend(it.indexes(self.old));
        lines.extend(it.reference(self.old));
        lines.push(format!("SELECT pg_temp.rename_parts({}, '', '');", literal(&text)));
        self.steps.run(
            &format!(
                "`{}.{}` was `{}`. Its values stay. Who reads the old name has to change with this.",
                entity.name.text, field.name.text, was.text
            ),
            &lines.join("\n"),
        );
    }

    /// Indexes that are the same under another name: they are not built again.
    fn indexes(&mut self) {
        for (name, index) in &self.new.indexes {
            if self.old.indexes.contains_key(name) {
                continue;
            }
            let is_it = |(name, it): &(&String, &Index)| {
                it.is_same(index) && !self.new.indexes.contains_key(*name)
            };
            let Some(before) = self.old.indexes.iter().find(is_it).map(|it| it.0.clone()) else {
                continue;
            };
            let Some((_, wanted)) = name.split_once('.') else { continue };
            self.steps.run("", &format!("ALTER INDEX IF EXISTS {before} RENAME TO {wanted};"));
            self.old.indexes.remove(&before);
            self.old.indexes.insert(name.clone(), index.clone());
        }
    }

    fn helper(&mut self) {
        if !std::mem::replace(&mut self.has_helper, true) {
            self.steps.run("", RENAME_PARTS.trim_end());
        }
    }
}

/// A field under its old and its new name, and its column. Each method writes the renames of one kind of
/// object that is named after it, and has them in the objects of before.
struct Renamed {
    table: Qualified,
    fields: (String, String),
    columns: (Ident, Ident),
}

impl Renamed {
    fn checks(&self, known: &mut Table) -> Vec<String> {
        let (stem, text) = (self.table.name.as_str(), self.table.catalogue_text());
        let mut lines = Vec::new();
        for (old, condition) in std::mem::take(&mut known.checks) {
            let name = match check_kind(&old, stem, &self.fields.0) {
                Some(kind) => sql(&Ident::new(format!("chk_{stem}_{}_{kind}", self.fields.1))),
                None => old.clone(),
            };
            if name != old {
                lines.push(format!("ALTER TABLE {text} RENAME CONSTRAINT {old} TO {name};"));
            }
            known.checks.insert(name, condition);
        }
        lines
    }

    fn indexes(&self, old: &mut Objects) -> Vec<String> {
        let (stem, schema) = (self.table.name.as_str(), sql(&self.table.schema));
        let name = |kind: &str, of: &str| sql(&Ident::new(format!("{kind}_{stem}_{of}")));
        let (before, after) = (self.columns.0.as_str(), self.columns.1.as_str());
        let mut lines = Vec::new();
        let table = self.table.catalogue_text();
        let (from, to) = (sql(&self.columns.0), sql(&self.columns.1));
        let indexes = old.indexes.values_mut().filter(|it| it.table == table);
        for it in indexes.flat_map(|it| &mut it.columns).filter(|it| **it == from) {
            it.clone_from(&to);
        }
        for (before, after) in [
            (name("idx", before), name("idx", after)),
            (name("uq", &self.fields.0), name("uq", &self.fields.1)),
        ] {
            if let Some(it) = old.indexes.remove(&format!("{schema}.{before}")) {
                lines.push(format!("ALTER INDEX {schema}.{before} RENAME TO {after};"));
                old.indexes.insert(format!("{schema}.{after}"), it);
            }
        }
        lines
    }

    fn reference(&self, old: &mut Objects) -> Option<String> {
        let (stem, text) = (self.table.name.as_str(), self.table.catalogue_text());
        let name = |it: &Ident| format!("{stem}_{}_fkey", it.as_str());
        let (before, after) = (name(&self.columns.0), name(&self.columns.1));
        let (_, target) = old.references.remove(&(text.clone(), before.clone()))?;
        let value = (self.columns.1.as_str().to_owned(), target);
        old.references.insert((text.clone(), after.clone()), value);
        let (before, after) = (sql(&Ident::new(before)), sql(&Ident::new(after)));
        Some(format!("ALTER TABLE {text} RENAME CONSTRAINT {before} TO {after};"))
    }

    /// The triggers that keep ids in the field; the new files bring theirs.
    fn dropped_checks_of_ids(&self, old: &mut Objects) -> Vec<String> {
        let check = format!("check_{}_{}", self.table.name.as_str(), self.fields.0);
        let gone = [check.clone(), format!("{check}_kept"), format!("{check}_case")]
            .map(|it| sql(&Ident::new(it)));
        let (gone, kept) =
            std::mem::take(&mut old.triggers).into_iter().partition(|it| gone.contains(&it.1));
        old.triggers = kept;
        let gone: BTreeSet<(String, String)> = gone;
        gone.iter().map(|(on, name)| format!("DROP TRIGGER IF EXISTS {name} ON {on};")).collect()
    }
}

/// Partitions stay in the schema that their table leaves.
fn moved_partitions(from: &Qualified, to: &Qualified) -> String {
    let moved = Qualified { schema: to.schema.clone(), name: from.name.clone() };
    format!(
        "DO $specql$\nDECLARE\n    v_partition regclass;\nBEGIN\n    FOR v_partition IN\n        SELECT i.inhrelid::regclass FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = {}::regclass\n    LOOP\n        EXECUTE pg_catalog.format('ALTER TABLE %s SET SCHEMA %I', v_partition, {});\n    END LOOP;\nEND\n$specql$;\n",
        literal(&moved.catalogue_text()),
        literal(to.schema.as_str())
    )
}

/// A table whose name needs no quotes.
fn parsed(table: &str) -> Option<Qualified> {
    table.split_once('.').map(|(schema, name)| Qualified::new(schema, name))
}

/// Whether a trigger keeps ids that a field of the table holds: `check_tb_post_…`.
fn is_check_of(trigger: &str, table: &str) -> bool {
    let stem = table_stem(table, "");
    let trigger = unquoted(trigger);
    stem.is_some_and(|it| trigger.starts_with(&format!("check_{it}_")))
}

impl Objects {
    fn rename_table(
        &mut self,
        old: &str,
        new: &str,
        stem: &str,
        new_stem: &str,
        keys: Option<&(Ident, Ident)>,
    ) {
        let renamed = |it: &str| {
            let name = unquoted(it);
            let parts = ["chk_", "idx_", "uq_", ""];
            let new = parts.iter().find_map(|part| {
                let rest = name.strip_prefix(part)?.strip_prefix(stem)?;
                rest.starts_with('_').then(|| format!("{part}{new_stem}{rest}"))
            });
            new.unwrap_or(name)
        };
        if let Some(mut table) = self.tables.remove(old) {
            if let Some((from, to)) = keys {
                let (from, to) = (sql(from), sql(to));
                for it in table.columns.iter_mut().filter(|it| it.name == from) {
                    it.name.clone_from(&to);
                }
            }
            let checks = std::mem::take(&mut table.checks).into_iter();
            table.checks =
                checks.map(|(name, it)| (sql(&Ident::new(renamed(&name))), it)).collect();
            self.tables.insert(new.to_owned(), table);
        }
        let schema = new.split('.').next().unwrap_or_default();
        let indexes = std::mem::take(&mut self.indexes).into_iter();
        self.indexes = indexes
            .map(|(name, it)| match name.split_once('.') {
                Some((_, index)) if it.table == old => {
                    let name = format!("{schema}.{}", sql(&Ident::new(renamed(index))));
                    (name, Index { table: new.to_owned(), ..it })
                }
                _ => (name, it),
            })
            .collect();
        let swap = |it: &String| if it == old { new.to_owned() } else { it.clone() };
        let pair = |it: &(String, String)| (swap(&it.0), it.1.clone());
        self.triggers = self.triggers.iter().map(pair).collect();
        self.policies = self.policies.iter().map(pair).collect();
        self.secured = self.secured.iter().map(swap).collect();
        let references = std::mem::take(&mut self.references).into_iter();
        self.references = references
            .map(|((table, name), (column, target))| {
                let name = if table == old { renamed(&name) } else { name };
                ((swap(&table), name), (column, swap(&target)))
            })
            .collect();
    }
}

fn sql(name: &Ident) -> String {
    Sql::of(name).into_text()
}

fn literal(text: &str) -> String {
    Sql::of(&Literal::text(text)).into_text()
}
