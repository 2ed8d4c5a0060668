//! The search for a project's files, beside the worker. It only finds them: the worker reads them, so
//! that what it knows of a file is never older than the last event it heard of it.

use crate::convert::file_key::Root;
use crate::session::cancellation::Stale;
use crate::session::files;
use crate::session::job::{Job, Jobs};
use crate::session::project::ProjectId;
use crate::transport::client::Progress;
use camino::Utf8PathBuf;
use std::sync::mpsc;

/// Files handed over at once: few enough that a request in between does not wait.
const BATCH: usize = 64;

/// A part of the files of a project.
pub(crate) struct Found {
    pub(crate) project: ProjectId,
    pub(crate) scan: Stale,
    pub(crate) files: Vec<Utf8PathBuf>,
    /// Dropped when the files are read; the next part waits for it.
    pub(crate) _read: mpsc::Sender<()>,
}

/// All files of a project, once the last part is read.
pub(crate) struct Scanned {
    pub(crate) project: ProjectId,
    pub(crate) scan: Stale,
    pub(crate) files: Vec<Utf8PathBuf>,
}

/// Finds the files below `root` and hands them over in parts.
pub(crate) fn run(project: ProjectId, root: &Root, scan: &Stale, jobs: &Jobs, progress: &Progress) {
    let files = root.path.as_ref().map_or_else(Vec::new, |it| files::walk(it, root.depth));
    for (number, batch) in files.chunks(BATCH).enumerate() {
        if scan.get() {
            return;
        }
        progress.update(number * BATCH, files.len());
        let (read, wait) = mpsc::channel();
        let (scan, files) = (scan.clone(), batch.to_vec());
        jobs.send(Job::Found(Found { project, scan, files, _read: read }));
        // Ends when the other side is dropped; nothing is ever sent.
        let _ = wait.recv();
    }
    jobs.send(Job::Scanned(Scanned { project, scan: scan.clone(), files }));
}
