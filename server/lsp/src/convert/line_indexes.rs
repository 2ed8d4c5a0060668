//! The line indexes of files that were shown to the client lately, built once for each of its texts.

use rustc_hash::FxHashMap;
use specql_ide::{Analysis, FileId};
use specql_text::LineIndex;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept: the files that one asks about are few, a check of all passes by once.
const KEPT: usize = 512;

/// A cache shared by all snapshots of a project.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineIndexes(Arc<Mutex<FxHashMap<FileId, Indexed>>>);

#[derive(Debug)]
struct Indexed {
    text: Arc<str>,
    index: Arc<LineIndex>,
}

impl LineIndexes {
    /// The index of a file's text in `analysis`; none when the file is not a part of it.
    pub(crate) fn get(&self, analysis: &Analysis, file: FileId) -> Option<Arc<LineIndex>> {
        let text = analysis.text(file)?;
        let cached = self.locked(|it| {
            let found = it.get(&file).filter(|it| Arc::ptr_eq(&it.text, text))?;
            Some(Arc::clone(&found.index))
        });
        Some(cached.unwrap_or_else(|| {
            let index = Arc::new(LineIndex::new(text));
            let entry = Indexed { text: Arc::clone(text), index: Arc::clone(&index) };
            self.locked(|it| {
                if it.len() >= KEPT {
                    it.clear();
                }
                it.insert(file, entry)
            });
            index
        }))
    }

    /// Forgets a file.
    pub(crate) fn remove(&self, file: FileId) {
        self.locked(|it| it.remove(&file));
    }

    fn locked<T>(&self, act: impl FnOnce(&mut FxHashMap<FileId, Indexed>) -> T) -> T {
        // Entries are whole at every moment, so a panic elsewhere spoils nothing.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
