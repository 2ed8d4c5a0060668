//! What every other artifact uses: result and metadata types, context readers, the envelope of
//! actions, cascade functions, partitions. Static SQL; the settings choose between its variants.

use specql_model::config::FieldCase;

use super::{header, outbox::outbox_table};
use crate::{catalog::Catalog, sql::Script};

/// Writes the foundation of a workspace.
pub(crate) fn foundation(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL foundation");
    script.raw(include_str!("types.sql"));
    script.raw(if catalog.has_tenants() {
        include_str!("tenant_required.sql")
    } else {
        include_str!("tenant_single.sql")
    });
    script.raw(include_str!("context.sql"));
    script.raw(match catalog.config().field_case {
        FieldCase::Camel => include_str!("case_camel.sql"),
        FieldCase::Snake => include_str!("case_snake.sql"),
    });
    script.raw(include_str!("cascade.sql"));
    script.raw(include_str!("begin.sql"));
    if catalog.publishes() {
        script.raw_for(include_str!("rows.sql"), "app.outbox", &outbox_table(catalog));
    } else {
        script.raw(include_str!("rows_none.sql"));
    }
    script.raw(include_str!("events.sql"));
    if !catalog.audits() {
        script.raw(include_str!("keep_none.sql"));
    }
    script.raw(include_str!("finish.sql"));
    script.raw(include_str!("kept.sql"));
    script.raw(include_str!("failure.sql"));
    script.raw(include_str!("../partitions/partitions.sql"));
    script.raw(include_str!("../evolution/table.sql"));
    script
}
