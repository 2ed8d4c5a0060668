//! The block `impact`.

use ecow::EcoString;
use specql_syntax::{
    Name,
    ast::{self, AstNode, Effect, entries},
    yaml::Entry,
};
use thin_vec::ThinVec;

use super::{reader::Reader, value::condition};
use crate::{Impact, ImpactEntry, Invalidation, Operation, Spelled, Strategy};

/// A block with nothing in it but its place.
pub(super) fn empty(block: &Entry) -> Impact {
    Impact {
        key: block.key.range,
        range: block.range,
        legacy: block.key.text == "impacts",
        description: None,
        primary: None,
        side_effects: ThinVec::new(),
        side_effects_key: None,
        cache_invalidations: ThinVec::new(),
        cache_invalidations_key: None,
        permissions: ThinVec::new(),
        optimistic_safe: None,
        idempotent: None,
        estimated_duration_ms: None,
    }
}

pub(super) fn impact(reader: &Reader<'_>, block: &Entry) -> Impact {
    let written = ast::Impact::cast(&block.value);
    let effects = |it: Vec<Effect<'_>>| it.into_iter().map(impact_entry).collect();
    let invalidations = written.cache_invalidations().into_iter();
    let empty = empty(block);
    Impact {
        legacy: empty.legacy || is_camel_case(written),
        description: written.description(),
        primary: written.primary().filter(|it| !it.node().is_null()).map(impact_entry),
        side_effects: effects(written.side_effects()),
        side_effects_key: written.side_effects_entry().map(|it| it.key.range),
        cache_invalidations: invalidations.map(|it| invalidation(reader, it)).collect(),
        cache_invalidations_key: written.cache_invalidations_entry().map(|it| it.key.range),
        permissions: written.permissions().unwrap_or_default().into(),
        optimistic_safe: written.optimistic_safe(),
        idempotent: written.idempotent(),
        estimated_duration_ms: written.estimated_duration_ms(),
        ..empty
    }
}

/// Whether a list of the block has its older spelling.
fn is_camel_case(written: ast::Impact<'_>) -> bool {
    let lists = [written.side_effects_entry(), written.cache_invalidations_entry()];
    lists.into_iter().flatten().any(|it| !it.key.text.contains('_'))
}

/// The primary entity or a side effect; a bare name is the entity alone.
pub(super) fn impact_entry(written: Effect<'_>) -> ImpactEntry {
    let fields = written.fields_value().filter(|it| !it.is_null());
    let mut problems = Vec::new();
    let condition = written.condition().and_then(|it| condition(it, &mut problems));
    ImpactEntry {
        range: written.node().range,
        entity: written.entity(),
        operation: written.operation().map(operation),
        fields: written.fields().map(Into::into),
        fields_range: fields.map(|it| it.range),
        relations: written.relations().unwrap_or_default().into(),
        collection: written.collection(),
        condition: condition.map(|it| Box::new((it, problems))),
    }
}

fn invalidation(reader: &Reader<'_>, written: ast::Invalidation<'_>) -> Invalidation {
    let value = |it: &Entry| {
        let written = reader.text_of(&it.value);
        let text = written.unwrap_or_else(|| {
            let null = if it.value.as_scalar().is_some() { "null" } else { "" };
            Name::new(null, it.value.range)
        });
        (it.key.clone(), text)
    };
    Invalidation {
        range: written.node().range,
        query: written.query(),
        filter: written.filter().map_or(&[][..], entries).iter().map(value).collect(),
        strategy: written.strategy().map(strategy),
        scope: written.scope(),
        reason: written.reason(),
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
    let lower: EcoString = name.text.trim().to_lowercase().into();
    let found = words.iter().find(|it| it.0 == lower);
    Spelled { name, value: found.map(|it| it.1), canonical: found.is_some_and(|it| it.2) }
}
