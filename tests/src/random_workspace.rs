//! Random workspaces: one seed, one workspace, on every machine. Whatever they declare has a meaning
//! and a translation, so `emit` has no problem with them, and each entity has an action `create_…`
//! that makes rows with the inputs of its contract.
//!
//! `SPECQL_RANDOM` widens a run (its number of workspaces), `SPECQL_RANDOM_PART=3` takes a third of the usual
//! ones, `SPECQL_SEED` moves it to other seeds.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

mod actions;
mod blocks;

use std::fmt::Write;

use fastrand::Rng;
use specql_model::Workspace;

use crate::postgres::workspace;

/// What may occur in a workspace beside the rest.
#[derive(Debug, Clone, Copy)]
pub struct RandomOptions {
    /// Actions that call others.
    pub calls: bool,
    /// Names that meet the framework's or PostgreSQL's own.
    pub hostile_names: bool,
    /// The greatest number of entities, at least 2.
    pub entities: usize,
}

impl Default for RandomOptions {
    fn default() -> Self {
        Self { calls: false, hostile_names: false, entities: 5 }
    }
}

/// A workspace made from a seed.
#[derive(Debug, Clone)]
pub struct RandomWorkspace {
    /// The seed.
    pub seed: u64,
    /// Paths and texts, the configuration first.
    pub files: Vec<(String, String)>,
    /// Sessions have to name a tenant.
    pub tenants: bool,
}

/// The seeds of a test run: `usual` of them or the part that `SPECQL_RANDOM_PART` says, or as many as
/// `SPECQL_RANDOM` says, from `SPECQL_SEED` on.
#[must_use]
pub fn seeds(usual: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let first = number("SPECQL_SEED").unwrap_or(1);
    let part = usual.div_ceil(number("SPECQL_RANDOM_PART").unwrap_or(1).max(1));
    (first..first + number("SPECQL_RANDOM").unwrap_or(part)).collect()
}

/// An entity that is being made.
struct Draft {
    name: &'static str,
    schema: &'static str,
    fields: Vec<Column>,
}

/// A field that is being made.
#[derive(Clone)]
struct Column {
    name: String,
    ty: &'static str,
    /// The entity that a `ref` leads to, by its number.
    target: Option<usize>,
    required: bool,
    default: Option<&'static str>,
    unique: bool,
}

const NAMES: [&str; 12] = [
    "Order",
    "User",
    "Group",
    "Invoice",
    "OrderLine",
    "Member",
    "Tag",
    "Note",
    "Task",
    "Offer",
    "Room",
    "BlogPost",
];

/// Names that generated SQL, its functions or its variables use themselves.
const HOSTILE: [&str; 10] = [
    "Table", "Result", "Cascade", "Ids", "Meta", "Field", "Code", "Column", "Mutation", "TenantId",
];

const SCHEMAS: [&str; 2] = ["sales", "crm"];

/// Name, type, default: what a field can be beside a reference.
const FIELDS: [(&str, &str, Option<&str>); 19] = [
    ("title", "text", None),
    ("item_count", "integer", Some("0")),
    ("big_total", "bigint", None),
    ("ratio", "float", None),
    ("is_open", "boolean", Some("false")),
    ("email", "email", None),
    ("price", "money", None),
    ("share", "percentage", None),
    ("due_on", "date", None),
    ("seen_at", "datetime", None),
    ("starts", "time", None),
    ("status", "enum(open, closed, on_hold)", Some("open")),
    ("tags", "list(text)", None),
    ("scores", "list(integer)", None),
    ("address", "SimpleAddress", None),
    ("settings", "json", None),
    ("external_id", "uuid", None),
    ("website", "url", None),
    ("weight", "decimal", None),
];

impl RandomWorkspace {
    /// The workspace of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with(seed, RandomOptions::default())
    }

    /// The same with other contents.
    #[must_use]
    pub fn with(seed: u64, options: RandomOptions) -> Self {
        let mut rng = Rng::with_seed(seed);
        let entities = entities(&mut rng, options);
        let tenants = rng.bool();
        let mut files = vec![("specql.config.yaml".to_owned(), blocks::config(&mut rng, tenants))];
        for index in 0..entities.len() {
            let Some(entity) = entities.get(index) else { continue };
            let mut text = declared(entity, &entities);
            text.push_str(&actions::actions(&mut rng, &entities, index, options));
            files.push((format!("entities/{index}.yaml"), text));
        }
        Self { seed, files, tenants }
    }

    /// The model of its files.
    #[must_use]
    pub fn model(&self) -> Workspace {
        let files = self.files.iter().map(|it| (it.0.as_str(), it.1.as_str()));
        workspace(&files.collect::<Vec<_>>())
    }

    /// The files as one text, for messages.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut res = format!("# seed {}\n", self.seed);
        for (path, text) in &self.files {
            let _ = writeln!(res, "#- /{path}\n{text}");
        }
        res
    }
}

