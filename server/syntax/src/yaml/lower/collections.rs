//! Mappings and lists in blocks.

use std::sync::Arc;

use specql_text::TextRange;
use tree_sitter::Node as TreeNode;

use super::{
    super::{
        Name, Node, NodeKind, ProblemKind, Resolved, Sequence,
        kinds::{Role, role},
    },
    Lowering, Properties, is_value,
    keys::Key,
    merge::MappingBuilder,
    offset,
};

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
    pub(super) fn pair(&mut self, node: TreeNode<'t>, entries: &mut MappingBuilder) {
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
}
