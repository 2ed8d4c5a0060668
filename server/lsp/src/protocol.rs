//! The protocol's types and its router: the only file that names the crates they come from, so that
//! another version, or another crate, is a change here.

pub(crate) use gen_lsp_types as lsp;
pub(crate) use tower::Service;
pub(crate) use tower_lsp_server::jsonrpc::{Error, ErrorCode, Id, Request, Response, Result};
pub(crate) use tower_lsp_server::{Client, ClientSocket, ExitedError, LanguageServer, LspService};

/// A request or notification of SpecQL's own.
pub(crate) mod method {
    /// Request: the text of an artifact, for clients without `workspace/textDocumentContent`.
    pub(crate) const PREVIEW: &str = "specql/preview";
    /// Notification: accepted, as the protocol wants.
    pub(crate) const SET_TRACE: &str = "$/setTrace";
}
