//! What happens to the state, in the order in which it happens.

use crate::convert::client_config::ClientConfig;
use crate::convert::snapshot::{Snapshot, Source, View};
use crate::protocol::lsp;
use crate::session::cancellation::CancellationToken;
use crate::session::checker::Checked;
use crate::session::scan::Found;
use crate::transport::QueueDepth;
use camino::Utf8PathBuf;
use specql_text::Change;
use std::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;

/// A question about a file. It is asked with nothing when the file is unknown.
pub(crate) type Question = Box<dyn FnOnce(Result<Option<&View<'_>>, Outdated>) + Send>;

/// The file was changed while a question about it waited: its places are those of the text before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outdated;

/// What has to be known before a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// The file that it is about.
    File,
    /// All files of the workspace.
    Workspace,
}

/// A question about all projects.
pub(crate) type AllQuestion = Box<dyn FnOnce(&[Snapshot]) + Send>;

/// A question that waits until what it needs is known.
pub(crate) enum Waiting {
    /// About a file.
    One { uri: lsp::Uri, question: Question },
    /// About all projects.
    All(AllQuestion),
}

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
    /// Something else may be set; what, as the client says it on its own account.
    Configured(lsp::LspAny),
    /// What is set.
    Settings(lsp::LspAny),
    /// Files on disk that are new, different or gone, as the client says.
    Watched(Vec<lsp::Uri>),
    /// The same, as the disk itself says.
    Disk(specql_project::Change),
    Folders {
        added: Vec<Utf8PathBuf>,
        removed: Vec<Utf8PathBuf>,
    },
    Ask {
        uri: lsp::Uri,
        needs: Needs,
        question: Question,
    },
    /// A question about all projects. It needs all files of all of them.
    AskAll(AllQuestion),
    /// Says whether the disk holds something else by now than an answer was made from.
    Compare {
        files: Vec<Source>,
        is_outdated: oneshot::Sender<bool>,
    },
    /// A search for files has found something.
    Found {
        search: CancellationToken,
        found: Found,
    },
    Checked(Checked),
    /// Somebody stops work that is shown to them.
    CancelProgress(lsp::ProgressToken),
    /// The server ends.
    End,
}

/// The way to the worker.
#[derive(Clone)]
pub(crate) struct Jobs {
    sender: Sender<Job>,
    /// Jobs that wait.
    pub(crate) depth: QueueDepth,
}

impl Jobs {
    /// A queue; what is sent before the worker is there waits.
    pub(crate) fn new() -> (Self, Receiver<Job>) {
        let (sender, receiver) = mpsc::channel();
        (Self { sender, depth: QueueDepth::default() }, receiver)
    }

    /// Takes its place in the order of events. Does not wait.
    pub(crate) fn send(&self, job: Job) {
        self.depth.grow(1);
        // Refused only when the server ends. The answer of a question that goes nowhere is an error.
        if self.sender.send(job).is_err() {
            self.depth.shrink(1);
        }
    }
}
