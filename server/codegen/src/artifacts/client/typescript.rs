//! Shapes as types of TypeScript, and the spelling of names and comments.

use serde_json::json;
use specql_contract::{Format, Member, Object, Shape};

/// A member's name: as it is where that is an identifier, else in quotes.
pub(super) fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { text(name) }
}

fn is_identifier(name: &str) -> bool {
    let letter = |it: char| it.is_ascii_alphabetic() || it == '_';
    name.starts_with(letter) && name.chars().all(|it| letter(it) || it.is_ascii_digit())
}

/// A text as a literal.
pub(super) fn text(it: &str) -> String {
    json!(it).to_string()
}

/// The type of a value.
pub(super) fn shape(it: &Shape) -> String {
    match it {
        Shape::Object(it) => object(it),
        Shape::List(item) => match item.as_ref() {
            // What could be read as part of something longer.
            Shape::Nullable(_) | Shape::Enum(_) | Shape::OneOf(_) => format!("({})[]", shape(item)),
            _ => format!("{}[]", shape(item)),
        },
        Shape::Nullable(it) => match it.as_ref() {
            Shape::Any => "unknown".to_owned(),
            inner => format!("{} | null", shape(inner)),
        },
        Shape::Text(it) => format(*it).to_owned(),
        Shape::Integer | Shape::Float => "number".to_owned(),
        Shape::Decimal => "Decimal".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Enum(values) => either(values.iter().map(|it| text(it)), "string"),
        Shape::Constant(it) => text(it),
        Shape::Number(it) => it.to_string(),
        Shape::Reference(targets) if targets.is_empty() => "null".to_owned(),
        Shape::Reference(targets) => {
            format!("Reference<{}>", either(targets.iter().map(|it| text(&it.typename)), "never"))
        }
        Shape::OneOf(objects) => either(objects.iter().map(object), "never"),
        Shape::Any => "unknown".to_owned(),
    }
}

/// One of some types; `none` where there are none.
pub(super) fn either(types: impl Iterator<Item = String>, none: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    for it in types {
        if !seen.contains(&it) {
            seen.push(it);
        }
    }
    if seen.is_empty() { none.to_owned() } else { seen.join(" | ") }
}

fn object(it: &Object) -> String {
    let members: Vec<String> = it.members.iter().map(member).collect();
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join("; ")) }
}

/// `name: type`, without what ends it.
pub(super) fn member(it: &Member) -> String {
    let mark = if it.required { "" } else { "?" };
    format!("{}{mark}: {}", key(&it.name), shape(&it.shape))
}

fn format(it: Format) -> &'static str {
    match it {
        Format::Uuid => "Uuid",
        Format::DateTime => "DateTime",
        Format::LocalDateTime => "LocalDateTime",
        Format::Date => "LocalDate",
        Format::Time => "LocalTime",
        Format::Duration => "Duration",
        Format::Plain | Format::Rich(_) | Format::Postgres => "string",
    }
}

/// A comment before a declaration, or nothing; what it says cannot end it.
pub(super) fn comment(indent: &str, said: &str) -> String {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "* /");
    if said.is_empty() { String::new() } else { format!("{indent}/** {said} */\n") }
}
