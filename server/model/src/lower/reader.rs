//! Access to values by key, whatever their shape.

use smol_str::SmolStr;
use specql_syntax::{
    Name, Parse,
    yaml::{Entry, Node, NodeKind, Resolved, Yaml},
};
use specql_text::TextRange;

/// A file's text beside its values, for what the values do not keep: comments, and collections where
/// text is expected.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    text: &'a str,
    yaml: &'a Yaml,
}

impl<'a> Reader<'a> {
    pub(super) fn new(parse: &'a Parse) -> Self {
        Self { text: parse.text(), yaml: parse.yaml() }
    }

    /// The name of the file's entity, in its short or long form.
    pub(super) fn entity_name(self) -> Option<Name> {
        let declaration = self.yaml.root.get("entity")?;
        declaration.name().or_else(|| name(declaration, &["name"]))
    }

    /// A value as text: a scalar's own, of a collection what is written.
    pub(super) fn text_of(self, node: &Node) -> Option<Name> {
        match &node.kind {
            NodeKind::Missing => None,
            NodeKind::Scalar(_) => node.name(),
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
                Some(Name::new(node.range.slice(self.text), node.range))
            }
        }
    }

    /// The text of the comment that stands behind a value, on its last line.
    pub(super) fn comment_behind(self, range: TextRange) -> Option<SmolStr> {
        let comments = &self.yaml.comments;
        let next = comments.get(comments.partition_point(|it| it.start() < range.end()))?;
        let between = TextRange::new(range.end(), next.start()).slice(self.text);
        let comment = next.slice(self.text).trim_start_matches('#').trim();
        let beside = between.chars().all(|it| it == ' ' || it == '\t');
        (beside && !comment.is_empty()).then(|| comment.into())
    }
}

/// The entry with one of several keys, the first of the list that is there.
pub(super) fn entry<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Entry> {
    let mapping = node.as_mapping()?;
    keys.iter().find_map(|it| mapping.get(it))
}

/// The value of one of several keys, the first of the list that is there.
pub(super) fn get<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Node> {
    entry(node, keys).map(|it| &it.value)
}

/// The text behind a key.
pub(super) fn name(node: &Node, keys: &[&str]) -> Option<Name> {
    get(node, keys)?.name()
}

/// The boolean behind a key.
pub(super) fn bool(node: &Node, keys: &[&str]) -> Option<bool> {
    get(node, keys)?.as_bool()
}

/// A whole number that is not negative.
pub(super) fn integer(node: &Node) -> Option<u32> {
    match &node.as_scalar()?.resolved {
        Resolved::Int(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The names in a list; a single name counts as a list of one. Absent when nothing is written.
pub(super) fn names(node: &Node) -> Option<Vec<Name>> {
    match &node.kind {
        NodeKind::Missing | NodeKind::Mapping(_) => None,
        NodeKind::Scalar(_) => Some(vec![node.name()?]),
        NodeKind::Sequence(it) => Some(it.items.iter().filter_map(Node::name).collect()),
    }
}

/// The items of a list; anything else that is written counts as its only item.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Missing => &[],
        NodeKind::Sequence(it) => &it.items,
        NodeKind::Scalar(_) if node.is_null() => &[],
        NodeKind::Scalar(_) | NodeKind::Mapping(_) => std::slice::from_ref(node),
    }
}

/// The entries of a mapping; none of anything else.
pub(super) fn entries(node: &Node) -> &[Entry] {
    node.as_mapping().map_or(&[], |it| &it.entries)
}
