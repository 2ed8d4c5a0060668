//! String, number and array literals.

use super::fragment::{Sql, ToSql, sql};

/// A constant, quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    /// `'text'`.
    Text(String),
    /// A number whose text was checked.
    Number(String),
    /// `true`, `false`.
    Bool(bool),
    /// `NULL`.
    Null,
}

impl Literal {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The number, or its text as a string literal when it is none.
    pub(crate) fn number(text: &str) -> Self {
        if is_number(text) { Self::Number(text.to_owned()) } else { Self::text(text) }
    }

    /// `ARRAY['a', 'b']`, or the empty array of texts.
    pub(crate) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Sql {
        let items: Vec<Sql> =
            items.into_iter().map(|it| Sql::of(&Self::text(it.as_ref()))).collect();
        if items.is_empty() {
            return Sql::raw("'{}'::text[]");
        }
        sql!("ARRAY[{}]", Sql::join(items, ", "))
    }
}

impl ToSql for Literal {
    fn write(&self, out: &mut String) {
        match self {
            Self::Number(text) => out.push_str(text),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Null => out.push_str("NULL"),
            Self::Text(text) => write_text(text, out),
        }
    }
}

/// Line breaks and backslashes are written as escapes: a literal stays on its line, and means the
/// same whatever `standard_conforming_strings` says.
fn write_text(text: &str, out: &mut String) {
    let escaped = text.contains(['\\', '\n', '\r', '\t']);
    out.push_str(if escaped { "E'" } else { "'" });
    for character in text.chars() {
        match character {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // PostgreSQL has no text with NUL in it.
            '\0' => {}
            _ => out.push(character),
        }
    }
    out.push('\'');
}

/// `-4`, `4.50`, `.5`, `1e-3`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    all_digits(whole)
        && (!whole.is_empty() || digits.starts_with('.'))
        && [fraction, exponent].iter().all(|it| !it.is_empty() && all_digits(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(it: &Literal) -> String {
        Sql::of(it).into_text()
    }

    #[test]
    fn apostrophes_and_backslashes_stay_inside() {
        assert_eq!(literal(&Literal::text("it's")), "'it''s'");
        assert_eq!(literal(&Literal::text("a\\'b\nc")), "E'a\\\\''b\\nc'");
    }

    #[test]
    fn only_a_number_is_written_without_quotes() {
        assert_eq!(literal(&Literal::number("-4.50")), "-4.50");
        assert_eq!(literal(&Literal::number("1; DROP")), "'1; DROP'");
        for it in ["1e3", ".5", "2.5E-3", "0"] {
            assert_eq!(literal(&Literal::number(it)), it);
        }
        for it in ["", ".", "1.", "1e", "e3", "1e3e3", "1.2.3", "-"] {
            assert_eq!(literal(&Literal::number(it)), format!("'{it}'"));
        }
    }
}
