//! What the type of a list's elements or of a composite's parts demands of JSON, as a path that finds
//! what does not fit.
//!
//! The path is strict, so that nothing is unwrapped: `[["a"]]` is no list of text. A path that fails
//! finds nothing, so each test of a value stands behind one of its kind, and parts are reached by
//! `keyvalue()`, which finds nothing where nothing is.

use specql_model::{BasicType, Composite, RichScalar, Type};

use super::Constraint;
use crate::sql::{Literal, Sql, sql};

/// The condition on the JSON of a type.
pub(super) fn shape(ty: &Type, value: &Sql) -> Option<Constraint> {
    let (kind, expectation) = match ty {
        Type::List(item) => ("array", format!("a list of {}", name(item))),
        Type::Composite(it) => ("object", format!("{} {}", article(it.name), described(it))),
        _ => return None,
    };
    let path = match ty {
        Type::List(item) => misfit(item, "@").map(|it| format!("strict $[*] ? ({it})")),
        Type::Composite(it) => Some(format!("strict $ ? ({})", misfit_of_composite(it, "@"))),
        _ => None,
    };
    let is_kind = sql!("jsonb_typeof({}) = {}", value, Literal::text(kind));
    let condition = match path {
        Some(path) => sql!("{} AND NOT {} @? {}", is_kind, value, Literal::text(path)),
        None => is_kind,
    };
    Some(Constraint { kind: "shape", condition, expectation })
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }
}

/// `SimpleAddress with street, city, state, zipCode`: what has to be there.
fn described(composite: &Composite) -> String {
    let required: Vec<&str> = composite.parts.iter().filter(|it| it.2).map(|it| it.0).collect();
    if required.is_empty() {
        return composite.name.to_owned();
    }
    format!("{} with {}", composite.name, required.join(", "))
}

fn name(ty: &Type) -> String {
    match ty {
        Type::Basic(it) => it.name().to_owned(),
        Type::Rich(it) => it.name.to_owned(),
        Type::Composite(it) => it.name.to_owned(),
        Type::Enum(values) => {
            let values: Vec<&str> = values.iter().map(specql_model::Name::as_str).collect();
            format!("values out of {}", values.join(", "))
        }
        Type::List(item) => format!("lists of {}", name(item)),
        Type::Ref(_) => "ids".to_owned(),
        Type::Postgres { name, .. } => name.text.to_string(),
        Type::Unknown(_) | Type::Missing => "text".to_owned(),
    }
}

/// A condition of a path that holds for a value of `path` that does not fit; `None` when all fit.
fn misfit(ty: &Type, path: &str) -> Option<String> {
    let is_no = |kind: &str| format!(r#"{path}.type() != "{kind}""#);
    let pattern =
        |pattern: &str| format!(r#"{} || !({path} like_regex {})"#, is_no("string"), text(pattern));
    Some(match ty {
        Type::Ref(_) => pattern("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
        Type::List(item) => match misfit(item, "@") {
            Some(it) => format!(r"{} || exists({path}[*] ? ({it}))", is_no("array")),
            None => is_no("array"),
        },
        Type::Composite(it) => misfit_of_composite(it, path),
        Type::Enum(values) if !values.is_empty() => {
            let values: Vec<String> =
                values.iter().map(|it| format!("{path} == {}", text(it.as_str()))).collect();
            format!("{} || !({})", is_no("string"), values.join(" || "))
        }
        Type::Rich(it) if it.pattern.is_some() => {
            format!(
                r#"{} || !({path} like_regex {} flag "i")"#,
                is_no("string"),
                text(it.pattern.unwrap_or_default())
            )
        }
        Type::Basic(BasicType::Boolean) => is_no("boolean"),
        _ if ty.sql_type() == "boolean" => is_no("boolean"),
        _ if ty.is_numeric() => misfit_of_number(ty, path),
        _ => match ty.sql_type().as_str() {
            "jsonb" => return None,
            "uuid" => pattern("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
            "date" => pattern(r"^\d{4}-\d{2}-\d{2}$"),
            "time" => pattern(r"^\d{2}:\d{2}"),
            it if it.starts_with("timestamp") => pattern(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"),
            _ => is_no("string"),
        },
    })
}

/// Numbers that JavaScript cannot hold come as text.
fn misfit_of_number(ty: &Type, path: &str) -> String {
    let sql_type = ty.sql_type();
    let bounds = match (ty, sql_type.as_str()) {
        (Type::Rich(RichScalar { bounds, .. }), _) => *bounds,
        (_, "smallint") => (Some("-32768"), Some("32767")),
        (_, "integer") => (Some("-2147483648"), Some("2147483647")),
        (_, "bigint") => (Some("-9223372036854775808"), Some("9223372036854775807")),
        _ => (None, None),
    };
    let is_whole = matches!(sql_type.as_str(), "smallint" | "integer" | "bigint");
    let mut number = vec![format!(r#"{path}.type() == "number""#)];
    if is_whole {
        number.push(format!("{path}.floor() == {path}"));
    }
    let bounded = |of: &str| {
        let least = bounds.0.map(|it| format!("{of} >= {it}"));
        least.into_iter().chain(bounds.1.map(|it| format!("{of} <= {it}"))).collect::<Vec<_>>()
    };
    number.extend(bounded(path));
    if matches!(sql_type.as_str(), "smallint" | "integer" | "real" | "double precision") {
        return format!("!({})", number.join(" && "));
    }
    let digits = if is_whole { r"^-?\d{1,19}$" } else { r"^-?\d+(\.\d+)?$" };
    let mut written = vec![
        format!(r#"{path}.type() == "string""#),
        format!("{path} like_regex {}", text(digits)),
    ];
    written.extend(bounded(&format!("{path}.double()")));
    format!("!({} || {})", number.join(" && "), written.join(" && "))
}

fn misfit_of_composite(composite: &Composite, path: &str) -> String {
    let mut res = vec![format!(r#"{path}.type() != "object""#)];
    for (name, _, required) in composite.parts {
        let key = text(name);
        if *required {
            res.push(format!("!({path}.keyvalue().key == {key})"));
        }
        let part = composite.part(name);
        let Some(misfit) = part.and_then(|it| misfit(&it, "@.value")) else { continue };
        let null = if *required { "" } else { r#" && @.value.type() != "null""# };
        res.push(format!("exists({path}.keyvalue() ? (@.key == {key}{null} && ({misfit})))"));
    }
    let known: Vec<String> =
        composite.parts.iter().map(|it| format!("@.key == {}", text(it.0))).collect();
    res.push(format!("exists({path}.keyvalue() ? (!({})))", known.join(" || ")));
    res.join(" || ")
}

/// A string of a path.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
