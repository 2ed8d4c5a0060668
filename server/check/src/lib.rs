//! Rules over the model. A rule is one file with its check, its wording, its fixes and its tests, and
//! a page in `docs/rules/`.
//!
//! Invariant: a rule reports all it sees; findings come in the order of files and ranges, so the
//! output is the same for the same workspace.

#[cfg(any(test, feature = "test-support"))]
pub mod test_support;

mod alignment;
mod calls;
mod consequences;
mod context;
mod declared;
mod diagnostic;
mod enums;
mod events;
mod facts;
mod guards;
mod impact_block;
mod index;
mod levels;
mod limits;
mod lock_file;
mod names;
mod nodes;
mod parameters;
mod places;
mod queries;
mod references;
mod released;
mod rows;
mod rule;
mod rules;
mod slips;
mod sql_queries;
mod suppression;
mod table;
mod typing;
mod variables;
mod wanted;
mod words;

pub use context::Context;
pub use diagnostic::{Applicability, Diagnostic, FileEdit, Fix, Level, Related, Tag};
pub use events::in_past_tense;
pub use guards::{Guard, guards_of};
pub use impact_block::{condition_of_entity, impact_from_steps};
pub use index::Index;
pub use queries::{entity_of_argument, entity_of_query, queries_of};
pub use released::{refusals as released_refusals, table as released_forms};
pub use rule::Rule;
pub use rules::event_schema_changed::{ChangedSchema, changed_schema};
pub use rules::sensitive_payload::{guarded_event, is_sensitive};
pub use rules::unstable_partition_key::stays;
pub use suppression::{may_be_silenced, suppress};
pub use table::{Asked, RULES, check_file, check_file_as, check_file_with, check_workspace, rule};
