//! The findings of a file, by how it was asked for.

use specql_ide::{Diagnostic, FileId, Read};
use specql_project::{Asked, LoadedWorkspace};

/// The findings.
pub(crate) fn findings(workspace: &LoadedWorkspace, file: FileId) -> Vec<Diagnostic> {
    if is_named(workspace, file) {
        workspace.analysis.diagnostics_of_named(file)
    } else {
        workspace.analysis.diagnostics(file)
    }
}

/// The findings, and what they were made from.
pub(crate) fn check(workspace: &LoadedWorkspace, file: FileId) -> (Vec<Diagnostic>, Vec<Read>) {
    if is_named(workspace, file) {
        workspace.analysis.check_named(file)
    } else {
        workspace.analysis.check(file)
    }
}

fn is_named(workspace: &LoadedWorkspace, file: FileId) -> bool {
    workspace.file(file).is_some_and(|it| it.asked == Asked::ByName)
}
