//! What the files of `emit` make in a database: read from their text, so that an emitted folder says as
//! much as a workspace.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{
    identifier, literal, parenthesized, qualified, split, unquoted, without_comments,
};
use crate::emit::EmittedFile;

/// The objects of one set of files. Names are as SQL writes them, with their schema.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) schemas: BTreeSet<String>,
    pub(super) tables: BTreeMap<String, Table>,
    /// By name and types of the parameters; what stands before the body.
    pub(super) functions: BTreeMap<String, Function>,
    pub(super) indexes: BTreeMap<String, Index>,
    /// Table and trigger.
    pub(super) triggers: BTreeSet<(String, String)>,
    /// Table and policy.
    pub(super) policies: BTreeSet<(String, String)>,
    /// The tables with row-level security.
    pub(super) secured: BTreeSet<String>,
    /// By table and constraint: column and table that it leads to.
    pub(super) references: BTreeMap<(String, String), (String, String)>,
    /// What has a comment: `FUNCTION a.b(jsonb)`.
    pub(super) comments: BTreeSet<String>,
    pub(super) publications: BTreeSet<String>,
}

/// A table.
#[derive(Debug, Default, Clone)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// By name: the condition.
    pub(super) checks: BTreeMap<String, String>,
    pub(super) is_partitioned: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// As SQL writes it.
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) is_required: bool,
    pub(super) default: Option<String>,
    /// Made of other columns of its row.
    pub(super) is_derived: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) table: String,
    /// `CREATE INDEX …`.
    pub(super) statement: String,
    /// The columns, or expressions.
    pub(super) columns: Vec<String>,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Function {
    /// `FUNCTION` or `PROCEDURE`.
    pub(super) kind: &'static str,
    /// `schema.name(a integer, b text)`, as `DROP FUNCTION` takes it.
    pub(super) signature: String,
    /// What cannot be replaced: names and types of parameters, result.
    pub(super) head: String,
    pub(super) is_trigger: bool,
}

