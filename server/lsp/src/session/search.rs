//! What the search for files has found: it becomes the files of projects, part by part.

use crate::convert::file_key::FileKey;
use crate::protocol::lsp;
use crate::session::cancellation::{CancelOnDrop, CancellationToken};
use crate::session::job::Job;
use crate::session::scan::{Found, Search};
use crate::session::state::State;
use camino::Utf8Path;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_project::{Root, Stamp, Workspace};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

impl State {
    /// Looks for all files anew. One search runs at a time; what comes meanwhile has it repeated.
    pub(super) fn search(&mut self) {
        if self.disk.search.is_some() {
            self.disk.again = true;
            return;
        }
        let cancel = CancelOnDrop::default();
        // Only the first time is worth the user's attention.
        let shown = self.config.shows_progress && !self.disk.complete;
        let progress = self.client.progress("Indexing SpecQL files", shown);
        self.disk.shown_as = shown.then(|| progress.token.clone());
        self.disk.stopped = false;
        // Configurations may have come or gone.
        self.disk.scope.look_again();
        let search = Search { scope: self.disk.scope.clone(), watcher: self.disk.watcher.clone() };
        let (token, jobs) = (cancel.token(), self.jobs.clone());
        self.disk.search = Some(cancel);
        self.client.runtime.spawn_blocking(move || {
            let tell = |found| jobs.send(Job::Found { search: token.clone(), found });
            let run = || search.run(&token, &progress, tell);
            // Nobody must wait for a search that has broken down.
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                tell(Found::Nothing);
            }
        });
    }

    /// The user does not want to wait for the search that is shown to them.
    pub(super) fn cancel_search(&mut self, token: &lsp::ProgressToken) {
        if self.disk.search.is_some() && self.disk.shown_as.as_ref() == Some(token) {
            self.stop_search();
        }
    }

    fn stop_search(&mut self) {
        self.disk.search = None;
        self.disk.again = false;
        self.disk.stopped = true;
        self.answer_waiting();
    }

    pub(super) fn found(&mut self, search: &CancellationToken, found: Found) {
        if !self.disk.search.as_ref().is_some_and(|it| it.began(search)) {
            return;
        }
        match found {
            Found::Failures(failures) => self.log_failures(failures),
            Found::Workspaces(workspaces) => {
                for it in workspaces.iter() {
                    self.projects.of_root(&it.root).aliases.clone_from(&it.aliases);
                }
                self.disk.workspaces = workspaces;
                self.find_aliases();
            }
            Found::Files { root, files, .. } => self.found_files(&root, files),
            Found::Everything => {
                self.found_everything();
                self.disk.search = None;
                if !self.disk.complete {
                    self.log_found();
                }
                self.disk.complete = true;
                if std::mem::take(&mut self.disk.again) {
                    self.search();
                }
                self.answer_waiting();
            }
            Found::Nothing => self.stop_search(),
        }
    }

    /// Tells of what could not be looked at, once.
    fn log_failures(&mut self, failures: Vec<String>) {
        for it in failures.iter().filter(|it| !self.disk.failures.contains(it)) {
            self.client.log(lsp::MessageType::Warning, it.clone());
        }
        self.disk.failures = failures;
    }

    /// Tells for whoever looks at the log what there is.
    fn log_found(&self) {
        for it in self.disk.workspaces.iter() {
            let (files, root) = (it.files.len(), &it.root.path);
            self.client
                .log(lsp::MessageType::Log, format!("{files} files in the workspace {root}"));
        }
    }

    fn found_files(&mut self, root: &Root, mut files: Vec<(FileKey, Stamp)>) {
        files.retain(|(key, _)| !self.open.contains(key));
        let project = self.projects.of_root(root);
        let loaded = project.load(project.outdated(files));
        self.note(loaded);
    }

    /// Forgets what the search has not found.
    fn found_everything(&mut self) {
        let workspaces = Arc::clone(&self.disk.workspaces);
        let by_root: FxHashMap<&Utf8Path, &Workspace> =
            workspaces.iter().map(|it| (&*it.root.path, it)).collect();
        let at_home = self.projects.homes();
        let mut lost = Vec::new();
        let mut is_new = false;
        for project in self.projects.iter_mut() {
            let files = project.root.path().and_then(|it| by_root.get(it)).map(|it| &it.files);
            let found: FxHashSet<&str> =
                files.into_iter().flatten().map(|it| it.as_str()).collect();
            let is_found =
                |key: &FileKey| key.path().is_some_and(|path| found.contains(path.as_str()));
            let gone: Vec<FileKey> =
                project.indexed.keys().filter(|it| !is_found(it)).cloned().collect();
            for key in gone {
                project.forget(&key, at_home.get(&key) == Some(&project.id));
                lost.push(key);
            }
            // One that came while the search ran has its files found by the next.
            if files.is_some() {
                is_new |= !project.complete;
                project.unchecked |= !project.complete;
                project.complete = true;
            }
        }
        if is_new {
            self.refresh_shown();
        }
        self.find_homes();
        let in_use = self.homes_in_use();
        self.projects.retain(|it| {
            !it.indexed.is_empty()
                || in_use.contains(&it.id)
                || it.root.path().is_none_or(|path| by_root.contains_key(path))
        });
        // What came after the search passed by is found where it is now.
        lost.retain(|it| !self.open.contains(it) && self.projects.holder(it).is_none());
        self.clear(&lost);
        self.refresh(lost);
    }
}
