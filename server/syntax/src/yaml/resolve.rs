//! What a plain scalar means by YAML 1.1, in the words of `PyYAML`'s `safe_load`: the upstream
//! generator sees `no` as false, `012` as ten and `12:30` as 750.

use ecow::{EcoString, eco_format};

use super::{
    Resolved,
    number::{MAX_DIGITS, Number},
    timestamp::{is_timestamp, timestamp},
};

/// What a plain scalar with this text means.
#[must_use]
pub fn resolve(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Bool(true);
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        _ => {}
    }
    if !text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '-' | '+' | '.')) {
        return Resolved::Str;
    }
    if let Some(value) = integer(text) {
        return Resolved::Int(value);
    }
    if is_float(text) {
        return Resolved::Float(without_underscores(text).into());
    }
    if is_timestamp(text) { Resolved::Timestamp } else { Resolved::Str }
}

fn without_underscores(text: &str) -> String {
    text.chars().filter(|it| *it != '_').collect()
}

/// Whether the upstream loader can make a value of a plain scalar: it takes `2024-13-45` for a date,
/// `0x_` for a number, `=` and `<<` for marks of YAML 1.1, and refuses the file.
pub(super) fn is_loadable(text: &str, resolved: &Resolved) -> bool {
    match resolved {
        Resolved::Timestamp => timestamp(text).is_some(),
        Resolved::Int(_) => !is_without_digits(text) && text.len() <= MAX_DIGITS,
        Resolved::Str => !matches!(text, "=" | "<<"),
        Resolved::Null | Resolved::Bool(_) | Resolved::Float(_) => true,
    }
}

/// `0x_` and `0b_`, with as many underscores as one likes.
fn is_without_digits(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let behind = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0b"));
    behind.is_some_and(|it| it.bytes().all(|it| it == b'_'))
}

/// An integer in decimal digits; one that the loader refuses for its length as it is written.
fn integer(text: &str) -> Option<EcoString> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, base) = if let Some(binary) = digits.strip_prefix("0b") {
        (binary, 2)
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        (hexadecimal, 16)
    } else if let Some(octal) = digits.strip_prefix('0').filter(|it| !it.is_empty()) {
        (octal, 8)
    } else if digits.contains(':') {
        return sexagesimal(digits).map(|it| it.decimal(negative));
    } else {
        (digits.starts_with(|it: char| it.is_ascii_digit()).then_some(digits)?, 10)
    };
    if !is_number(digits, base) {
        return None;
    }
    if digits.len() > MAX_DIGITS {
        return Some(without_underscores(text).into());
    }
    Some(match i128::from_str_radix(&without_underscores(digits), base) {
        Ok(value) => eco_format!("{}", if negative { -value } else { value }),
        Err(_) => Number::from_digits(digits, base).decimal(negative),
    })
}

/// Whether a text is digits with underscores between them.
fn is_number(digits: &str, base: u32) -> bool {
    !digits.is_empty() && digits.chars().all(|it| it == '_' || it.is_digit(base))
}

fn sexagesimal(text: &str) -> Option<Number> {
    let mut parts = text.split(':');
    let first = parts.next().filter(|it| it.starts_with(|c: char| ('1'..='9').contains(&c)))?;
    if !is_number(first, 10) {
        return None;
    }
    let rest = parts.map(sixtieth).collect::<Option<Vec<u32>>>()?;
    let is_readable = text.len() <= MAX_DIGITS;
    let mut number = Number::from_digits(if is_readable { first } else { "0" }, 10);
    rest.into_iter().filter(|_| is_readable).for_each(|it| number.push(60, it));
    Some(number)
}

/// `[0-5]?[0-9]`.
fn sixtieth(text: &str) -> Option<u32> {
    let fits = match text.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    };
    fits.then(|| text.parse().ok()).flatten()
}

