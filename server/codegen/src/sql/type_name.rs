//! Names of PostgreSQL types with their parameters.

use super::{Sql, fragment::ToSql, sql};

/// `numeric(10,2)`, `timestamptz`, `double precision`, `app.money`, `timestamp(3) with time zone`, `text[]`:
/// plain words, one list of numbers, pairs of brackets. Anything else becomes `text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TypeName(String);

impl TypeName {
    pub(crate) fn new(name: &str) -> Self {
        Self::parse(name).unwrap_or_else(|| Self("text".to_owned()))
    }

    /// The type that a text names, in small letters and with single spaces.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let scalar = name.trim_end_matches(|it: char| "[] ".contains(it));
        let brackets = name.get(scalar.len()..)?.replace(' ', "");
        let pairs = brackets.len() / 2;
        let (base, rest) = scalar.split_once('(').unwrap_or((scalar, ")"));
        let (numbers, words) = rest.split_once(')')?;
        let is_sound = brackets == "[]".repeat(pairs)
            && is_base(base.trim_end())
            && (words.is_empty() || is_words(words.trim_start()))
            && (!scalar.contains('(') || is_numbers(numbers));
        is_sound.then_some(Self(format!("{scalar}{brackets}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The type without its parameters.
    pub(crate) fn base(&self) -> &str {
        self.0.split('(').next().unwrap_or_default().trim_end()
    }

    pub(crate) fn is_array(&self) -> bool {
        self.0.ends_with(']')
    }

    /// Whether its values are dates, times of day or moments, for which PostgreSQL has words such as `now`.
    pub(crate) fn is_temporal(&self) -> bool {
        let words = ["timestamp", "timestamptz", "date", "time", "timetz"];
        let first = self.0.split([' ', '(', '[']).next().unwrap_or_default();
        words.contains(&first) && !self.is_array()
    }

    /// Whether its values are numbers of decimal digits, which newer releases of PostgreSQL read in other
    /// spellings too.
    fn is_decimal(&self) -> bool {
        let words = ["smallint", "integer", "bigint", "numeric", "decimal"];
        words.contains(&self.base()) && !self.is_array()
    }

    /// A text from outside in this type; one that means nothing in JSON Schema does not fit.
    pub(crate) fn of_text(&self, text: &Sql) -> Sql {
        if self.is_temporal() {
            sql!("app.moment({})::{}", text.without_parentheses(), self)
        } else if self.base().starts_with("interval") && !self.is_array() {
            sql!("app.duration({})::{}", text.without_parentheses(), self)
        } else if self.is_decimal() {
            sql!("app.digits({})::{}", text.without_parentheses(), self)
        } else {
            sql!("{}::{}", text, self)
        }
    }

    /// The type of a list of values of this one.
    pub(crate) fn array(&self) -> Self {
        Self(format!("{}[]", self.0))
    }
}

fn is_base(name: &str) -> bool {
    let (schema, name) = name.split_once('.').unwrap_or(("s", name));
    is_words(schema) && is_words(name)
}

fn is_words(text: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b" _".contains(&it);
    text.starts_with(|it: char| it.is_ascii_lowercase() || it == '_') && text.bytes().all(is_part)
}

fn is_numbers(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit() || b", ".contains(&it))
}

impl ToSql for TypeName {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_type_becomes_text() {
        assert_eq!(TypeName::new("NUMERIC(10, 2)").0, "numeric(10, 2)");
        assert_eq!(TypeName::new("DOUBLE PRECISION").base(), "double precision");
        assert_eq!(TypeName::new("int); DROP TABLE x; --").0, "text");
        assert_eq!(TypeName::new("").0, "text");
        for it in
            ["text]", "text[", "a.b.c", "a(1)(2)", "a()", "a(1) ; b", "é", "1a", "a\"b", "a[1]"]
        {
            assert_eq!(TypeName::parse(it), None, "{it}");
        }
    }

    #[test]
    fn words_and_brackets_stay() {
        for (written, sql) in [
            ("app.Money", "app.money"),
            ("timestamp(3)  with\n time zone", "timestamp(3) with time zone"),
            ("character varying (20) [] []", "character varying (20)[][]"),
            ("text[]", "text[]"),
        ] {
            assert_eq!(TypeName::new(written).0, sql);
        }
    }
}
