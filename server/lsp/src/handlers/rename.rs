//! `textDocument/prepareRename` and `textDocument/rename`.

use super::code_action::workspace_edit;
use crate::convert::snapshot::View;
use crate::protocol::lsp;

pub(crate) fn prepare_rename(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::PrepareRenameResult> {
    let (range, placeholder) = view.analysis().prepare_rename(view.file, view.offset(position))?;
    let range = view.range(range);
    Some(lsp::PrepareRenamePlaceholder { range, placeholder }.into())
}

/// The edits, or a message for the user.
pub(crate) fn rename(
    view: &View<'_>,
    position: lsp::Position,
    new_name: &str,
) -> Option<Result<lsp::WorkspaceEdit, String>> {
    match view.analysis().rename(view.file, view.offset(position), new_name) {
        Ok(edits) => workspace_edit(view, edits).map(Ok),
        Err(message) => Some(Err(message)),
    }
}
