//! What holds for every text, cursor and order of changes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod completion_laws;
mod differential;
mod every_cursor;
mod kept_findings;
mod layout_laws;
mod navigation_laws;
mod quote_laws;
mod rename_laws;
mod support;
