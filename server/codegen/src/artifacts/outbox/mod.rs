//! The outbox: the table with its publication, replay, dead letters and inbox, retention.

use super::{
    header,
    tenancy::{Access, row_level_security},
};
use crate::{
    catalog::Catalog,
    names::APP,
    sql::{Qualified, Script},
};

/// Writes the outbox of a workspace.
pub(crate) fn outbox(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL outbox");
    script.raw(include_str!("table.sql"));
    row_level_security(&mut script, catalog, &Qualified::new(APP, "outbox"), Access::Own);
    script.raw(include_str!("replay.sql"));
    script.raw(include_str!("consumer.sql"));
    script.raw(include_str!("retention.sql"));
    script
}
