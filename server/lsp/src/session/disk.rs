//! What the disk does to the state: files that come, change and go, and freshness.
//!
//! Invariant: which file is whose is asked of `specql-project` alone. What a client or a watcher tells
//! is a hint where to look.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::FileKey;
use crate::convert::settings::SECTION;
use crate::convert::snapshot::Source;
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

/// So many files are read again before a question is answered.
const UNSETTLED: usize = 32;

/// What clients are asked to watch: files, and what decides which files those are. The server watches
/// too; a client may see what the system does not tell, as on a remote disk.
const WATCHED: [&str; 3] = ["**/*.{yaml,yml,specql}", "**/*events.lock", "**/.{gitignore,ignore}"];

/// What the client is asked to tell of.
fn registrations(config: &ClientConfig) -> Vec<lsp::Registration> {
    let watcher = |pattern: &str| serde_json::json!({ "globPattern": pattern });
    let watchers: Vec<_> = WATCHED.into_iter().map(watcher).collect();
    let files = lsp::Registration {
        id: "specql/files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    };
    let settings = lsp::Registration {
        id: "specql/settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(serde_json::json!({ "section": SECTION })),
    };
    let files = config.watches_files.then_some(files);
    files.into_iter().chain(config.watches_settings.then_some(settings)).collect()
}

impl State {
    pub(super) fn initialized(&mut self) {
        let registrations = registrations(&self.config);
        if !registrations.is_empty() {
            let params = lsp::RegistrationParams { registrations };
            self.client.request::<lsp::RegistrationRequest>(params);
        }
        self.ask_settings();
        let jobs = self.jobs.clone();
        let watcher = Watcher::start(move |change| jobs.send(Job::Disk(change)));
        let failed = |error: &std::io::Error| {
            let message = format!("changes on the disk are not watched: {error}");
            self.client.log(lsp::MessageType::Warning, message);
        };
        let watcher = watcher.inspect_err(failed).ok();
        self.disk.noticed = watcher.as_ref().map(Watcher::noticed).unwrap_or_default();
        self.disk.watcher = watcher.map(|it| Arc::new(Mutex::new(it)));
        self.search();
    }

    pub(super) fn saved(&mut self) {
        // The system may tell of nothing, as on a disk of another machine.
        if !self.config.watches_files || self.disk.stopped {
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

    /// Acts on what the watcher has noticed before something is answered, instead of when it is told.
    pub(super) fn catch_up(&mut self) {
        if let Some(change) = self.disk.noticed.take() {
            self.changed_on_disk(change);
        }
    }

    /// Brings a file up to date before it is asked about, and finds one that nobody told of.
    pub(super) fn freshen(&mut self, key: &FileKey) {
        if !self.open.contains(key) && key.path().is_some_and(is_plain) {
            self.refresh(vec![key.clone()]);
        }
    }

    /// Whether files are no longer what an answer was made from, be it that the disk has changed since or
    /// that somebody told of it meanwhile.
    pub(super) fn is_outdated(&mut self, files: &[Source]) -> bool {
        self.catch_up();
        self.refresh(files.iter().map(|it| it.key.clone()).collect());
        let is_same = |it: &Source| {
            let holder = self.projects.iter().find_map(|project| project.indexed.get(&it.key));
            holder.is_some_and(|now| now.text == it.text)
        };
        !files.iter().all(is_same)
    }

    /// Brings files up to date with the disk. Open ones stay as they are.
    pub(super) fn refresh(&mut self, files: Vec<FileKey>) {
        let mut unknown = Vec::new();
        for key in files.into_iter().map(|it| self.aliased(it)).collect::<Vec<_>>() {
            let Some(path) = key.path().filter(|_| !self.open.contains(&key)) else { continue };
            let stamp = Stamp::of(path);
            let holder = self.projects.holder(&key).and_then(|it| self.projects.get_mut(it));
            match (holder, stamp) {
                (Some(project), Some(stamp)) => {
                    let loaded = project.load(project.outdated(vec![(key, stamp)]));
                    self.note(loaded);
                }
                (Some(project), None) => {
                    project.remove(&key);
                    self.clear(&[key]);
                }
                (None, Some(_)) => unknown.push(path.to_owned()),
                (None, None) => {}
            }
        }
        self.adopt(&unknown);
    }

    /// Reads files that were not known, where they belong to a workspace that is.
    fn adopt(&mut self, files: &[Utf8PathBuf]) {
        if files.is_empty() || !self.disk.complete {
            return;
        }
        for (file, root) in self.disk.scope.locate(files) {
            // A link may lead to a file that counts already: a search finds out.
            match self.projects.find(&root).filter(|_| !specql_project::is_link(&file)) {
                Some(project) => {
                    let loaded = project.load(vec![FileKey::of_path(&file)]);
                    self.note(loaded);
                }
                None if self.disk.scope.contains(&file) => self.search(),
                None => {}
            }
        }
    }

    /// Reads files again that were read within a moment of their last change: only part of the text
    /// may have been there.
    pub(super) fn read_unsettled(&mut self) {
        let files: Vec<_> = self.disk.unsettled.iter().take(UNSETTLED).cloned().collect();
        if files.is_empty() {
            return;
        }
        files.iter().for_each(|it| {
            self.disk.unsettled.remove(it);
        });
        self.refresh(files);
    }

    /// Takes the findings of files that are gone away.
    pub(super) fn note(&mut self, loaded: Loaded) {
        self.disk.unsettled.extend(loaded.unsettled);
        self.clear(&loaded.gone);
    }
}

/// Whether nothing but a file's own text can depend on it.
fn is_plain(file: &Utf8Path) -> bool {
    is_source(file) && !file.file_name().is_some_and(|it| CONFIG_NAMES.contains(&it))
}
