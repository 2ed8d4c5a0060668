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
    /// The scheme of documents that show previews.
    pub(crate) const PREVIEW_SCHEME: &str = "specql-preview";
    /// Request: from a place in a file to a preview, and back.
    pub(crate) const SOURCE_MAP: &str = "specql/sourceMap";
    /// Request: the artifacts that a place has.
    pub(crate) const ARTIFACTS: &str = "specql/artifacts";
    /// Request: schemas, entities, actions and events of all projects.
    pub(crate) const OUTLINE: &str = "specql/outline";
    /// Notification: accepted, as the protocol wants.
    pub(crate) const SET_TRACE: &str = "$/setTrace";
}