impl Objects {
    pub(super) fn of<'a>(files: impl IntoIterator<Item = &'a EmittedFile>) -> Self {
        let mut res = Self::default();
        for file in files {
            for statement in split(&file.text, ';') {
                res.add(without_comments(statement).trim());
            }
        }
        res
    }

    fn add(&mut self, statement: &str) {
        let after = |head: &str| statement.strip_prefix(head).map(str::trim_start);
        if let Some(rest) = after("CREATE SCHEMA IF NOT EXISTS") {
            self.schemas.extend(identifier(rest).map(|it| it.0.to_owned()));
        } else if let Some(rest) = after("CREATE TABLE IF NOT EXISTS") {
            self.table(rest);
        } else if let Some(rest) = after("CREATE OR REPLACE FUNCTION") {
            self.function("FUNCTION", rest);
        } else if let Some(rest) = after("CREATE OR REPLACE PROCEDURE") {
            self.function("PROCEDURE", rest);
        } else if let Some(rest) = after("CREATE INDEX IF NOT EXISTS")
            .or_else(|| after("CREATE UNIQUE INDEX IF NOT EXISTS"))
        {
            self.index(statement, rest);
        } else if let Some(rest) = after("CREATE OR REPLACE TRIGGER") {
            self.trigger(rest);
        } else if let Some(rest) = after("ALTER TABLE") {
            self.altered(rest);
        } else if let Some(rest) = after("COMMENT ON") {
            self.comments.extend(rest.split(" IS ").next().map(str::to_owned));
        } else if let Some(rest) = after("DO") {
            self.block(rest);
        }
    }

    fn table(&mut self, rest: &str) {
        let Some((name, rest)) = qualified(rest) else { return };
        let Some((items, rest)) = parenthesized(rest.trim_start()) else { return };
        let mut table = Table { is_partitioned: rest.contains("PARTITION BY"), ..Table::default() };
        for item in split(items, ',') {
            if let Some(rest) = item.strip_prefix("CONSTRAINT ") {
                let Some((name, rest)) = identifier(rest) else { continue };
                let condition = rest.trim_start().strip_prefix("CHECK ").and_then(parenthesized);
                table.checks.extend(condition.map(|it| (name.to_owned(), it.0.to_owned())));
            } else if !item.starts_with("PRIMARY KEY") {
                table.columns.extend(column(item));
            }
        }
        self.tables.insert(name, table);
    }

    fn function(&mut self, kind: &'static str, rest: &str) {
        let Some((name, rest)) = qualified(rest) else { return };
        let Some((parameters, rest)) = parenthesized(rest.trim_start()) else { return };
        let plain: Vec<String> = split(parameters, ',')
            .into_iter()
            .map(|it| it.split(" DEFAULT ").next().unwrap_or(it).trim().to_owned())
            .collect();
        let result = rest.split("\nLANGUAGE").next().unwrap_or_default().trim();
        // What a function gives back is not part of its name.
        let taken = plain.iter().filter(|it| !it.starts_with("OUT "));
        let types = taken.map(|it| {
            let mode = ["INOUT ", "VARIADIC "].iter().find_map(|mode| it.strip_prefix(mode));
            let it = mode.unwrap_or(it);
            identifier(it).map_or(it, |it| it.1.trim())
        });
        let key = format!("{name}({})", types.collect::<Vec<_>>().join(", "));
        let signature = format!("{name}({})", plain.join(", "));
        let words: Vec<&str> =
            parameters.split_whitespace().chain(result.split_whitespace()).collect();
        let is_trigger = result == "RETURNS trigger";
        self.functions.insert(key, Function { kind, signature, head: words.join(" "), is_trigger });
    }

    fn index(&mut self, statement: &str, rest: &str) {
        let Some((name, rest)) = identifier(rest) else { return };
        let Some((table, rest)) = rest.trim_start().strip_prefix("ON ").and_then(qualified) else {
            return;
        };
        let columns = rest.find('(').and_then(|at| parenthesized(rest.get(at..)?));
        let columns = columns.map(|it| split(it.0, ',')).unwrap_or_default();
        let columns = columns.into_iter().map(str::to_owned).collect();
        let schema = table.split('.').next().unwrap_or_default();
        let name = format!("{schema}.{name}");
        let index = Index { table, statement: statement.to_owned(), columns };
        // `IF NOT EXISTS`: of two of one name the first is there.
        self.indexes.entry(name).or_insert(index);
    }

    fn trigger(&mut self, rest: &str) {
        let Some((name, rest)) = identifier(rest) else { return };
        let Some((_, rest)) = rest.split_once(" ON ") else { return };
        self.triggers.extend(qualified(rest).map(|it| (it.0, name.to_owned())));
    }

    fn altered(&mut self, rest: &str) {
        let Some((table, rest)) = qualified(rest) else { return };
        if rest.contains("ENABLE ROW LEVEL SECURITY") {
            self.secured.insert(table);
            return;
        }
        let Some(known) = self.tables.get_mut(&table) else { return };
        for item in split(rest, ',') {
            let added = item.strip_prefix("ADD COLUMN IF NOT EXISTS ").and_then(column);
            known.columns.extend(added);
        }
    }

    /// What a `DO` block does, as far as it makes anything.
    fn block(&mut self, rest: &str) {
        let Some(body) = rest.trim().strip_prefix("$specql$") else { return };
        let body = body.trim_end().trim_end_matches("$specql$");
        for statement in split(body, ';') {
            let statement = statement.strip_prefix("BEGIN").unwrap_or(statement).trim_start();
            let after = |head: &str| statement.strip_prefix(head).map(str::trim_start);
            if let Some(rest) = after("CREATE POLICY") {
                let Some((name, rest)) = identifier(rest) else { continue };
                let table = rest.trim_start().strip_prefix("ON ").and_then(qualified);
                self.policies.extend(table.map(|it| (it.0, name.to_owned())));
            } else if let Some(rest) = after("PERFORM app.update_reference") {
                self.reference(rest);
            } else if let Some(rest) = after("PERFORM app.publish_outbox(") {
                self.publications.extend(literal(rest).map(|it| it.0));
            }
        }
    }

    fn reference(&mut self, rest: &str) {
        let Some((arguments, _)) = parenthesized(rest.trim_start()) else { return };
        let all: Vec<String> =
            split(arguments, ',').into_iter().filter_map(|it| Some(literal(it)?.0)).collect();
        if let [table, column, target, _, name] = all.as_slice() {
            let key = (table.clone(), name.clone());
            self.references.insert(key, (column.clone(), target.clone()));
        }
    }

    /// The table of the events, whatever the configuration calls it.
    pub(super) fn outbox(&self) -> Option<String> {
        let found = self.tables.iter().find(|(_, it)| {
            it.is_partitioned
                && ["aggregate_type", "written_lsn"].iter().all(|name| it.column(name).is_some())
        });
        found.map(|it| it.0.clone())
    }

    /// The tables of entities: `schema.tb_…`.
    pub(super) fn entity_tables(&self) -> impl Iterator<Item = (&String, &Table)> {
        self.tables.iter().filter(|(name, _)| table_stem(name, "tb_").is_some())
    }
}

