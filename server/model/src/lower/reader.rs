//! What the values of a file do not keep.

use ecow::EcoString;
use specql_syntax::{
    Name, Parse,
    ast::{AstNode, EntityFile},
    yaml::{Node, NodeKind, Yaml},
};
use specql_text::TextRange;

use crate::damage::Damage;

/// A file's text beside its values, for what the values do not keep: comments, and collections where
/// text is expected.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    text: &'a str,
    yaml: &'a Yaml,
    damage: &'a Damage,
}

impl<'a> Reader<'a> {
    pub(super) fn new(parse: &'a Parse, damage: &'a Damage) -> Self {
        Self { text: parse.text(), yaml: parse.yaml(), damage }
    }

    /// Whether something on the lines of a range cannot be read.
    pub(super) fn is_damaged(self, range: TextRange) -> bool {
        self.damage.touches(self.text, range)
    }

    /// Whether something in the file cannot be read.
    pub(super) fn has_damage(self) -> bool {
        self.damage.is_some()
    }

    /// The lines of the file.
    pub(super) fn lines(self) -> impl Iterator<Item = &'a str> {
        self.text.lines()
    }

    /// The end of the file.
    pub(super) fn end(self) -> u32 {
        TextRange::from(0..self.text.len()).end()
    }

    /// The name of the file's entity, in its short or long form.
    pub(super) fn entity_name(self) -> Option<Name> {
        EntityFile::cast(&self.yaml.root).name()
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
    pub(super) fn comment_behind(self, range: TextRange) -> Option<EcoString> {
        let comments = &self.yaml.comments;
        let next = comments.get(comments.partition_point(|it| it.start() < range.end()))?;
        let between = TextRange::new(range.end(), next.start()).slice(self.text);
        let comment = next.slice(self.text).trim_start_matches('#').trim();
        let beside = between.chars().all(|it| it == ' ' || it == '\t');
        (beside && !comment.is_empty()).then(|| comment.into())
    }
}
