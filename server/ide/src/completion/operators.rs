//! Of the words behind an operand those that a value of its type takes: what a list is like nobody asks. And which
//! values can stand on the other side.

use std::mem;

use specql_model::{Type, infer::ValueType, types::Scalar};

use super::context::Context;

/// Whether a value of a type can stand before a word; of a type that is not known everything can.
pub(super) fn takes(ctx: &Context<'_>, ty: &Type, word: &str) -> bool {
    let ty = ValueType::of_type(ctx.workspace, ctx.own(), ty);
    if matches!(ty, ValueType::Unknown) {
        return true;
    }
    match word {
        "AND" | "OR" | "THEN" => ty == ValueType::Scalar(Scalar::Boolean),
        "LIKE" | "ILIKE" | "MATCHES" => is_text(ty),
        "BETWEEN" => is_ordered(ty),
        "IN" | "NOT IN" => is_one_value(ty),
        _ => true,
    }
}

/// Whether a value can be compared with what is wanted, as far as is known. A value of an enum is a text; few texts
/// are values of an enum.
pub(super) fn compares(one: ValueType<'_>, other: ValueType<'_>) -> bool {
    match (one, other) {
        (ValueType::Row(one), ValueType::Row(other)) => one == other,
        (ValueType::Rows(all), ValueType::Row(one))
        | (ValueType::Row(one), ValueType::Rows(all)) => all.contains(one),
        (ValueType::Rows(one), ValueType::Rows(other)) => {
            one.entities().any(|it| other.contains(it))
        }
        (ValueType::Row(_) | ValueType::Rows(_), ValueType::Scalar(it))
        | (ValueType::Scalar(it), ValueType::Row(_) | ValueType::Rows(_)) => it == Scalar::Uuid,
        (ValueType::Unknown, _)
        | (_, ValueType::Unknown)
        | (ValueType::Enum(_), ValueType::Scalar(Scalar::Text)) => true,
        (ValueType::Scalar(one), ValueType::Scalar(other)) => one.compares_with(other),
        _ => mem::discriminant(&one) == mem::discriminant(&other),
    }
}

const fn is_text(ty: ValueType<'_>) -> bool {
    matches!(ty, ValueType::Enum(_) | ValueType::Scalar(Scalar::Text))
}

/// Whether one value of the type lies between two others.
const fn is_ordered(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Scalar(it) => !matches!(it, Scalar::Boolean | Scalar::Uuid | Scalar::Json),
        _ => false,
    }
}

/// Whether a value of the type is compared with others as a whole.
const fn is_one_value(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Scalar(it) => !matches!(it, Scalar::Json),
        ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_) => true,
        _ => false,
    }
}
