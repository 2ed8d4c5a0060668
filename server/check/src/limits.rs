//! What a field takes no value beyond: the pattern of its type, its bounds, the length of a text, the digits of
//! a number, the type of a list's items.

use specql_model::{
    BasicType, EntityId, Field, Name, RichScalar, Type,
    infer::{Scalar, ValueType},
    types::items_of_json,
};
use specql_text::TextRange;

use crate::{Context, rules::type_mismatch::described};

/// Why a field takes no such value, as the beginning of a sentence, and where the bound is written, if it is.
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) bound: Option<TextRange>,
}

/// Why the table refuses a value that its column's type takes.
pub(crate) fn refusal(ctx: &Context<'_>, field: &Field, text: &str) -> Option<Refusal> {
    let of_type = match &field.ty {
        Type::List(item) => wrong_item(ctx, item, text),
        Type::Rich(it) if !it.matches(text) => Some(misfit(it, text)),
        Type::Rich(it) if it.name == "coordinates" => off_the_globe(text),
        Type::Postgres { sql_type, .. } => {
            too_many_digits(sql_type, text).or_else(|| too_large(&field.ty, text))
        }
        Type::Ref(_) => None,
        _ => too_large(&field.ty, text),
    };
    let of_type = of_type.map(|reason| Refusal { reason, bound: None });
    of_type.or_else(|| beyond(field, text))
}

/// Why a text is no value of a type with a pattern.
pub(crate) fn misfit(scalar: &RichScalar, text: &str) -> String {
    format!("`{text}` is no `{}`, which looks like `{}`", scalar.name, scalar.example)
}

/// The first item of a list that is no value of its type.
pub(crate) fn wrong_item(ctx: &Context<'_>, item: &Type, text: &str) -> Option<String> {
    let items = items_of_json(text)?;
    items.into_iter().find_map(|(text, is_text)| wrong_value(ctx, item, &text, is_text))
}

/// Why a text or a number is no item of a list.
pub(crate) fn wrong_value(
    ctx: &Context<'_>,
    item: &Type,
    wrong: &str,
    is_text: bool,
) -> Option<String> {
    if is_item(ctx, item, wrong, is_text) {
        return None;
    }
    let shown = if is_text { format!("\"{wrong}\"") } else { wrong.to_owned() };
    if let Type::Rich(it) = item
        && is_text
        && !it.matches(wrong)
    {
        return Some(format!(
            "`{shown}` in this list is no `{}`, which looks like `{}`",
            it.name, it.example
        ));
    }
    let ty = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), item);
    Some(format!("`{shown}` in this list cannot be read as {}", described(ctx, ty)))
}

fn is_item(ctx: &Context<'_>, item: &Type, text: &str, is_text: bool) -> bool {
    if let Type::Rich(it) = item
        && it.pattern.is_some()
    {
        return is_text && it.matches(text);
    }
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

/// `3000000000` for an `integer`.
fn too_large(ty: &Type, text: &str) -> Option<String> {
    let scalar = Scalar::from_sql(&ty.sql_type()).filter(|it| it.is_whole())?;
    let bits = match scalar {
        Scalar::Smallint => 16,
        Scalar::Integer => 32,
        _ => 64,
    };
    let is_whole = text.trim_start_matches('-').bytes().all(|it| it.is_ascii_digit());
    (is_whole && !text.is_empty() && !scalar.reads(text))
        .then(|| format!("`{text}` is larger than a whole number of {bits} bits"))
}

/// `12345.6` for a `decimal(4,2)`, which has two digits before the point.
fn too_many_digits(sql_type: &str, text: &str) -> Option<String> {
    let inside = sql_type.strip_prefix("numeric(")?.strip_suffix(')')?;
    let (all, behind) = inside.split_once(',').unwrap_or((inside, "0"));
    let before = all.trim().parse::<i32>().ok()?.checked_sub(behind.trim().parse().ok()?)?;
    // That such a type holds nothing is said of the type.
    if before < 0 {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    (value.abs() >= 10_f64.powi(before)).then(|| {
        format!("`{text}` has more digits before the point than the {before} of this type")
    })
}

/// What bounds measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Number,
    Characters,
    Days,
}

fn measure(ty: &Type) -> Option<Measure> {
    match ty {
        _ if ty.is_numeric() => Some(Measure::Number),
        _ if is_text(ty) => Some(Measure::Characters),
        _ if ["date", "timestamptz", "timestamp"].iter().any(|it| ty.sql_type() == *it) => {
            Some(Measure::Days)
        }
        _ => None,
    }
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Basic(it) => *it == BasicType::Text,
        Type::Rich(it) => it.sql_type == "text",
        Type::Postgres { sql_type, .. } => {
            sql_type.starts_with("varchar") || sql_type.starts_with("char")
        }
        _ => false,
    }
}

