//! The check of a whole project, beside the worker: open files first, then the others in batches.
//! Newer edits end it between two batches.

use crate::client::ClientHandle;
use crate::diagnostics::Publication;
use crate::names::FileKey;
use crate::preview::{PreviewParams, Served};
use crate::project::ProjectId;
use crate::protocol::lsp;
use crate::snapshot::Snapshot;
use crate::stale::Stale;
use crate::worker::{Job, Jobs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_ide::FileId;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Files checked between two looks at whether it is still wanted.
const BATCH: usize = 256;

/// The diagnostics of some files of one state of a project.
pub(crate) struct Checked {
    pub(crate) project: ProjectId,
    pub(crate) check: Stale,
    pub(crate) files: Vec<(FileKey, Publication)>,
}

/// Checks every file of a state.
pub(crate) fn run(project: ProjectId, snapshot: &Snapshot, check: &Stale, jobs: &Jobs) {
    let is_open = |it: &FileId| snapshot.key(*it).is_some_and(|key| snapshot.open.contains(&key));
    let (open, closed): (Vec<_>, Vec<_>) = snapshot.analysis.files().into_iter().partition(is_open);
    for batch in std::iter::once(open.as_slice()).chain(closed.chunks(BATCH)) {
        if check.get() {
            return;
        }
        let files = batch.par_iter().filter_map(|it| publication(snapshot, *it)).collect();
        jobs.send(Job::Checked(Checked { project, check: check.clone(), files }));
    }
}

/// What is to be said about a file; nothing when a rule breaks down over it.
fn publication(snapshot: &Snapshot, file: FileId) -> Option<(FileKey, Publication)> {
    let publication = || {
        let view = snapshot.view(file)?;
        Some((view.key.clone(), Publication::new(&view)))
    };
    catch_unwind(AssertUnwindSafe(publication)).unwrap_or_default()
}

/// Tells the client which previews it shows are no longer right. `files` are those they are made from.
pub(crate) fn refresh_previews(
    snapshot: &Snapshot,
    files: &FxHashMap<FileKey, FileId>,
    served: &Served,
    client: &ClientHandle,
) {
    let show = |key: &FileKey, params: &PreviewParams| {
        let view = snapshot.view(*files.get(key)?)?;
        Some(params.show(&view)?.text)
    };
    for uri in served.changed(show) {
        let params = lsp::TextDocumentContentRefreshParams { uri };
        client.request::<lsp::TextDocumentContentRefreshRequest>(params);
    }
}
