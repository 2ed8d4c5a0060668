//! A workspace that was read, and may be read again: only what the disk says is another file is.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_ide::{AnalysisHost, FileId, Read};

use crate::{
    Asked, Encoding, Failure, LoadedFile, LoadedWorkspace, Root, Stamp, Text,
    request::{Request, Wanted},
};

/// A workspace and the state that it was made from.
#[derive(Debug)]
pub struct Held {
    /// What there is to ask.
    pub loaded: LoadedWorkspace,
    host: AnalysisHost,
    known: FxHashMap<Utf8PathBuf, Known>,
}

/// What is known of a file that was read.
#[derive(Debug, Clone, Copy)]
struct Known {
    file: FileId,
    encoding: Encoding,
    stamp: Stamp,
    settled: bool,
}

impl Held {
    /// A workspace of which nothing was read yet.
    pub(crate) fn new(request: &Request, root: Root) -> Self {
        let mut host = AnalysisHost::new();
        let shown = request.shown(&root.path);
        let shown = if shown.is_empty() { ".".to_owned() } else { shown };
        let loaded = LoadedWorkspace { analysis: host.analysis(), files: Vec::new(), shown, root };
        Self { loaded, host, known: FxHashMap::default() }
    }

    /// The files whose findings may differ from those that were noted last.
    pub fn take_unchecked(&mut self) -> Vec<FileId> {
        self.host.take_unchecked()
    }

    /// Notes that findings were made from the state as it is now, and from what of it.
    pub fn note_checked(&mut self, file: FileId, reads: Vec<Read>) {
        self.host.note_checked(file, reads);
    }

    /// Whether a file was read.
    pub(crate) fn knows(&self, path: &Utf8Path) -> bool {
        self.known.contains_key(path)
    }

    /// Reads the files that are new or others than they were, and forgets those that are not wanted.
    /// Whether anything changed.
    pub(crate) fn update(
        &mut self,
        request: &Request,
        wanted: Vec<Wanted>,
        failures: &mut Vec<Failure>,
        observe: &(dyn Fn() + Sync),
    ) -> bool {
        let read: Vec<Option<io::Result<Text>>> = wanted
            .par_iter()
            .map(|it| {
                let text = self.is_other(&it.path).then(|| request.read(&it.path));
                observe();
                text
            })
            .collect();
        let (mut files, mut texts) = (Vec::with_capacity(wanted.len()), Vec::new());
        for (it, text) in wanted.into_iter().zip(read) {
            match text {
                None => {}
                Some(Ok(text)) => texts.push((it.path.clone(), text)),
                // It went while the others were found.
                Some(Err(error))
                    if error.kind() == io::ErrorKind::NotFound && it.asked != Asked::ByName =>
                {
                    continue;
                }
                Some(Err(error)) => {
                    failures.push(Failure { path: request.shown(&it.path).into(), error });
                    continue;
                }
            }
            files.push(it);
        }
        let is_gone = self.forget(request, &files);
        let is_other = self.set(request, texts);
        self.loaded.files = files.into_iter().filter_map(|it| self.file(request, it)).collect();
        self.loaded.files.sort_unstable_by_key(|it| it.id);
        is_gone || is_other
    }

    /// Reads one file again. Whether its text is another; nothing when it cannot be read.
    pub(crate) fn read_again(&mut self, request: &Request, path: &Utf8Path) -> Option<bool> {
        if !self.is_other(path) {
            return Some(false);
        }
        let text = request.read(path).ok()?;
        Some(self.set(request, vec![(path.to_owned(), text)]))
    }

    fn is_other(&self, path: &Utf8Path) -> bool {
        let known = self.known.get(path);
        known.is_none_or(|it| !it.settled || Stamp::of(path) != Some(it.stamp))
    }

    /// Removes what is not among some files. Whether there was anything.
    fn forget(&mut self, request: &Request, files: &[Wanted]) -> bool {
        let stays: FxHashSet<&Utf8PathBuf> = files.iter().map(|it| &it.path).collect();
        let (host, root) = (&mut self.host, &self.loaded.root);
        let before = self.known.len();
        self.known.retain(|path, _| {
            let stays = stays.contains(path);
            if !stays {
                host.remove_file(&request.name(root, path));
            }
            stays
        });
        before > self.known.len()
    }

    /// Sets texts. Whether one of them is another than before.
    fn set(&mut self, request: &Request, texts: Vec<(Utf8PathBuf, Text)>) -> bool {
        let before = self.loaded.analysis.clone();
        let mut is_other = false;
        let root = &self.loaded.root;
        let named = texts.iter().map(|(path, it)| (request.name(root, path), it.text.clone()));
        let files = self.host.set_files(named.collect());
        for (file, (path, it)) in files.into_iter().zip(texts) {
            let settled = it.is_settled();
            is_other |= before.text(file) != Some(&it.text);
            let known = Known { file, encoding: it.encoding, stamp: it.stamp, settled };
            self.known.insert(path, known);
        }
        self.loaded.analysis = self.host.analysis();
        is_other
    }

    fn file(&self, request: &Request, it: Wanted) -> Option<LoadedFile> {
        let known = self.known.get(&it.path)?;
        Some(LoadedFile {
            id: known.file,
            shown: request.shown(&it.path),
            is_unsaved: request.is_unsaved(&it.path),
            path: it.path,
            encoding: known.encoding,
            asked: it.asked,
        })
    }
}
