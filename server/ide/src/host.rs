//! The state that takes changes.
//!
//! Invariant: whatever the order of changes, a snapshot equals that of a new host which is given the
//! same texts. A file is parsed once for each of its texts.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_model::{FileId, SourceFile, Workspace};

use crate::Analysis;

/// With more changes than this at once the workspace is built anew, which costs less than to change it
/// file by file.
const MANY: usize = 32;

/// The one owner of the state. Not shared: its caller serialises changes.
#[derive(Debug, Default)]
pub struct AnalysisHost {
    /// Every path ever seen: a file that comes back has its old number, and no other file gets it.
    numbers: FxHashMap<Arc<str>, FileId>,
    workspace: Workspace,
    /// The snapshot of `workspace`; absent after a change.
    snapshot: Option<Analysis>,
}

/// A state of its own that begins as a snapshot, to try changes on.
impl From<&Analysis> for AnalysisHost {
    fn from(analysis: &Analysis) -> Self {
        let workspace = analysis.workspace().clone();
        let numbers = workspace.files().map(|it| (Arc::clone(&it.path), it.id)).collect();
        Self { numbers, workspace, snapshot: Some(analysis.clone()) }
    }
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
            let file = match self.workspace.file(id) {
                Some(old) => old.with_text(text),
                None => SourceFile::new(id, path, text),
            };
            self.workspace.set(Arc::new(file));
            self.snapshot = None;
        }
        id
    }

    /// Sets many files at once and parses them in parallel. Of two with one name the later wins.
    pub fn set_files(&mut self, files: Vec<(String, Arc<str>)>) -> Vec<FileId> {
        let mut ids = Vec::with_capacity(files.len());
        let mut texts: FxHashMap<FileId, (Arc<str>, Arc<str>)> = FxHashMap::default();
        for (path, text) in files {
            let (id, path) = self.number(&path);
            ids.push(id);
            texts.insert(id, (path, text));
        }
        texts.retain(|id, (_, text)| !self.has_text(*id, text));
        let changed: Vec<Arc<SourceFile>> = texts
            .into_par_iter()
            .map(|(id, (path, text))| Arc::new(SourceFile::new(id, path, text)))
            .collect();
        self.set_parsed(changed);
        ids
    }

    /// Removes a file by its name. Gives its number when it was there.
    pub fn remove_file(&mut self, path: &str) -> Option<FileId> {
        let id = self.file_id(path)?;
        self.workspace.remove(id);
        self.snapshot = None;
        Some(id)
    }

    /// The number of a file that is there.
    #[must_use]
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        self.numbers.get(path).copied().filter(|it| self.workspace.file(*it).is_some())
    }

    /// The state now. Work for several changes is done once, here.
    pub fn analysis(&mut self) -> Analysis {
        let workspace = &self.workspace;
        self.snapshot.get_or_insert_with(|| Analysis::new(workspace.clone())).clone()
    }

    fn set_parsed(&mut self, changed: Vec<Arc<SourceFile>>) {
        if changed.is_empty() {
            return;
        }
        if changed.len() > MANY {
            let old = self.workspace.files().cloned();
            self.workspace = Workspace::new(old.chain(changed));
        } else {
            changed.into_iter().for_each(|it| self.workspace.set(it));
        }
        self.snapshot = None;
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
        self.workspace.file(id).is_some_and(|it| &**it.text() == text)
    }
}
