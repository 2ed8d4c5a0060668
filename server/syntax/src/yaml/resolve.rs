//! What a plain scalar means by YAML 1.1, in the words of `PyYAML`'s `safe_load`: the upstream
//! generator sees `no` as false, `012` as ten and `12:30` as 750.

use smol_str::{SmolStr, ToSmolStr as _};

use super::Resolved;

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

/// An integer in decimal digits; one beyond 128 bits as it is written.
fn integer(text: &str) -> Option<SmolStr> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let value = if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)?
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        radix(hexadecimal, 16)?
    } else if let Some(octal) = digits.strip_prefix('0').filter(|it| !it.is_empty()) {
        radix(octal, 8)?
    } else if digits.contains(':') {
        sexagesimal(digits)?
    } else {
        radix(digits.starts_with(|it: char| it.is_ascii_digit()).then_some(digits)?, 10)?
    };
    Some(match value {
        Some(0) => "0".into(),
        Some(value) if negative => format!("-{value}").into(),
        Some(value) => value.to_smolstr(),
        None => without_underscores(text).into(),
    })
}

/// The value of digits with underscores between them: `None` when they are none, `Some(None)` when
/// the value does not fit.
fn radix(digits: &str, base: u32) -> Option<Option<u128>> {
    if digits.is_empty() || !digits.chars().all(|it| it == '_' || it.is_digit(base)) {
        return None;
    }
    Some(u128::from_str_radix(&without_underscores(digits), base).ok())
}

fn sexagesimal(text: &str) -> Option<Option<u128>> {
    let mut parts = text.split(':');
    let first = parts.next().filter(|it| it.starts_with(|c: char| ('1'..='9').contains(&c)))?;
    let mut value = radix(first, 10)?;
    for part in parts {
        let part = sixtieth(part)?;
        value = value.and_then(|it| it.checked_mul(60)?.checked_add(part));
    }
    Some(value)
}

/// `[0-5]?[0-9]`.
fn sixtieth(text: &str) -> Option<u128> {
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

/// A date (`2024-01-31`), or a date of looser form with a time and perhaps a zone.
fn is_timestamp(text: &str) -> bool {
    let mut rest = Digits(text);
    if !(rest.take(4, 4) && rest.literal('-')) {
        return false;
    }
    let Digits(months) = rest;
    if rest.take(2, 2) && rest.literal('-') && rest.take(2, 2) && rest.0.is_empty() {
        return true;
    }
    rest = Digits(months);
    rest.take(1, 2) && rest.literal('-') && rest.take(1, 2) && is_time(rest)
}

fn is_time(mut rest: Digits<'_>) -> bool {
    let separated = rest.literal('T') || rest.literal('t') || rest.blanks() > 0;
    let clock = separated
        && rest.take(1, 2)
        && rest.literal(':')
        && rest.take(2, 2)
        && rest.literal(':')
        && rest.take(2, 2);
    if !clock {
        return false;
    }
    if rest.literal('.') {
        rest.take(0, usize::MAX);
    }
    if rest.0.is_empty() {
        return true;
    }
    rest.blanks();
    if rest.literal('Z') {
        return rest.0.is_empty();
    }
    (rest.literal('-') || rest.literal('+'))
        && rest.take(1, 2)
        && (rest.0.is_empty() || (rest.literal(':') && rest.take(2, 2) && rest.0.is_empty()))
}

/// A text that is read from its start.
#[derive(Clone, Copy)]
struct Digits<'a>(&'a str);

impl Digits<'_> {
    /// Takes as many digits as there are, at most `most`; false when they are fewer than `least`.
    fn take(&mut self, least: usize, most: usize) -> bool {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        self.0 = self.0.get(count..).unwrap_or_default();
        count >= least
    }

    fn literal(&mut self, wanted: char) -> bool {
        self.0.strip_prefix(wanted).map(|it| self.0 = it).is_some()
    }

    fn blanks(&mut self) -> usize {
        let before = self.0.len();
        self.0 = self.0.trim_start_matches([' ', '\t']);
        before - self.0.len()
    }
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
    fn an_integer_beyond_128_bits_is_kept_as_written() {
        let long = "9".repeat(60);
        assert_eq!(resolve(&long), Resolved::Int(long.as_str().into()));
    }
}
