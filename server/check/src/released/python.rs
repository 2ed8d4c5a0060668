//! What Python says of a value that is of another type than the parser expects.

use specql_syntax::yaml::{Node, NodeKind, Resolved};

/// The name of the type that the loader gives a value.
pub(super) fn type_of(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Missing => "NoneType",
        NodeKind::Mapping(_) => "dict",
        NodeKind::Sequence(_) => "list",
        NodeKind::Scalar(it) => of_resolved(&it.resolved, &it.text),
    }
}

/// The same for a scalar, as a key is one.
pub(super) fn of_resolved(resolved: &Resolved, text: &str) -> &'static str {
    match resolved {
        Resolved::Null => "NoneType",
        Resolved::Bool(_) => "bool",
        Resolved::Int(_) => "int",
        Resolved::Float(_) => "float",
        Resolved::Timestamp if text.contains(':') => "datetime.datetime",
        Resolved::Timestamp => "datetime.date",
        Resolved::Str => "str",
    }
}

/// Whether the loader makes a text of it.
pub(super) fn is_text(node: &Node) -> bool {
    type_of(node) == "str"
}

pub(super) fn is_empty_text(node: &Node) -> bool {
    is_text(node) && node.as_scalar().is_some_and(|it| it.text.is_empty())
}

/// The text of a value that the loader makes one of.
pub(super) fn text(node: &Node) -> Option<&str> {
    node.as_scalar().filter(|it| it.resolved == Resolved::Str).map(|it| it.text.as_str())
}

/// `for … in value`; nothing where that is possible.
pub(super) fn not_iterable(node: &Node) -> Option<String> {
    match type_of(node) {
        "str" | "list" | "dict" => None,
        it => Some(format!("'{it}' object is not iterable")),
    }
}

/// `len(value)` of what has none, when it is asked of all but zero and the like.
pub(super) fn no_length(node: &Node) -> Option<String> {
    let scalar = node.as_scalar()?;
    let is_number = |it: &str| it.parse::<f64>().is_ok_and(|it| it == 0.0);
    let is_falsy = match &scalar.resolved {
        Resolved::Bool(it) => !it,
        Resolved::Int(it) | Resolved::Float(it) => is_number(it),
        Resolved::Timestamp => false,
        Resolved::Null | Resolved::Str => true,
    };
    (!is_falsy).then(|| format!("object of type '{}' has no len()", type_of(node)))
}

/// `value["key"]` of what is no mapping.
pub(super) fn not_subscriptable(node: &Node) -> String {
    match type_of(node) {
        "str" => "string indices must be integers, not 'str'".to_owned(),
        "list" => "list indices must be integers or slices, not str".to_owned(),
        it => format!("'{it}' object is not subscriptable"),
    }
}

/// `value.name`.
pub(super) fn no_attribute(node: &Node, name: &str) -> String {
    format!("'{}' object has no attribute '{name}'", type_of(node))
}

/// A regular expression over what is no text.
pub(super) fn no_text(node: &Node) -> String {
    format!("expected string or bytes-like object, got '{}'", type_of(node))
}