/// A bound: its text, and where it is written.
type Bound<'a> = (&'a str, Option<TextRange>);

/// The least and the greatest that a field takes, of its type and as written.
fn bounds(field: &Field) -> (Vec<Bound<'_>>, Vec<Bound<'_>>) {
    let (least, greatest) = match (&field.ty, field.parameters.as_slice()) {
        (ty, [most]) if is_text(ty) => (None, Some(most)),
        (Type::Rich(_), [least, most]) if is_text(&field.ty) => (Some(least), Some(most)),
        (Type::Basic(it), [least, most]) if !matches!(it, BasicType::Text | BasicType::Boolean) => {
            (Some(least), Some(most))
        }
        _ => (None, None),
    };
    let own = match &field.ty {
        Type::Rich(it) => it.bounds,
        _ => (None, None),
    };
    (of_side(least, field.bounds.least(), own.0), of_side(greatest, field.bounds.greatest(), own.1))
}

/// A number, and where it is written.
type Number = (f64, Option<TextRange>);

/// The least and the greatest number that a field takes.
pub(crate) fn numbers(field: &Field) -> (Option<Number>, Option<Number>) {
    let (least, greatest) = bounds(field);
    let number = |it: &Bound<'_>| Some((it.0.parse::<f64>().ok()?, it.1));
    let larger = |one: Number, other: Number| if other.0 > one.0 { other } else { one };
    let smaller = |one: Number, other: Number| if other.0 < one.0 { other } else { one };
    (
        least.iter().filter_map(number).reduce(larger),
        greatest.iter().filter_map(number).reduce(smaller),
    )
}

fn of_side<'a>(
    parameter: Option<&'a Name>,
    bound: Option<&'a Name>,
    own: Option<&'static str>,
) -> Vec<Bound<'a>> {
    let written = parameter.into_iter().chain(bound).map(|it| (it.text.trim(), Some(it.range)));
    written.chain(own.map(|it| (it, None))).collect()
}

/// What bounds compare of a text.
fn measured(measure: Measure, text: &str) -> Option<f64> {
    match measure {
        Measure::Number => text.trim().parse().ok(),
        Measure::Characters => u32::try_from(text.chars().count()).ok().map(f64::from),
        Measure::Days => day(text),
    }
}

/// A day as a number that grows with it: 20260131.
fn day(text: &str) -> Option<f64> {
    let digits = text.trim().get(..10)?.replace('-', "");
    (digits.len() == 8).then(|| digits.parse().ok()).flatten()
}

/// Why a text lies beyond a bound of a field.
fn beyond(field: &Field, text: &str) -> Option<Refusal> {
    let measure = measure(&field.ty)?;
    let value = measured(measure, text)?;
    let number = |it: &Bound<'_>| match measure {
        // No text has a length below one, which is reported itself.
        Measure::Characters => it.0.parse::<f64>().ok().filter(|it| *it > 0.0),
        Measure::Number => it.0.parse::<f64>().ok(),
        Measure::Days => day(it.0),
    };
    let (least, greatest) = bounds(field);
    let tightest = (
        least.iter().filter_map(number).reduce(f64::max),
        greatest.iter().filter_map(number).reduce(f64::min),
    );
    // Bounds between which nothing lies are reported themselves.
    if matches!(tightest, (Some(least), Some(greatest)) if least > greatest) {
        return None;
    }
    let is_below = |it: &&Bound<'_>| number(it).is_some_and(|it| value < it);
    let is_above = |it: &&Bound<'_>| number(it).is_some_and(|it| value > it);
    let (bound, takes) = match (least.iter().find(is_below), greatest.iter().find(is_above)) {
        (Some(it), _) => (it, "from "),
        (None, Some(it)) => (it, ""),
        (None, None) => return None,
    };
    let name = &field.name.text;
    let reason = if measure == Measure::Characters {
        let count = text.chars().count();
        let s = if count == 1 { "" } else { "s" };
        format!("`{text}` has {count} character{s}, and `{name}` takes {takes}{}", bound.0)
    } else {
        format!("`{text}` is beyond the bound `{}` of `{name}`", bound.0)
    };
    Some(Refusal { reason, bound: bound.1 })
}

/// `(148.8,2.35)`: a latitude ends at 90 degrees, a longitude at 180.
fn off_the_globe(text: &str) -> Option<String> {
    let inner = text.trim().trim_start_matches('(').trim_end_matches(')');
    let (latitude, longitude) = inner.split_once(',')?;
    let beyond = |it: &str, most: f64| it.trim().parse::<f64>().is_ok_and(|it| it.abs() > most);
    let what = if beyond(latitude, 90.0) {
        "latitude, which ends at 90"
    } else if beyond(longitude, 180.0) {
        "longitude, which ends at 180"
    } else {
        return None;
    };
    Some(format!("`{text}` has no such {what}"))
}
