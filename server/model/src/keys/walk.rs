//! A walk over a file's values together with what the vocabulary says about them.

use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind, Resolved};

use super::{ACTION, KeySpec, MappingSpec, Shape, items_of, mapping_of};

/// What a walk meets, outermost first, in the order of the file.
#[derive(Debug, Clone, Copy)]
pub enum Visit<'a> {
    /// A mapping of the vocabulary, before its entries.
    Mapping {
        /// Its keys.
        spec: &'static MappingSpec,
        /// The mapping.
        mapping: &'a Mapping,
        /// The same as a node, with its range.
        node: &'a Node,
    },
    /// An entry of such a mapping.
    Entry {
        /// The mapping's keys.
        spec: &'static MappingSpec,
        /// The entry.
        entry: &'a Entry,
        /// The key; absent for one of the author's own or an unknown one.
        key: Option<&'static KeySpec>,
    },
    /// A value behind a known key, or an item of a list.
    Value {
        /// What may stand there.
        shapes: &'static [Shape],
        /// What does.
        node: &'a Node,
        /// Whether it has one of the shapes; a value that is not there has every shape.
        fits: bool,
    },
}

/// Calls `visit` for everything in a file that the vocabulary knows. Values of unknown keys, and of
/// keys that have no meaning here, are not entered.
pub fn walk<'a>(root: &'static MappingSpec, node: &'a Node, visit: &mut dyn FnMut(Visit<'a>)) {
    match &node.kind {
        NodeKind::Mapping(mapping) => walk_mapping(root, node, mapping, visit),
        NodeKind::Missing | NodeKind::Scalar(_) | NodeKind::Sequence(_) => {}
    }
}

fn walk_mapping<'a>(
    spec: &'static MappingSpec,
    node: &'a Node,
    mapping: &'a Mapping,
    visit: &mut dyn FnMut(Visit<'a>),
) {
    let spec = spec.for_node(node);
    visit(Visit::Mapping { spec, mapping, node });
    for entry in &mapping.entries {
        let key = spec.key(&entry.key.text);
        visit(Visit::Entry { spec, entry, key });
        if !is_of_pattern(spec, mapping, &entry.key.text) {
            walk_value(spec.shapes_behind(key), &entry.value, visit);
        }
    }
}

/// Whether a value is given to a library pattern, which has parameters of its own.
fn is_of_pattern(spec: &'static MappingSpec, mapping: &Mapping, key: &str) -> bool {
    std::ptr::eq(spec, &raw const ACTION)
        && mapping.get("pattern").is_some()
        && spec.key(key).is_some_and(|it| it.name == "params")
}

fn walk_value<'a>(shapes: &'static [Shape], node: &'a Node, visit: &mut dyn FnMut(Visit<'a>)) {
    if shapes.is_empty() {
        return;
    }
    visit(Visit::Value { shapes, node, fits: fits(shapes, node) });
    match &node.kind {
        NodeKind::Mapping(mapping) => {
            if let Some(spec) = mapping_of(shapes) {
                walk_mapping(spec, node, mapping, visit);
            }
        }
        NodeKind::Sequence(sequence) => {
            let items = items_of(shapes).unwrap_or_default();
            sequence.items.iter().for_each(|it| walk_value(items, it, visit));
        }
        NodeKind::Missing | NodeKind::Scalar(_) => {}
    }
}

/// Whether a value has one of several shapes. Words of fixed vocabularies, names and expressions count
/// as text here: whether they mean something is for their own rules.
#[must_use]
pub fn fits(shapes: &[Shape], node: &Node) -> bool {
    node.is_null() || shapes.iter().any(|it| has_shape(it, node))
}

fn has_shape(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::Any => true,
        Shape::OneOf(shapes) => fits(shapes, node),
        Shape::List(_) | Shape::Steps => node.as_sequence().is_some(),
        Shape::Mapping(_) => node.as_mapping().is_some(),
        Shape::Bool => node.as_bool().is_some(),
        Shape::Integer => {
            node.as_scalar().is_some_and(|it| matches!(it.resolved, Resolved::Int(_)))
        }
        Shape::Text
        | Shape::Word(_)
        | Shape::Entity
        | Shape::Field
        | Shape::FieldPath
        | Shape::FieldType
        | Shape::Expression
        | Shape::Statement => node.as_scalar().is_some(),
    }
}
