//! All projects and open documents, and what each event does to them.
//!
//! Invariant: an edit asks nothing of the disk, and its cost does not grow with the workspace.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::FileKey;
use crate::convert::open_files::OpenFiles;
use crate::protocol::{lsp, method};
use crate::session::cancellation::CancelOnDrop;
use crate::session::checker::{Check, Checked, CheckedFile};
use crate::session::job::{AllQuestion, Job, Jobs, Needs, Question, Waiting};
use crate::session::previews::Served;
use crate::session::project::Documents;
use crate::session::projects::Projects;
use crate::session::published::{Publication, Published};
use crate::session::refresh::Refresh;
use crate::session::scan::Disk;
use crate::session::status::Status;
use crate::transport::client::ClientHandle;
use rustc_hash::FxHashSet;
use specql_text::{Change, Document};
use std::sync::Arc;

/// What the worker owns.
pub(crate) struct State {
    pub(super) jobs: Jobs,
    pub(super) client: ClientHandle,
    pub(super) config: Arc<ClientConfig>,
    pub(super) projects: Projects,
    pub(super) documents: Documents,
    pub(super) open: Arc<OpenFiles>,
    pub(super) published: Published,
    served: Served,
    pub(super) disk: Disk,
    /// Questions that nobody can answer yet.
    pub(super) waiting: Vec<Waiting>,
    /// How the server was when it last said so.
    told: Option<Status>,
}

impl State {
    pub(crate) fn new(jobs: Jobs, client: ClientHandle, served: Served) -> Self {
        Self {
            jobs,
            client,
            config: Arc::default(),
            projects: Projects::new(),
            documents: Documents::default(),
            open: Arc::default(),
            published: Published::default(),
            served,
            disk: Disk::default(),
            waiting: Vec::new(),
            told: None,
        }
    }

    /// Does one job.
    pub(crate) fn apply(&mut self, job: Job) {
        match job {
            Job::Initialize(config) => self.initialize(config),
            Job::Initialized => self.initialized(),
            Job::Open { uri, version, text } => self.open(uri, version, &text),
            Job::Change { uri, version, changes } => self.change(uri, version, changes),
            Job::Close { uri } => self.close(&uri),
            Job::Save => self.saved(),
            Job::Configured(told) => self.configured(&told),
            Job::Settings(section) => self.set(&section),
            Job::Watched(uris) => self.watched(&uris),
            Job::Disk(change) => self.changed_on_disk(change),
            Job::Folders { added, removed } => self.change_folders(&added, &removed),
            Job::Ask { uri, needs, question } => self.ask(uri, needs, question),
            Job::AskAll(question) => self.ask_all(question),
            Job::Compare { files, is_outdated } => {
                // Refused when the request was cancelled meanwhile.
                let _ = is_outdated.send(self.is_outdated(&files));
            }
            Job::Found { search, found } => self.found(&search, found),
            Job::Checked(checked) => self.checked(checked),
            Job::CancelProgress(token) => self.cancel_search(&token),
            Job::End => {}
        }
    }

    fn initialize(&mut self, config: ClientConfig) {
        config.roots.iter().for_each(|it| self.open_folder(it));
        self.config = Arc::new(config);
    }

    fn open(&mut self, uri: lsp::Uri, version: i32, text: &str) {
        let key = self.key_to_open(&uri);
        self.documents.insert(key.clone(), Document::new(text));
        Arc::make_mut(&mut self.open).insert(key.clone(), uri, version);
        self.outdate_waiting(&key);
        self.settle_open(&key);
    }

    fn change(&mut self, uri: lsp::Uri, version: i32, changes: Vec<Change>) {
        let key = self.open.key(&uri).cloned();
        let document = key.as_ref().and_then(|it| self.documents.get_mut(it));
        let (Some(key), Some(document)) = (key, document) else {
            tracing::warn!(uri = uri.as_ref(), "a file that is not open was changed");
            return;
        };
        for change in changes {
            document.apply(change, self.config.encoding);
        }
        Arc::make_mut(&mut self.open).insert(key.clone(), uri, version);
        self.outdate_waiting(&key);
        self.projects.home_mut(&key).edit(key);
    }

    fn close(&mut self, uri: &lsp::Uri) {
        let key = self.key(uri);
        self.documents.remove(&key);
        // What was typed and not saved is gone; what is on disk counts again.
        self.projects.home_mut(&key).remove(&key);
        self.projects.unsettle(&key);
        Arc::make_mut(&mut self.open).remove(&key);
        self.name_open_files();
        self.refresh(vec![key.clone()]);
        if !self.open.shows(&key) || self.projects.holder(&key).is_none() {
            self.clear(&[key]);
            // Perhaps nobody asks about its workspace any more.
            self.search();
        }
    }

