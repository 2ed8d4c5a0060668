//! `textDocument/diagnostic` and `workspace/diagnostic`: what is pushed, for clients that ask.
//!
//! Invariant: equal findings have equal result ids, so that a client which has them is told so.

use crate::convert::diagnostic::diagnostic;
use crate::convert::snapshot::{Snapshot, View};
use crate::protocol::lsp;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use specql_ide::FileId;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

/// Files whose findings are told with those of one that refers to them.
const MOST_RELATED: usize = 16;
/// Files that are looked at before the client is told of them.
const FILES_AT_A_TIME: usize = 512;

pub(crate) fn document_diagnostic(
    view: &View<'_>,
    previous: Option<&str>,
) -> Option<lsp::DocumentDiagnosticReport> {
    let related_documents = view.snapshot.config.related_documents.then(|| related(view));
    let related_documents = related_documents.filter(|it: &HashMap<_, _>| !it.is_empty());
    let full = report(view);
    Some(if full.result_id.as_deref() == previous && previous.is_some() {
        lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents,
            unchanged_document_diagnostic_report: unchanged(full),
        }
        .into()
    } else {
        lsp::RelatedFullDocumentDiagnosticReport {
            related_documents,
            full_document_diagnostic_report: full,
        }
        .into()
    })
}

/// The findings of the files that a file's findings refer to.
fn related(view: &View<'_>) -> HashMap<lsp::Uri, lsp::RelatedDocument> {
    let findings = view.analysis().diagnostics_as(view.file, view.asked());
    let files = findings.iter().flat_map(|it| &it.related).map(|it| it.file);
    let files: BTreeSet<FileId> = files.filter(|it| *it != view.file).collect();
    let views = files.into_iter().filter_map(|it| view.snapshot.view(it)).take(MOST_RELATED);
    views.map(|it| (it.uri(), report(&it).into())).collect()
}

fn report(view: &View<'_>) -> lsp::FullDocumentDiagnosticReport {
    let findings = view.analysis().diagnostics_as(view.file, view.asked());
    let items: Vec<_> = findings.iter().map(|it| diagnostic(view, it)).collect();
    let mut hasher = FxHasher::default();
    // What serialises always.
    serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
    let result_id = Some(format!("{:x}", hasher.finish()));
    lsp::FullDocumentDiagnosticReport { result_id, items }
}

fn unchanged(it: lsp::FullDocumentDiagnosticReport) -> lsp::UnchangedDocumentDiagnosticReport {
    lsp::UnchangedDocumentDiagnosticReport { result_id: it.result_id.unwrap_or_default() }
}

/// The findings of the files that the client is told of; those without any are told of only when a client
/// has some of them. They are told some files at a time, as soon as they are there.
pub(crate) fn workspace_diagnostic(
    snapshots: &[Snapshot],
    previous: &[lsp::PreviousResultId],
    mut tell: impl FnMut(Vec<lsp::WorkspaceDocumentDiagnosticReport>),
) {
    let known: HashMap<&lsp::Uri, &str> =
        previous.iter().map(|it| (&it.uri, it.value.as_str())).collect();
    for snapshot in snapshots {
        for files in snapshot.analysis.files().chunks(FILES_AT_A_TIME) {
            let reports = files.par_iter().filter_map(|it| {
                let view = snapshot.view(*it).filter(|it| snapshot.open.shows(&it.key))?;
                let (uri, version, full) = (view.uri(), view.version(), report(&view));
                item(&known, uri, version, full)
            });
            tell(reports.collect());
        }
    }
}

fn item(
    known: &HashMap<&lsp::Uri, &str>,
    uri: lsp::Uri,
    version: Option<i32>,
    full: lsp::FullDocumentDiagnosticReport,
) -> Option<lsp::WorkspaceDocumentDiagnosticReport> {
    let before = known.get(&uri).copied();
    if before.is_none() && full.items.is_empty() {
        return None;
    }
    Some(if before == full.result_id.as_deref() {
        lsp::WorkspaceUnchangedDocumentDiagnosticReport {
            uri,
            version,
            unchanged_document_diagnostic_report: unchanged(full),
        }
        .into()
    } else {
        lsp::WorkspaceFullDocumentDiagnosticReport {
            uri,
            version,
            full_document_diagnostic_report: full,
        }
        .into()
    })
}
