//! `textDocument/hover`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;

pub(crate) fn hover(view: &View<'_>, position: lsp::Position) -> Option<lsp::Hover> {
    let hover = view.analysis().hover(view.file, view.offset(position))?;
    // A client that shows plain text only shows Markdown readably enough.
    let kind = if view.snapshot.config.markdown {
        lsp::MarkupKind::Markdown
    } else {
        lsp::MarkupKind::PlainText
    };
    Some(lsp::Hover {
        contents: lsp::MarkupContent { kind, value: hover.markdown }.into(),
        range: Some(view.range(hover.range)),
    })
}
