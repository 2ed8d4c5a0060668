//! The request `specql/outline`: the workspace as a tree.

use super::document_symbol::kind;
use crate::convert::snapshot::Snapshot;
use crate::protocol::lsp;
use serde::Serialize;
use specql_ide::OutlineNode;

/// A schema, an entity, an action or an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OutlineItem {
    name: String,
    /// The whole name, by which the artifact `event-flow-dot` calls it.
    label: String,
    kind: lsp::SymbolKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<lsp::Location>,
    children: Vec<OutlineItem>,
}

/// The trees of all projects, one below the other.
pub(crate) fn outline(snapshots: &[Snapshot]) -> Vec<OutlineItem> {
    let of = |it: &Snapshot| items(it, it.analysis.outline());
    snapshots.iter().flat_map(of).collect()
}

fn items(snapshot: &Snapshot, nodes: Vec<OutlineNode>) -> Vec<OutlineItem> {
    let item = |it: OutlineNode| OutlineItem {
        name: it.name,
        label: it.label,
        kind: it.kind.map_or(lsp::SymbolKind::Namespace, kind),
        location: it.place.and_then(|(file, range)| Some(snapshot.view(file)?.location(range))),
        children: items(snapshot, it.children),
    };
    nodes.into_iter().map(item).collect()
}