    fn checked(&mut self, checked: Checked) {
        let Some(project) = self.projects.get_mut(checked.project) else { return };
        if !project.check.as_ref().is_some_and(|it| it.began(&checked.check)) {
            return;
        }
        let mut said = Vec::new();
        for it in checked.files {
            let CheckedFile { file, reads, said: publication } = it;
            project.checked(file, reads);
            said.extend(publication);
        }
        said.retain(|(key, _)| self.open.shows(key));
        let mut changed = Vec::new();
        for (key, publication) in said {
            changed.extend(self.published.update(key, publication));
        }
        self.tell(changed);
    }

    /// Answers a question, or keeps it until what it needs is known.
    pub(super) fn ask(&mut self, uri: lsp::Uri, needs: Needs, question: Question) {
        let key = self.key(&uri);
        self.catch_up();
        self.freshen(&key);
        self.read_unsettled();
        if needs == Needs::Workspace && self.is_partial(&key) {
            self.waiting.push(Waiting::One { uri, question });
            return;
        }
        let project = self.projects.home_mut(&key);
        let snapshot = project.snapshot(&self.documents, &self.open, &self.config);
        let file = project.file(&key);
        self.client.runtime.spawn_blocking(move || {
            question(Ok(file.and_then(|it| snapshot.view(it)).as_ref()));
        });
    }

    /// The same of all projects.
    pub(super) fn ask_all(&mut self, question: AllQuestion) {
        self.catch_up();
        self.read_unsettled();
        if self.is_any_partial() {
            self.waiting.push(Waiting::All(question));
            return;
        }
        let (documents, open, config) = (&self.documents, &self.open, &self.config);
        let projects = self.projects.iter_mut();
        let snapshots: Vec<_> = projects.map(|it| it.snapshot(documents, open, config)).collect();
        self.client.runtime.spawn_blocking(move || question(&snapshots));
    }

    /// Takes the findings of files away.
    pub(super) fn clear(&mut self, files: &[FileKey]) {
        let gone = files.iter().filter_map(|it| self.published.remove(it)).collect();
        self.tell(gone);
    }

    /// Tells the client what is found now, or that it is something else than it has asked for.
    fn tell(&self, publications: Vec<Publication>) {
        if !self.config.pulls_diagnostics {
            for it in publications {
                self.client.notify("textDocument/publishDiagnostics", it);
            }
        } else if self.config.refreshes_diagnostics && !publications.is_empty() {
            self.client.request::<lsp::DiagnosticRefreshRequest>(());
        }
    }

    /// Has the client ask again for what it shows of open documents: before all files were known, names
    /// of other files meant nothing.
    pub(super) fn refresh_shown(&self) {
        if self.config.refreshes_tokens {
            self.client.request::<lsp::SemanticTokensRefreshRequest>(());
        }
        if self.config.refreshes_lenses {
            self.client.request::<lsp::CodeLensRefreshRequest>(());
        }
        if self.config.refreshes_hints {
            self.client.request::<lsp::InlayHintRefreshRequest>(());
        }
    }

    /// Checks the projects that a batch of jobs has changed, and says how the server is.
    pub(crate) fn settle(&mut self) {
        self.check_changed();
        self.tell_status();
    }

    fn tell_status(&mut self) {
        let now = Status::of(&self.disk, &self.projects).filter(|_| self.config.takes_status);
        if now.is_some() && self.told != now {
            self.client.notify(method::STATUS, &now);
            self.told = now;
        }
    }

    fn check_changed(&mut self) {
        let sources = self.served.sources();
        let is_gone = |it: &FileKey| !self.open.contains(it) && self.projects.holder(it).is_none();
        let gone: FxHashSet<FileKey> = sources.iter().filter(|it| is_gone(it)).cloned().collect();
        for project in self.projects.iter_mut().filter(|it| it.unchecked && it.complete) {
            project.unchecked = false;
            let snapshot = project.snapshot(&self.documents, &self.open, &self.config);
            let snapshot = Arc::new(snapshot);
            let cancel = CancelOnDrop::default();
            let (id, token, jobs) = (project.id, cancel.token(), self.jobs.clone());
            project.check = Some(cancel);
            let pending = project.pending();
            let shown = sources.iter().filter_map(|it| Some((it.clone(), project.file(it)?)));
            let refresh = Refresh {
                snapshot: Arc::clone(&snapshot),
                files: shown.collect(),
                gone: gone.clone(),
                served: self.served.clone(),
                client: self.client.clone(),
                token: token.clone(),
            };
            self.client.runtime.spawn_blocking(move || {
                let tell = |it| jobs.send(Job::Checked(it));
                let check = Check { project: id, snapshot: &snapshot, token: &token, tell: &tell };
                let closed = check.open_files(pending);
                refresh.small();
                check.closed_files(&closed);
                refresh.large_later();
            });
        }
    }
}
