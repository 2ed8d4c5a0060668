//! Parameters of an action: a mapping of names, or a list.

use specql_syntax::{
    Name,
    ast::{self, entries, name},
    yaml::{Entry, Node, NodeKind, Resolved},
};
use thin_vec::ThinVec;

use super::{field, reader::Reader};
use crate::{Bounds, Parameter, Type};

pub(super) fn parameters(reader: &Reader<'_>, node: &Node) -> Vec<Parameter> {
    match &node.kind {
        NodeKind::Missing | NodeKind::Scalar(_) => node.name().map(bare).into_iter().collect(),
        NodeKind::Mapping(it) => it.entries.iter().map(|it| named(reader, it)).collect(),
        NodeKind::Sequence(it) => it.items.iter().flat_map(|it| item(reader, it)).collect(),
    }
}

/// An item of a list: a name, a mapping with `name`, or names with their types.
fn item(reader: &Reader<'_>, node: &Node) -> Vec<Parameter> {
    match (&node.kind, name(node, &["name"])) {
        (NodeKind::Mapping(_), Some(name)) => {
            let entry = Entry {
                key: name,
                key_resolved: Resolved::Str,
                value: node.clone(),
                range: node.range,
                missing_colon: false,
                merged: false,
            };
            vec![named(reader, &entry)]
        }
        _ if node.as_mapping().is_some() => {
            entries(node).iter().map(|it| named(reader, it)).collect()
        }
        _ => node.name().map(bare).into_iter().collect(),
    }
}

fn named(reader: &Reader<'_>, entry: &Entry) -> Parameter {
    let it = field::field(reader, ast::Field(entry));
    Parameter {
        name: it.name,
        range: it.range,
        ty: it.ty,
        type_range: it.type_range,
        required: !it.nullable,
        default: it.default,
        limits: it.parameters,
        bounds: it.bounds,
        description: it.description,
        problems: it.problems,
    }
}

/// A name alone: `- reason`.
fn bare(name: Name) -> Parameter {
    Parameter {
        range: name.range,
        ty: Type::Missing,
        type_range: name.range,
        required: false,
        default: None,
        limits: ThinVec::new(),
        bounds: Bounds::default(),
        description: None,
        problems: ThinVec::new(),
        name,
    }
}
