//! What a field and its type demand of a value: conditions for the table's CHECKs and for the input.

mod limits;
mod shape;

use specql_model::{Field, RichScalar, Type};

pub(crate) use limits::limits;

use crate::sql::{Literal, Sql, sql};
use limits::Limits;

/// A condition on a value.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    /// `enum`, `pattern`, `range`, `length`, `shape`: the last part of the name of the CHECK.
    pub(crate) kind: &'static str,
    /// The condition; true for NULL or unknown.
    pub(crate) condition: Sql,
    /// What a value has to be, for the message of a failure.
    pub(crate) expectation: String,
}

/// The condition that a type puts on `value`.
pub(crate) fn constraint(ty: &Type, value: &Sql) -> Option<Constraint> {
    match ty {
        Type::Enum(values) if !values.is_empty() => {
            let words: Vec<&str> = values.iter().map(specql_model::Name::as_str).collect();
            let literals = words.iter().map(|it| Sql::of(&Literal::text(*it)));
            Some(Constraint {
                kind: "enum",
                condition: sql!("{} IN ({})", value, Sql::join(literals, ", ")),
                expectation: format!("one of {}", words.join(", ")),
            })
        }
        Type::Rich(it) if it.pattern.is_some() || it.name == "coordinates" => rich(it, value),
        Type::List(_) | Type::Composite(_) => shape::shape(ty, value),
        _ => limits::condition(ty, &Limits::default(), value),
    }
}

/// All that a field demands of its values: what its type does, and its own limits.
pub(crate) fn constraints(field: &Field, value: &Sql) -> Vec<Constraint> {
    let limits = limits(field);
    let of_type = constraint(&field.ty, value)
        .filter(|it| matches!(it.kind, "enum" | "pattern" | "bounds" | "shape"));
    of_type.into_iter().chain(limits::condition(&field.ty, &limits, value)).collect()
}

fn rich(scalar: &RichScalar, value: &Sql) -> Option<Constraint> {
    if let Some(pattern) = scalar.pattern {
        return Some(Constraint {
            kind: "pattern",
            condition: sql!("{} ~* {}", value, Literal::text(pattern)),
            expectation: format!("a valid {}", scalar.name),
        });
    }
    if scalar.name == "coordinates" {
        return Some(Constraint {
            kind: "bounds",
            condition: sql!(
                "{}[0] BETWEEN -90 AND 90 AND {}[1] BETWEEN -180 AND 180",
                value,
                value
            ),
            expectation: "a latitude and a longitude".to_owned(),
        });
    }
    None
}

/// The default of a field as an expression of its column's type; `None` when it has none that can be
/// one (`now()` and other calls are not literals and are read by their words).
pub(crate) fn default_value(field: &Field) -> Option<Sql> {
    let default = field.default.as_ref()?;
    let text = default.text.as_str();
    if matches!(field.ty, Type::Ref(_)) {
        return None;
    }
    if !default.quoted {
        match text.to_ascii_lowercase().as_str() {
            "null" => return None,
            "true" | "false" if is_boolean(&field.ty) => {
                return Some(Sql::of(&Literal::Bool(text.eq_ignore_ascii_case("true"))));
            }
            "now()" | "now" | "current_timestamp" => return Some(Sql::raw("now()")),
            "current_date" | "today" => return Some(Sql::raw("CURRENT_DATE")),
            "gen_random_uuid()" => return Some(Sql::raw("gen_random_uuid()")),
            _ => {}
        }
    }
    let literal = if is_text(&field.ty) || default.quoted {
        Literal::text(text)
    } else {
        Literal::number(text)
    };
    Some(match &field.ty {
        Type::Composite(_) | Type::List(_) => sql!("{}::jsonb", Literal::text(text)),
        _ => Sql::of(&literal),
    })
}

fn is_boolean(ty: &Type) -> bool {
    matches!(ty, Type::Basic(specql_model::BasicType::Boolean))
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Basic(it) => *it == specql_model::BasicType::Text,
        Type::Rich(it) => it.sql_type.eq_ignore_ascii_case("text"),
        Type::Enum(_) | Type::Unknown(_) | Type::Missing => true,
        _ => false,
    }
}
