//! Who writes what and publishes what, as a graph: Mermaid for pages, DOT for everything else.

use std::{collections::BTreeMap, fmt::Write as _};

use specql_contract::{Contract, Outcome};
use specql_model::{Certainty, EntityId};

use crate::catalog::Catalog;

/// A node with its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Action,
    Entity,
    Event,
    Topic,
}

/// The graph: nodes by what they are, so that equal files give equal text.
#[derive(Debug, Default)]
struct Graph {
    nodes: Vec<(Kind, String)>,
    numbers: BTreeMap<String, usize>,
    /// From, to, label, in every run.
    edges: Vec<(usize, usize, String, bool)>,
}

impl Graph {
    fn node(&mut self, kind: Kind, text: String) -> usize {
        let key = format!("{kind:?} {text}");
        if let Some(it) = self.numbers.get(&key) {
            return *it;
        }
        self.nodes.push((kind, text));
        self.numbers.insert(key, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, label: String, sure: bool) {
        let known = self.edges.iter().any(|it| (it.0, it.1, &it.2) == (from, to, &label));
        if !known {
            self.edges.push((from, to, label, sure));
        }
    }
}

fn graph(catalog: Catalog<'_>) -> Option<Graph> {
    let mut graph = Graph::default();
    for contract in Contract::all(catalog.workspace()) {
        let owner = qualified(catalog, contract.action.entity);
        let action = graph.node(Kind::Action, format!("{owner}.{}", contract.name));
        for it in &contract.changes {
            let entity = graph.node(Kind::Entity, qualified(catalog, it.entity));
            let label = it.operation.as_str().to_lowercase();
            graph.edge(action, entity, label, it.certainty == Certainty::Always);
        }
        for it in &contract.calls {
            let Some((entity, called)) = catalog.action(it.action) else { continue };
            let name =
                format!("{}.{}.{}", entity.schema_name(), entity.name.text, called.name.text);
            let called = graph.node(Kind::Action, name);
            graph.edge(action, called, "calls".into(), it.certainty == Certainty::Always);
        }
        for it in &contract.events {
            let event = graph.node(Kind::Event, format!("{} v{}", it.event_type, it.version));
            let outcomes: Vec<String> =
                it.outcomes.iter().map(|it: &Outcome| it.as_str().to_lowercase()).collect();
            let label = format!("{} {}", it.aggregate, outcomes.join(" or "));
            graph.edge(action, event, label, it.certainty == Certainty::Always);
            let topic = graph.node(Kind::Topic, it.topic.to_string());
            graph.edge(event, topic, String::new(), true);
        }
    }
    (!graph.edges.is_empty()).then_some(graph)
}

fn qualified(catalog: Catalog<'_>, id: EntityId) -> String {
    let entity = catalog.entity(id);
    entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).unwrap_or_default()
}

/// A page with the graph as Mermaid; `None` where no action does anything.
pub(crate) fn mermaid(catalog: Catalog<'_>) -> Option<String> {
    let graph = graph(catalog)?;
    let mut res = String::from(
        "# Who writes and publishes what\n\nDotted: in some runs only.\n\n```mermaid\nflowchart LR\n",
    );
    for (number, (kind, text)) in graph.nodes.iter().enumerate() {
        let (open, close) = match kind {
            Kind::Action => ("[", "]"),
            Kind::Entity => ("[(", ")]"),
            Kind::Event => ("([", "])"),
            Kind::Topic => (">", "]"),
        };
        // A string takes what is written to it.
        let _ = writeln!(res, "  n{number}{open}\"{}\"{close}", entities(text));
    }
    for (from, to, label, sure) in &graph.edges {
        let arrow = if *sure { "-->" } else { "-.->" };
        let label =
            if label.is_empty() { String::new() } else { format!("|\"{}\"|", entities(label)) };
        let _ = writeln!(res, "  n{from} {arrow}{label} n{to}");
    }
    res.push_str("```\n");
    Some(res)
}

/// The graph in the language of Graphviz.
pub(crate) fn dot(catalog: Catalog<'_>) -> Option<String> {
    let graph = graph(catalog)?;
    let mut res = String::from("digraph events {\n  rankdir=LR;\n");
    for (number, (kind, text)) in graph.nodes.iter().enumerate() {
        let shape = match kind {
            Kind::Action => "box",
            Kind::Entity => "cylinder",
            Kind::Event => "oval",
            Kind::Topic => "cds",
        };
        let _ = writeln!(res, "  n{number} [shape={shape}, label=\"{}\"];", quoted(text));
    }
    for (from, to, label, sure) in &graph.edges {
        let style = if *sure { "solid" } else { "dotted" };
        let _ = writeln!(res, "  n{from} -> n{to} [style={style}, label=\"{}\"];", quoted(label));
    }
    res.push_str("}\n");
    Some(res)
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
