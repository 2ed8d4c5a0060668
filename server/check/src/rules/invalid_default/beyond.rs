//! Defaults that the table takes and every row refuses: items of a list, lengths, digits.

use specql_model::{
    BasicType, EntityId, Field, Type,
    infer::{Scalar, ValueType},
    types::items_of_json,
};

use crate::{Context, rules::type_mismatch::described};

/// Why a row with this default is refused, as the beginning of a sentence.
pub(super) fn refusal(ctx: &Context<'_>, field: &Field, text: &str) -> Option<String> {
    match &field.ty {
        Type::List(item) => wrong_item(ctx, item, text),
        Type::Basic(BasicType::Text) => too_long(field, text),
        Type::Postgres { sql_type, .. } => too_many_digits(sql_type, text),
        _ => None,
    }
}

/// The first item of a list that is no value of its type.
pub(super) fn wrong_item(ctx: &Context<'_>, item: &Type, text: &str) -> Option<String> {
    let (wrong, is_text) = items_of_json(text)?
        .into_iter()
        .find(|(text, is_text)| !is_item(ctx, item, text, *is_text))?;
    let shown = if is_text { format!("\"{wrong}\"") } else { wrong };
    let ty = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), item);
    Some(format!("`{shown}` in this list cannot be read as {}", described(ctx, ty)))
}

fn is_item(ctx: &Context<'_>, item: &Type, text: &str, is_text: bool) -> bool {
    match ValueType::of_type(ctx.workspace, EntityId(ctx.id()), item) {
        ValueType::Enum(values) => {
            values.is_empty() || (is_text && values.iter().any(|it| it.text == text))
        }
        ValueType::Row(_) => is_text && Scalar::Uuid.reads(text),
        ValueType::Scalar(Scalar::Json) => true,
        ValueType::Scalar(it) if it.is_number() => !is_text && it.reads(text),
        ValueType::Scalar(Scalar::Boolean) => !is_text && matches!(text, "true" | "false"),
        ValueType::Scalar(it) => is_text && it.reads(text),
        _ => true,
    }
}

fn too_long(field: &Field, text: &str) -> Option<String> {
    let [most] = field.parameters.as_slice() else { return None };
    let count: usize = most.text.trim().parse().ok()?;
    let length = text.chars().count();
    (length > count).then(|| {
        format!("`{text}` has {length} characters, and `{}` takes {count}", field.name.text)
    })
}

/// `12345.6` for a `decimal(4,2)`, which has two digits before the point.
fn too_many_digits(sql_type: &str, text: &str) -> Option<String> {
    let inside = sql_type.strip_prefix("numeric(")?.strip_suffix(')')?;
    let (all, behind) = inside.split_once(',').unwrap_or((inside, "0"));
    let before = all.trim().parse::<i32>().ok()?.checked_sub(behind.trim().parse().ok()?)?;
    let value: f64 = text.parse().ok()?;
    (value.abs() >= 10_f64.powi(before)).then(|| {
        format!("`{text}` has more digits before the point than the {before} of this type")
    })
}
