//! The block `audit` of an entity.

use specql_syntax::yaml::Entry;

use super::reader::{bool, get, name, names};
use crate::Audit;

pub(super) fn audit(block: &Entry) -> Audit {
    let node = &block.value;
    Audit {
        key: block.key.range,
        enabled: node.as_bool().or_else(|| bool(node, &["enabled"])),
        track_fields: get(node, &["track_fields"]).and_then(names),
        exclude_fields: get(node, &["exclude_fields"]).and_then(names).unwrap_or_default(),
        include_cascade: bool(node, &["include_cascade"]),
        retention: name(node, &["retention"]),
    }
}
