//! The state that takes changes, and its snapshots.

use std::sync::Arc;

use specql_model::{FileId, SourceFile, Workspace};

/// The one owner of the state. Not shared: its caller serialises changes.
#[derive(Debug, Default)]
pub struct AnalysisHost {}

/// An immutable snapshot: cheap to clone, `Send` and `Sync`.
#[derive(Debug, Clone)]
pub struct Analysis {
    workspace: Arc<Workspace>,
}
