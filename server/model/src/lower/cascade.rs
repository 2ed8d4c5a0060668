//! The block `cascade`.

use specql_syntax::yaml::Entry;

use super::reader::{bool, get, integer, names};
use crate::Cascade;

pub(super) fn cascade(block: &Entry) -> Cascade {
    let node = &block.value;
    Cascade {
        range: block.range,
        enabled: node.as_bool().or_else(|| bool(node, &["enabled"])),
        include_entities: get(node, &["include_entities"]).and_then(names),
        exclude_entities: get(node, &["exclude_entities"]).and_then(names).unwrap_or_default(),
        include_full_data: bool(node, &["include_full_data", "include_full_entities"]),
        include_deleted: bool(node, &["include_deleted"]),
        max_entities: get(node, &["max_entities"]).and_then(integer),
    }
}
