//! Who writes what and publishes what, as a graph: Mermaid for pages, DOT for everything else.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
};

use specql_contract::{Contract, Outcome};
use specql_model::{Certainty, EntityId, FileId};
use specql_text::TextRange;

use crate::catalog::Catalog;

/// What a node of the flow is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowKind {
    /// An action: `blog.Post.create_post`.
    Action,
    /// An entity: `blog.Post`.
    Entity,
    /// An event: `PostCreated v1`.
    Event,
    /// A topic.
    Topic,
}

/// A node of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowNode {
    /// What it is.
    pub kind: FlowKind,
    /// Its whole name.
    pub label: String,
    /// Where it is declared; of an event and a topic, where the first action asks for it.
    pub place: Option<(FileId, TextRange)>,
}

/// An edge of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowEdge {
    /// Index of the node that acts.
    pub from: usize,
    /// Index of the node that something happens to.
    pub to: usize,
    /// What happens: `update`, `calls`, `Post created`; empty from an event to its topic.
    pub label: String,
    /// In every run, or in some.
    pub certain: bool,
}

/// Who writes what and publishes what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFlow {
    /// The nodes, in the order in which edges name them first.
    pub nodes: Vec<FlowNode>,
    /// The edges, in the order of files and actions.
    pub edges: Vec<FlowEdge>,
}

/// The graph as it grows: nodes by what they are, so that equal files give equal text.
#[derive(Debug, Default)]
struct Graph {
    flow: EventFlow,
    numbers: HashMap<(FlowKind, String), usize>,
    /// The edges that are there: from, to, label.
    drawn: BTreeSet<(usize, usize, String)>,
}

impl Graph {
    fn node(&mut self, kind: FlowKind, label: String, place: Option<(FileId, TextRange)>) -> usize {
        let nodes = &mut self.flow.nodes;
        *self.numbers.entry((kind, label)).or_insert_with_key(|(kind, label)| {
            nodes.push(FlowNode { kind: *kind, label: label.clone(), place });
            nodes.len() - 1
        })
    }

    fn edge(&mut self, from: usize, to: usize, label: String, certain: bool) {
        if self.drawn.insert((from, to, label.clone())) {
            self.flow.edges.push(FlowEdge { from, to, label, certain });
        }
    }
}

/// The flow of a workspace; `None` where no action does anything.
pub(crate) fn flow(catalog: Catalog<'_>) -> Option<EventFlow> {
    let mut graph = Graph::default();
    for contract in catalog.contracts() {
        of_action(catalog, contract, &mut graph);
    }
    (!graph.flow.edges.is_empty()).then_some(graph.flow)
}

fn of_action(catalog: Catalog<'_>, contract: &Contract, graph: &mut Graph) {
    let owner = contract.action.entity;
    let name = format!("{}.{}", qualified(catalog, owner), contract.name);
    let declared = catalog.action(contract.action);
    let action = graph.node(FlowKind::Action, name, declared.map(|it| (owner.0, it.1.name.range)));
    for it in &contract.changes {
        let place = catalog.entity(it.entity).map(|it| (it.id.0, it.name.range));
        let entity = graph.node(FlowKind::Entity, qualified(catalog, it.entity), place);
        let label = it.operation.as_str().to_lowercase();
        graph.edge(action, entity, label, it.certainty == Certainty::Always);
    }
    for it in &contract.calls {
        let Some((entity, called)) = catalog.action(it.action) else { continue };
        let name = format!("{}.{}.{}", entity.schema_name(), entity.name.text, called.name.text);
        let place = (it.action.entity.0, called.name.range);
        let called = graph.node(FlowKind::Action, name, Some(place));
        graph.edge(action, called, "calls".into(), it.certainty == Certainty::Always);
    }
    for it in contract.own_events() {
        let name = format!("{} v{}", it.event_type, it.version);
        let place = Some((owner.0, it.range));
        let event = graph.node(FlowKind::Event, name, place);
        let outcomes: Vec<String> =
            it.outcomes.iter().map(|it: &Outcome| it.as_str().to_lowercase()).collect();
        let label = format!("{} {}", it.aggregate, outcomes.join(" or "));
        graph.edge(action, event, label, it.certainty == Certainty::Always);
        let topic = graph.node(FlowKind::Topic, it.topic.to_string(), place);
        graph.edge(event, topic, String::new(), true);
    }
}

fn qualified(catalog: Catalog<'_>, id: EntityId) -> String {
    let entity = catalog.entity(id);
    entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).unwrap_or_default()
}

impl EventFlow {
    /// A page with the graph as Mermaid: the artifact `event-flow`.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut res = String::from(
            "# Who writes and publishes what\n\nDotted: in some runs only.\n\n```mermaid\nflowchart LR\n",
        );
        for (number, FlowNode { kind, label: text, .. }) in self.nodes.iter().enumerate() {
            let (open, close) = match kind {
                FlowKind::Action => ("[", "]"),
                FlowKind::Entity => ("[(", ")]"),
                FlowKind::Event => ("([", "])"),
                FlowKind::Topic => (">", "]"),
            };
            // A string takes what is written to it.
            let _ = writeln!(res, "  n{number}{open}\"{}\"{close}", entities(text));
        }
        for FlowEdge { from, to, label, certain } in &self.edges {
            let arrow = if *certain { "-->" } else { "-.->" };
            let label =
                if label.is_empty() { String::new() } else { format!("|\"{}\"|", entities(label)) };
            let _ = writeln!(res, "  n{from} {arrow}{label} n{to}");
        }
        res.push_str("```\n");
        res
    }

    /// The graph in the language of Graphviz: the artifact `event-flow-dot`.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut res = String::from("digraph events {\n  rankdir=LR;\n");
        for (number, FlowNode { kind, label: text, .. }) in self.nodes.iter().enumerate() {
            let shape = match kind {
                FlowKind::Action => "box",
                FlowKind::Entity => "cylinder",
                FlowKind::Event => "oval",
                FlowKind::Topic => "cds",
            };
            let _ = writeln!(res, "  n{number} [shape={shape}, label=\"{}\"];", quoted(text));
        }
        for FlowEdge { from, to, label, certain } in &self.edges {
            let style = if *certain { "solid" } else { "dotted" };
            let _ =
                writeln!(res, "  n{from} -> n{to} [style={style}, label=\"{}\"];", quoted(label));
        }
        res.push_str("}\n");
        res
    }
}

/// A text between quotes of Mermaid, which reads entities of HTML.
fn entities(text: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || " ._-".contains(it);
    text.chars()
        .map(|it| if is_plain(it) { it.to_string() } else { format!("#{};", u32::from(it)) })
        .collect()
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}
