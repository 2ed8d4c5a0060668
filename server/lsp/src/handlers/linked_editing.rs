//! `textDocument/linkedEditingRange`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;

pub(crate) fn linked_editing_range(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::LinkedEditingRanges> {
    let found = view.analysis().linked_ranges(view.file, view.offset(position));
    let ranges: Vec<lsp::Range> = found.into_iter().map(|it| view.range(it)).collect();
    let word_pattern = Some("[A-Za-z_][A-Za-z0-9_]*".to_owned());
    (!ranges.is_empty()).then_some(lsp::LinkedEditingRanges { ranges, word_pattern })
}
