//! Numbers in the parentheses of a type, bounds, and alternatives: what no value could keep, and what is
//! not read.

use specql_model::{BasicType, Field, Name, Type};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Level, enums::is_several};

/// What is wrong with them, once for each field.
pub(super) fn of_field(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    bounds(ctx, field)
        .or_else(|| length(ctx, field))
        .or_else(|| precision(ctx, field))
        .or_else(|| unread(ctx, field))
        .or_else(|| alternatives(ctx, field))
        .or_else(|| no_values(ctx, field))
        .or_else(|| several_in_one(ctx, field))
        .or_else(|| no_target(ctx, field))
}

/// `enum(draft sent)`, `enum(draft sent, paid)`: one value of two words, where two are meant.
fn several_in_one(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let values = field.ty.enum_values()?;
    let several = values.iter().find(|it| is_several(it)).filter(|_| field.problems.is_empty())?;
    // `draft | sent` has a sign between its values.
    let words = several.text.split_whitespace().filter(|it| it.contains(char::is_alphanumeric));
    let better = words.collect::<Vec<_>>().join(", ");
    let (why, level) = if values.len() == 1 {
        (format!("so `{}` could never be another", field.name.text), Level::Error)
    } else if !is_list_of_words(ctx, field, values, several) {
        return None;
    } else {
        ("and the others are single words".to_owned(), Level::Warning)
    };
    let message = format!(
        "`{}` is one value, {why}; write commas between values, or quotes around it",
        several.text
    );
    Some(error(ctx, several.range, message).level(level).fix(ctx.rename(several, &better)))
}

/// Whether all other values are single words, and this one is written without quotes between the parentheses.
fn is_list_of_words(ctx: &Context<'_>, field: &Field, values: &[Name], several: &Name) -> bool {
    let is_plain = ctx.slice(several.range) == several.as_str() && !several.text.contains('=');
    let is_in_type =
        ctx.slice(field.type_range).trim_start_matches(['"', '\'']).starts_with("enum");
    is_plain && is_in_type && values.iter().filter(|it| is_several(it)).count() == 1
}

/// `type: ref` without an entity.
fn no_target(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let Type::Ref(targets) = &field.ty else { return None };
    if !targets.is_empty() || !field.problems.is_empty() || ctx.is_damaged(field.range) {
        return None;
    }
    let message = format!(
        "`{}` is a reference to nothing, so no row could be meant; write the entity, as in `ref(User)`",
        field.name.text
    );
    Some(error(ctx, field.type_range, message))
}

fn error(ctx: &Context<'_>, range: TextRange, message: String) -> Diagnostic {
    ctx.finding(&RULE, range, message)
}

fn number(it: &Name) -> Option<f64> {
    it.text.trim().parse().ok()
}

/// Whether a text is no number in any notation: a word, or a number with a unit (`60%`, `5kg`).
fn is_no_number(it: &Name) -> bool {
    let begins = it.text.trim().trim_start_matches(['-', '+', '.']);
    let is_word = ["inf", "nan"].iter().any(|word| begins.eq_ignore_ascii_case(word));
    let digits = |it: char| it.is_ascii_digit() || it == '_' || it == '.';
    let unit = begins.trim_start_matches(digits);
    // `0x1F`, `1e3`.
    let is_notation = unit.starts_with(['x', 'o', 'b', 'e', 'E', 'X']);
    let is_unit = unit.starts_with(|it: char| it.is_alphabetic() || "%€$£ ".contains(it));
    is_unit && !is_word && (unit.len() == begins.len() || !is_notation)
}

/// Bounds between which there is no value: `min` and `max`, `integer(10, 1)`; bounds that are none.
fn bounds(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let is_whole = matches!(field.ty, Type::Basic(BasicType::Integer | BasicType::Bigint));
    let (least, greatest) = match field.parameters.as_slice() {
        [least, greatest] if is_whole && field.bounds.is_empty() => (Some(least), Some(greatest)),
        _ => (field.bounds.least(), field.bounds.greatest()),
    };
    let counts = field.ty.is_numeric()
        || matches!(field.ty, Type::Basic(BasicType::Text) | Type::List(_))
        || matches!(field.ty, Type::Rich(it) if it.sql_type == "text");
    if counts
        && let Some(bound) = [least, greatest].into_iter().flatten().find(|it| is_no_number(it))
    {
        let message = format!(
            "a bound of `{}` is a number, and `{}` is none, so it bounds nothing",
            field.name.text, bound.text
        );
        return Some(error(ctx, bound.range, message));
    }
    let (least, greatest) = (least?, greatest?);
    if number(least)? <= number(greatest)? {
        return None;
    }
    let message = format!(
        "no value lies between `{}` and `{}`, so no row could be written; change the two about",
        least.text, greatest.text
    );
    Some(error(ctx, greatest.range, message).related(ctx.id(), least.range, "the least value"))
}

