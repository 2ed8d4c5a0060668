//! The least and the greatest value: from `min` and `max` of a field and from what stands in
//! parentheses behind its type, as numbers, lengths, counts of items or days.

use specql_model::{BasicType, Field, Name, RichScalar, Type};

use super::Constraint;
use crate::sql::{Literal, Sql, sql};

/// What a limit of a type counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Number,
    Characters,
    Items,
    Days,
}

/// The limits that a field states.
#[derive(Debug, Default)]
pub(crate) struct Limits<'a> {
    least: Vec<&'a Name>,
    greatest: Vec<&'a Name>,
    /// What is written and means nothing for the type.
    pub(crate) unusable: Vec<&'a Name>,
}

/// The limits of a field.
pub(crate) fn limits(field: &Field) -> Limits<'_> {
    let mut res = Limits::default();
    let measure = measure(&field.ty);
    let (least, greatest, without_meaning) = parameters(field);
    res.unusable.extend(without_meaning);
    let least = least.into_iter().chain(field.bounds.least());
    let greatest = greatest.into_iter().chain(field.bounds.greatest());
    for (names, list) in
        [(least.collect::<Vec<_>>(), &mut res.least), (greatest.collect(), &mut res.greatest)]
    {
        for name in names {
            if measure.is_some_and(|it| is_usable(it, &name.text)) {
                list.push(name);
            } else {
                res.unusable.push(name);
            }
        }
    }
    res
}

/// The condition of the limits on a value, with those that the type itself has.
pub(super) fn condition(ty: &Type, limits: &Limits<'_>, value: &Sql) -> Option<Constraint> {
    let measure = measure(ty)?;
    let measured = match measure {
        Measure::Number | Measure::Days => value.clone(),
        Measure::Characters => sql!("char_length({})", value),
        Measure::Items => sql!("jsonb_array_length({})", value),
    };
    let own = match ty {
        Type::Rich(it) => it.bounds,
        _ => (None, None),
    };
    let least: Vec<&str> =
        own.0.into_iter().chain(limits.least.iter().map(|it| it.as_str())).collect();
    let greatest: Vec<&str> =
        own.1.into_iter().chain(limits.greatest.iter().map(|it| it.as_str())).collect();
    let mut conditions: Vec<Sql> =
        least.iter().map(|it| sql!("{} >= {}", measured, literal(measure, it))).collect();
    conditions.extend(greatest.iter().map(|it| sql!("{} <= {}", measured, literal(measure, it))));
    if greatest.is_empty() && has_infinity(ty) {
        // NaN is greater than infinity.
        conditions.push(sql!("{} < 'Infinity'", value));
        if least.is_empty() {
            conditions.push(sql!("{} > '-Infinity'", value));
        }
    }
    (!conditions.is_empty()).then(|| Constraint {
        kind: if matches!(measure, Measure::Number | Measure::Days) { "range" } else { "length" },
        condition: Sql::join(conditions, " AND "),
        expectation: expectation(measure, least.last().copied(), greatest.last().copied()),
    })
}

fn expectation(measure: Measure, least: Option<&str>, greatest: Option<&str>) -> String {
    let unit = match measure {
        Measure::Number | Measure::Days => "",
        Measure::Characters => " characters long",
        Measure::Items => " items long",
    };
    match (least, greatest) {
        (Some(least), Some(greatest)) => format!("between {least} and {greatest}{unit}"),
        (Some(least), None) => format!("at least {least}{unit}"),
        (None, Some(greatest)) => format!("at most {greatest}{unit}"),
        (None, None) => "a finite number".to_owned(),
    }
}

fn literal(measure: Measure, text: &str) -> Literal {
    if measure == Measure::Days { Literal::text(text) } else { Literal::number(text) }
}

/// The least and the greatest value in the parentheses of a type, and what means nothing there. The
/// parameters of plain PostgreSQL types are part of the column's type.
fn parameters(field: &Field) -> (Option<&Name>, Option<&Name>, Vec<&Name>) {
    let given = field.parameters.as_slice();
    match (&field.ty, given) {
        (Type::Postgres { .. }, _) => (None, None, Vec::new()),
        (Type::Basic(BasicType::Text), [greatest]) => (None, Some(greatest), Vec::new()),
        (Type::Rich(it), [greatest]) if is_text(it) => (None, Some(greatest), Vec::new()),
        (Type::Rich(it), [least, greatest]) if is_text(it) => {
            (Some(least), Some(greatest), Vec::new())
        }
        (Type::Basic(it), [least, greatest]) if *it != BasicType::Boolean => {
            (Some(least), Some(greatest), Vec::new())
        }
        _ => (None, None, given.iter().collect()),
    }
}

fn measure(ty: &Type) -> Option<Measure> {
    match ty {
        _ if ty.is_numeric() => Some(Measure::Number),
        Type::Basic(BasicType::Text) => Some(Measure::Characters),
        Type::Rich(it) if is_text(it) => Some(Measure::Characters),
        Type::Postgres { sql_type, .. }
            if sql_type.starts_with("varchar") || sql_type.starts_with("char") =>
        {
            Some(Measure::Characters)
        }
        Type::List(_) => Some(Measure::Items),
        _ if ["date", "timestamptz", "timestamp"].iter().any(|it| ty.sql_type() == *it) => {
            Some(Measure::Days)
        }
        _ => None,
    }
}

fn is_text(scalar: &RichScalar) -> bool {
    scalar.sql_type == "text"
}

fn has_infinity(ty: &Type) -> bool {
    let sql_type = ty.sql_type();
    ["numeric", "real", "double precision"].iter().any(|it| sql_type.starts_with(it))
}

fn is_usable(measure: Measure, text: &str) -> bool {
    match measure {
        Measure::Number => matches!(Literal::number(text), Literal::Number(_)),
        Measure::Characters | Measure::Items => text.parse::<u32>().is_ok(),
        Measure::Days => is_day(text),
    }
}

/// A day that exists, as `2026-01-31`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |it: &str, digits: usize| {
        let is_plain = it.len() == digits && it.bytes().all(|it| it.is_ascii_digit());
        it.parse::<u32>().ok().filter(|_| is_plain)
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn a_day_exists() {
        assert!(is_day("2024-02-29") && is_day("2026-12-31"));
        for it in ["2026-02-29", "2026-13-01", "2026-1-1", "0000-01-01", "today", "2026-04-31"] {
            assert!(!is_day(it), "{it}");
        }
    }
}