/// What follows a prefix in the name of a table: `post` of `blog.tb_post`.
pub(super) fn table_stem(table: &str, prefix: &str) -> Option<String> {
    let (_, name) = identifier(table)?;
    unquoted(name.strip_prefix('.')?).strip_prefix(prefix).map(str::to_owned)
}

/// What a constraint checks of a field: `range` of `chk_tb_post_size_range`. No kind of a check has a `_`
/// in its name, but names of other fields may.
pub(super) fn check_kind(constraint: &str, stem: &str, field: &str) -> Option<String> {
    let name = unquoted(constraint);
    let kind = name.strip_prefix(&format!("chk_{stem}_{field}_"))?;
    (!kind.contains('_')).then(|| kind.to_owned())
}

impl Index {
    /// What stands around the columns: a method, a condition.
    fn kind(&self) -> Option<(&str, &str)> {
        let (_, rest) = qualified(self.statement.split_once(" ON ")?.1)?;
        let at = rest.find('(')?;
        Some((rest.get(..at)?.trim(), parenthesized(rest.get(at..)?)?.1))
    }

    /// Whether the other one is the same but for its name.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.is_like(other) && self.kind() == other.kind()
    }

    /// Whether the other one has the same columns in the same order. How they are spelled says all that
    /// differs between revisions; names of before have become those of now.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let is_unique = |it: &Self| it.statement.starts_with("CREATE UNIQUE");
        self.table == other.table
            && self.columns == other.columns
            && is_unique(self) == is_unique(other)
    }
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }
}

/// `name type [NOT NULL] [DEFAULT …] …`.
fn column(item: &str) -> Option<Column> {
    let (name, rest) = identifier(item)?;
    let rest = rest.trim();
    let ends =
        [" NOT NULL", " DEFAULT ", " GENERATED ", " CONSTRAINT ", " CHECK", " PRIMARY KEY", "\n"];
    let end = ends.iter().filter_map(|it| rest.find(it)).min().unwrap_or(rest.len());
    let default = rest.split_once(" DEFAULT ").map(|it| it.1).map(|it| {
        let end = [" CONSTRAINT ", "\n"].iter().filter_map(|end| it.find(end)).min();
        it.get(..end.unwrap_or(it.len())).unwrap_or(it).trim().to_owned()
    });
    let default = default.filter(|_| !rest.contains(" GENERATED "));
    Some(Column {
        name: name.to_owned(),
        ty: rest.get(..end)?.trim().to_owned(),
        is_required: rest.contains(" NOT NULL") || rest.contains(" PRIMARY KEY"),
        default,
        is_derived: rest.contains(" GENERATED ALWAYS AS ("),
    })
}
