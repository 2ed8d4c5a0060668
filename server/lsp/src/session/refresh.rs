//! Brings the previews that clients show up to date with a state of a project, beside the worker.
//!
//! Invariant: what somebody waits for who types, findings and small previews, waits for no large preview:
//! those are made when nothing has changed for a while.

use crate::convert::file_key::FileKey;
use crate::convert::snapshot::Snapshot;
use crate::protocol::lsp;
use crate::session::cancellation::CancellationToken;
use crate::session::previews::{Served, Shown};
use crate::transport::client::ClientHandle;
use rustc_hash::{FxHashMap, FxHashSet};
use specql_ide::FileId;
use std::sync::Arc;
use std::time::Duration;

/// Texts of more bytes are large: the roles of a thousand entities.
const LARGE: usize = 256 * 1024;

/// How long nothing has changed when large previews are made.
const PAUSE: Duration = Duration::from_millis(200);

/// What previews are made anew from.
pub(crate) struct Refresh {
    pub(crate) snapshot: Arc<Snapshot>,
    /// The files of the project that previews are made from.
    pub(crate) files: FxHashMap<FileKey, FileId>,
    /// Those that are in no project.
    pub(crate) gone: FxHashSet<FileKey>,
    pub(crate) served: Served,
    pub(crate) client: ClientHandle,
    pub(crate) token: CancellationToken,
}

impl Refresh {
    /// Tells the client which of its small previews are no longer right.
    pub(crate) fn small(&self) {
        self.refresh(|it| it.text.len() <= LARGE);
    }

    /// The same of the large ones, after a pause.
    pub(crate) fn large_later(self) {
        if self.served.all().iter().all(|it| it.text.len() <= LARGE) {
            return;
        }
        let runtime = self.client.runtime.clone();
        self.client.runtime.clone().spawn(async move {
            tokio::time::sleep(PAUSE).await;
            runtime.spawn_blocking(move || self.refresh(|it| it.text.len() > LARGE));
        });
    }

    fn refresh(&self, is_asked: impl Fn(&Shown) -> bool) {
        for old in self.served.all().into_iter().filter(is_asked) {
            if self.token.is_cancelled() {
                return;
            }
            let document = old.document.clone();
            if self.now(&old).is_some_and(|it| self.served.insert(it)) {
                let params = lsp::TextDocumentContentRefreshParams { uri: document };
                self.client.request::<lsp::TextDocumentContentRefreshRequest>(params);
            }
        }
    }

    /// What a document shows now; absent where it shows this state already, and where this does not say.
    fn now(&self, it: &Shown) -> Option<Shown> {
        if it.state == self.snapshot.number {
            return None;
        }
        match self.files.get(&it.source) {
            Some(file) => Some(it.now(&self.snapshot.view(*file)?)),
            None => self.gone.contains(&it.source).then(|| it.gone(self.snapshot.number)),
        }
    }
}
