//! The four older shapes of `impacts`, read as an `impact`:
//! a list of `{entity, operation, fields}`; a list of names; `{inserts, updates, deletes}`;
//! `{write, read}`.

use specql_syntax::{
    Name,
    ast::{AstNode, Effect, items, name, value},
    yaml::{Entry, Node, NodeKind},
};

use super::{
    impact::{empty, impact_entry, operation},
    reader::Reader,
};
use crate::{Impact, ImpactEntry, Spelled};

/// The keys of the older mappings, and the operation that each stands for.
const BY_OPERATION: &[(&str, Option<&str>)] = &[
    ("inserts", Some("insert")),
    ("insert", Some("insert")),
    ("creates", Some("insert")),
    ("updates", Some("update")),
    ("deletes", Some("delete")),
    ("upserts", Some("upsert")),
    ("write", None),
    ("writes", None),
];

/// Keys that belong to an older mapping and write nothing.
const OTHER_KEYS: &[&str] = &["read", "reads", "notifications"];

/// The block, when it has one of the older shapes.
pub(super) fn impact(reader: &Reader<'_>, block: &Entry) -> Option<Impact> {
    let mut entries: Vec<ImpactEntry> = match &block.value.kind {
        NodeKind::Sequence(it) => {
            it.items.iter().map(|it| impact_entry(Effect::cast(it))).collect()
        }
        NodeKind::Mapping(_) if is_by_operation(&block.value) => by_operation(&block.value),
        NodeKind::Mapping(_) if is_single(&block.value) => {
            vec![impact_entry(Effect::cast(&block.value))]
        }
        _ => return None,
    };
    // None of these shapes marks the primary: it is the file's entity, else the first.
    let own = reader.entity_name();
    let is_own = |it: &ImpactEntry| {
        own.as_ref().zip(it.entity.as_ref()).is_some_and(|(own, it)| own.text == it.text)
    };
    if let Some(place) = entries.iter().position(is_own) {
        entries.get_mut(..=place).into_iter().for_each(|it| it.rotate_right(1));
    }
    let mut entries = entries.into_iter();
    Some(Impact {
        legacy: true,
        description: name(&block.value, &["description"]),
        primary: entries.next(),
        side_effects: entries.collect(),
        ..empty(block)
    })
}

fn is_by_operation(node: &Node) -> bool {
    let known = |key: &str| BY_OPERATION.iter().any(|it| it.0 == key) || OTHER_KEYS.contains(&key);
    value(node, &["primary", "side_effects", "sideEffects"]).is_none()
        && node.as_mapping().is_some_and(|it| it.entries.iter().any(|it| known(&it.key.text)))
}

/// One `{entity, operation, fields}` without its list.
fn is_single(node: &Node) -> bool {
    value(node, &["primary"]).is_none() && value(node, &["entity"]).is_some()
}

fn by_operation(node: &Node) -> Vec<ImpactEntry> {
    let Some(mapping) = node.as_mapping() else { return Vec::new() };
    let mut found = Vec::new();
    for entry in &mapping.entries {
        let Some((_, word)) = BY_OPERATION.iter().find(|it| it.0 == entry.key.text) else {
            continue;
        };
        let implied = word.map(|it| spelled_by_key(&entry.key, it));
        found.extend(items(&entry.value).iter().map(|it| {
            let read = impact_entry(Effect::cast(it));
            ImpactEntry { operation: read.operation.or_else(|| implied.clone()), ..read }
        }));
    }
    found
}

/// The operation of a key: written as the key, and never in canonical form.
fn spelled_by_key(key: &Name, word: &str) -> Spelled<crate::Operation> {
    let read = operation(Name::new(word, key.range));
    Spelled { name: key.clone(), canonical: false, ..read }
}
