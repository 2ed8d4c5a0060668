//! Rules over the model. A rule is one file with its check, its wording, its fixes and its tests, and
//! a page in `docs/rules/`.
//!
//! Invariant: a rule reports all it sees; findings come in the order of files and ranges, so the
//! output is the same for the same workspace.

mod context;
mod diagnostic;
mod rules;
mod table;

pub use context::Context;
pub use diagnostic::{Applicability, Diagnostic, FileEdit, Fix, Level, Related, Tag};
pub use table::{Rule, RULES, check_file, check_workspace, rule};
