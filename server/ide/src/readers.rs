//! Which files' findings were made from what, to know whose may differ after a change.

use rustc_hash::FxHashMap;
use specql_model::{FileId, Read};

/// What the findings of each file were made from, and the way back.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    reads: FxHashMap<FileId, Box<[Read]>>,
    /// Ascending.
    readers: FxHashMap<Read, Vec<FileId>>,
}

impl Readers {
    /// Notes what the findings of a file were made from, beside the file itself.
    pub(crate) fn set(&mut self, file: FileId, mut reads: Vec<Read>) {
        reads.retain(|it| !matches!(it, Read::Shape(it) | Read::Body(it) if *it == file));
        if self.reads.get(&file).is_some_and(|it| **it == *reads) {
            return;
        }
        self.remove(file);
        for read in &reads {
            let readers = self.readers.entry(read.clone()).or_default();
            if let Err(place) = readers.binary_search(&file) {
                readers.insert(place, file);
            }
        }
        self.reads.insert(file, reads.into());
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, file: FileId) {
        for read in self.reads.remove(&file).iter().flat_map(|it| it.iter()) {
            let Some(readers) = self.readers.get_mut(read) else { continue };
            if let Ok(place) = readers.binary_search(&file) {
                readers.remove(place);
            }
            if readers.is_empty() {
                self.readers.remove(read);
            }
        }
    }

    /// The files whose findings were made from something.
    pub(crate) fn of(&self, read: &Read) -> &[FileId] {
        self.readers.get(read).map_or(&[], Vec::as_slice)
    }
}
