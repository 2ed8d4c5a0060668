//! `textDocument/prepareRename` and `textDocument/rename`.

use super::code_action::{annotated_edit, workspace_edit};
use super::diff;
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::{FormerName, RenamedText, Renaming};
use std::collections::HashMap;

pub(crate) fn prepare_rename(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::PrepareRenameResult> {
    let (range, placeholder) = view.analysis().prepare_rename(view.file, view.offset(position))?;
    let range = view.range(range);
    Some(lsp::PrepareRenamePlaceholder { range, placeholder }.into())
}

/// What a rename comes to.
pub(crate) struct Renamed {
    pub(crate) edit: lsp::WorkspaceEdit,
    /// What the user is to know of it.
    pub(crate) said: Option<String>,
}

/// The edits, or a message for the user.
pub(crate) fn rename(
    view: &View<'_>,
    position: lsp::Position,
    new_name: &str,
) -> Option<Result<Renamed, String>> {
    match view.analysis().rename(view.file, view.offset(position), new_name) {
        Ok(it) => renamed(view, it).map(Ok),
        Err(message) => Some(Err(message)),
    }
}

/// Texts that others read, and the name of before for migrations, are confirmed one by one where the client can
/// ask; where it cannot, texts follow too, and it is said which.
fn renamed(view: &View<'_>, it: Renaming) -> Option<Renamed> {
    let asks = view.snapshot.config.confirms_changes;
    let said = said(&it, asks);
    let former = it.former.clone().filter(|it| asks && may_have_rows(view, it));
    if !asks || it.texts.is_empty() && former.is_none() {
        return Some(Renamed { edit: workspace_edit(view, it.into_edits())?, said });
    }
    let texts = it.texts.into_iter().map(|it| (id(&it), annotation(&it), it.edits));
    let former = former.map(|it| (former_id(&it), former_annotation(&it), it.edits));
    let mut annotations = HashMap::new();
    let mut edits: Vec<_> = it.names.into_iter().map(|it| (it, None)).collect();
    for (id, annotation, asked) in texts.chain(former) {
        edits.extend(asked.into_iter().map(|it| (it, Some(id.clone()))));
        annotations.insert(id, annotation);
    }
    let edit = annotated_edit(view, edits.into_iter())?;
    Some(Renamed {
        edit: lsp::WorkspaceEdit { change_annotations: Some(annotations), ..edit },
        said,
    })
}

/// Whether a database may have rows under the name of before: it is in the last commit, or there is none to ask.
fn may_have_rows(view: &View<'_>, it: &FormerName) -> bool {
    diff::last_commit(view).is_none_or(|then| it.is_known_in(&then))
}

fn former_id(it: &FormerName) -> lsp::ChangeAnnotationIdentifier {
    format!("was {}", it.old)
}

fn former_annotation(it: &FormerName) -> lsp::ChangeAnnotation {
    let (kept, renamed) = match it.what {
        "entity" => ("rows", "table"),
        _ => ("values", "column"),
    };
    lsp::ChangeAnnotation {
        label: format!("was: {} keeps the {kept}", it.old),
        needs_confirmation: Some(true),
        description: Some(format!("specql-lsp migrate renames the {renamed} then")),
    }
}

fn id(it: &RenamedText) -> lsp::ChangeAnnotationIdentifier {
    format!("{} {}", it.what, it.old)
}

fn annotation(it: &RenamedText) -> lsp::ChangeAnnotation {
    let RenamedText { what, old, new, .. } = it;
    let who = match *what {
        "collection" => "clients read it in the answer",
        _ => "consumers know it by its name",
    };
    lsp::ChangeAnnotation {
        label: format!("{what} {old} becomes {new}"),
        needs_confirmation: Some(true),
        description: Some(who.to_owned()),
    }
}

fn said(it: &Renaming, asks: bool) -> Option<String> {
    let follows = |it: &RenamedText| format!("{} `{}` to `{}`", it.what, it.old, it.new);
    let following: Vec<String> = it.texts.iter().filter(|_| !asks).map(follows).collect();
    let mut res = Vec::new();
    if !following.is_empty() {
        let all = listed(&following);
        res.push(format!("Renamed with it: {all}. Who reads them by name has to follow."));
    }
    if !it.kept.is_empty() {
        res.push(format!("Left as they are, because clients know them: {}.", listed(&it.kept)));
    }
    (!res.is_empty()).then(|| res.join(" "))
}

/// The first few of several, and how many more there are.
fn listed(all: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = all.get(..SHOWN.min(all.len())).unwrap_or_default().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
