//! Assignments: whether a column or a parameter takes a value of a type.

use super::ValueType;
use crate::{Column, Entity, Name, Workspace, types::Scalar};

/// What becomes of a value that is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    /// It is stored as it is meant, as far as is known.
    Fits,
    /// It is stored as the text that it is shown as.
    AsText,
    /// It is rounded to a whole number.
    Rounded,
    /// It is refused, or stored as something that it does not mean.
    Refused,
}

/// The type of an entity's column with a name, in either spelling.
#[must_use]
pub fn column_type<'a>(workspace: &Workspace, entity: &'a Entity, name: &str) -> ValueType<'a> {
    match entity.column(name) {
        Some(Column::Field(it)) if it.problems.is_empty() => {
            ValueType::of_type(workspace, entity.id, &it.ty)
        }
        Some(Column::BuiltIn(it)) => ValueType::of_sql(it.sql_type),
        _ => ValueType::Unknown,
    }
}

/// Whether two enums have a value in common; one without values is still being typed.
pub(super) fn share_a_value(one: &[Name], other: &[Name]) -> bool {
    let is_in_other = |it: &Name| other.iter().any(|value| value.text == it.text);
    one.is_empty() || other.is_empty() || one.iter().any(is_in_other)
}

/// What becomes of a value in a column of a type.
#[must_use]
pub fn assigned(value: ValueType<'_>, column: ValueType<'_>) -> Assigned {
    let of = |fits: bool| if fits { Assigned::Fits } else { Assigned::Refused };
    match (value, column) {
        // Whatever is assigned to JSON becomes JSON, and what comes out of JSON takes the type.
        _ if value.is_open() || column.is_open() => Assigned::Fits,
        (ValueType::Literal(text), ValueType::List(_)) => of(text.trim_start().starts_with('[')),
        (ValueType::Literal(text), ValueType::Composite) => of(text.trim_start().starts_with('{')),
        // One value is no list, and no composite.
        (ValueType::Scalar(it), ValueType::List(_)) => {
            of(matches!(it, Scalar::Json | Scalar::Array))
        }
        (ValueType::Scalar(it), ValueType::Composite) => of(it == Scalar::Json),
        (
            ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_),
            ValueType::List(_) | ValueType::Composite,
        ) => Assigned::Refused,
        // It is stored as a text, and was meant to be what its first sign says.
        (ValueType::Literal(text), ValueType::Scalar(Scalar::Json)) => {
            of(!text.trim_start().starts_with(['{', '[']) || Scalar::Json.reads(text))
        }
        _ if column.is_json() => Assigned::Fits,
        (_, ValueType::Literal(_)) => Assigned::Fits,
        (ValueType::Scalar(Scalar::Json), _) => Assigned::Fits,
        (ValueType::Literal(text), ValueType::Row(_) | ValueType::Rows(_)) => {
            of(Scalar::Uuid.reads(text))
        }
        (ValueType::Literal(text), ValueType::Scalar(it)) => of(it.reads(text)),
        (ValueType::Literal(_), _) => Assigned::Fits,
        (ValueType::Enum(one), ValueType::Enum(other)) => of(share_a_value(one, other)),
        (ValueType::Row(one), ValueType::Row(other)) => of(one == other),
        (ValueType::Row(one), ValueType::Rows(all)) => of(all.contains(one)),
        (ValueType::Rows(all), ValueType::Row(one)) => of(all.contains(one)),
        (ValueType::Rows(one), ValueType::Rows(other)) => {
            of(one.entities().any(|it| other.contains(it)))
        }
        (ValueType::Row(_) | ValueType::Rows(_), ValueType::Scalar(it)) => of(it == Scalar::Uuid),
        (ValueType::Scalar(it), ValueType::Row(_) | ValueType::Rows(_)) => {
            of(matches!(it, Scalar::Uuid | Scalar::Text))
        }
        (ValueType::List(_) | ValueType::Composite, ValueType::Scalar(Scalar::Text)) => {
            Assigned::AsText
        }
        (
            ValueType::Enum(_) | ValueType::List(_) | ValueType::Composite,
            ValueType::Row(_) | ValueType::Rows(_),
        )
        | (ValueType::List(_) | ValueType::Composite | ValueType::Row(_) | ValueType::Rows(_), _) => {
            Assigned::Refused
        }
        (ValueType::Scalar(from), ValueType::Scalar(to)) if to.is_whole() && from.is_fraction() => {
            Assigned::Rounded
        }
        _ => match (value.scalar(), column.scalar()) {
            (Some(from), Some(Scalar::Text)) if from != Scalar::Text => {
                if matches!(column, ValueType::Enum(_)) {
                    Assigned::Refused
                } else {
                    Assigned::AsText
                }
            }
            (Some(from), Some(to)) => of(from.assigns_to(to)),
            _ => Assigned::Fits,
        },
    }
}
