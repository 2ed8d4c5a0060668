//! `workspace/willRenameFiles`.

use super::code_action::workspace_edit;
use crate::convert::file_key::FileKey;
use crate::convert::snapshot::Snapshot;
use crate::protocol::lsp;

/// Which renames the client asks about: of any folder, and of files that a configuration may name.
pub(super) fn registration() -> lsp::FileOperationRegistrationOptions {
    let filter = |glob: &str, matches| lsp::FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: lsp::FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(matches),
            options: None,
        },
    };
    let filters = vec![
        filter("**/*.{yaml,yml,specql,lock}", lsp::FileOperationPatternKind::File),
        filter("**", lsp::FileOperationPatternKind::Folder),
    ];
    lsp::FileOperationRegistrationOptions { filters }
}

/// The edits of all configurations that name what is renamed; nothing when none does.
pub(crate) fn will_rename_files(
    all: &[Snapshot],
    renamed: &[lsp::FileRename],
) -> Option<lsp::WorkspaceEdit> {
    let parts = all.iter().filter_map(|it| in_workspace(it, renamed));
    parts.reduce(|mut res, part| {
        if let Some(more) = part.document_changes {
            res.document_changes.get_or_insert_default().extend(more);
        }
        if let Some(more) = part.changes {
            res.changes.get_or_insert_default().extend(more);
        }
        res
    })
}

fn in_workspace(snapshot: &Snapshot, renamed: &[lsp::FileRename]) -> Option<lsp::WorkspaceEdit> {
    let pairs = renamed.iter().filter_map(|it| {
        Some((relative(snapshot, &it.old_uri)?, relative(snapshot, &it.new_uri)?))
    });
    let edits = snapshot.analysis.file_rename(&pairs.collect::<Vec<_>>());
    let view = snapshot.view(edits.first()?.file)?;
    workspace_edit(&view, edits)
}

/// A path as the configuration names it: relative to the workspace, which the client may spell by a link.
fn relative(snapshot: &Snapshot, uri: &lsp::Uri) -> Option<String> {
    let root = snapshot.root.path()?;
    let spelled = FileKey::of_uri(&snapshot.open.uri(&FileKey::of_path(root)));
    let key = FileKey::of_uri(uri);
    let roots = [Some(root), spelled.path()];
    let below = roots.into_iter().flatten().find_map(|it| key.path()?.strip_prefix(it).ok());
    below.map(|it| it.as_str().to_owned()).filter(|it| !it.is_empty())
}