/// `text(0)`, `text(many)`.
fn length(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let is_text = match &field.ty {
        Type::Basic(BasicType::Text) => true,
        Type::Postgres { name, .. } => {
            let lower = name.text.to_ascii_lowercase();
            lower.starts_with("varchar") || lower.starts_with("char")
        }
        _ => false,
    };
    let length = field.parameters.iter().find(|it| !number(it).is_some_and(|it| it >= 1.0))?;
    let message = format!(
        "`{}` is no length of a text, so no row could be written; write a whole number from 1, like `text(80)`",
        length.text
    );
    is_text.then(|| error(ctx, length.range, message))
}

/// `decimal(2, 8)`, `decimal(8, 2, 1)`.
fn precision(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let Type::Postgres { sql_type, .. } = &field.ty else { return None };
    let is_decimal = sql_type.starts_with("numeric") || sql_type.starts_with("decimal");
    if !is_decimal {
        return None;
    }
    let (digits, scale) = match field.parameters.as_slice() {
        [] => return None,
        [digits] => (digits, None),
        [digits, scale] => (digits, Some(scale)),
        [.., last] => {
            let message = format!(
                "a decimal has a number of digits and how many of them stand behind the point, so `{}` fits \
                 nothing; write it like `decimal(10, 2)`",
                last.text
            );
            return Some(error(ctx, last.range, message));
        }
    };
    let is_count = |it: &f64| (1.0..=1000.0).contains(it);
    if let Some((all, behind)) = digits.text.split_once('.').filter(|_| number(digits).is_some()) {
        let better = format!("{}, {}", all.trim(), behind.trim());
        let message = format!(
            "`{}` is one number with a point, where the number of digits is meant and how many of them stand behind \
             the point; write `{better}`",
            digits.text
        );
        let fix = scale.is_none().then(|| ctx.change_to(digits.range, &better));
        return Some(error(ctx, digits.range, message).fix(fix));
    }
    let count = number(digits).filter(is_count);
    let Some(count) = count else {
        let message = format!(
            "`{}` is no number of digits from 1 to 1000, so the table could not be created",
            digits.text
        );
        return Some(error(ctx, digits.range, message));
    };
    let scale = scale?;
    let behind = number(scale);
    if behind.is_some_and(|it| it <= count) {
        return None;
    }
    let message = format!(
        "of `{}` digits `{}` cannot stand behind the point, so no number from 1 on would fit; the first number \
         counts all digits, as in `decimal(10, 2)`",
        digits.text, scale.text
    );
    Some(error(ctx, scale.range, message))
}

/// Numbers behind a type that takes none, or not so many.
fn unread(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    // Words behind a type may have brackets of their own.
    if !field.problems.is_empty() {
        return None;
    }
    let better = match (&field.ty, field.parameters.as_slice()) {
        (_, []) => return None,
        (Type::Basic(BasicType::Boolean), _) => "remove them",
        (Type::Basic(BasicType::Text), [_, _, ..]) => "write one, the greatest length",
        (Type::Basic(BasicType::Integer | BasicType::Bigint | BasicType::Float), [_, _]) => {
            return None;
        }
        (Type::Basic(BasicType::Integer | BasicType::Bigint | BasicType::Float), _) => {
            "write the least and the greatest value, like `integer(1, 10)`"
        }
        (Type::Composite(_), _) => "remove them",
        (Type::Rich(it), _) if it.sql_type != "text" && !it.sql_type.starts_with("numeric") => {
            "remove them"
        }
        _ => return None,
    };
    let (first, last) = (field.parameters.first()?, field.parameters.last()?);
    let message = format!(
        "the type of `{}` takes no such numbers, so they change nothing; {better}",
        field.name.text
    );
    Some(error(ctx, first.range.cover(last.range), message).level(Level::Warning))
}

/// `ref(A|A)`.
fn alternatives(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let Type::Ref(targets) = &field.ty else { return None };
    let text = |at: usize| {
        let it = targets.get(at)?;
        Some((it.schema.as_ref().map(|it| it.text.as_str()), it.name.text.as_str()))
    };
    let at = (1..targets.len()).find(|at| (0..*at).any(|it| text(it) == text(*at)))?;
    let again = targets.get(at).filter(|it| !it.name.text.is_empty())?;
    let message = format!(
        "`{}` is among the alternatives of `{}` already, so it adds nothing; remove it",
        again.name.text, field.name.text
    );
    Some(error(ctx, again.name.range, message).level(Level::Warning))
}

/// `type: enum` without `values`.
fn no_values(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let is_empty = matches!(&field.ty, Type::Enum(values) if values.is_empty());
    let is_long = || {
        let entry = ctx.entry_of_field(field)?;
        entry.value.as_mapping().map(|it| it.get("values").is_some())
    };
    if !is_empty || !field.problems.is_empty() || is_long() != Some(false) {
        return None;
    }
    let message = format!(
        "`{}` is an enum without a value, so no row could be written; list them under `values`",
        field.name.text
    );
    Some(error(ctx, field.type_range, message))
}
