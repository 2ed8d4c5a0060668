//! All projects and open documents, and what each event does to them.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::FileKey;
use crate::convert::open_files::OpenFiles;
use crate::protocol::lsp;
use crate::session::cancellation::{Stale, Wanted};
use crate::session::checker::{self, Check, Checked, CheckedFile};
use crate::session::files::{self, Depth};
use crate::session::job::{Job, Jobs, Question};
use crate::session::previews::Served;
use crate::session::project::{Documents, Project, ProjectId};
use crate::session::projects::Projects;
use crate::session::published::{Publication, Published};
use crate::session::scan::{self, Found, Scanned};
use crate::session::watch;
use crate::transport::client::ClientHandle;
use camino::Utf8PathBuf;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_text::{Change, Document};
use std::sync::Arc;

/// What the worker owns.
pub(crate) struct State {
    jobs: Jobs,
    client: ClientHandle,
    config: Arc<ClientConfig>,
    projects: Projects,
    documents: Documents,
    open: Arc<OpenFiles>,
    published: Published,
    served: Served,
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
        }
    }

    /// Does one job.
    pub(crate) fn apply(&mut self, job: Job) {
        match job {
            Job::Initialize(config) => self.initialize(config),
            Job::Initialized => self.initialized(),
            Job::Open { uri, version, text } => self.open(uri, version, &text),
            Job::Change { uri, version, changes } => self.change(uri, version, changes),
            Job::Close { uri } => self.close(FileKey::of_uri(&uri)),
            Job::Save => self.saved(),
            Job::Watched(files) => self.watched(files),
            Job::Folders { added, removed } => self.change_folders(added, &removed),
            Job::Ask { uri, question } => self.ask(&FileKey::of_uri(&uri), question),
            Job::Found(found) => self.found(&found),
            Job::Scanned(scanned) => self.scanned(&scanned),
            Job::Checked(checked) => self.checked(checked),
            Job::End => {}
        }
    }

    fn initialize(&mut self, config: ClientConfig) {
        config.roots.iter().for_each(|it| self.projects.add(it.clone(), Depth::All));
        self.config = Arc::new(config);
    }

    fn initialized(&mut self) {
        if self.config.watches_files {
            self.client.request::<lsp::RegistrationRequest>(watch::registration());
        }
        self.scan_all();
    }

    fn open(&mut self, uri: lsp::Uri, version: i32, text: &str) {
        let key = FileKey::of_uri(&uri);
        self.documents.insert(key.clone(), Document::new(text));
        Arc::make_mut(&mut self.open).insert(key.clone(), uri, version);
        self.adopt(&key);
        self.projects.home_mut(&key).edit(key);
    }

    fn change(&mut self, uri: lsp::Uri, version: i32, changes: Vec<Change>) {
        let key = FileKey::of_uri(&uri);
        let Some(document) = self.documents.get_mut(&key) else {
            tracing::warn!(uri = uri.as_ref(), "a file that is not open was changed");
            return;
        };
        for change in changes {
            document.apply(change, self.config.encoding);
        }
        Arc::make_mut(&mut self.open).insert(key.clone(), uri, version);
        self.projects.home_mut(&key).edit(key);
    }

    fn close(&mut self, key: FileKey) {
        self.documents.remove(&key);
        Arc::make_mut(&mut self.open).remove(&key);
        // What was typed and not saved is gone; what is on disk counts again.
        self.projects.home_mut(&key).remove(&key);
        self.refresh(vec![key]);
    }

    fn saved(&mut self) {
        // Nobody tells of changes on disk then, and after a save there is one at least.
        if !self.config.watches_files {
            self.scan_all();
        }
    }

    fn watched(&mut self, files: Vec<FileKey>) {
        let (sources, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|it| it.path().is_some_and(files::is_source));
        // A folder, or the rules of what is ignored: anything below may have come or gone.
        if !others.is_empty() {
            self.scan_all();
        }
        self.refresh(sources);
    }

    /// Brings files up to date with the disk. Open ones stay as they are.
    fn refresh(&mut self, files: Vec<FileKey>) {
        let closed = files.into_iter().filter(|it| !self.open.contains(it));
        let mut by_project: FxHashMap<u32, Vec<FileKey>> = FxHashMap::default();
        for key in closed {
            by_project.entry(self.projects.home(&key).id.0).or_default().push(key);
        }
        for (id, keys) in by_project {
            let Some(project) = self.projects.get_mut(ProjectId(id)) else { continue };
            let gone = watch::refresh(project, keys);
            self.clear(&gone);
        }
    }

    fn change_folders(&mut self, added: Vec<Utf8PathBuf>, removed: &[Utf8PathBuf]) {
        for root in removed {
            if let Some(project) = self.projects.remove(root) {
                let files: Vec<_> = project.indexed.into_keys().collect();
                self.clear(&files);
            }
        }
        added.into_iter().for_each(|it| self.projects.add(it, Depth::All));
        self.rehome();
        self.scan_all();
    }

    /// Finds a project for a file of a client that opens files and no folders: without its siblings
    /// every name in it would be unknown.
    fn adopt(&mut self, key: &FileKey) {
        if !self.config.roots.is_empty() || self.projects.home(key).root.path.is_some() {
            return;
        }
        if let Some((root, depth)) = key.path().and_then(files::root_of) {
            self.projects.add(root, depth);
            self.rehome();
            self.scan(self.projects.home(key).id);
        }
    }

    /// Gives every open document to the project it belongs to now.
    fn rehome(&mut self) {
        for key in self.documents.keys() {
            let home = self.projects.home(key).id;
            for project in self.projects.iter_mut() {
                if project.id == home {
                    project.edit(key.clone());
                } else {
                    project.remove(key);
                }
            }
        }
    }

    fn scan_all(&mut self) {
        let ids: Vec<_> = self.projects.folders().map(|it| it.id).collect();
        ids.into_iter().for_each(|it| self.scan(it));
    }

    /// Looks for the files of a project; a search that runs is given up.
    fn scan(&mut self, id: ProjectId) {
        let Some(project) = self.projects.get_mut(id) else { return };
        // Only the first time is worth the user's attention.
        let shown = self.config.shows_progress && !project.complete;
        let progress = self.client.progress("Indexing SpecQL files", shown);
        let wanted = Wanted::default();
        let (stale, jobs, root) = (wanted.stale(), self.jobs.clone(), Arc::clone(&project.root));
        project.scan = Some(wanted);
        self.client.runtime.spawn_blocking(move || scan::run(id, &root, &stale, &jobs, &progress));
    }

    fn found(&mut self, found: &Found) {
        if self.scanned_project(found.project, &found.scan).is_none() {
            return;
        }
        let keys = found.files.iter().map(|it| FileKey::of_path(it));
        let belongs =
            |it: &FileKey| !self.open.contains(it) && self.projects.home(it).id == found.project;
        let keys = keys.filter(belongs).collect();
        if let Some(project) = self.projects.get_mut(found.project) {
            let gone = project.load(keys);
            self.clear(&gone);
        }
    }

    fn scanned(&mut self, scanned: &Scanned) {
        let found: FxHashSet<FileKey> =
            scanned.files.iter().map(|it| FileKey::of_path(it)).collect();
        let id = scanned.project;
        let Some(project) = self.scanned_project(id, &scanned.scan) else { return };
        project.scan = None;
        project.unchecked |= !project.complete;
        project.complete = true;
        let indexed: Vec<_> = project.indexed.keys().cloned().collect();
        let (own, others): (Vec<_>, Vec<_>) =
            indexed.into_iter().partition(|it| self.projects.home(it).id == id);
        if let Some(project) = self.projects.get_mut(id) {
            others.iter().for_each(|it| project.remove(it));
        }
        // What the search did not find may have come after it passed by, so the disk decides.
        self.refresh(own.into_iter().filter(|it| !found.contains(it)).collect());
    }

    /// The project of a search, unless it was given up.
    fn scanned_project(&mut self, id: ProjectId, scan: &Stale) -> Option<&mut Project> {
        self.projects.get_mut(id).filter(|it| it.scan.as_ref().is_some_and(|it| it.began(scan)))
    }

    fn checked(&mut self, checked: Checked) {
        let Some(project) = self.projects.get_mut(checked.project) else { return };
        if !project.check.as_ref().is_some_and(|it| it.began(&checked.check)) {
            return;
        }
        for CheckedFile { file, reads, said } in checked.files {
            project.checked(file, reads);
            if let Some((key, publication)) = said {
                publish(&self.client, self.published.update(key, publication));
            }
        }
    }

    fn ask(&mut self, key: &FileKey, question: Question) {
        let project = self.projects.home_mut(key);
        let snapshot = project.snapshot(&self.documents, &self.open, &self.config);
        let file = project.file(key);
        self.client.runtime.spawn_blocking(move || {
            question(file.and_then(|it| snapshot.view(it)).as_ref());
        });
    }

    fn clear(&mut self, files: &[FileKey]) {
        publish(&self.client, files.iter().filter_map(|it| self.published.remove(it)));
    }

    /// Checks the projects that a batch of jobs has changed.
    pub(crate) fn settle(&mut self) {
        for project in self.projects.iter_mut().filter(|it| it.unchecked && it.complete) {
            project.unchecked = false;
            let snapshot = project.snapshot(&self.documents, &self.open, &self.config);
            let wanted = Wanted::default();
            let (id, stale, jobs) = (project.id, wanted.stale(), self.jobs.clone());
            project.check = Some(wanted);
            let pending = project.pending();
            let shown = self.served.sources().into_iter();
            let shown = shown.filter_map(|it| project.file(&it).map(|file| (it, file))).collect();
            let (served, client) = (self.served.clone(), self.client.clone());
            self.client.runtime.spawn_blocking(move || {
                let check = Check { project: id, snapshot: &snapshot, stale: &stale, jobs: &jobs };
                let closed = check.open_files(pending);
                if !stale.get() {
                    checker::refresh_previews(&snapshot, &shown, &served, &client);
                }
                check.closed_files(&closed);
            });
        }
    }
}

fn publish(client: &ClientHandle, publications: impl IntoIterator<Item = Publication>) {
    for it in publications {
        client.notify("textDocument/publishDiagnostics", it.into_params());
    }
}
