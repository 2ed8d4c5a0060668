//! The findings of a file, by how it was asked for.

use specql_ide::{Asked, Diagnostic, FileId, Read};
use specql_project::{self as project, LoadedWorkspace};

/// The findings, with advice or without.
pub(crate) fn findings(workspace: &LoadedWorkspace, file: FileId, advice: bool) -> Vec<Diagnostic> {
    workspace.analysis.diagnostics_as(file, asked(workspace, file, advice))
}

/// The findings, and what they were made from.
pub(crate) fn check(
    workspace: &LoadedWorkspace,
    file: FileId,
    advice: bool,
) -> (Vec<Diagnostic>, Vec<Read>) {
    workspace.analysis.check(file, asked(workspace, file, advice))
}

/// How a file was asked for.
pub(crate) fn asked(workspace: &LoadedWorkspace, file: FileId, advice: bool) -> Asked {
    let named = workspace.file(file).is_some_and(|it| it.asked == project::Asked::ByName);
    Asked { named, advice }
}
