//! What the disk does to the state: files that come, change and go, and freshness.
//!
//! Invariant: which file is whose is asked of `specql-project` alone. What a client or a watcher tells
//! is a hint where to look.

use crate::convert::file_key::FileKey;
use crate::convert::uri;
use crate::protocol::lsp;
use crate::session::job::Job;
use crate::session::project::Loaded;
use crate::session::state::State;
use camino::{Utf8Path, Utf8PathBuf};
use specql_project::{CONFIG_NAMES, Change, Stamp, Watcher, is_source, real_file};
use std::sync::{Arc, Mutex};

/// More files than this at once are looked for together.
const MANY: usize = 200;

/// What clients are asked to watch: files, and what decides which files those are. The server watches
/// too; a client may see what the system does not tell, as on a remote disk.
const WATCHED: [&str; 2] = ["**/*.{yaml,yml,specql}", "**/.{gitignore,ignore}"];

fn registration() -> lsp::RegistrationParams {
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

impl State {
    pub(super) fn initialized(&mut self) {
        if self.config.watches_files {
            self.client.request::<lsp::RegistrationRequest>(registration());
        }
        let jobs = self.jobs.clone();
        let watcher = Watcher::start(move |change| jobs.send(Job::Disk(change)));
        let failed = |error: &std::io::Error| tracing::warn!(%error, "files are not watched");
        self.disk.watcher = watcher.inspect_err(failed).ok().map(|it| Arc::new(Mutex::new(it)));
        self.search();
    }

    pub(super) fn saved(&mut self) {
        // The system may tell of nothing, as on a disk of another machine.
        if !self.config.watches_files {
            self.search();
        }
    }

    /// What a client tells of.
    pub(super) fn watched(&mut self, uris: &[lsp::Uri]) {
        let files = uris.iter().filter_map(|it| uri::to_path(it.as_ref()));
        self.changed_on_disk(Change::Files(files.map(|it| real_file(&it)).collect()));
    }

    pub(super) fn changed_on_disk(&mut self, change: Change) {
        match change {
            Change::Files(files) if files.len() <= MANY && files.iter().all(|it| is_plain(it)) => {
                self.refresh(files.iter().map(|it| FileKey::of_path(it)).collect());
            }
            // A folder, a configuration, or the rules of what is ignored: anything may have come or
            // gone.
            Change::Files(_) | Change::Everything => self.search(),
        }
    }

    /// Brings a file up to date before it is asked about, and finds one that nobody told of.
    pub(super) fn freshen(&mut self, key: &FileKey) {
        if !self.open.contains(key) && key.path().is_some_and(is_plain) {
            self.refresh(vec![key.clone()]);
        }
    }

    /// Brings files up to date with the disk. Open ones stay as they are. Whether one of them is another
    /// than before.
    pub(super) fn refresh(&mut self, files: Vec<FileKey>) -> bool {
        let (mut unknown, mut is_new) = (Vec::new(), false);
        for key in files.into_iter().map(|it| self.aliased(it)).collect::<Vec<_>>() {
            let Some(path) = key.path().filter(|_| !self.open.contains(&key)) else { continue };
            let stamp = Stamp::of(path);
            let holder = self.projects.holder(&key).and_then(|it| self.projects.get_mut(it));
            let loaded = match (holder, stamp) {
                (Some(project), Some(stamp)) => project.load(project.outdated(vec![(key, stamp)])),
                (Some(project), None) => {
                    project.remove(&key);
                    Loaded { is_new: true, gone: vec![key] }
                }
                (None, Some(_)) => {
                    unknown.push(path.to_owned());
                    continue;
                }
                (None, None) => continue,
            };
            is_new |= self.note(&loaded);
        }
        self.adopt(&unknown) || is_new
    }

    /// Reads files that were not known, where they belong to a workspace that is.
    fn adopt(&mut self, files: &[Utf8PathBuf]) -> bool {
        let mut is_new = false;
        if files.is_empty() || !self.disk.complete {
            return is_new;
        }
        for (file, root) in self.disk.scope.locate(files) {
            // A link may lead to a file that counts already: a search finds out.
            match self.projects.find(&root).filter(|_| !specql_project::is_link(&file)) {
                Some(project) => {
                    let loaded = project.load(vec![FileKey::of_path(&file)]);
                    is_new |= self.note(&loaded);
                }
                None if self.disk.scope.contains(&file) => self.search(),
                None => {}
            }
        }
        is_new
    }

    /// Takes the findings of files that are gone away. Whether there was anything new.
    pub(super) fn note(&mut self, loaded: &Loaded) -> bool {
        self.clear(&loaded.gone);
        loaded.is_new || !loaded.gone.is_empty()
    }
}

/// Whether nothing but a file's own text can depend on it.
fn is_plain(file: &Utf8Path) -> bool {
    is_source(file) && !file.file_name().is_some_and(|it| CONFIG_NAMES.contains(&it))
}
