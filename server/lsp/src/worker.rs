//! The thread that owns the state.
//!
//! Invariant: jobs are done one by one in the order in which they were sent; a panic in one answers
//! its request with an error and harms no other.

use crate::backlog::Backlog;
use crate::capabilities::ClientConfig;
use crate::checker::Checked;
use crate::client::ClientHandle;
use crate::names::FileKey;
use crate::preview::Served;
use crate::protocol::lsp;
use crate::scan::{Found, Scanned};
use crate::snapshot::View;
use crate::state::State;
use camino::Utf8PathBuf;
use specql_text::Change;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};

/// A question about a file. It is asked with nothing when the file is unknown.
pub(crate) type Question = Box<dyn FnOnce(Option<&View<'_>>) + Send>;

/// Everything that happens to the state.
pub(crate) enum Job {
    /// The session begins.
    Initialize(ClientConfig),
    /// The client is ready for requests.
    Initialized,
    Open {
        uri: lsp::Uri,
        version: i32,
        text: String,
    },
    Change {
        uri: lsp::Uri,
        version: i32,
        changes: Vec<Change>,
    },
    Close {
        uri: lsp::Uri,
    },
    Save,
    /// Files on disk that are new, different or gone.
    Watched(Vec<FileKey>),
    Folders {
        added: Vec<Utf8PathBuf>,
        removed: Vec<Utf8PathBuf>,
    },
    Ask {
        uri: lsp::Uri,
        question: Question,
    },
    Found(Found),
    Scanned(Scanned),
    Checked(Checked),
    /// The server ends.
    End,
}

/// The way to the worker.
#[derive(Clone)]
pub(crate) struct Jobs {
    sender: Sender<Job>,
    /// Jobs that wait.
    pub(crate) backlog: Backlog,
}

impl Jobs {
    /// A queue; what is sent before the worker is there waits.
    pub(crate) fn new() -> (Self, Receiver<Job>) {
        let (sender, receiver) = mpsc::channel();
        (Self { sender, backlog: Backlog::default() }, receiver)
    }

    /// Takes its place in the order of events. Does not wait.
    pub(crate) fn send(&self, job: Job) {
        self.backlog.grow(1);
        // Refused only when the server ends. The answer of a question that goes nowhere is an error.
        if self.sender.send(job).is_err() {
            self.backlog.shrink(1);
        }
    }
}

/// Starts the thread. It ends with [`Job::End`].
pub(crate) fn spawn(
    jobs: Jobs,
    queue: Receiver<Job>,
    client: ClientHandle,
    served: Served,
) -> std::io::Result<()> {
    let backlog = jobs.backlog.clone();
    let mut state = State::new(jobs, client, served);
    let work = move || {
        while let Ok(first) = queue.recv() {
            // Whatever else has arrived belongs to the same batch: it is checked together.
            for job in std::iter::once(first).chain(queue.try_iter()) {
                backlog.shrink(1);
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
