//! Keys of mappings, with what the loader makes of them.

use std::sync::Arc;

use ecow::EcoString;
use smallvec::smallvec;
use specql_text::TextRange;
use tree_sitter::Node as TreeNode;

use super::{
    super::{
        Entry, Name, Node, NodeKind, ProblemKind, Resolved, Scalar, ScalarStyle, Segment,
        kinds::{Role, role},
    },
    Anchored, Lowering, Properties,
};

/// A key as it was read.
pub(super) struct Key {
    pub(super) name: Name,
    pub(super) resolved: Resolved,
    /// Unquoted, so that `<<` merges.
    pub(super) plain: bool,
    /// A collection, which is reported and names no entry.
    pub(super) is_collection: bool,
}

impl Key {
    pub(super) fn of_scalar(scalar: &Scalar, range: TextRange) -> Self {
        Self {
            name: Name::new(scalar.text.clone(), range),
            resolved: scalar.resolved.clone(),
            plain: scalar.style == ScalarStyle::Plain,
            is_collection: false,
        }
    }

    pub(super) fn entry(self, value: Node, range: TextRange, missing_colon: bool) -> Entry {
        let Self { name: key, resolved: key_resolved, .. } = self;
        Entry { key, key_resolved, value, range, missing_colon, merged: false }
    }
}

impl<'t> Lowering<'t> {
    pub(super) fn key(&mut self, node: TreeNode<'t>) -> Key {
        let range = TextRange::from(node.byte_range());
        match role(node) {
            Role::Alias => return self.alias_as_key(node, range),
            Role::ComplexKey => {
                self.opaque.push(range);
                let name = Name::new(self.slice(node), range);
                return Key { name, resolved: Resolved::Str, plain: false, is_collection: true };
            }
            _ => {}
        }
        let (scalar, at) = self.scalar(node);
        self.reads_key = true;
        self.check_loadable(&scalar, at);
        self.reads_key = false;
        Key::of_scalar(&scalar, range)
    }

    fn alias_as_key(&mut self, node: TreeNode<'t>, range: TextRange) -> Key {
        let target = self.alias(node);
        let (text, resolved) = match &target.kind {
            NodeKind::Scalar(it) => (it.text.clone(), it.resolved.clone()),
            NodeKind::Missing => (EcoString::default(), Resolved::Null),
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => (EcoString::default(), Resolved::Str),
        };
        let is_collection = matches!(target.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_));
        Key { name: Name::new(text, range), resolved, plain: false, is_collection }
    }

    /// Reports properties that no key can have: an alias has none, and they stand in the key's line.
    pub(super) fn check_key_properties(&mut self, properties: &Properties<'t>, key: TreeNode<'t>) {
        let Some(last) = properties.last else { return };
        let gap = self.text.get(last.to_usize().end..key.start_byte()).unwrap_or_default();
        if role(key) == Role::Alias || !gap.chars().all(|it| matches!(it, ' ' | '\t')) {
            self.report(key.byte_range(), ProblemKind::Invalid);
        }
    }

    /// Keeps a key under the name of its anchor.
    pub(super) fn name_key(&mut self, properties: &Properties<'t>, key: &Key) {
        let Some(anchor) = properties.anchor else { return };
        let scalar = Scalar {
            text: key.name.text.clone(),
            style: ScalarStyle::Plain,
            unclosed: false,
            resolved: key.resolved.clone(),
            segments: smallvec![Segment {
                text_start: 0,
                file_start: key.name.range.start(),
                len: TextRange::from(0..key.name.text.len()).end(),
                file_len: key.name.range.len(),
            }],
        };
        let node = Node { range: key.name.range, kind: NodeKind::Scalar(Arc::new(scalar)) };
        self.anchors.insert(anchor, Anchored { node, values: 1, height: 0 });
    }
}
