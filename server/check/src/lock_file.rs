//! The lock file of a workspace: what its events promised when it was last written. It is a file of the
//! workspace like others, read once for all rules.

use std::sync::Arc;

use specql_contract::{Misread, Promises, lock_file, read};
use specql_model::{FileId, Workspace};

/// The lock file as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockFile {
    pub(crate) file: FileId,
    pub(crate) read: Result<Promises, Misread>,
}

impl LockFile {
    /// That of a workspace, where it has one.
    pub(crate) fn of(workspace: &Workspace) -> Option<Arc<Self>> {
        let file = lock_file(workspace)?;
        Some(Arc::new(Self { file: file.id, read: read(file.text()) }))
    }
}
