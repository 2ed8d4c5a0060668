//! Which file a URI means, and which project is the home of an open file.
//!
//! Invariant: where a file belongs is asked of `specql-project` when it is opened and when the disk has
//! changed, and kept while it is typed in.

use crate::convert::file_key::FileKey;
use crate::convert::uri;
use crate::protocol::lsp;
use crate::session::project::{Project, ProjectId};
use crate::session::state::State;
use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashSet;
use specql_project::{real_file, real_folder};
use std::sync::Arc;

impl State {
    /// Takes a folder of the client into the scope.
    pub(super) fn open_folder(&mut self, folder: &Utf8PathBuf) {
        let real = real_folder(folder);
        Arc::make_mut(&mut self.open).open_folder(real.clone(), folder.clone());
        self.disk.scope.add(real);
    }

    pub(super) fn change_folders(&mut self, added: &[Utf8PathBuf], removed: &[Utf8PathBuf]) {
        for real in removed.iter().map(|it| real_folder(it)) {
            Arc::make_mut(&mut self.open).close_folder(&real);
            self.disk.scope.remove(&real);
        }
        added.iter().for_each(|it| self.open_folder(it));
        let hidden: Vec<FileKey> =
            self.published.keys().filter(|it| !self.open.shows(it)).cloned().collect();
        self.clear(&hidden);
        // What lies in the new folders may be known and not shown yet.
        self.projects.iter_mut().for_each(Project::check_again);
        self.search();
    }

    /// What a file is, however its client spells it. Of an open file no disk is asked.
    pub(super) fn key(&self, uri: &lsp::Uri) -> FileKey {
        self.open.key(uri).cloned().unwrap_or_else(|| self.real_key(uri))
    }

    fn real_key(&self, uri: &lsp::Uri) -> FileKey {
        match uri::to_path(uri.as_ref()) {
            Some(path) => self.aliased(FileKey::of_path(&real_file(&path))),
            None => FileKey::of_uri(uri),
        }
    }

    /// The file that a link leads to, when that is one of the same workspace.
    pub(super) fn aliased(&self, key: FileKey) -> FileKey {
        let Some(path) = key.path() else { return key };
        let target = self.projects.iter().find_map(|it| it.aliases.get(path));
        target.map_or(key, |it| FileKey::of_path(it))
    }

    /// The same for a file that is opened: two documents are two files, though they be one on disk.
    pub(super) fn key_to_open(&self, uri: &lsp::Uri) -> FileKey {
        let (real, spelled) = (self.real_key(uri), FileKey::of_uri(uri));
        let is_other =
            self.open.contains(&real) && FileKey::of_uri(&self.open.uri(&real)) != spelled;
        if is_other { spelled } else { real }
    }

    /// Calls open files what a search has found them to be: before it, nobody knew where links lead.
    pub(super) fn find_aliases(&mut self) {
        let open: Vec<FileKey> = self.documents.keys().cloned().collect();
        for key in open {
            let real = self.aliased(key.clone());
            if real != key && !self.open.contains(&real) {
                self.rename_open(&key, &real);
            }
        }
    }

    fn rename_open(&mut self, key: &FileKey, real: &FileKey) {
        let document = self.documents.remove(key);
        let (Some(document), Some(version)) = (document, self.open.version(key)) else { return };
        let uri = self.open.uri(key);
        self.projects.home_mut(key).remove(key);
        self.projects.unsettle(key);
        Arc::make_mut(&mut self.open).remove(key);
        self.clear(std::slice::from_ref(key));
        self.documents.insert(real.clone(), document);
        Arc::make_mut(&mut self.open).insert(real.clone(), uri, version);
        self.settle_open(real);
    }

    /// Gives a file that is open now to its project.
    pub(super) fn settle_open(&mut self, key: &FileKey) {
        self.name_open_files();
        self.find_home(key);
        self.projects.home_mut(key).edit(key.clone());
    }

    /// Gives an open file to its project.
    pub(super) fn find_home(&mut self, key: &FileKey) {
        let (id, is_known) = match key.path() {
            Some(path) => {
                let project = self.projects.of_root(&self.disk.scope.root_of_file(path));
                (project.id, project.complete)
            }
            None if key.is_untitled() => (self.window(), true),
            None => (ProjectId::default(), true),
        };
        if let Some(old) = self.projects.settle(key.clone(), id) {
            old.remove(key);
        }
        if !is_known {
            self.search();
        }
    }

    /// The project of the window, to which belongs what is not saved yet.
    fn window(&mut self) -> ProjectId {
        let folder = self.disk.scope.folders().first();
        match folder.and_then(|it| self.disk.scope.root_of_folder(it)) {
            Some(root) => self.projects.of_root(&root).id,
            None => self.projects.single().unwrap_or_default(),
        }
    }

    /// Tells the scope which files are open. Where that gives other files another workspace, as on the
    /// command line one more file that is named, they get it.
    pub(super) fn name_open_files(&mut self) {
        let open = self.documents.keys().filter_map(FileKey::path).map(Utf8Path::to_owned);
        if self.disk.scope.name_files(open.collect()) {
            self.find_homes();
            self.search();
        }
    }

    /// Gives every open file to the project it belongs to now.
    pub(super) fn find_homes(&mut self) {
        let open: Vec<FileKey> = self.documents.keys().cloned().collect();
        for key in open {
            let before = self.projects.home_mut(&key).id;
            self.find_home(&key);
            let home = self.projects.home_mut(&key);
            if home.id != before {
                home.edit(key);
            }
        }
    }

    /// The projects that have an open file.
    pub(super) fn homes_in_use(&mut self) -> FxHashSet<ProjectId> {
        let open: Vec<FileKey> = self.documents.keys().cloned().collect();
        open.iter().map(|it| self.projects.home_mut(it).id).collect()
    }
}
