//! The block `audit` of an entity.

use specql_syntax::{
    ast::{self, AstNode},
    yaml::Entry,
};

use crate::Audit;

pub(super) fn audit(block: &Entry) -> Audit {
    let written = ast::Audit::cast(&block.value);
    Audit {
        key: block.key.range,
        enabled: written.enabled(),
        track_fields: written.track_fields().map(Into::into),
        exclude_fields: written.exclude_fields().unwrap_or_default().into(),
        include_cascade: written.include_cascade(),
        retention: written.retention(),
    }
}
