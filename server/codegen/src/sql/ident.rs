//! Identifiers, quoted where PostgreSQL needs it.

use super::{
    fragment::{Sql, ToSql},
    keywords::is_keyword,
};

/// PostgreSQL cuts longer identifiers off without an error, so two of them can become one.
pub(crate) const MAX_IDENT_BYTES: usize = 63;

/// The name of a table, column, function, variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ident(String);

impl Ident {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name itself, without quotes: for catalogue look-ups and for building further names.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_too_long(&self) -> bool {
        self.0.len() > MAX_IDENT_BYTES
    }

    fn is_plain(&self) -> bool {
        let mut bytes = self.0.bytes();
        bytes.next().is_some_and(|it| it.is_ascii_lowercase() || it == b'_')
            && bytes.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b"_$".contains(&it))
            && !is_keyword(&self.0)
    }
}

impl ToSql for Ident {
    fn write(&self, out: &mut String) {
        if self.is_plain() {
            out.push_str(&self.0);
            return;
        }
        out.push('"');
        // A NUL cannot stand in an identifier, and a line break would break the line structure.
        for character in self.0.chars().filter(|it| !it.is_control()) {
            if character == '"' {
                out.push('"');
            }
            out.push(character);
        }
        out.push('"');
    }
}

/// A name with its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Qualified {
    pub(crate) schema: Ident,
    pub(crate) name: Ident,
}

impl Qualified {
    pub(crate) fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: Ident::new(schema), name: Ident::new(name) }
    }

    /// The text that `::regclass` reads as this name.
    pub(crate) fn catalogue_text(&self) -> String {
        Sql::of(self).into_text()
    }
}

impl ToSql for Qualified {
    fn write(&self, out: &mut String) {
        self.schema.write(out);
        out.push('.');
        self.name.write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(name: &str) -> String {
        Sql::of(&Ident::new(name)).into_text()
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(quoted("tb_post"), "tb_post");
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Order"), "\"Order\"");
        assert_eq!(quoted("2nd"), "\"2nd\"");
        assert_eq!(quoted(""), "\"\"");
    }

    #[test]
    fn a_quote_cannot_end_the_identifier() {
        assert_eq!(quoted("a\"; DROP TABLE x; --"), "\"a\"\"; DROP TABLE x; --\"");
    }
}
