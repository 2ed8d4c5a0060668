//! The block `impact`.

use smol_str::SmolStr;
use specql_syntax::{
    Name,
    yaml::{Entry, Node},
};

use super::{
    reader::{Reader, bool, entries, entry, get, integer, items, name, names},
    value::condition,
};
use crate::{Impact, ImpactEntry, Invalidation, Operation, Spelled, Strategy};

const SIDE_EFFECTS: &[&str] = &["side_effects", "sideEffects"];
const INVALIDATIONS: &[&str] = &["cache_invalidations", "cacheInvalidations"];

/// A block with nothing in it but its place.
pub(super) fn empty(block: &Entry) -> Impact {
    Impact {
        key: block.key.range,
        range: block.range,
        legacy: block.key.text == "impacts",
        description: None,
        primary: None,
        side_effects: Vec::new(),
        side_effects_key: None,
        cache_invalidations: Vec::new(),
        cache_invalidations_key: None,
        permissions: Vec::new(),
        optimistic_safe: None,
        idempotent: None,
        estimated_duration_ms: None,
    }
}

pub(super) fn impact(reader: &Reader<'_>, block: &Entry) -> Impact {
    let node = &block.value;
    let side_effects = entry(node, SIDE_EFFECTS);
    let invalidations = entry(node, INVALIDATIONS);
    let primary = get(node, &["primary"]).filter(|it| !it.is_null());
    let empty = empty(block);
    Impact {
        legacy: empty.legacy || is_camel_case(node),
        description: name(node, &["description"]),
        primary: primary.map(impact_entry),
        side_effects: side_effects
            .map(|it| items(&it.value).iter().map(impact_entry).collect())
            .unwrap_or_default(),
        side_effects_key: side_effects.map(|it| it.key.range),
        cache_invalidations: invalidations
            .map(|it| items(&it.value).iter().map(|it| invalidation(reader, it)).collect())
            .unwrap_or_default(),
        cache_invalidations_key: invalidations.map(|it| it.key.range),
        permissions: get(node, &["permissions"]).and_then(names).unwrap_or_default(),
        optimistic_safe: bool(node, &["optimistic_safe", "optimisticSafe"]),
        idempotent: bool(node, &["idempotent"]),
        estimated_duration_ms: get(node, &["estimated_duration_ms", "estimatedDurationMs"])
            .and_then(integer),
        ..empty
    }
}

/// Whether a list of the block has its older spelling.
fn is_camel_case(node: &Node) -> bool {
    [SIDE_EFFECTS, INVALIDATIONS]
        .iter()
        .any(|keys| entry(node, keys).is_some_and(|it| Some(&it.key.text.as_str()) != keys.first()))
}

/// The primary entity or a side effect; a bare name is the entity alone.
pub(super) fn impact_entry(node: &Node) -> ImpactEntry {
    let fields = get(node, &["fields"]);
    let mut problems = Vec::new();
    let condition = get(node, &["condition"]).and_then(|it| condition(it, &mut problems));
    ImpactEntry {
        range: node.range,
        entity: node.name().or_else(|| name(node, &["entity"])),
        operation: name(node, &["operation"]).map(operation),
        fields: fields.and_then(names),
        fields_range: fields.filter(|it| !it.is_null()).map(|it| it.range),
        relations: get(node, &["include_relations", "relationships", "includeRelations"])
            .and_then(names)
            .unwrap_or_default(),
        collection: name(node, &["collection"]),
        condition: condition.map(|it| (it, problems)),
    }
}

fn invalidation(reader: &Reader<'_>, node: &Node) -> Invalidation {
    let value = |it: &Entry| {
        let written = reader.text_of(&it.value);
        let text = written.unwrap_or_else(|| {
            let null = if it.value.as_scalar().is_some() { "null" } else { "" };
            Name::new(null, it.value.range)
        });
        (it.key.clone(), text)
    };
    let filter = get(node, &["filter", "arguments"]);
    Invalidation {
        range: node.range,
        query: node.name().or_else(|| name(node, &["query", "queryName"])),
        filter: filter.map(|it| entries(it).iter().map(value).collect()).unwrap_or_default(),
        strategy: name(node, &["strategy"]).map(strategy),
        scope: name(node, &["scope"]),
        reason: name(node, &["reason"]),
    }
}

/// What an operation means, in any case.
pub(super) fn operation(name: Name) -> Spelled<Operation> {
    const WORDS: &[(&str, Operation, bool)] = &[
        ("create", Operation::Create, true),
        ("update", Operation::Update, true),
        ("delete", Operation::Delete, true),
        ("upsert", Operation::Upsert, true),
        ("insert", Operation::Create, false),
        ("created", Operation::Create, false),
        ("updated", Operation::Update, false),
        ("deleted", Operation::Delete, false),
        ("upserted", Operation::Upsert, false),
    ];
    spelled(name, WORDS)
}

/// What a strategy means, in any case.
fn strategy(name: Name) -> Spelled<Strategy> {
    const WORDS: &[(&str, Strategy, bool)] = &[
        ("invalidate", Strategy::Invalidate, true),
        ("refetch", Strategy::Refetch, true),
        ("remove", Strategy::Remove, true),
        ("evict", Strategy::Remove, false),
        ("update", Strategy::Refetch, false),
    ];
    spelled(name, WORDS)
}

fn spelled<T: Copy>(name: Name, words: &[(&str, T, bool)]) -> Spelled<T> {
    let lower: SmolStr = name.text.trim().to_lowercase().into();
    let found = words.iter().find(|it| it.0 == lower);
    Spelled { name, value: found.map(|it| it.1), canonical: found.is_some_and(|it| it.2) }
}
