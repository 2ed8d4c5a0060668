//! The block `cdc`.

use specql_syntax::{
    Name,
    yaml::{Entry, Node},
};

use super::reader::{bool, entries, get, integer, items, name, names};
use crate::Cdc;

pub(super) fn cdc(block: &Entry) -> Cdc {
    let node = &block.value;
    let version = get(node, &["version", "event_version"]);
    let side_effects = get(node, &["include_side_effects"]);
    Cdc {
        key: block.key.range,
        range: block.range,
        enabled: node.as_bool().or_else(|| bool(node, &["enabled"])),
        event_type: name(node, &["event_type"]),
        version: version.and_then(|it| Some((integer(it)?, it.range))),
        include_side_effects: side_effects.and_then(|it| Some((it.as_bool()?, it.range))),
        include_cascade: bool(node, &["include_cascade"]),
        include_payload: bool(node, &["include_payload"]),
        payload: get(node, &["payload"]).and_then(names),
        partition_key: name(node, &["partition_key"]),
        topic: name(node, &["topic"]),
        side_effect_events: get(node, &["side_effect_events"]).map(events).unwrap_or_default(),
    }
}

/// Entity and event type: of a mapping, or of a list of mappings.
fn events(node: &Node) -> Vec<(Name, Name)> {
    let pairs = items(node).iter().flat_map(entries);
    pairs.filter_map(|it| Some((it.key.clone(), it.value.name()?))).collect()
}
