//! The request `specql/eventFlow`: who writes what and publishes what, as data with places, and as text.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use serde::{Deserialize, Serialize};
use specql_ide::{EventFlow, FlowKind};

/// Of which workspace: that of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct EventFlowParams {
    pub(crate) uri: lsp::Uri,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct EventFlowResult {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// The artifact `event-flow`: a page with the graph as Mermaid.
    mermaid: String,
    /// The artifact `event-flow-dot`.
    dot: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Node {
    kind: &'static str,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<lsp::Location>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Edge {
    from: usize,
    to: usize,
    label: String,
    certain: bool,
}

/// Nothing where no action does anything.
pub(crate) fn event_flow(view: &View<'_>) -> Option<EventFlowResult> {
    let flow = view.analysis().event_flow()?;
    let (mermaid, dot) = (flow.mermaid(), flow.dot());
    let EventFlow { nodes, edges } = flow;
    let node = |it: specql_ide::FlowNode| Node {
        kind: word(it.kind),
        label: it.label,
        location: it
            .place
            .and_then(|(file, range)| Some(view.snapshot.view(file)?.location(range))),
    };
    let edge = |it: specql_ide::FlowEdge| Edge {
        from: it.from,
        to: it.to,
        label: it.label,
        certain: it.certain,
    };
    Some(EventFlowResult {
        nodes: nodes.into_iter().map(node).collect(),
        edges: edges.into_iter().map(edge).collect(),
        mermaid,
        dot,
    })
}

fn word(it: FlowKind) -> &'static str {
    match it {
        FlowKind::Action => "action",
        FlowKind::Entity => "entity",
        FlowKind::Event => "event",
        FlowKind::Topic => "topic",
    }
}
