//! `textDocument/formatting`, `…/rangeFormatting` and `…/onTypeFormatting`.
//!
//! A file that cannot be formatted has a finding that says what to mend, so nothing is said here:
//! editors format with every save.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_text::TextEdit;

pub(crate) fn formatting(view: &View<'_>) -> Option<Vec<lsp::TextEdit>> {
    let edits = view.analysis().format(view.file).ok()?;
    Some(converted(view, edits))
}

pub(crate) fn range_formatting(view: &View<'_>, range: lsp::Range) -> Option<Vec<lsp::TextEdit>> {
    let edits = view.analysis().format_range(view.file, view.text_range(range)).ok()?;
    Some(converted(view, edits))
}

pub(crate) fn on_type_formatting(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<Vec<lsp::TextEdit>> {
    Some(converted(view, view.analysis().format_on_type(view.file, view.offset(position))))
}

fn converted(view: &View<'_>, edits: Vec<TextEdit>) -> Vec<lsp::TextEdit> {
    let edit = |it: TextEdit| lsp::TextEdit { range: view.range(it.range), new_text: it.text };
    edits.into_iter().map(edit).collect()
}
