//! The search for files, beside the worker. It only finds them: the worker reads them, so that what it
//! knows of a file is never older than the last event it heard of it.

use crate::convert::file_key::FileKey;
use crate::protocol::lsp;
use crate::session::cancellation::{CancelOnDrop, CancellationToken};
use crate::transport::client::Progress;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use specql_project::{Noticed, Root, Scan, Scope, Stamp, Watcher, Workspace};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

/// Files handed over at once: few enough that a request in between does not wait.
const BATCH: usize = 256;

/// What is known of the disk beside the files of projects.
#[derive(Default)]
pub(crate) struct Disk {
    /// The folders of the client and its open files, which count wherever they lie.
    pub(crate) scope: Scope,
    pub(crate) watcher: Option<Arc<Mutex<Watcher>>>,
    /// What the watcher has noticed and not told yet.
    pub(crate) noticed: Noticed,
    /// The search that runs.
    pub(crate) search: Option<CancelOnDrop>,
    /// What it has found.
    pub(crate) workspaces: Arc<Vec<Workspace>>,
    /// What the last search could not look at.
    pub(crate) failures: Vec<String>,
    /// Files to read again before something is answered.
    pub(crate) unsettled: FxHashSet<FileKey>,
    /// Something changed while it ran.
    pub(crate) again: bool,
    /// A search has ended.
    pub(crate) complete: bool,
    /// By what the user knows the search that runs.
    pub(crate) shown_as: Option<lsp::ProgressToken>,
    /// The user stopped the first search. Until the next, half of the names are missing, so nothing is
    /// checked.
    pub(crate) stopped: bool,
}

/// What the search has to say, in this order.
pub(crate) enum Found {
    /// What could not be looked at.
    Failures(Vec<String>),
    /// The workspaces there are.
    Workspaces(Arc<Vec<Workspace>>),
    /// A part of the files of one of them.
    Files {
        root: Root,
        files: Vec<(FileKey, Stamp)>,
        /// Dropped when the files are read; the next part waits for it.
        _read: mpsc::Sender<()>,
    },
    /// All files were found, and all parts are read.
    Everything,
    /// The search broke down; what it has not found is not known.
    Nothing,
}

/// What is searched, and who watches what was found.
pub(crate) struct Search {
    pub(crate) scope: Scope,
    pub(crate) watcher: Option<Arc<Mutex<Watcher>>>,
}

impl Search {
    /// Finds the files of all workspaces and hands them over in parts.
    pub(crate) fn run(&self, token: &CancellationToken, progress: &Progress, tell: impl Fn(Found)) {
        let scan = self.scan();
        tell(Found::Failures(scan.failures.iter().map(ToString::to_string).collect()));
        let workspaces = Arc::new(scan.workspaces);
        tell(Found::Workspaces(Arc::clone(&workspaces)));
        let total: usize = workspaces.iter().map(|it| it.files.len()).sum();
        let mut done = 0;
        let mut before: Option<mpsc::Receiver<()>> = None;
        // Ends when the other side is dropped; nothing is ever sent.
        let wait = |it: Option<mpsc::Receiver<()>>| {
            if let Some(it) = it {
                let _ = it.recv();
            }
        };
        for workspace in workspaces.iter() {
            let files: Vec<&Utf8PathBuf> = workspace.files.iter().collect();
            for batch in files.chunks(BATCH) {
                // Looked at while the part before is read.
                let stamped = |it: &&Utf8PathBuf| Some((FileKey::of_path(it), Stamp::of(it)?));
                let files = batch.par_iter().filter_map(stamped).collect();
                wait(before.take());
                if token.is_cancelled() {
                    return;
                }
                progress.update(done, total);
                done += batch.len();
                let (read, is_read) = mpsc::channel();
                before = Some(is_read);
                tell(Found::Files { root: workspace.root.clone(), files, _read: read });
            }
        }
        wait(before);
        tell(Found::Everything);
    }

    /// Looks once more where something was not watched yet.
    fn scan(&self) -> Scan {
        let scan = self.scope.scan();
        let follow = |it: &Arc<Mutex<Watcher>>| {
            it.lock().unwrap_or_else(PoisonError::into_inner).follow(&scan)
        };
        if self.watcher.as_ref().is_some_and(follow) {
            return self.scope.scan();
        }
        scan
    }
}