fn is_float(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let signed = digits.len() < text.len();
    match digits {
        ".inf" | ".Inf" | ".INF" => return true,
        ".nan" | ".NaN" | ".NAN" => return !signed,
        _ => {}
    }
    let Some((whole, rest)) = digits.split_once('.') else { return false };
    let is_digit = |it: char| it == '_' || it.is_ascii_digit();
    let after = rest.trim_start_matches(is_digit);
    if whole.is_empty() {
        return !signed && rest.starts_with(|it: char| it.is_ascii_digit()) && is_exponent(after);
    }
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let starts = first.starts_with(|it: char| it.is_ascii_digit()) && first.chars().all(is_digit);
    if whole.contains(':') {
        starts && after.is_empty() && parts.all(|it| sixtieth(it).is_some())
    } else {
        starts && is_exponent(after)
    }
}

/// Nothing, or `e` with a sign and digits.
fn is_exponent(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return text.is_empty() };
    rest.strip_prefix(['-', '+'])
        .is_some_and(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_pyyaml_makes_of_them() {
        let int = |it: &str| Resolved::Int(it.into());
        let float = |it: &str| Resolved::Float(it.into());
        let table = [
            ("~", Resolved::Null),
            ("NULL", Resolved::Null),
            ("nULL", Resolved::Str),
            ("no", Resolved::Bool(false)),
            ("On", Resolved::Bool(true)),
            ("y", Resolved::Str),
            ("0", int("0")),
            ("-0", int("0")),
            ("012345", int("5349")),
            ("089", Resolved::Str),
            ("0o17", Resolved::Str),
            ("1_000", int("1000")),
            ("+12", int("12")),
            ("-12", int("-12")),
            ("0x_fF", int("255")),
            ("-0b101", int("-5")),
            ("12:30", int("750")),
            ("1:60", Resolved::Str),
            ("0:30", Resolved::Str),
            ("12:30:45", int("45045")),
            ("_1", Resolved::Str),
            ("1e3", Resolved::Str),
            ("1.5e3", Resolved::Str),
            ("1.5e+3", float("1.5e+3")),
            ("1.", float("1.")),
            (".5", float(".5")),
            ("-.5", Resolved::Str),
            ("1_0.5", float("10.5")),
            ("12:30.5", float("12:30.5")),
            ("-.inf", float("-.inf")),
            ("-.nan", Resolved::Str),
            (".NaN", float(".NaN")),
            ("2024-01-01", Resolved::Timestamp),
            ("2024-1-1", Resolved::Str),
            ("2024-1-1 1:02:03", Resolved::Timestamp),
            ("2024-01-01T10:00:00.5 +02:00", Resolved::Timestamp),
            ("2024-01-01T10:00:00Z", Resolved::Timestamp),
            ("2024-01-01 10:00", Resolved::Str),
            ("-", Resolved::Str),
            ("1.2.3", Resolved::Str),
            ("text", Resolved::Str),
        ];
        for (text, meaning) in table {
            assert_eq!(resolve(text), meaning, "{text}");
        }
    }

    #[test]
    fn an_integer_may_have_any_length_that_the_loader_reads() {
        let int = |it: &str| Resolved::Int(it.into());
        let long = "9".repeat(60);
        assert_eq!(resolve(&long), int(&long));
        assert_eq!(resolve(&format!("-{long}:00")), int(&format!("-5{}40", "9".repeat(59))));
        assert_eq!(resolve("0xffffffffffffffffffff"), int("1208925819614629174706175"));
        let longer = "9".repeat(5_000);
        assert!(!is_loadable(&longer, &resolve(&longer)));
    }

    #[test]
    fn some_text_looks_like_a_value_that_there_is_not() {
        for text in ["2024-13-45", "0x_", "-0b__", "=", "<<"] {
            assert!(!is_loadable(text, &resolve(text)), "{text}");
        }
        for text in ["2024-12-31", "0x1", "0_", "a", "1.", "~"] {
            assert!(is_loadable(text, &resolve(text)), "{text}");
        }
    }
}
