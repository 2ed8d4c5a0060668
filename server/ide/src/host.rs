//! The state that takes changes.
//!
//! Invariant: whatever the order of changes, a snapshot equals that of a new host which is given the
//! same texts, and the findings of every file that is not unchecked are those of the snapshot. A file
//! is parsed once for each of its texts, and once more when it is checked and nobody types in it.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_check::Index;
use specql_model::{FileId, ListedFile, Read, SourceFile, Touched, Workspace};

use crate::{Analysis, readers::Readers};

/// A workspace of which more than one in so many files changes at once is built anew.
const PART: usize = 4;

/// The one owner of the state. Not shared: its caller serialises changes.
#[derive(Debug, Default)]
pub struct AnalysisHost {
    /// Every path ever seen: a file that comes back has its old number, and no other file gets it.
    numbers: FxHashMap<Arc<str>, FileId>,
    workspace: Workspace,
    index: Index,
    readers: Readers,
    /// Files whose findings may differ from those that were noted last.
    unchecked: FxHashSet<FileId>,
    /// The snapshot of `workspace`; absent after a change.
    snapshot: Option<Analysis>,
}

/// A state of its own that begins as a snapshot, to try changes on.
impl From<&Analysis> for AnalysisHost {
    fn from(analysis: &Analysis) -> Self {
        let workspace = analysis.workspace().clone();
        let numbers = workspace.files().map(|it| (Arc::clone(&it.path), it.id)).collect();
        let index = analysis.index().clone();
        Self { numbers, workspace, index, snapshot: Some(analysis.clone()), ..Self::default() }
    }
}

impl AnalysisHost {
    /// A state without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file in which somebody types, by its name: a path with `/`, or a URI. Names
    /// are opaque; they order the files. Gives the file's number. Its tree and values are kept, so that
    /// the next text costs what differs.
    pub fn set_file(&mut self, path: &str, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let (id, path) = self.number(path);
        match self.workspace.file(id) {
            Some(old) if **old.text() == *text => {
                if !old.is_unfolded() {
                    self.workspace.swap(Arc::new(old.with_text(text)));
                    self.snapshot = None;
                }
            }
            old => {
                let file = match old {
                    Some(old) => old.with_text(text),
                    None => SourceFile::new(id, path, text),
                };
                self.set(file);
            }
        }
        id
    }

    /// Sets many files at once, which lie on the disk, and parses them in parallel. Of two with one
    /// name the later wins.
    pub fn set_files(&mut self, files: Vec<(String, Arc<str>)>) -> Vec<FileId> {
        let mut ids = Vec::with_capacity(files.len());
        let mut texts: FxHashMap<FileId, (Arc<str>, Arc<str>)> = FxHashMap::default();
        for (path, text) in files {
            let (id, path) = self.number(&path);
            ids.push(id);
            texts.insert(id, (path, text));
        }
        texts.retain(|id, (_, text)| !self.has_text(*id, text));
        let read = |(id, (path, text))| SourceFile::new(id, path, text).folded();
        if texts.len() * PART > self.workspace.file_count() {
            let listed = |it| ListedFile::from(Arc::new(read(it)));
            self.rebuild(texts.into_par_iter().map(listed).collect());
        } else {
            let changed: Vec<SourceFile> = texts.into_par_iter().map(read).collect();
            changed.into_iter().for_each(|it| self.set(it));
        }
        ids
    }

    /// Removes a file by its name. Gives its number when it was there.
    pub fn remove_file(&mut self, path: &str) -> Option<FileId> {
        let id = self.file_id(path)?;
        let touched = self.workspace.remove(id);
        self.changed(touched);
        self.readers.remove(id);
        self.unchecked.remove(&id);
        Some(id)
    }

    fn set(&mut self, file: SourceFile) {
        let touched = self.workspace.set(Arc::new(file));
        self.changed(touched);
    }

    fn changed(&mut self, touched: Touched) {
        self.snapshot = None;
        let events = self.index.update(&self.workspace, &touched.files);
        let lock = self.index.look_for_lock(&self.workspace, &touched.files, touched.config);
        if touched.config || lock {
            return self.all_unchecked();
        }
        let affected = touched.reads.iter().chain(&events).flat_map(|it| self.readers.of(it));
        let there =
            affected.copied().chain(touched.files).filter(|it| self.workspace.file(*it).is_some());
        self.unchecked.extend(there);
    }

    fn rebuild(&mut self, changed: Vec<ListedFile>) {
        let old = self.workspace.files().cloned().map(ListedFile::from);
        self.workspace = Workspace::of_listed(old.chain(changed));
        self.index = Index::new(&self.workspace);
        self.snapshot = None;
        self.all_unchecked();
    }

    fn all_unchecked(&mut self) {
        self.unchecked = self.workspace.files().map(|it| it.id).collect();
    }

    /// The files whose findings may differ from those that were noted last, in the order of their
    /// paths. Whoever takes them checks them all, see [`Analysis::check`], and notes each.
    pub fn take_unchecked(&mut self) -> Vec<FileId> {
        let taken = std::mem::take(&mut self.unchecked);
        if taken.len() * PART > self.workspace.file_count() {
            return self
                .workspace
                .files()
                .map(|it| it.id)
                .filter(|it| taken.contains(it))
                .collect();
        }
        self.workspace.in_order(taken)
    }

    /// Notes that findings were made from the state as it is now, and from what of it.
    pub fn note_checked(&mut self, file: FileId, reads: Vec<Read>) {
        self.readers.set(file, reads);
    }

    /// The number of a file that is there.
    #[must_use]
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        self.numbers.get(path).copied().filter(|it| self.workspace.file(*it).is_some())
    }

    /// How many files there are.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.workspace.file_count()
    }

    /// The state now. Work for several changes is done once, here.
    pub fn analysis(&mut self) -> Analysis {
        let state = || Analysis::new(self.workspace.clone(), self.index.clone());
        self.snapshot.get_or_insert_with(state).clone()
    }

    fn number(&mut self, path: &str) -> (FileId, Arc<str>) {
        if let Some((path, id)) = self.numbers.get_key_value(path) {
            return (*id, Arc::clone(path));
        }
        let id = FileId(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        let path: Arc<str> = path.into();
        self.numbers.insert(Arc::clone(&path), id);
        (id, path)
    }

    fn has_text(&self, id: FileId, text: &str) -> bool {
        self.workspace.file(id).is_some_and(|it| **it.text() == *text)
    }
}
