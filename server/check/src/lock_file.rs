//! The lock file of a workspace: what its events promised when it was last written. It is a file of the
//! workspace like others, read once for all rules.

use std::sync::Arc;

use specql_contract::{Misread, Promises, lock_file_of, read};
use specql_model::{FileId, Workspace};

/// Whether a file of the workspace is its lock file. Hosts may begin paths with a `/`.
pub(crate) fn is_lock_file(workspace: &Workspace, path: &str) -> bool {
    path.strip_prefix('/').unwrap_or(path) == lock_file_of(workspace.config())
}

/// The lock file as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockFile {
    pub(crate) file: FileId,
    pub(crate) read: Result<Promises, Misread>,
}

impl LockFile {
    /// That of a workspace, where it has one.
    pub(crate) fn of(workspace: &Workspace) -> Option<Arc<Self>> {
        let file = workspace.files().find(|it| is_lock_file(workspace, &it.path))?;
        Some(Arc::new(Self { file: file.id, read: read(file.text()) }))
    }
}
