//! `workspace/symbol`.

use super::document_symbol::kind;
use crate::convert::snapshot::Snapshot;
use crate::protocol::lsp;
use specql_ide::{WORKSPACE_SYMBOL_LIMIT, WorkspaceSymbol};

/// The likeliest of all projects. Each has its own in order, and one project is the usual case.
pub(crate) fn workspace_symbol(snapshots: &[Snapshot], query: &str) -> Vec<lsp::SymbolInformation> {
    let mut res = Vec::new();
    for snapshot in snapshots {
        let found = snapshot.analysis.workspace_symbols(query);
        res.extend(found.into_iter().filter_map(|it| symbol(snapshot, it)));
    }
    res.truncate(WORKSPACE_SYMBOL_LIMIT);
    res
}

/// In the older form, which every client reads.
#[expect(deprecated, reason = "the struct has the field still")]
fn symbol(snapshot: &Snapshot, it: WorkspaceSymbol) -> Option<lsp::SymbolInformation> {
    let view = snapshot.view(it.file)?;
    Some(lsp::SymbolInformation {
        deprecated: None,
        location: view.location(it.name_range),
        base_symbol_information: lsp::BaseSymbolInformation {
            name: it.name,
            kind: kind(it.kind),
            tags: None,
            container_name: Some(it.container),
        },
    })
}
