//! `textDocument/references` and `textDocument/documentHighlight`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::Access;

pub(crate) fn references(
    view: &View<'_>,
    position: lsp::Position,
    with_declaration: bool,
) -> Option<Vec<lsp::Location>> {
    let mut found = view.analysis().references(view.file, view.offset(position));
    found.retain(|it| with_declaration || it.access != Access::Declaration);
    let location = |it: &specql_ide::Reference| {
        view.snapshot.view(it.file).map(|file| file.location(it.range))
    };
    (!found.is_empty()).then(|| found.iter().filter_map(location).collect())
}

pub(crate) fn document_highlight(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<Vec<lsp::DocumentHighlight>> {
    let mut found = view.analysis().references(view.file, view.offset(position));
    found.retain(|it| it.file == view.file);
    let highlight = |it: &specql_ide::Reference| {
        let kind = match it.access {
            Access::Declaration => lsp::DocumentHighlightKind::Text,
            Access::Read => lsp::DocumentHighlightKind::Read,
            Access::Write => lsp::DocumentHighlightKind::Write,
        };
        lsp::DocumentHighlight { range: view.range(it.range), kind: Some(kind) }
    };
    (!found.is_empty()).then(|| found.iter().map(highlight).collect())
}
