//! How handlers ask the worker: a question takes its place in the stream of messages, and its answer is
//! waited for.

use super::Server;
use crate::convert::snapshot::{Snapshot, Source, View};
use crate::protocol::{Error, Result, lsp};
use crate::session::job::{Job, Needs, Outdated};
use crate::transport::QueueDepth;
use std::sync::Arc;
use tokio::sync::oneshot;

impl Server {
    /// Asks something of a file at this place in the stream of messages. A file that is unknown
    /// answers with nothing, a panic with an error; a request that is cancelled is not asked. It is asked
    /// again where the answer was made from files that are not open and that somebody has changed.
    ///
    /// While the files of its workspace are still searched for, it waits.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        uri: lsp::Uri,
        question: impl Fn(&View<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        self.ask_knowing(Needs::Workspace, uri, question).await
    }

    /// The same, of the file alone: not even the first search for files is waited for.
    pub(super) async fn ask_file<T: Send + 'static>(
        &self,
        uri: lsp::Uri,
        question: impl Fn(&View<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        self.ask_knowing(Needs::File, uri, question).await
    }

    /// Asks for the colours of a file. They do not wait where the client asks for them again.
    pub(super) async fn ask_for_colours<T: Send + 'static>(
        &self,
        uri: lsp::Uri,
        question: impl Fn(&View<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        let asks_again = self.config.get().is_some_and(|it| it.refreshes_tokens);
        let needs = if asks_again { Needs::File } else { Needs::Workspace };
        self.ask_knowing(needs, uri, question).await
    }

    async fn ask_knowing<T: Send + 'static>(
        &self,
        needs: Needs,
        uri: lsp::Uri,
        question: impl Fn(&View<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        let question = Arc::new(question);
        let (answer, files) = self.ask_once(needs, uri.clone(), Arc::clone(&question)).await?;
        if !self.is_outdated(files).await {
            return Ok(answer);
        }
        Ok(self.ask_once(needs, uri, question).await?.0)
    }

    /// Whether somebody has changed files that are not open and that an answer was made from.
    pub(super) async fn is_outdated(&self, files: Vec<Source>) -> bool {
        if files.is_empty() {
            return false;
        }
        let (is_outdated, answered) = oneshot::channel();
        self.jobs.send(Job::Compare { files, is_outdated });
        answered.await.unwrap_or_default()
    }

    /// The answer, and the closed files whose places are in it.
    async fn ask_once<T: Send + 'static>(
        &self,
        needs: Needs,
        uri: lsp::Uri,
        question: Arc<impl Fn(&View<'_>) -> Option<T> + Send + Sync + 'static>,
    ) -> Result<(Option<T>, Vec<Source>)> {
        let (sender, answer) = oneshot::channel();
        // Counts until the answer is there, so that requests cannot pile up behind the worker.
        let waiting = Waiting::new(&self.jobs.depth);
        let question = move |view: std::result::Result<Option<&View<'_>>, Outdated>| {
            let _waiting = waiting;
            if !sender.is_closed() {
                let answer = view.map(|view| {
                    let answer = view.and_then(|it| question(it));
                    (answer, view.map_or_else(Vec::new, |it| it.snapshot.sources(it.file)))
                });
                // Refused when the request was cancelled meanwhile.
                let _ = sender.send(answer);
            }
        };
        self.jobs.send(Job::Ask { uri, needs, question: Box::new(question) });
        let answer = answer.await.map_err(|_| self.broken())?;
        answer.map_err(|_: Outdated| Error::content_modified())
    }

    /// Asks something of all projects at this place in the stream of messages.
    pub(super) async fn ask_all<T: Send + 'static>(
        &self,
        question: impl FnOnce(&[Snapshot]) -> T + Send + 'static,
    ) -> Result<T> {
        let (sender, answer) = oneshot::channel();
        let waiting = Waiting::new(&self.jobs.depth);
        let question = move |snapshots: &[Snapshot]| {
            let _waiting = waiting;
            if !sender.is_closed() {
                // Refused when the request was cancelled meanwhile.
                let _ = sender.send(question(snapshots));
            }
        };
        self.jobs.send(Job::AskAll(Box::new(question)));
        answer.await.map_err(|_| self.broken())
    }

    /// The error of a question that broke down; the log has it too.
    fn broken(&self) -> Error {
        let message =
            "a request broke down, which is a mistake of specql-lsp; its standard error says where";
        self.client.log(lsp::MessageType::Error, message.to_owned());
        Error::internal_error()
    }
}

/// A place in a queue.
struct Waiting(QueueDepth);

impl Waiting {
    fn new(depth: &QueueDepth) -> Self {
        depth.grow(1);
        Self(depth.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.shrink(1);
    }
}
