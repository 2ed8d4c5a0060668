//! `textDocument/foldingRange` and `textDocument/selectionRange`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;

pub(crate) fn folding_range(view: &View<'_>) -> Option<Vec<lsp::FoldingRange>> {
    let folding = |it: specql_ide::Folding| {
        let lsp::Range { start, end } = view.range(it.range);
        lsp::FoldingRange {
            start_line: start.line,
            end_line: end.line,
            kind: it.comment.then_some(lsp::FoldingRangeKind::Comment),
            ..Default::default()
        }
    };
    Some(view.analysis().folding_ranges(view.file).into_iter().map(folding).collect())
}

/// One chain of ranges for each position; an empty one where a file ends before it.
pub(crate) fn selection_range(
    view: &View<'_>,
    positions: &[lsp::Position],
) -> Option<Vec<lsp::SelectionRange>> {
    let chain = |position: &lsp::Position| {
        let ranges = view.analysis().selection_ranges(view.file, view.offset(*position));
        let outer_first = ranges.into_iter().rev();
        let chain = outer_first.fold(None, |parent: Option<lsp::SelectionRange>, it| {
            Some(lsp::SelectionRange { range: view.range(it), parent: parent.map(Box::new) })
        });
        let nothing = lsp::Range { start: *position, end: *position };
        chain.unwrap_or(lsp::SelectionRange { range: nothing, parent: None })
    };
    Some(positions.iter().map(chain).collect())
}
