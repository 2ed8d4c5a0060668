//! What a rule sees, and how it reports.

use specql_model::{Entity, SourceFile, Workspace};

/// The file that is checked, in its workspace.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// All files.
    pub workspace: &'a Workspace,
    /// The file that is checked.
    pub file: &'a SourceFile,
}

impl<'a> Context<'a> {
    /// The entity that the file declares.
    #[must_use]
    pub fn entity(&self) -> Option<&'a Entity> {
        self.file.entity().map(AsRef::as_ref)
    }
}
