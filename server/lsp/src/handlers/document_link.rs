//! `textDocument/documentLink`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::{DocumentLink, LinkTarget};

pub(crate) fn document_link(view: &View<'_>) -> Option<Vec<lsp::DocumentLink>> {
    let found = view.analysis().document_links(view.file);
    Some(found.into_iter().filter_map(|it| link(view, it)).collect())
}

fn link(view: &View<'_>, it: DocumentLink) -> Option<lsp::DocumentLink> {
    let target: lsp::Uri = match it.target {
        LinkTarget::Url(url) => url.into(),
        LinkTarget::File(file, range) => {
            let file = view.snapshot.view(file)?;
            // Clients read a line behind `#`.
            let line = file.range(range).start.line + 1;
            format!("{}#L{line}", file.uri().as_ref()).into()
        }
    };
    let range = view.range(it.range);
    Some(lsp::DocumentLink { range, target: Some(target), tooltip: None, data: None })
}
