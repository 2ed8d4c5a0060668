//! One workspace, or everything outside all of them: the state of `ide` and the texts that are
//! on their way into it.
//!
//! Invariant: an open document is what its client says, whatever the disk holds; texts reach `ide`
//! only when somebody asks, so that a burst of edits is read once.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::{FileKey, Root};
use crate::convert::line_indexes::LineIndexes;
use crate::convert::open_files::OpenFiles;
use crate::convert::snapshot::{Seen, Snapshot};
use crate::session::cancellation::CancelOnDrop;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_ide::{Analysis, AnalysisHost, FileId, Read};
use specql_project::{Stamp, Text};
use specql_text::Document;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many changes there were, which numbers the states.
static CHANGES: AtomicU64 = AtomicU64::new(1);

/// The texts of the open documents.
pub(crate) type Documents = FxHashMap<FileKey, Document>;

/// What reading files came to.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Those that are not there, or cannot be read.
    pub(crate) gone: Vec<FileKey>,
    /// Those that were read while somebody wrote them, perhaps.
    pub(crate) unsettled: Vec<FileKey>,
}

/// A project, as long as the server runs; numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct ProjectId(pub(crate) u32);

/// A project; `specql-project` says which files are its own.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    pub(crate) root: Arc<Root>,
    host: AnalysisHost,
    indexes: LineIndexes,
    /// The files that the disk contributes, as they were read.
    pub(crate) indexed: FxHashMap<FileKey, Text>,
    /// Links that lead to one of them, and that file.
    pub(crate) aliases: FxHashMap<Utf8PathBuf, Utf8PathBuf>,
    /// Those of them whose text `ide` has not seen.
    arrived: FxHashSet<FileKey>,
    /// Open documents whose text `ide` has not seen.
    edited: FxHashSet<FileKey>,
    /// The number of the last change; 0 before the first.
    state: u64,
    /// Changed since the last check began.
    pub(crate) unchecked: bool,
    /// Files about which something else is to be said than was said last, perhaps.
    pending: FxHashSet<FileId>,
    /// All files were found once. Before, half of the names are missing, and a check would say so.
    pub(crate) complete: bool,
    /// The check that runs.
    pub(crate) check: Option<CancelOnDrop>,
}

impl Project {
    /// The project of a workspace.
    pub(crate) fn of_workspace(id: ProjectId, path: Utf8PathBuf) -> Self {
        Self { id, root: Arc::new(Root::new(path)), ..Self::default() }
    }

    /// The project of everything that lies in none.
    pub(crate) fn outside() -> Self {
        Self { complete: true, ..Self::default() }
    }

    /// Notes that the text of an open document is new.
    pub(crate) fn edit(&mut self, key: FileKey) {
        self.arrived.remove(&key);
        self.edited.insert(key);
        self.changed();
    }

    /// The files that are not those that were read.
    pub(crate) fn outdated(&self, files: Vec<(FileKey, Stamp)>) -> Vec<FileKey> {
        let is_read = |key: &FileKey, stamp: &Stamp| {
            self.indexed.get(key).is_some_and(|it| it.stamp == *stamp && it.is_settled())
        };
        files.into_iter().filter(|(key, stamp)| !is_read(key, stamp)).map(|it| it.0).collect()
    }

    /// Brings files that are not open up to date with the disk.
    pub(crate) fn load(&mut self, keys: Vec<FileKey>) -> Loaded {
        let (mut texts, mut gone) = (Vec::new(), Vec::new());
        let read = |key: FileKey| {
            let text = key.path().map(specql_project::read);
            (key, text)
        };
        for (key, text) in keys.into_par_iter().map(read).collect::<Vec<_>>() {
            match text {
                Some(Ok(text)) => texts.push((key, text)),
                Some(Err(error)) => {
                    tracing::debug!(?key, %error, "a file cannot be read");
                    gone.push(key);
                }
                None => gone.push(key),
            }
        }
        let unsettled = texts.iter().filter(|(_, text)| !text.is_settled());
        let unsettled = unsettled.map(|(key, _)| key.clone()).collect();
        self.set(texts);
        gone.iter().for_each(|it| self.remove(it));
        Loaded { gone, unsettled }
    }

    fn set(&mut self, files: Vec<(FileKey, Text)>) {
        let mut is_new = false;
        for (key, text) in files {
            let old = self.indexed.get(&key);
            if old.is_none_or(|it| it.text != text.text) {
                is_new = true;
                self.arrived.insert(key.clone());
            }
            self.indexed.insert(key, text);
        }
        if is_new {
            self.changed();
        }
    }

    /// Gives `ide` the texts that have arrived.
    fn hand_over(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        let text = |key: &FileKey| {
            let text = self.indexed.get(key)?;
            Some((self.root.name(key).to_owned(), Arc::clone(&text.text)))
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

    /// Forgets what the disk held of a file; one that is open and at home here stays what its client says.
    pub(crate) fn forget(&mut self, key: &FileKey, is_at_home: bool) {
        if is_at_home {
            self.indexed.remove(key);
            self.arrived.remove(key);
        } else {
            self.remove(key);
        }
    }

    /// Has every file checked again, for somebody who was told nothing of some.
    pub(crate) fn check_again(&mut self) {
        self.pending.extend(self.host.analysis().files());
        self.changed();
    }

    /// Whether there is nothing left to check. Before all its files were found, nothing is.
    pub(crate) fn is_settled(&self) -> bool {
        !self.unchecked && self.pending.is_empty()
    }

    /// How many files it has.
    pub(crate) fn file_count(&self) -> usize {
        self.host.file_count()
    }

    fn changed(&mut self) {
        self.state = CHANGES.fetch_add(1, Ordering::Relaxed);
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
            number: self.state,
            analysis: self.analysis(documents),
            config: Arc::clone(config),
            root: Arc::clone(&self.root),
            open: Arc::clone(open),
            indexes: self.indexes.clone(),
            is_partial: !self.complete,
            seen: Seen::default(),
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
