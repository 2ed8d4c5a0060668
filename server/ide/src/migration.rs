//! What brings a database of an earlier revision to this one.

use specql_codegen::{EmittedFile, Migration};

use crate::Analysis;

/// The migration from what `base` makes to `next`, which was emitted of the workspace. Steps that lose
/// data are comments unless they are allowed.
#[must_use]
pub fn migration(
    base: &[EmittedFile],
    next: &[EmittedFile],
    analysis: &Analysis,
    allow_destructive: bool,
) -> Migration {
    specql_codegen::migration(base, next, analysis.workspace(), allow_destructive)
}
