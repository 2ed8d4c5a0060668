//! Mappings and lists, in blocks and in brackets.

use std::sync::Arc;

use smol_str::SmolStr;
use specql_text::TextRange;
use tree_sitter::Node as TreeNode;

use super::{
    super::{
        Entry, Name, Node, NodeKind, ProblemKind, Resolved, Scalar, ScalarStyle, Segment, Sequence,
        kinds::{Role, role},
    },
    Anchored, Lowering, Properties, is_value,
    merge::MappingBuilder,
    offset,
};

/// A key as it was read.
struct Key {
    name: Name,
    resolved: Resolved,
    /// Unquoted, so that `<<` merges.
    plain: bool,
    /// A collection, which is reported and names no entry.
    is_collection: bool,
}

impl Key {
    fn of_scalar(scalar: &Scalar, range: TextRange) -> Self {
        Self {
            name: Name::new(scalar.text.clone(), range),
            resolved: scalar.resolved.clone(),
            plain: scalar.style == ScalarStyle::Plain,
            is_collection: false,
        }
    }

    fn entry(self, value: Node, range: TextRange, missing_colon: bool) -> Entry {
        let Self { name: key, resolved: key_resolved, .. } = self;
        Entry { key, key_resolved, value, range, missing_colon, merged: false }
    }
}

impl<'t> Lowering<'t> {
    pub(super) fn block_mapping(&mut self, node: TreeNode<'t>) -> Node {
        let mut entries = MappingBuilder::default();
        for child in node.children(&mut node.walk()) {
            match role(child) {
                Role::Pair | Role::FlowPair => self.pair(child, &mut entries),
                Role::ExplicitPair => self.explicit_pair(child, &mut entries),
                _ => self.extra(child),
            }
        }
        let range = entries.range().unwrap_or_else(|| node.byte_range().into());
        Node { range, kind: NodeKind::Mapping(Arc::new(entries.finish(false, self))) }
    }

    /// `key: value`, in a block or in braces.
    fn pair(&mut self, node: TreeNode<'t>, entries: &mut MappingBuilder) {
        let mut cursor = node.walk();
        let mut children = node.children(&mut cursor);
        let mut properties = Properties::default();
        let (mut key, mut misindented) = (None, false);
        let mut colon = None;
        for child in children.by_ref() {
            match role(child) {
                Role::Misindented => misindented = true,
                Role::Anchor | Role::Tag => self.property(child, &mut properties),
                it @ (Role::Colon | Role::MissingColon) => {
                    colon = Some((it == Role::MissingColon, offset(child.end_byte())));
                    break;
                }
                it if is_value(it) || it == Role::ComplexKey => {
                    self.check_key_properties(&properties, child);
                    key = Some(self.key(child));
                }
                _ => self.extra(child),
            }
        }
        let key = key.unwrap_or_else(|| Key {
            name: Name::new("", TextRange::empty(offset(node.start_byte()))),
            resolved: Resolved::Null,
            plain: true,
            is_collection: false,
        });
        self.name_key(&properties, &key);
        // Properties may stand without a key.
        let lone = properties.last.filter(|_| key.name.range.is_empty());
        if misindented {
            self.misindented(lone.unwrap_or(key.name.range));
        }
        let (missing_colon, after) = match colon {
            Some((false, after)) => (false, after),
            _ => (true, key.name.range.end()),
        };
        match lone {
            Some(last) => self.report(last, ProblemKind::Invalid),
            None if missing_colon => self.report(key.name.range, ProblemKind::MissingColon),
            None => {}
        }
        let value = self.value(&mut children, after);
        if key.is_collection {
            self.report(key.name.range, ProblemKind::ComplexKey);
            return;
        }
        let end = value.range.end().max(after);
        let range = TextRange::new(key.name.range.start(), end);
        let plain = key.plain;
        entries.add(key.entry(value, range, missing_colon), plain);
    }

