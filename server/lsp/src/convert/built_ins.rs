//! The document of what comes with the language: one of this server's where the client asks for those,
//! else a file.

use crate::convert::snapshot::View;
use crate::convert::uri;
use crate::protocol::{lsp, method};
use specql_text::TextRange;
use std::sync::OnceLock;

/// The name of the document.
const NAME: &str = "SpecQL built-ins.md";

/// The document, as clients that ask for documents name it.
pub(crate) fn document() -> lsp::Uri {
    // Vim takes what has no `//` for a path.
    format!("{}:///{}", method::BUILT_INS_SCHEME, uri::encode(NAME, b"")).into()
}

/// Whether a document is this one, whatever it is called.
pub(crate) fn is_document(uri: &lsp::Uri) -> bool {
    uri.as_ref().split_once(':').is_some_and(|it| it.0 == method::BUILT_INS_SCHEME)
}

/// A place in it.
pub(crate) fn location(view: &View<'_>, range: TextRange) -> Option<lsp::Location> {
    let uri = if view.snapshot.config.text_document_content { document() } else { file()? };
    let range = view.ranges_in(specql_ide::built_ins(), &[range]).pop()?;
    Some(lsp::Location { uri, range })
}

/// The file, written once.
fn file() -> Option<lsp::Uri> {
    static FILE: OnceLock<Option<lsp::Uri>> = OnceLock::new();
    FILE.get_or_init(|| uri::of_written(NAME, specql_ide::built_ins())).clone()
}
