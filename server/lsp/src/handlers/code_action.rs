//! `textDocument/codeAction`.

use crate::convert::diagnostic::diagnostic;
use crate::convert::file_key::FileKey;
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::{CodeAction, CodeActionKind, FileEdit, FileId};
use std::collections::BTreeMap;

pub(crate) fn code_action(
    view: &View<'_>,
    range: lsp::Range,
    context: &lsp::CodeActionContext,
) -> Option<Vec<lsp::CodeActionResponse>> {
    let asked = |it: &lsp::CodeActionKind| is_below(&fix_all_kind(), it) && !is_any(it);
    let fix_all = context.only.as_ref().is_some_and(|only| only.iter().any(asked));
    let actions = view.analysis().code_actions(view.file, view.text_range(range));
    let findings = view.analysis().diagnostics(view.file);
    let wanted = |it: &lsp::CodeActionKind| {
        context.only.as_ref().is_none_or(|only| only.iter().any(|base| is_below(it, base)))
    };
    let actions = actions.into_iter().map(|it| (kind(&it), it)).filter(|(kind, _)| wanted(kind));
    let actions = actions.filter_map(|(kind, it)| action(view, &findings, kind, it));
    let fixed = fix_all.then(|| self::fix_all(view)).flatten();
    Some(actions.chain(fixed).map(Into::into).collect())
}

/// What editors ask for with every save.
pub(super) fn fix_all_kind() -> lsp::CodeActionKind {
    lsp::CodeActionKind::Custom("source.fixAll.specql".into())
}

fn is_any(kind: &lsp::CodeActionKind) -> bool {
    String::from(kind.clone()).is_empty()
}

/// The safe fixes of a file as one action: made only for who asks for it, since it checks the file
/// several times.
fn fix_all(view: &View<'_>) -> Option<lsp::CodeAction> {
    let edit = view.analysis().fix_file(view.file)?;
    Some(lsp::CodeAction {
        title: "Apply all safe fixes".to_owned(),
        kind: Some(fix_all_kind()),
        edit: Some(workspace_edit(view, vec![FileEdit { file: view.file, edit }])?),
        ..Default::default()
    })
}

fn kind(action: &CodeAction) -> lsp::CodeActionKind {
    match action.kind {
        CodeActionKind::QuickFix => lsp::CodeActionKind::QuickFix,
        CodeActionKind::Rewrite => lsp::CodeActionKind::RefactorRewrite,
        CodeActionKind::Extract => lsp::CodeActionKind::RefactorExtract,
        CodeActionKind::Inline => lsp::CodeActionKind::RefactorInline,
    }
}

/// Whether `kind` is `base` or one of its kinds, as `refactor.rewrite` is one of `refactor`.
fn is_below(kind: &lsp::CodeActionKind, base: &lsp::CodeActionKind) -> bool {
    let (kind, base) = (String::from(kind.clone()), String::from(base.clone()));
    base.is_empty()
        || kind.strip_prefix(&base).is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

fn action(
    view: &View<'_>,
    findings: &[specql_ide::Diagnostic],
    kind: lsp::CodeActionKind,
    action: CodeAction,
) -> Option<lsp::CodeAction> {
    let mended = mended(view, findings, &action);
    Some(lsp::CodeAction {
        title: action.title,
        kind: Some(kind),
        diagnostics: (!mended.is_empty()).then_some(mended),
        is_preferred: action.preferred.then_some(true),
        edit: Some(workspace_edit(view, action.edits)?),
        ..Default::default()
    })
}

/// The published diagnostics that an action mends.
fn mended(
    view: &View<'_>,
    findings: &[specql_ide::Diagnostic],
    action: &CodeAction,
) -> Vec<lsp::Diagnostic> {
    if action.codes.is_empty() {
        return Vec::new();
    }
    let is_mended = |it: &specql_ide::Diagnostic| {
        let mut places = action.codes.iter().zip(&action.diagnostic_ranges);
        places.any(|(code, range)| *code == it.code && *range == it.range)
    };
    findings.iter().filter(|it| is_mended(it)).map(|it| diagnostic(view, it)).collect()
}

/// The edits of a change; none when a file of it is gone.
pub(super) fn workspace_edit(view: &View<'_>, edits: Vec<FileEdit>) -> Option<lsp::WorkspaceEdit> {
    annotated_edit(view, edits.into_iter().map(|it| (it, None)))
}

/// The same, of edits some of which have an annotation, for clients that show these.
pub(super) fn annotated_edit(
    view: &View<'_>,
    edits: impl Iterator<Item = (FileEdit, Option<lsp::ChangeAnnotationIdentifier>)>,
) -> Option<lsp::WorkspaceEdit> {
    let mut by_file: BTreeMap<FileId, Vec<Annotated>> = BTreeMap::new();
    for (FileEdit { file, edit }, annotation) in edits {
        let changed = view.snapshot.view(file)?;
        let edit = lsp::TextEdit { range: changed.range(edit.range), new_text: edit.text };
        by_file.entry(file).or_default().push((edit, annotation));
    }
    let snapshot = view.snapshot;
    let named = |(file, edits)| {
        let key: FileKey = snapshot.key(file)?;
        Some((snapshot.open.uri(&key), snapshot.open.version(&key), edits))
    };
    let files = by_file.into_iter().map(named).collect::<Option<Vec<_>>>()?;
    Some(if snapshot.config.document_changes {
        let changes =
            files.into_iter().map(|(uri, version, edits)| document_edit(uri, version, edits));
        lsp::WorkspaceEdit { document_changes: Some(changes.collect()), ..Default::default() }
    } else {
        let plain = |edits: Vec<Annotated>| edits.into_iter().map(|it| it.0).collect();
        let changes = files.into_iter().map(|(uri, _, edits)| (uri, plain(edits))).collect();
        lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() }
    })
}

/// An edit, and what is said of it.
type Annotated = (lsp::TextEdit, Option<lsp::ChangeAnnotationIdentifier>);

/// An edit that a client refuses when the document is no longer at `version`.
fn document_edit(
    uri: lsp::Uri,
    version: Option<i32>,
    edits: Vec<Annotated>,
) -> lsp::DocumentChange {
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
        version,
        text_document_identifier: lsp::TextDocumentIdentifier { uri },
    };
    let edit = |(edit, annotation)| match annotation {
        Some(annotation) => lsp::AnnotatedTextEdit::new(annotation, edit).into(),
        None => lsp::Edit::from(edit),
    };
    let edits = edits.into_iter().map(edit).collect();
    lsp::TextDocumentEdit { text_document, edits }.into()
}