    fn key(&mut self, node: TreeNode<'t>) -> Key {
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
            NodeKind::Missing => (SmolStr::default(), Resolved::Null),
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => (SmolStr::default(), Resolved::Str),
        };
        let is_collection = matches!(target.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_));
        Key { name: Name::new(text, range), resolved, plain: false, is_collection }
    }

    /// Reports properties that no key can have: an alias has none, and they stand in the key's line.
    fn check_key_properties(&mut self, properties: &Properties<'t>, key: TreeNode<'t>) {
        let Some(last) = properties.last else { return };
        let gap = self.text.get(last.to_usize().end..key.start_byte()).unwrap_or_default();
        if role(key) == Role::Alias || !gap.chars().all(|it| matches!(it, ' ' | '\t')) {
            self.report(key.byte_range(), ProblemKind::Invalid);
        }
    }

    /// Keeps a key under the name of its anchor.
    fn name_key(&mut self, properties: &Properties<'t>, key: &Key) {
        let Some(anchor) = properties.anchor else { return };
        let scalar = Scalar {
            text: key.name.text.clone(),
            style: ScalarStyle::Plain,
            unclosed: false,
            resolved: key.resolved.clone(),
            segments: vec![Segment {
                text_start: 0,
                file_start: key.name.range.start(),
                len: TextRange::from(0..key.name.text.len()).end(),
                file_len: key.name.range.len(),
            }],
        };
        let node = Node { range: key.name.range, kind: NodeKind::Scalar(Arc::new(scalar)) };
        self.anchors.insert(anchor, Anchored { node, values: 1, height: 0 });
    }

    /// `? key` with `: value`: understood when the key is a scalar, and reported in any case.
    fn explicit_pair(&mut self, node: TreeNode<'t>, entries: &mut MappingBuilder) {
        let mut cursor = node.walk();
        let mut children = node.children(&mut cursor).peekable();
        let mut misindented = false;
        while let Some(child) =
            children.next_if(|it| !matches!(role(*it), Role::Question | Role::Colon))
        {
            misindented |= role(child) == Role::Misindented;
            self.extra(child);
        }
        let Some(mark) = children.next() else { return };
        let range = TextRange::from(mark.byte_range());
        if misindented {
            self.misindented(range);
        }
        if role(mark) == Role::Colon {
            self.report(range, ProblemKind::Invalid);
            self.value(&mut children, range.end());
            return;
        }
        self.report(range, ProblemKind::ComplexKey);
        let key = self.value(&mut children, range.end());
        let value = self.value(&mut children, key.range.end());
        let Some(scalar) = key.as_scalar() else { return };
        let range = TextRange::new(key.range.start(), value.range.end().max(key.range.end()));
        let key = Key::of_scalar(scalar, key.range);
        let plain = key.plain;
        entries.add(key.entry(value, range, false), plain);
    }

    pub(super) fn block_sequence(&mut self, node: TreeNode<'t>) -> Node {
        let items = self.items(node);
        let first = items.first().map(|it| it.0);
        let end = items.iter().map(|(start, it)| it.range.end().max(*start)).max();
        let range = match (first, end) {
            (Some(start), Some(end)) => TextRange::new(start, end),
            _ => node.byte_range().into(),
        };
        let items = items.into_iter().map(|it| it.1).collect();
        Node { range, kind: NodeKind::Sequence(Arc::new(Sequence { items, flow: false })) }
    }

    /// The items of a list, each with the offset of its dash.
    fn items(&mut self, node: TreeNode<'t>) -> Vec<(u32, Node)> {
        let mut items = Vec::new();
        for child in node.children(&mut node.walk()) {
            match role(child) {
                Role::Item => items.push(self.item(child)),
                _ => self.extra(child),
            }
        }
        items
    }

    fn item(&mut self, node: TreeNode<'t>) -> (u32, Node) {
        let mut cursor = node.walk();
        let mut children = node.children(&mut cursor);
        let mut misindented = false;
        let mut dash = None;
        for child in children.by_ref() {
            match role(child) {
                Role::Misindented => misindented = true,
                it @ (Role::Dash | Role::MissingDash) => {
                    dash = Some((it, TextRange::from(child.byte_range())));
                    break;
                }
                _ => self.extra(child),
            }
        }
        let (kind, range) =
            dash.unwrap_or((Role::MissingDash, TextRange::empty(offset(node.start_byte()))));
        if misindented {
            self.misindented(range);
        }
        let value = self.value(&mut children, range.end());
        if kind == Role::MissingDash {
            let first = value.as_mapping().and_then(|it| it.entries.first());
            let at = first.map_or(value.range, |it| it.key.range);
            let at = if at.is_empty() { self.first_line(node) } else { at };
            self.report(at, ProblemKind::MissingDash);
            return (value.range.start(), value);
        }
        (range.start(), value)
    }

    /// Items between the entries of a mapping: their anchors count, their values have no place.
    pub(super) fn misplaced_sequence(&mut self, node: TreeNode<'t>) {
        let items = self.nested_items(node);
        let start = items.first().map_or_else(|| offset(node.start_byte()), |it| it.0);
        self.report(TextRange::new(start, start + 1), ProblemKind::MisplacedSequence);
    }

    fn nested_items(&mut self, node: TreeNode<'t>) -> Vec<(u32, Node)> {
        self.depth += 1;
        let items = self.items(node);
        self.depth -= 1;
        items
    }

    /// Reports an entry or item that stands at no column of its siblings. A tab in front of it is
    /// reported as such.
    fn misindented(&mut self, at: TextRange) {
        let before = self.text.get(..at.start() as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        if !before.get(before.len() - blanks..).unwrap_or_default().contains('\t') {
            self.report(at, ProblemKind::Misindented);
        }
    }

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