fn entities(rng: &mut Rng, options: RandomOptions) -> Vec<Draft> {
    let mut names = NAMES.to_vec();
    if options.hostile_names {
        names.extend(HOSTILE);
    }
    rng.shuffle(&mut names);
    let count = rng.usize(2..=options.entities.max(2));
    let mut res: Vec<Draft> = Vec::new();
    for name in names.into_iter().take(count) {
        let schema = SCHEMAS[rng.usize(0..SCHEMAS.len())];
        let mut fields = fields(rng);
        let targets = references(rng, &res);
        fields.extend(targets);
        res.push(Draft { name, schema, fields });
    }
    res
}

fn fields(rng: &mut Rng) -> Vec<Column> {
    let mut all = FIELDS.to_vec();
    rng.shuffle(&mut all);
    let count = rng.usize(2..=6);
    let chosen = all.into_iter().take(count);
    let mut res: Vec<Column> = chosen
        .map(|(name, ty, default)| Column {
            name: name.to_owned(),
            ty,
            target: None,
            required: rng.u8(0..10) < 4,
            default: default.filter(|_| rng.bool()),
            unique: false,
        })
        .collect();
    if res.iter().all(|it| it.name != "item_count") {
        let default = Some("0");
        let name = "item_count".to_owned();
        let (ty, required) = ("integer", true);
        res.push(Column { name, ty, target: None, required, default, unique: false });
    }
    if rng.u8(0..3) == 0 {
        let (name, ty, required) = ("code".to_owned(), "text", true);
        res.push(Column { name, ty, target: None, required, default: None, unique: true });
    }
    res
}

/// References to entities before this one, most of them the only one between the two.
fn references(rng: &mut Rng, before: &[Draft]) -> Vec<Column> {
    let mut res = Vec::new();
    for (index, target) in before.iter().enumerate() {
        if rng.u8(0..10) < 5 {
            continue;
        }
        let count = if rng.u8(0..10) == 0 { 2 } else { 1 };
        for number in 0..count {
            let name = match (number, rng.bool()) {
                // The table has a column `tenant_id` of its own, and may have a field `code`.
                (0, true) if !["TenantId", "Code"].contains(&target.name) => snake(target.name),
                (0, _) => format!("main_{}", snake(target.name)),
                _ => format!("other_{}", snake(target.name)),
            };
            let required = number == 0 && rng.bool();
            let (ty, target, default, unique) = ("", Some(index), None, false);
            res.push(Column { name, ty, target, required, default, unique });
        }
    }
    res
}

fn snake(name: &str) -> String {
    let mut res = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !res.is_empty() {
            res.push('_');
        }
        res.extend(letter.to_lowercase());
    }
    res
}

/// The entity without its actions.
fn declared(entity: &Draft, all: &[Draft]) -> String {
    let mut res = format!("entity: {}\nschema: {}\nfields:\n", entity.name, entity.schema);
    for field in &entity.fields {
        let ty = match field.target {
            Some(target) => format!("ref({}.{})", all[target].schema, all[target].name),
            None => field.ty.to_owned(),
        };
        if field.unique {
            let _ =
                writeln!(res, "  {}: {{type: {ty}, unique: true, nullable: false}}", field.name);
            continue;
        }
        let default = field.default.map(|it| format!(" = {it}")).unwrap_or_default();
        let required = if field.required { "!" } else { "" };
        let _ = writeln!(res, "  {}: {ty}{default}{required}", field.name);
    }
    res
}

impl Draft {
    /// The only `ref` between two entities, if this one has it and the other has none.
    fn only_reference(&self, target: usize) -> Option<&Column> {
        let mut all = self.fields.iter().filter(|it| it.target == Some(target));
        let first = all.next();
        if all.next().is_some() { None } else { first }
    }

    fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|it| it.name == field)
    }
}
