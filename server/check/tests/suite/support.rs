//! What the tests share: real files, and workspaces of them.

use std::path::Path;
use std::sync::Arc;

use specql_check::{Diagnostic, Level, check_workspace};
use specql_model::{FileId, SourceFile, Workspace};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// What is wrong in a workspace, without the advice.
pub(crate) fn judged(workspace: &Workspace) -> Vec<Diagnostic> {
    let mut found = check_workspace(workspace);
    found.retain(|it| it.level > Level::Hint);
    found
}

/// The corpus: name and text.
pub(crate) fn real_files() -> Vec<(String, String)> {
    let root = |it: &specql_corpus::File| {
        if it.path.starts_with(specql_corpus::own()) { "own" } else { "more" }
    };
    let file = |it: specql_corpus::File| (format!("{}/{}", root(&it), it.name), it.text);
    specql_corpus::files().into_iter().map(file).collect()
}

/// The workspaces that the real files make: each folder that holds some, and all of the project's own
/// and all of the others together.
pub(crate) fn real_workspaces() -> Vec<(String, Workspace)> {
    let files = real_files();
    let mut folders: Vec<String> = Vec::new();
    for (path, _) in &files {
        let folder = path.rsplit_once('/').map_or("", |it| it.0);
        let top = path.split('/').next().unwrap_or_default();
        folders.extend([folder.to_owned(), top.to_owned()]);
    }
    folders.sort();
    folders.dedup();
    let in_folder = |folder: &str| {
        let below = format!("{folder}/");
        let inside = files.iter().filter(|it| it.0.starts_with(&below));
        workspace(inside.cloned())
    };
    folders
        .into_iter()
        .map(|it| {
            let found = in_folder(&it);
            (it, found)
        })
        .collect()
}

/// A workspace of paths and texts.
pub(crate) fn workspace(files: impl IntoIterator<Item = (String, String)>) -> Workspace {
    let numbered = (0..).map(FileId).zip(files);
    Workspace::new(numbered.map(|(id, (path, text))| Arc::new(SourceFile::new(id, path, text))))
}

/// A finding in one line: place, level, code, message.
pub(crate) fn line(workspace: &Workspace, it: &Diagnostic) -> String {
    let file = workspace.file(it.file).unwrap();
    let before = &file.text()[..it.range.to_usize().start];
    let row = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1) + 1;
    let mut help = it.help.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
    for fix in &it.fixes {
        help.push_str(&format!(" [{}]", fix.title));
    }
    format!("{}:{row}:{column}: {}[{}] {}{help}", file.path, it.level.as_str(), it.code, it.message)
}

/// Every finding of a workspace in one line each.
pub(crate) fn lines(workspace: &Workspace) -> Vec<String> {
    judged(workspace).iter().map(|it| line(workspace, it)).collect()
}
