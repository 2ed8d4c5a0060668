//! Actions.

use specql_syntax::{
    Name,
    yaml::{Entry, Node, NodeKind},
};

use super::{
    cascade, cdc, impact, legacy_impact, parameter,
    reader::{Reader, entry, get, name},
    step,
};
use crate::{Action, Impact};

/// The actions of a list; of a mapping its entries, named by their keys.
pub(super) fn actions(reader: &Reader<'_>, node: &Node) -> Vec<Action> {
    match &node.kind {
        NodeKind::Missing | NodeKind::Scalar(_) => Vec::new(),
        NodeKind::Sequence(it) => it.items.iter().map(|it| item(reader, it)).collect(),
        NodeKind::Mapping(it) => it.entries.iter().map(|it| keyed(reader, it)).collect(),
    }
}

/// An item of the list: a mapping, or a name alone.
fn item(reader: &Reader<'_>, node: &Node) -> Action {
    let written = if node.as_scalar().is_some() { node.name() } else { name(node, &["name"]) };
    let name = written.unwrap_or_else(|| Name::new("", node.range));
    Action { range: node.range, ..action(reader, name, node) }
}

fn keyed(reader: &Reader<'_>, entry: &Entry) -> Action {
    Action { range: entry.range, ..action(reader, entry.key.clone(), &entry.value) }
}

fn action(reader: &Reader<'_>, written: Name, node: &Node) -> Action {
    let steps = entry(node, &["steps"]);
    Action {
        name: written,
        range: node.range,
        description: name(node, &["description"]),
        requires: get(node, &["requires"]).and_then(|it| reader.text_of(it)),
        parameters: get(node, &["params", "parameters", "inputs"])
            .map(|it| parameter::parameters(reader, it))
            .unwrap_or_default(),
        returns: get(node, &["returns"]).and_then(|it| reader.text_of(it)),
        steps: steps.map(|it| step::steps(&it.value)).unwrap_or_default(),
        steps_key: steps.map(|it| it.key.range),
        impact: impact(reader, node),
        cascade: entry(node, &["cascade"]).map(cascade::cascade),
        cdc: entry(node, &["cdc"]).map(cdc::cdc),
        pattern: name(node, &["pattern"]),
    }
}

/// `impact`, else `impacts`; one that is written in an older shape is read by that shape under either
/// key.
fn impact(reader: &Reader<'_>, node: &Node) -> Option<Impact> {
    let entry = entry(node, &["impact", "impacts"])?;
    let read = legacy_impact::impact(reader, entry);
    Some(read.unwrap_or_else(|| impact::impact(reader, entry)))
}
