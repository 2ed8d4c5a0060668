//! One workspace folder, or everything outside all of them: the state of `ide` and the texts that are
//! on their way into it.
//!
//! Invariant: an open document is what its client says, whatever the disk holds; texts reach `ide`
//! only when somebody asks, so that a burst of edits is read once.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::{FileKey, Root};
use crate::convert::line_indexes::LineIndexes;
use crate::convert::open_files::OpenFiles;
use crate::convert::snapshot::Snapshot;
use crate::session::cancellation::Wanted;
use crate::session::files::{self, Depth};
use camino::Utf8PathBuf;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_ide::{Analysis, AnalysisHost, FileId, Read};
use specql_text::Document;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The texts of the open documents.
pub(crate) type Documents = FxHashMap<FileKey, Document>;

/// A project, as long as the server runs; numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ProjectId(pub(crate) u32);

/// A project; its files are those below its root that lie below no other project's.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    pub(crate) root: Arc<Root>,
    host: AnalysisHost,
    indexes: LineIndexes,
    /// The files that the disk contributes, with their texts.
    pub(crate) indexed: FxHashMap<FileKey, Arc<str>>,
    /// Those of them whose text `ide` has not seen.
    arrived: FxHashSet<FileKey>,
    /// Open documents whose text `ide` has not seen.
    edited: FxHashSet<FileKey>,
    /// Changed since the last check began.
    pub(crate) unchecked: bool,
    /// Files about which something else is to be said than was said last, perhaps.
    pending: FxHashSet<FileId>,
    /// All files were found once. Before, half of the names are missing, and a check would say so.
    pub(crate) complete: bool,
    /// The search for files that runs.
    pub(crate) scan: Option<Wanted>,
    /// The check that runs.
    pub(crate) check: Option<Wanted>,
}

impl Project {
    /// The project of a folder.
    pub(crate) fn of_folder(id: ProjectId, path: Utf8PathBuf, depth: Depth) -> Self {
        Self { id, root: Arc::new(Root { path: Some(path), depth }), ..Self::default() }
    }

    /// The project of everything that lies in no folder.
    pub(crate) fn outside() -> Self {
        Self { complete: true, ..Self::default() }
    }

    /// Notes that the text of an open document is new.
    pub(crate) fn edit(&mut self, key: FileKey) {
        self.arrived.remove(&key);
        self.edited.insert(key);
        self.changed();
    }

    /// Brings files that are not open up to date with the disk. Gives those that are not there.
    pub(crate) fn load(&mut self, keys: Vec<FileKey>) -> Vec<FileKey> {
        let (mut texts, mut gone) = (Vec::new(), Vec::new());
        for key in keys {
            match key.path().and_then(files::read) {
                Some(text) => texts.push((key, text)),
                None => gone.push(key),
            }
        }
        self.set(texts);
        gone.iter().for_each(|it| self.remove(it));
        gone
    }

    fn set(&mut self, mut files: Vec<(FileKey, Arc<str>)>) {
        files.retain(|(key, text)| self.indexed.get(key) != Some(text));
        if files.is_empty() {
            return;
        }
        self.arrived.extend(files.iter().map(|(key, _)| key.clone()));
        self.indexed.extend(files);
        self.changed();
        // A large lot is read in parallel, and a workspace that doubles costs `ide` a look at all files.
        if self.arrived.len() * 2 > self.indexed.len() {
            self.hand_over();
        }
    }

    /// Gives `ide` the texts that have arrived.
    fn hand_over(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        let text = |key: &FileKey| {
            let text = self.indexed.get(key)?;
            Some((self.root.name(key).to_owned(), Arc::clone(text)))
        };
        let texts: Vec<_> = arrived.iter().filter_map(text).collect();
        let host = &mut self.host;
        // A text that cannot be read must not take the others with it.
        if catch_unwind(AssertUnwindSafe(|| host.set_files(texts.clone()))).is_err() {
            texts.into_iter().for_each(|(name, text)| self.set_one(&name, text));
        }
    }

    fn set_one(&mut self, name: &str, text: Arc<str>) {
        let host = &mut self.host;
        if catch_unwind(AssertUnwindSafe(|| host.set_file(name, text))).is_err() {
            // Better no file than one whose offsets are those of an older text.
            host.remove_file(name);
        }
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, key: &FileKey) {
        self.edited.remove(key);
        self.arrived.remove(key);
        self.indexed.remove(key);
        if let Some(file) = self.host.remove_file(self.root.name(key)) {
            self.indexes.remove(file);
            self.pending.remove(&file);
            self.changed();
        }
    }

    fn changed(&mut self) {
        self.unchecked = true;
        self.check = None;
    }

    /// The number of a file that is there.
    pub(crate) fn file(&self, key: &FileKey) -> Option<FileId> {
        self.host.file_id(self.root.name(key))
    }

    /// The state now, with every edit up to now.
    pub(crate) fn snapshot(
        &mut self,
        documents: &Documents,
        open: &Arc<OpenFiles>,
        config: &Arc<ClientConfig>,
    ) -> Snapshot {
        Snapshot {
            analysis: self.analysis(documents),
            config: Arc::clone(config),
            root: Arc::clone(&self.root),
            open: Arc::clone(open),
            indexes: self.indexes.clone(),
        }
    }

    /// The files to check in the state of the last snapshot. Each stays one of them until it is
    /// [`Project::checked`], so that a check which is given up is made good by the next.
    pub(crate) fn pending(&mut self) -> Vec<FileId> {
        self.pending.extend(self.host.take_unchecked());
        let mut files: Vec<_> = self.pending.iter().copied().collect();
        files.sort_unstable();
        files
    }

    /// Notes what was found in the state as it is now.
    pub(crate) fn checked(&mut self, file: FileId, reads: Vec<Read>) {
        self.pending.remove(&file);
        self.host.note_checked(file, reads);
    }

    fn analysis(&mut self, documents: &Documents) -> Analysis {
        self.hand_over();
        let root = Arc::clone(&self.root);
        for key in std::mem::take(&mut self.edited) {
            if let Some(document) = documents.get(&key) {
                self.set_one(root.name(&key), document.text());
                // The client has a new version even where the text is as it was.
                self.pending.extend(self.host.file_id(root.name(&key)));
            }
        }
        self.host.analysis()
    }
}
