//! The thread that owns the state.
//!
//! Invariant: jobs are done one by one in the order in which they were sent; a panic in one answers
//! its request with an error and harms no other.

use crate::session::job::{Job, Jobs};
use crate::session::previews::Served;
use crate::session::state::State;
use crate::transport::client::ClientHandle;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;

/// Starts the thread. It ends with [`Job::End`].
pub(crate) fn spawn(
    jobs: Jobs,
    queue: Receiver<Job>,
    client: ClientHandle,
    served: Served,
) -> std::io::Result<()> {
    let depth = jobs.depth.clone();
    let mut state = State::new(jobs, client, served);
    let work = move || {
        while let Ok(first) = queue.recv() {
            // Whatever else has arrived belongs to the same batch: it is checked together.
            for job in std::iter::once(first).chain(queue.try_iter()) {
                depth.shrink(1);
                if matches!(job, Job::End) {
                    return;
                }
                contain(|| state.apply(job));
            }
            contain(|| state.settle());
        }
    };
    std::thread::Builder::new().name("worker".into()).spawn(work)?;
    Ok(())
}

fn contain(act: impl FnOnce()) {
    // The hook has reported the panic already; what was in hand is dropped.
    let _ = catch_unwind(AssertUnwindSafe(act));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::snapshot::View;
    use crate::protocol::{LanguageServer, LspService, Result, lsp};
    use crate::session::job::{Needs, Question};
    use crate::transport::writer::Writer;
    use specql_text::Change;
    use tokio::sync::oneshot;

    struct Mock;

    impl LanguageServer for Mock {
        async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
            Ok(lsp::InitializeResult::default())
        }

        async fn shutdown(&self) -> Result<()> {
            Ok(())
        }
    }

    fn with_worker(act: impl AsyncFnOnce(&Jobs)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (outbox, _writer) = Writer::spawn(std::io::sink()).unwrap();
        let mut handle = None;
        let (_service, _socket) = LspService::new(|client| {
            let runtime = runtime.handle().clone();
            handle = Some(ClientHandle { client, outbox, runtime });
            Mock
        });
        let (jobs, queue) = Jobs::new();
        spawn(jobs.clone(), queue, handle.unwrap(), Served::default()).unwrap();
        runtime.block_on(act(&jobs));
        jobs.send(Job::End);
    }

    fn uri() -> lsp::Uri {
        "file:///user.yaml".into()
    }

    /// Asks a question; none when it broke down.
    async fn ask<T: Send + 'static>(
        jobs: &Jobs,
        question: impl FnOnce(Option<&View<'_>>) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, answer) = oneshot::channel();
        let question: Question =
            Box::new(move |view| drop(sender.send(question(view.ok().flatten()))));
        jobs.send(Job::Ask { uri: uri(), needs: Needs::File, question });
        answer.await.ok()
    }

    /// What the state holds.
    fn text(view: Option<&View<'_>>) -> Option<String> {
        let view = view?;
        view.analysis().text(view.file).map(ToString::to_string)
    }

    #[test]
    fn a_question_that_breaks_down_harms_no_other() {
        with_worker(async |jobs| {
            jobs.send(Job::Open { uri: uri(), version: 1, text: "entity: A".into() });
            assert_eq!(ask(jobs, |_| panic!("expected")).await, None::<()>);
            assert_eq!(ask(jobs, text).await.flatten().as_deref(), Some("entity: A"));
        });
    }

    #[test]
    fn a_question_sees_the_jobs_before_it_and_none_after_it() {
        with_worker(async |jobs| {
            jobs.send(Job::Open { uri: uri(), version: 1, text: String::new() });
            let mut answers = Vec::new();
            for version in 1..100 {
                let changes = vec![Change::whole(format!("entity: E{version}"))];
                jobs.send(Job::Change { uri: uri(), version, changes });
                let (sender, answer) = oneshot::channel();
                let question: Question = Box::new(move |view| {
                    let view = view.ok().flatten();
                    drop(sender.send((view.and_then(View::version), text(view))));
                });
                jobs.send(Job::Ask { uri: uri(), needs: Needs::File, question });
                answers.push((version, answer));
            }
            for (version, answer) in answers {
                let expected = (Some(version), Some(format!("entity: E{version}")));
                assert_eq!(answer.await.unwrap(), expected);
            }
        });
    }

    #[test]
    fn the_queue_is_empty_when_everything_is_done() {
        with_worker(async |jobs| {
            jobs.send(Job::Save);
            ask(jobs, |_| ()).await;
            jobs.depth.below(1).await;
        });
    }
}
