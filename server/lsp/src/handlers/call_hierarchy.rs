//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and `…/outgoingCalls`.

use super::document_symbol::kind;
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use serde::{Deserialize, Serialize};
use specql_ide::{CallItem, CallTarget};

/// What an item carries from one request to the next. An action is one of the item's file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Data {
    Action(String),
    Event(String),
}

pub(crate) fn prepare_call_hierarchy(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<Vec<lsp::CallHierarchyItem>> {
    let found = view.analysis().call_item(view.file, view.offset(position))?;
    Some(vec![item(view, found)?])
}

pub(crate) fn incoming_calls(
    view: &View<'_>,
    item: &lsp::CallHierarchyItem,
) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let edges = view.analysis().incoming_calls(&target(view, item)?);
    let call = |it: specql_ide::CallEdge| {
        let caller = view.snapshot.view(it.item.file)?;
        let from_ranges = it.ranges.iter().map(|it| caller.range(*it)).collect();
        Some(lsp::CallHierarchyIncomingCall { from: self::item(view, it.item)?, from_ranges })
    };
    Some(edges.into_iter().filter_map(call).collect())
}

pub(crate) fn outgoing_calls(
    view: &View<'_>,
    item: &lsp::CallHierarchyItem,
) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let edges = view.analysis().outgoing_calls(&target(view, item)?);
    let call = |it: specql_ide::CallEdge| {
        let from_ranges = it.ranges.iter().map(|it| view.range(*it)).collect();
        Some(lsp::CallHierarchyOutgoingCall { to: self::item(view, it.item)?, from_ranges })
    };
    Some(edges.into_iter().filter_map(call).collect())
}

/// What an item stands for; by its kind and name for clients that drop its data.
fn target(view: &View<'_>, item: &lsp::CallHierarchyItem) -> Option<CallTarget> {
    let data = match item.data.clone() {
        Some(it) => serde_json::from_value(it).ok()?,
        None if item.kind == lsp::SymbolKind::Event => Data::Event(item.name.clone()),
        None => Data::Action(item.name.clone()),
    };
    Some(match data {
        Data::Action(name) => CallTarget::Action(view.file, name),
        Data::Event(name) => CallTarget::Event(name),
    })
}

fn item(view: &View<'_>, it: CallItem) -> Option<lsp::CallHierarchyItem> {
    let file = view.snapshot.view(it.file)?;
    let data = match it.target {
        CallTarget::Action(_, name) => Data::Action(name),
        CallTarget::Event(name) => Data::Event(name),
    };
    Some(lsp::CallHierarchyItem {
        name: it.name,
        kind: kind(it.kind),
        tags: None,
        detail: Some(it.detail),
        uri: file.uri(),
        range: file.range(it.range),
        selection_range: file.range(it.name_range),
        data: serde_json::to_value(data).ok(),
    })
}
