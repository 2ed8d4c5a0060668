//! How the server is, for clients that show it: said when it is another than was said last.

use crate::protocol::method;
use crate::session::project::Project;
use crate::session::state::State;
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

impl State {
    pub(super) fn tell_status(&mut self) {
        let is_begun = self.disk.search.is_some() || self.disk.complete;
        if !self.config.takes_status || !is_begun {
            return;
        }
        let now = self.status();
        if self.told.as_ref() != Some(&now) {
            self.client.notify(method::STATUS, &now);
            self.told = Some(now);
        }
    }

    fn status(&self) -> Status {
        let is_watched = self.disk.watcher.is_some();
        let indexing = self.disk.search.is_some();
        let workspaces = self.projects.iter().filter(|it| it.root.path().is_some());
        Status {
            health: if is_watched { "ok" } else { "warning" },
            quiescent: !indexing && self.projects.iter().all(Project::is_settled),
            indexing,
            message: (!is_watched).then_some(
                "the system does not tell of changes on the disk: files that other programs write \
                 are read when they are asked about",
            ),
            workspaces: workspaces.count(),
            files: self.projects.iter().map(Project::file_count).sum(),
        }
    }
}
