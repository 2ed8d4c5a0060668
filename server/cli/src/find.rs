//! The findings of a file, by how it was asked for.

use specql_ide::{Asked, Diagnostic, FileId, Read};
use specql_project::{self as project, LoadedWorkspace};

/// The findings, with advice or without.
pub(crate) fn findings(workspace: &LoadedWorkspace, file: FileId, advice: bool) -> Vec<Diagnostic> {
    let asked = Asked { named: is_named(workspace, file), advice };
    workspace.analysis.diagnostics_as(file, asked)
}

/// The findings, and what they were made from.
pub(crate) fn check(workspace: &LoadedWorkspace, file: FileId) -> (Vec<Diagnostic>, Vec<Read>) {
    let asked = Asked { named: is_named(workspace, file), ..Asked::default() };
    workspace.analysis.check(file, asked)
}

fn is_named(workspace: &LoadedWorkspace, file: FileId) -> bool {
    workspace.file(file).is_some_and(|it| it.asked == project::Asked::ByName)
}
