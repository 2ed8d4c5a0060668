//! The lock file as a file of the workspace.

use specql_model::{Config, Workspace};

use super::{Promises, read};

/// Its path where the configuration names none.
const NAME: &str = "specql.events.lock";

/// The path of the lock file, relative to the folder of the configuration.
#[must_use]
pub fn lock_file_of(config: &Config) -> &str {
    let written = config.events.lock_file.as_ref().map(|it| it.text.trim());
    written.filter(|it| !it.is_empty()).unwrap_or(NAME)
}

/// What the lock file of a workspace has recorded, where it has one that can be read.
#[must_use]
pub fn recorded(workspace: &Workspace) -> Option<Promises> {
    let name = lock_file_of(workspace.config());
    // Hosts may begin paths with a `/`.
    let file =
        workspace.files().find(|it| it.path.strip_prefix('/').unwrap_or(&it.path) == name)?;
    read(file.text()).ok()
}
