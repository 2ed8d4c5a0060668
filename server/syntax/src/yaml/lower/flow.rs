//! Mappings and lists in brackets. The grammar takes them loosely, so what stands between two commas is
//! judged here.

use std::sync::Arc;

use specql_text::TextRange;
use tree_sitter::Node as TreeNode;

use super::{
    super::{
        Node, NodeKind, ProblemKind, Sequence,
        kinds::{Role, role},
    },
    Lowering, Properties, is_value,
    keys::Key,
    merge::MappingBuilder,
};

impl<'t> Lowering<'t> {
    pub(super) fn flow_sequence(&mut self, node: TreeNode<'t>) -> Node {
        let mut items = Vec::new();
        let mut flow = Flow::default();
        for child in node.children(&mut node.walk()) {
            match role(child) {
                Role::FlowPair => {
                    self.flow_item(child, &mut flow);
                    let mut entries = MappingBuilder::default();
                    self.nested_pair(child, &mut flow, &mut entries);
                    let range = entries.range().unwrap_or_else(|| child.byte_range().into());
                    let kind = NodeKind::Mapping(Arc::new(entries.finish(true, self)));
                    items.push(Node { range, kind });
                }
                it if is_value(it) => {
                    self.flow_item(child, &mut flow);
                    items.push(self.anchored_value(child, &flow.take_properties()));
                }
                it => {
                    if let Some(null) = self.flow_mark(child, it, node, &mut flow) {
                        items.push(null);
                    }
                }
            }
        }
        let kind = NodeKind::Sequence(Arc::new(Sequence { items, flow: true }));
        Node { range: node.byte_range().into(), kind }
    }

    pub(super) fn flow_mapping(&mut self, node: TreeNode<'t>) -> Node {
        let mut entries = MappingBuilder::default();
        let mut flow = Flow::default();
        for child in node.children(&mut node.walk()) {
            match role(child) {
                Role::FlowPair => {
                    self.flow_item(child, &mut flow);
                    self.nested_pair(child, &mut flow, &mut entries);
                }
                it if is_value(it) => {
                    self.flow_item(child, &mut flow);
                    self.lone_key(child, &mut flow, &mut entries);
                }
                it => {
                    let properties = flow.properties.last;
                    if let (Some(_), Some(range)) =
                        (self.flow_mark(child, it, node, &mut flow), properties)
                    {
                        // A key of which only its anchor or tag is written.
                        self.report(range, ProblemKind::ComplexKey);
                    }
                }
            }
        }
        let kind = NodeKind::Mapping(Arc::new(entries.finish(true, self)));
        Node { range: node.byte_range().into(), kind }
    }

    fn nested_pair(
        &mut self,
        node: TreeNode<'t>,
        flow: &mut Flow<'t>,
        entries: &mut MappingBuilder,
    ) {
        let properties = flow.take_properties();
        if let Some(key) = node.child_by_field_name("key") {
            self.check_key_properties(&properties, key);
        }
        self.pair(node, entries);
        if let (Some(anchor), Some(entry)) = (properties.anchor, entries.last()) {
            let (name, resolved) = (entry.key.clone(), entry.key_resolved.clone());
            let key = Key { name, resolved, plain: true, is_collection: false };
            self.name_key(&Properties { anchor: Some(anchor), ..properties }, &key);
        }
    }

    /// A value in braces without a colon: a key whose value is null.
    fn lone_key(&mut self, node: TreeNode<'t>, flow: &mut Flow<'t>, entries: &mut MappingBuilder) {
        self.reads_key = true;
        let value = self.anchored_value(node, &flow.take_properties());
        self.reads_key = false;
        if flow.colon {
            return;
        }
        let Some(scalar) = value.as_scalar() else {
            self.complex_key(self.first_line(node), flow);
            return;
        };
        let null = Node { range: TextRange::empty(value.range.end()), kind: NodeKind::Missing };
        let key = Key::of_scalar(scalar, value.range);
        let plain = key.plain;
        entries.add(key.entry(null, value.range, false), plain);
    }

    /// Reports a key that is no name, once.
    fn complex_key(&mut self, at: TextRange, flow: &mut Flow<'t>) {
        if !std::mem::replace(&mut flow.has_complex_key, true) {
            self.report(at, ProblemKind::ComplexKey);
        }
    }

    /// An item begins: reported where a comma is missing before it.
    fn flow_item(&mut self, node: TreeNode<'t>, flow: &mut Flow<'t>) {
        if flow.has_item && !flow.colon {
            self.report(self.first_line(node), ProblemKind::Invalid);
        }
        flow.has_item = true;
    }

    /// Whatever is no item of a flow collection; a null that has properties is given back.
    fn flow_mark(
        &mut self,
        node: TreeNode<'t>,
        kind: Role,
        collection: TreeNode<'t>,
        flow: &mut Flow<'t>,
    ) -> Option<Node> {
        let range = TextRange::from(node.byte_range());
        match kind {
            Role::Anchor | Role::Tag => {
                if flow.has_item && !flow.colon {
                    self.report(range, ProblemKind::Invalid);
                }
                self.property(node, &mut flow.properties);
            }
            Role::Question => self.complex_key(range, flow),
            Role::Colon => {
                self.complex_key(range, flow);
                flow.colon = true;
            }
            Role::Comma | Role::Bracket | Role::Unclosed => {
                if kind == Role::Unclosed {
                    let start = collection.start_byte();
                    self.report(start..start + 1, ProblemKind::UnclosedFlow);
                }
                let properties = flow.take_properties();
                let null = properties.last.map(|it| {
                    let range = TextRange::empty(it.end());
                    Node { range, kind: NodeKind::Missing }
                });
                if let Some(null) = &null {
                    self.name_missing(&properties, null);
                } else if kind == Role::Comma && !flow.has_item && !flow.colon {
                    self.report(range, ProblemKind::Invalid);
                }
                *flow = Flow::default();
                return null;
            }
            _ => self.extra(node),
        }
        None
    }
}

/// Where the reading of a flow collection stands, since its bracket or the last comma.
#[derive(Default)]
struct Flow<'t> {
    properties: Properties<'t>,
    has_item: bool,
    /// A colon that belongs to no plain or quoted key.
    colon: bool,
    has_complex_key: bool,
}

impl<'t> Flow<'t> {
    fn take_properties(&mut self) -> Properties<'t> {
        std::mem::take(&mut self.properties)
    }
}
