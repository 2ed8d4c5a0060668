//! Shapes as types of TypeScript, by the names that the module of types has, and comments.

use specql_contract::{Format, Member, Object, Shape};

use crate::artifacts::typescript::{in_comment, literal, member_name};

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
        Shape::Enum(values) => either(values.iter().map(|it| literal(it)), "string"),
        Shape::Constant(it) => literal(it),
        Shape::Number(it) => it.to_string(),
        Shape::Reference(targets) if targets.is_empty() => "null".to_owned(),
        Shape::Reference(targets) => {
            format!(
                "Reference<{}>",
                either(targets.iter().map(|it| literal(&it.typename)), "never")
            )
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
    format!("{}{mark}: {}", member_name(&it.name), shape(&it.shape))
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
    let said = in_comment(&said.split_whitespace().collect::<Vec<_>>().join(" "));
    if said.is_empty() { String::new() } else { format!("{indent}/** {said} */\n") }
}
