//! `textDocument/inlayHint`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;

pub(crate) fn inlay_hint(view: &View<'_>, range: lsp::Range) -> Option<Vec<lsp::InlayHint>> {
    if !view.snapshot.config.settings.inlay_hints {
        return Some(Vec::new());
    }
    let found = view.analysis().inlay_hints(view.file, view.text_range(range));
    let hint = |it: specql_ide::InlayHint| lsp::InlayHint {
        position: view.range((it.offset as usize..it.offset as usize).into()).start,
        kind: it.is_type.then_some(lsp::InlayHintKind::Type),
        padding_left: Some(!it.is_type),
        label: it.label.into(),
        text_edits: None,
        tooltip: None,
        padding_right: None,
        data: None,
    };
    Some(found.into_iter().map(hint).collect())
}
