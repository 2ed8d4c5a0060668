//! Values by key, and the nodes that are made of them.

use crate::{
    Name,
    yaml::{Entry, Node, NodeKind, Resolved},
};

/// A value read as a block of an entity file.
pub trait AstNode<'a>: Copy {
    /// Reads any value as this node; its accessors find nothing where it is something else.
    fn cast(node: &'a Node) -> Self;

    /// The value that was read.
    fn node(self) -> &'a Node;
}

/// The entry with one of several keys, the first of the list that is there.
#[must_use]
pub fn entry<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Entry> {
    let mapping = node.as_mapping()?;
    keys.iter().find_map(|it| mapping.get(it))
}

/// The value of one of several keys, the first of the list that is there.
#[must_use]
pub fn value<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Node> {
    entry(node, keys).map(|it| &it.value)
}

/// The text behind a key.
#[must_use]
pub fn name(node: &Node, keys: &[&str]) -> Option<Name> {
    value(node, keys)?.name()
}

/// A whole number that is not negative.
#[must_use]
pub fn integer(node: &Node) -> Option<u32> {
    match &node.as_scalar()?.resolved {
        Resolved::Int(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The names in a list; a single name counts as a list of one. Absent when nothing is written.
#[must_use]
pub fn names(node: &Node) -> Option<Vec<Name>> {
    match &node.kind {
        NodeKind::Missing | NodeKind::Mapping(_) => None,
        NodeKind::Scalar(_) => Some(vec![node.name()?]),
        NodeKind::Sequence(it) => Some(it.items.iter().filter_map(Node::name).collect()),
    }
}

/// The items of a list; anything else that is written counts as its only item.
#[must_use]
pub fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Missing => &[],
        NodeKind::Sequence(it) => &it.items,
        NodeKind::Scalar(_) if node.is_null() => &[],
        NodeKind::Scalar(_) | NodeKind::Mapping(_) => std::slice::from_ref(node),
    }
}

/// The entries of a mapping; none of anything else.
#[must_use]
pub fn entries(node: &Node) -> &[Entry] {
    node.as_mapping().map_or(&[], |it| &it.entries)
}

/// Node types with an accessor for each key: `what name = "key" | "older spelling";`
///
/// | what | gives |
/// |---|---|
/// | `text` | the text of a scalar, as a [`Name`] |
/// | `flag` | a boolean, by YAML 1.1 |
/// | `number` | a whole number that is not negative |
/// | `names` | the names in a list, or a single one |
/// | `value` | the value, whatever its shape |
/// | `entry` | key and value |
/// | `child(T)` | the value as a node |
/// | `list(T)` | the items of the value as nodes; none when the key is not there |
macro_rules! ast_nodes {
    ($(
        $(#[$of_type:meta])*
        $Node:ident {
            $( $(#[$of_key:meta])* $what:ident $(($Child:ident))? $key:ident = $first:literal $(| $other:literal)*; )*
        }
    )*) => { $(
        $(#[$of_type])*
        #[derive(Debug, Clone, Copy)]
        pub struct $Node<'a>(&'a $crate::yaml::Node);

        impl<'a> $crate::ast::AstNode<'a> for $Node<'a> {
            fn cast(node: &'a $crate::yaml::Node) -> Self {
                Self(node)
            }

            fn node(self) -> &'a $crate::yaml::Node {
                self.0
            }
        }

        impl<'a> $Node<'a> {
            $(
                $(#[$of_key])*
                #[must_use]
                pub fn $key(self) -> $crate::ast::access::accessor_type!('a, $what $(($Child))?) {
                    let keys: &[&str] = &[$first $(, $other)*];
                    $crate::ast::access::accessor!(self.0, keys, $what $(($Child))?)
                }
            )*
        }
    )* };
}

macro_rules! accessor_type {
    ($a:lifetime, text) => { Option<$crate::Name> };
    ($a:lifetime, flag) => { Option<bool> };
    ($a:lifetime, number) => { Option<u32> };
    ($a:lifetime, names) => { Option<Vec<$crate::Name>> };
    ($a:lifetime, value) => { Option<&$a $crate::yaml::Node> };
    ($a:lifetime, entry) => { Option<&$a $crate::yaml::Entry> };
    ($a:lifetime, child($Child:ident)) => { Option<$Child<$a>> };
    ($a:lifetime, list($Child:ident)) => { Vec<$Child<$a>> };
}

macro_rules! accessor {
    ($node:expr, $keys:expr, text) => {
        $crate::ast::name($node, $keys)
    };
    ($node:expr, $keys:expr, flag) => {
        $crate::ast::value($node, $keys)?.as_bool()
    };
    ($node:expr, $keys:expr, number) => {
        $crate::ast::integer($crate::ast::value($node, $keys)?)
    };
    ($node:expr, $keys:expr, names) => {
        $crate::ast::names($crate::ast::value($node, $keys)?)
    };
    ($node:expr, $keys:expr, value) => {
        $crate::ast::value($node, $keys)
    };
    ($node:expr, $keys:expr, entry) => {
        $crate::ast::entry($node, $keys)
    };
    ($node:expr, $keys:expr, child($Child:ident)) => {
        $crate::ast::value($node, $keys).map(<$Child<'_> as $crate::ast::AstNode>::cast)
    };
    ($node:expr, $keys:expr, list($Child:ident)) => {
        $crate::ast::value($node, $keys)
            .map_or(&[][..], $crate::ast::items)
            .iter()
            .map(<$Child<'_> as $crate::ast::AstNode>::cast)
            .collect()
    };
}

pub(super) use {accessor, accessor_type, ast_nodes};
