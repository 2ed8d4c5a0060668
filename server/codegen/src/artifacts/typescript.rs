//! Shapes as types of TypeScript.

use std::fmt::Write as _;

use specql_contract::{Object, Shape};
use specql_model::config::BigNumbers;

use crate::catalog::Catalog;

/// A text as a literal, which is the same in JSON, TypeScript and Python.
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text inside of a comment, which it cannot end.
pub(super) fn in_comment(text: &str) -> String {
    text.replace(char::is_control, " ").replace("*/", "* /")
}

/// The type of an object, so many levels in.
pub(super) fn object(catalog: Catalog<'_>, it: &Object, depth: usize) -> String {
    if it.members.is_empty() {
        return "{ readonly [name: string]: unknown }".to_owned();
    }
    let indent = "  ".repeat(depth + 1);
    let mut res = String::from("{\n");
    for member in &it.members {
        let optional = if member.required { "" } else { "?" };
        let ty = shape(catalog, &member.shape, depth + 1);
        // A string takes what is written to it.
        let _ = writeln!(res, "{indent}readonly {}{optional}: {ty};", member_name(&member.name));
    }
    res + &"  ".repeat(depth) + "}"
}

/// The type of a value.
pub(super) fn shape(catalog: Catalog<'_>, it: &Shape, depth: usize) -> String {
    let union = |all: Vec<String>| match all.len() {
        0 => "never".to_owned(),
        _ => all.join(" | "),
    };
    match it {
        Shape::Object(it) => object(catalog, it, depth),
        Shape::List(item) => {
            let item_type = shape(catalog, item, depth);
            match **item {
                Shape::Nullable(_) | Shape::Enum(_) | Shape::OneOf(_) => {
                    format!("readonly ({item_type})[]")
                }
                Shape::List(_) => format!("readonly ({item_type})[]"),
                _ => format!("readonly {item_type}[]"),
            }
        }
        Shape::Nullable(it) => format!("{} | null", shape(catalog, it, depth)),
        Shape::Text(_) => "string".to_owned(),
        Shape::Decimal if catalog.config().big_numbers == BigNumbers::Text => "string".to_owned(),
        Shape::Integer | Shape::Float | Shape::Decimal => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Enum(values) => union(values.iter().map(|it| literal(it)).collect()),
        Shape::Constant(it) => literal(it),
        Shape::Number(it) => it.to_string(),
        Shape::Reference(targets) if targets.is_empty() => "null".to_owned(),
        Shape::Reference(targets) => object(catalog, &Shape::reference(targets), depth),
        Shape::OneOf(all) => union(all.iter().map(|it| object(catalog, it, depth)).collect()),
        Shape::Any => "unknown".to_owned(),
    }
}

/// The name of a member, in quotes where it is no word.
pub(super) fn member_name(name: &str) -> String {
    let is_word = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if is_word { name.to_owned() } else { literal(name) }
}
