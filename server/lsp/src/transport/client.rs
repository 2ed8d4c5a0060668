//! What the server says on its own account.
//!
//! Invariant: nobody waits for a client that does not answer. Requests run beside everything else
//! and are given up after a while.

use crate::protocol::{Client, lsp};
use crate::transport::writer::Outbox;
use serde::Serialize;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;

/// How long a client may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client, for those who are no request handlers.
#[derive(Clone)]
pub(crate) struct ClientHandle {
    pub(crate) client: Client,
    pub(crate) outbox: Outbox,
    pub(crate) runtime: Handle,
}

impl ClientHandle {
    /// Tells the client something, in order with everything else that is sent.
    pub(crate) fn notify(&self, method: &'static str, params: impl Serialize) {
        self.outbox.notify(method, params);
    }

    /// Asks the client something whose answer matters only when it fails.
    pub(crate) fn request<R: lsp::Request>(&self, params: R::Params) {
        let client = self.client.clone();
        self.runtime.spawn(async move {
            ask::<R>(&client, params).await;
        });
    }

    /// Asks the client something, and hands its answer over; nothing when there is none.
    pub(crate) fn ask<R: lsp::Request>(
        &self,
        params: R::Params,
        take: impl FnOnce(R::Result) + Send + 'static,
    ) where
        R::Result: Send,
    {
        let client = self.client.clone();
        self.runtime.spawn(async move {
            if let Some(answer) = ask::<R>(&client, params).await {
                take(answer);
            }
        });
    }

    /// Writes a line for whoever looks at the client's log.
    pub(crate) fn log(&self, kind: lsp::MessageType, message: String) {
        self.notify("window/logMessage", lsp::LogMessageParams { kind, message });
    }

    /// Tells the user something.
    pub(crate) fn show(&self, kind: lsp::MessageType, message: String) {
        self.notify("window/showMessage", lsp::ShowMessageParams { kind, message });
    }

    /// Begins to show progress, if the client can. Whoever sees it can stop it: what is told then is
    /// `window/workDoneProgress/cancel` with its token.
    pub(crate) fn progress(&self, title: &'static str, shown: bool) -> Progress {
        static BEGUN: AtomicU32 = AtomicU32::new(1);
        let (updates, mut queue) = tokio::sync::mpsc::unbounded_channel::<u32>();
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let token = lsp::ProgressToken::String(format!("specql/{number}"));
        let progress = Progress { token: token.clone(), updates };
        if !shown {
            return progress;
        }
        let this = self.clone();
        self.runtime.spawn(async move {
            let create = lsp::WorkDoneProgressCreateParams { token: token.clone() };
            if ask::<lsp::WorkDoneProgressCreateRequest>(&this.client, create).await.is_none() {
                return;
            }
            this.report(
                &token,
                lsp::WorkDoneProgressBegin {
                    title: title.to_owned(),
                    percentage: Some(0),
                    cancellable: Some(true),
                    ..Default::default()
                },
            );
            while let Some(percentage) = queue.recv().await {
                let percentage = Some(percentage);
                this.report(
                    &token,
                    lsp::WorkDoneProgressReport { percentage, ..Default::default() },
                );
            }
            this.report(&token, lsp::WorkDoneProgressEnd::default());
        });
        progress
    }

    fn report(&self, token: &lsp::ProgressToken, value: impl Serialize) {
        self.notify("$/progress", serde_json::json!({ "token": token, "value": value }));
    }
}

/// Work that is shown to the user until this is dropped.
pub(crate) struct Progress {
    /// By what the client names it.
    pub(crate) token: lsp::ProgressToken,
    updates: tokio::sync::mpsc::UnboundedSender<u32>,
}

impl Progress {
    /// Shows that `done` of `total` parts are finished.
    pub(crate) fn update(&self, done: usize, total: usize) {
        let percentage = u32::try_from(done * 100 / total.max(1)).unwrap_or(100);
        // Nobody listens when the client shows no progress.
        let _ = self.updates.send(percentage);
    }
}

/// What the client answers, unless it is an error.
async fn ask<R: lsp::Request>(client: &Client, params: R::Params) -> Option<R::Result> {
    match tokio::time::timeout(PATIENCE, client.send_request::<R>(params)).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::warn!(method = ?R::METHOD, %error, "the client refused a request");
            None
        }
        Err(_) => {
            tracing::warn!(method = ?R::METHOD, "the client did not answer a request");
            None
        }
    }
}
