//! Keeping up with the disk: what the client is asked to watch, and what an event means.

use crate::convert::file_key::FileKey;
use crate::protocol::lsp;
use crate::session::files;
use crate::session::project::Project;

/// Files of a project, and files that decide which files those are.
const WATCHED: [&str; 2] = ["**/*.{yaml,yml,specql}", "**/.{gitignore,ignore}"];

/// The request to watch.
pub(crate) fn registration() -> lsp::RegistrationParams {
    let watcher = |pattern: &str| serde_json::json!({ "globPattern": pattern });
    let watchers: Vec<_> = WATCHED.into_iter().map(watcher).collect();
    lsp::RegistrationParams {
        registrations: vec![lsp::Registration {
            id: "specql/files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(serde_json::json!({ "watchers": watchers })),
        }],
    }
}

/// Brings files that are not open up to date with the disk, as the search for files would find them.
/// Gives those that are no longer part of the project.
pub(crate) fn refresh(project: &mut Project, keys: Vec<FileKey>) -> Vec<FileKey> {
    if keys.is_empty() {
        return Vec::new();
    }
    let paths: Vec<_> = keys.iter().filter_map(FileKey::path).map(ToOwned::to_owned).collect();
    let admitted = match &project.root.path {
        Some(path) => files::admitted(path, project.root.depth, &paths),
        None => Default::default(),
    };
    let (present, mut gone): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|it| it.path().is_some_and(|path| admitted.contains(path)));
    gone.iter().for_each(|it| project.remove(it));
    gone.extend(project.load(present));
    gone
}
