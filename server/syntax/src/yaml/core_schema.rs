//! What a plain scalar means by the core schema of YAML 1.2, which other tools read entity files by:
//! `no` is text there, `012` is twelve and `1e3` a number.

use ecow::{EcoString, eco_format};

use super::{
    Resolved,
    number::{MAX_DIGITS, Number},
};

/// What a plain scalar with this text means by YAML 1.2.
#[must_use]
pub fn resolve_core(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "true" | "True" | "TRUE" => return Resolved::Bool(true),
        "false" | "False" | "FALSE" => return Resolved::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(text.into()),
        _ => {}
    }
    if let Some(value) = integer(text) {
        return Resolved::Int(value);
    }
    if is_float(text) { Resolved::Float(text.into()) } else { Resolved::Str }
}

/// An integer in decimal digits; of another base only without a sign, and of a length that one reads.
fn integer(text: &str) -> Option<EcoString> {
    let of_base = |digits: &str, base: u32| {
        let fits = !digits.is_empty() && digits.chars().all(|it| it.is_digit(base));
        (fits && digits.len() <= MAX_DIGITS).then(|| Number::from_digits(digits, base))
    };
    if let Some(octal) = text.strip_prefix("0o") {
        return of_base(octal, 8).map(|it| it.decimal(false));
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return of_base(hexadecimal, 16).map(|it| it.decimal(false));
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let sign = if text.starts_with('-') && !significant.is_empty() { "-" } else { "" };
    Some(eco_format!("{sign}{}", if significant.is_empty() { "0" } else { significant }))
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let are_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    let exponent = exponent.map(|it| it.strip_prefix(['-', '+']).unwrap_or(it));
    has_digits
        && are_digits(whole)
        && are_digits(fraction)
        && exponent.is_none_or(|it| !it.is_empty() && are_digits(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_the_core_schema_says() {
        let int = |it: &str| Resolved::Int(it.into());
        let float = |it: &str| Resolved::Float(it.into());
        let table = [
            ("~", Resolved::Null),
            ("True", Resolved::Bool(true)),
            ("no", Resolved::Str),
            ("On", Resolved::Str),
            ("-0", int("0")),
            ("012", int("12")),
            ("089", int("89")),
            ("+12", int("12")),
            ("0o17", int("15")),
            ("0x1F", int("31")),
            ("-0x1F", Resolved::Str),
            ("0b1", Resolved::Str),
            ("1_000", Resolved::Str),
            ("12:30", Resolved::Str),
            ("1e3", float("1e3")),
            ("-.5", float("-.5")),
            (".5e3", float(".5e3")),
            ("1.", float("1.")),
            (".", Resolved::Str),
            ("e3", Resolved::Str),
            ("1e", Resolved::Str),
            ("+.inf", float("+.inf")),
            ("2024-01-31", Resolved::Str),
            ("=", Resolved::Str),
        ];
        for (text, meaning) in table {
            assert_eq!(resolve_core(text), meaning, "{text}");
        }
    }
}
