//! The lock file as a file of the workspace.

use specql_model::{Config, SourceFile, Workspace};

use super::{Promises, read};

/// Its path where the configuration names none.
const NAME: &str = "specql.events.lock";

/// The path of the lock file, relative to the folder of the configuration.
#[must_use]
pub fn lock_file_of(config: &Config) -> &str {
    let written = config.events.lock_file.as_ref().map(|it| it.text.trim());
    written.filter(|it| !it.is_empty()).unwrap_or(NAME)
}

/// Whether a file of the workspace is its lock file. Hosts may begin paths with a `/`.
#[must_use]
pub fn is_lock_file(workspace: &Workspace, path: &str) -> bool {
    path.strip_prefix('/').unwrap_or(path) == lock_file_of(workspace.config())
}

/// The lock file of a workspace, where it has one.
#[must_use]
pub fn lock_file(workspace: &Workspace) -> Option<&SourceFile> {
    workspace.files().find(|it| is_lock_file(workspace, &it.path)).map(AsRef::as_ref)
}

/// What the lock file of a workspace has recorded, where it has one that can be read.
#[must_use]
pub fn recorded(workspace: &Workspace) -> Option<Promises> {
    read(lock_file(workspace)?.text()).ok()
}
