//! The protocol's types and its router: the only file that names the crates they come from, so that
//! another version, or another crate, is a change here.

pub(crate) use gen_lsp_types as lsp;
pub(crate) use tower::Service;
pub(crate) use tower_lsp_server::jsonrpc::{Error, ErrorCode, Id, Request, Response, Result};
pub(crate) use tower_lsp_server::{Client, ClientSocket, ExitedError, LanguageServer, LspService};

/// Names of SpecQL's own: requests, notifications, commands, schemes.
pub(crate) mod method {
    /// Request: the text of an artifact, for clients without `workspace/textDocumentContent`.
    pub(crate) const PREVIEW: &str = "specql/preview";
    /// What a click on a code lens executes; its one argument is that of [`PREVIEW`].
    pub(crate) const PREVIEW_COMMAND: &str = "specql.preview";
    /// Request: the uses of what a place names, with what is done at each.
    pub(crate) const USES: &str = "specql/references";
    /// What a click on a lens of uses executes; its one argument is that of [`USES`].
    pub(crate) const USES_COMMAND: &str = "specql.showReferences";
    /// Request: the lineage of a field.
    pub(crate) const LINEAGE: &str = "specql/lineage";
    /// The scheme of documents that show previews.
    pub(crate) const PREVIEW_SCHEME: &str = "specql-preview";
    /// Request: an artifact at two times.
    pub(crate) const DIFF: &str = "specql/diff";
    /// Request: who writes what and publishes what.
    pub(crate) const EVENT_FLOW: &str = "specql/eventFlow";
    /// The scheme of the document of what comes with the language.
    pub(crate) const BUILT_INS_SCHEME: &str = "specql-builtin";
    /// Request: from a place in a file to a preview, and back.
    pub(crate) const SOURCE_MAP: &str = "specql/sourceMap";
    /// Request: the artifacts that a place has.
    pub(crate) const ARTIFACTS: &str = "specql/artifacts";
    /// Request: schemas, entities, actions and events of all projects.
    pub(crate) const OUTLINE: &str = "specql/outline";
    /// Notification to clients that ask for it: how the server is.
    pub(crate) const STATUS: &str = "specql/status";
    /// Notification: how much of what is done the client wants to be told of by [`LOG_TRACE`].
    pub(crate) const SET_TRACE: &str = "$/setTrace";
    /// Notification to the client: a message was taken, a request was answered.
    pub(crate) const LOG_TRACE: &str = "$/logTrace";
    /// Notification: somebody stops work that is shown to them.
    pub(crate) const CANCEL_PROGRESS: &str = "window/workDoneProgress/cancel";
}
