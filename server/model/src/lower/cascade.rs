//! The block `cascade`.

use specql_syntax::{
    ast::{self, AstNode},
    yaml::Entry,
};

use crate::Cascade;

pub(super) fn cascade(block: &Entry) -> Cascade {
    let written = ast::Cascade::cast(&block.value);
    Cascade {
        range: block.range,
        enabled: written.enabled(),
        include_entities: written.include_entities().map(Into::into),
        exclude_entities: written.exclude_entities().unwrap_or_default().into(),
        include_full_data: written.include_full_data(),
        include_deleted: written.include_deleted(),
        max_entities: written.max_entities(),
    }
}
