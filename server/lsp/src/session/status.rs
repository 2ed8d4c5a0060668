//! How the server is, for clients that show it: said when it is another than was said last.

use crate::session::project::Project;
use crate::session::projects::Projects;
use crate::session::scan::Disk;
use serde::Serialize;

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Status {
    health: &'static str,
    /// Nothing is being read or checked: what was published is true of what is there.
    quiescent: bool,
    /// The files of the workspaces are being looked for.
    indexing: bool,
    /// Why the health is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    workspaces: usize,
    files: usize,
}

impl Status {
    /// Absent before anything was looked for.
    pub(super) fn of(disk: &Disk, projects: &Projects) -> Option<Self> {
        let indexing = disk.search.is_some();
        if !indexing && !disk.complete && !disk.stopped {
            return None;
        }
        let message = if disk.stopped {
            Some(
                "the search for files was stopped: files that are not open are not known, and nothing is \
                 checked; saving a file begins it again",
            )
        } else if disk.watcher.is_none() {
            Some(
                "the system does not tell of changes on the disk: files that other programs write \
                 are read when they are asked about",
            )
        } else {
            None
        };
        let workspaces = projects.iter().filter(|it| it.root.path().is_some());
        Some(Self {
            health: if message.is_none() { "ok" } else { "warning" },
            quiescent: !indexing && projects.iter().all(Project::is_settled),
            indexing,
            message,
            workspaces: workspaces.count(),
            files: projects.iter().map(Project::file_count).sum(),
        })
    }
}
