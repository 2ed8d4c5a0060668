//! `specql.config.yaml`.

use specql_syntax::{
    Name,
    ast::{entries, entry, integer, items, name, names, value as get},
    yaml::{Entry, Node},
};

use super::cascade;
use crate::config::{
    BigNumbers, CascadeStorage, Compat, Config, Debezium, Events, FieldCase, Kafka, Outbox,
    RuleSetting, Tenancy,
};
use crate::{
    keys::{CONFIG, mapping_of},
    suggest,
};

pub(super) fn config(root: &Node) -> Config {
    let block = |key: &str| section(root, key).map(|it| &it.value);
    let text = |key: &str, inner: &str| block(key).and_then(|it| name(it, &[inner]));
    let audit = block("audit");
    Config {
        cascade: section(root, "cascade").map(cascade::cascade).unwrap_or_default(),
        audit_enabled: audit.and_then(|it| it.as_bool().or_else(|| flag(it, "enabled"))),
        audit_include_cascade: audit.and_then(|it| flag(it, "include_cascade")),
        cascade_storage: word(audit.and_then(|it| get(it, &["cascade_storage"])), STORAGES),
        audit_retention: text("audit", "retention"),
        outbox_retention: text("outbox", "retention"),
        outbox: Outbox { schema: text("outbox", "schema"), table: text("outbox", "table") },
        tenancy: word(block("tenancy").map(|it| get(it, &["mode"]).unwrap_or(it)), TENANCIES),
        compat: compat(block("compat")),
        field_case: word(block("graphql").and_then(|it| get(it, &["field_case"])), FIELD_CASES),
        big_numbers: word(block("graphql").and_then(|it| get(it, &["big_numbers"])), BIG_NUMBERS),
        topic_template: text("kafka", "topic"),
        debezium: block("debezium").map(debezium).unwrap_or_default(),
        kafka: block("kafka").map(kafka).unwrap_or_default(),
        events: Events {
            compatibility: text("events", "compatibility"),
            lock_file: text("events", "lock_file"),
        },
        rules: block("rules").map(rules).unwrap_or_default(),
    }
}

/// A section, also behind a misspelt key, or indented into another one: so only the line is wrong, and not every
/// file of the workspace as well.
fn section<'a>(root: &'a Node, key: &str) -> Option<&'a Entry> {
    let is_known = |it: &Entry| CONFIG.key(&it.key.text).is_some();
    let is_meant = |it: &&Entry| {
        !is_known(it) && suggest(&it.key.text, CONFIG.keys.iter().map(|it| it.name)) == Some(key)
    };
    let is_inside = |of: &Entry, it: &Entry| {
        let spec = mapping_of(CONFIG.shapes_of(&of.key.text));
        it.key.text == key && spec.is_some_and(|it| it.open.is_none() && it.key(key).is_none())
    };
    let misspelt = || entries(root).iter().find(is_meant);
    let inside = || {
        let known = entries(root).iter().filter(|it| is_known(it));
        known.flat_map(|of| entries(&of.value).iter().filter(|it| is_inside(of, it))).next()
    };
    entry(root, &[key]).or_else(misspelt).or_else(inside)
}

fn flag(node: &Node, key: &str) -> Option<bool> {
    get(node, &[key])?.as_bool()
}

const STORAGES: &[(&str, CascadeStorage)] = &[
    ("log", CascadeStorage::Log),
    ("column", CascadeStorage::Column),
    ("embedded", CascadeStorage::Embedded),
];

const TENANCIES: &[(&str, Tenancy)] =
    &[("single", Tenancy::Single), ("required", Tenancy::Required)];

const FIELD_CASES: &[(&str, FieldCase)] =
    &[("camel", FieldCase::Camel), ("snake", FieldCase::Snake)];

const BIG_NUMBERS: &[(&str, BigNumbers)] =
    &[("text", BigNumbers::Text), ("number", BigNumbers::Number)];

/// The meaning of a word, in any case; the default for another word or none.
fn word<T: Copy + Default>(node: Option<&Node>, words: &[(&str, T)]) -> T {
    let written = node.and_then(Node::name);
    let found =
        written.and_then(|name| words.iter().find(|it| it.0.eq_ignore_ascii_case(&name.text)));
    found.map(|it| it.1).unwrap_or_default()
}

/// `off` is a boolean in YAML 1.1.
fn compat(node: Option<&Node>) -> Compat {
    if node.and_then(Node::as_bool) == Some(false) {
        return Compat::Off;
    }
    // Of a release that there is not nobody knows what it takes.
    let is_written = node.is_some_and(|it| !it.is_null());
    let known = [("0.8", Compat::V08), ("0.5", Compat::V05), ("off", Compat::Off)];
    let written = node.and_then(Node::name).filter(|_| is_written);
    match written {
        Some(it) if !known.iter().any(|word| word.0.eq_ignore_ascii_case(&it.text)) => Compat::Off,
        _ => word(node, &known),
    }
}

fn debezium(node: &Node) -> Debezium {
    let database = get(node, &["database"]);
    let text = |key: &str| database.and_then(|it| name(it, &[key]));
    Debezium {
        name: name(node, &["name"]),
        topic_prefix: name(node, &["topic_prefix"]),
        slot: name(node, &["slot"]),
        publication: name(node, &["publication"]),
        hostname: text("hostname"),
        port: database.and_then(|it| get(it, &["port"])).and_then(integer),
        database: text("name"),
        user: text("user"),
    }
}

fn kafka(node: &Node) -> Kafka {
    Kafka {
        partitions: get(node, &["partitions"]).and_then(integer),
        replication_factor: get(node, &["replication_factor"]).and_then(integer),
        retention: name(node, &["retention"]),
        compaction: flag(node, "compaction"),
    }
}

fn rules(node: &Node) -> Vec<RuleSetting> {
    entries(node)
        .iter()
        .flat_map(|entry| items(&entry.value).iter().filter_map(|it| rule(entry, it)))
        .collect()
}

/// The level behind a key that is nearly `level`.
fn misspelt_level(node: &Node) -> Option<Name> {
    let is_meant = |it: &&Entry| suggest(&it.key.text, ["level", "paths"]) == Some("level");
    entries(node).iter().find(is_meant)?.value.name()
}

/// A level alone, or a mapping with `level` and `paths`.
fn rule(entry: &Entry, node: &Node) -> Option<RuleSetting> {
    Some(RuleSetting {
        code: entry.key.clone(),
        level: node.name().or_else(|| name(node, &["level"])).or_else(|| misspelt_level(node))?,
        paths: get(node, &["paths"]).and_then(names).unwrap_or_default(),
        range: entry.range,
    })
}
