//! The check of what an edit can affect, beside the worker: open files first, then what is shown of
//! them, then the others in parts. Newer edits end it between two parts.

use crate::convert::file_key::FileKey;
use crate::convert::snapshot::Snapshot;
use crate::session::cancellation::CancellationToken;
use crate::session::project::ProjectId;
use crate::session::published::Publication;
use rayon::prelude::*;
use specql_ide::{FileId, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Files checked between two looks at whether it is still wanted, and told of at once.
const PART: usize = 16;

/// The findings of some files of one state of a project.
pub(crate) struct Checked {
    pub(crate) project: ProjectId,
    pub(crate) check: CancellationToken,
    pub(crate) files: Vec<CheckedFile>,
}

/// The findings of a file.
pub(crate) struct CheckedFile {
    pub(crate) file: FileId,
    /// What they were made from.
    pub(crate) reads: Vec<Read>,
    /// Nothing when the file is gone or a rule breaks down over it.
    pub(crate) said: Option<(FileKey, Publication)>,
}

/// A check of one state of a project.
#[derive(Clone, Copy)]
pub(crate) struct Check<'a> {
    pub(crate) project: ProjectId,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) token: &'a CancellationToken,
    pub(crate) tell: &'a (dyn Fn(Checked) + Sync),
}

impl Check<'_> {
    /// Checks those of some files that are open. Gives the others.
    pub(crate) fn open_files(self, files: Vec<FileId>) -> Vec<FileId> {
        let open = &self.snapshot.open;
        let is_open = |it: &FileId| self.snapshot.key(*it).is_some_and(|it| open.contains(&it));
        let (open, closed): (Vec<_>, Vec<_>) = files.into_iter().partition(is_open);
        self.files(&open);
        closed
    }

    /// Checks files that somebody sees in a list at most, and then makes what completion will ask for.
    pub(crate) fn closed_files(self, files: &[FileId]) {
        self.files(files);
        if !self.token.is_cancelled() {
            self.snapshot.analysis.list_names();
        }
    }

    fn files(self, files: &[FileId]) {
        match files {
            [] => {}
            // What is typed in need not wait for another thread.
            [_] => self.part(files),
            _ => files.par_chunks(PART).for_each(|it| self.part(it)),
        }
    }

    fn part(self, files: &[FileId]) {
        if !self.token.is_cancelled() {
            let files = files.iter().map(|it| self.file(*it)).collect();
            let check = self.token.clone();
            (self.tell)(Checked { project: self.project, check, files });
        }
    }

    fn file(self, file: FileId) -> CheckedFile {
        let said = || {
            let view = self.snapshot.view(file)?;
            let (publication, reads) = Publication::new(&view);
            Some((reads, (view.key.clone(), publication)))
        };
        match catch_unwind(AssertUnwindSafe(said)).unwrap_or_default() {
            Some((reads, said)) => CheckedFile { file, reads, said: Some(said) },
            None => CheckedFile { file, reads: Vec::new(), said: None },
        }
    }
}
