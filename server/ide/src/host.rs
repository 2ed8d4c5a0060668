//! The state that takes changes.
//!
//! Invariant: whatever the order of changes, a snapshot equals that of a new host which is given the
//! same texts. A file is parsed once for each of its texts; the workspace is built once for each batch
//! of changes.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_model::{FileId, SourceFile, Workspace};

use crate::Analysis;

/// The one owner of the state. Not shared: its caller serialises changes.
#[derive(Debug, Default)]
pub struct AnalysisHost {
    /// Every path ever seen: a file that comes back has its old number, and no other file gets it.
    numbers: FxHashMap<Arc<str>, FileId>,
    files: BTreeMap<FileId, Arc<SourceFile>>,
    /// The snapshot of `files`; absent after a change.
    snapshot: Option<Analysis>,
}

impl AnalysisHost {
    /// A state without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file by its name: a path with `/`, or a URI. Names are opaque; they order
    /// the files. Gives the file's number.
    pub fn set_file(&mut self, path: &str, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let (id, path) = self.number(path);
        if !self.has_text(id, &text) {
            self.insert(Arc::new(SourceFile::new(id, path, text)));
        }
        id
    }

    /// Sets many files at once and parses them in parallel. Of two with one name the later wins.
    pub fn set_files(&mut self, files: Vec<(String, Arc<str>)>) -> Vec<FileId> {
        let numbered: Vec<(FileId, Arc<str>, Arc<str>)> = files
            .into_iter()
            .map(|(path, text)| {
                let (id, path) = self.number(&path);
                (id, path, text)
            })
            .collect();
        let ids = numbered.iter().map(|(id, _, _)| *id).collect();
        let last: FxHashMap<FileId, usize> =
            numbered.iter().enumerate().map(|(index, (id, _, _))| (*id, index)).collect();
        let changed: Vec<Arc<SourceFile>> = numbered
            .into_par_iter()
            .enumerate()
            .filter(|(index, (id, _, text))| {
                last.get(id) == Some(index) && !self.has_text(*id, text)
            })
            .map(|(_, (id, path, text))| Arc::new(SourceFile::new(id, path, text)))
            .collect();
        changed.into_iter().for_each(|it| self.insert(it));
        ids
    }

    /// Removes a file by its name. Gives its number when it was there.
    pub fn remove_file(&mut self, path: &str) -> Option<FileId> {
        let id = self.file_id(path)?;
        self.files.remove(&id);
        self.snapshot = None;
        Some(id)
    }

    /// The number of a file that is there.
    #[must_use]
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        self.numbers.get(path).copied().filter(|it| self.files.contains_key(it))
    }

    /// The state now. Work for several changes is done once, here.
    pub fn analysis(&mut self) -> Analysis {
        let files = &self.files;
        self.snapshot
            .get_or_insert_with(|| {
                Analysis::new(Arc::new(Workspace::new(files.values().cloned().collect())))
            })
            .clone()
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
        self.files.get(&id).is_some_and(|it| &**it.text() == text)
    }

    fn insert(&mut self, file: Arc<SourceFile>) {
        self.files.insert(file.id, file);
        self.snapshot = None;
    }
}
