//! Names of PostgreSQL types with their parameters.

use super::fragment::ToSql;

/// `numeric(10,2)`, `timestamptz`, `double precision`. Only letters, digits, spaces and a list of
/// numbers in parentheses; anything else becomes `text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TypeName(String);

impl TypeName {
    pub(crate) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let (base, parameters) =
            lower.split_once('(').map_or((lower.as_str(), None), |(base, rest)| (base, Some(rest)));
        let base_is_plain = base.starts_with(|it: char| it.is_ascii_lowercase())
            && base
                .bytes()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b" _".contains(&it));
        let parameters_are_numbers = parameters.is_none_or(|it| {
            it.strip_suffix(')').is_some_and(|it| {
                !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit() || b", ".contains(&it))
            })
        });
        if base_is_plain && parameters_are_numbers { Self(lower) } else { Self("text".to_owned()) }
    }

    /// The type without its parameters.
    pub(crate) fn base(&self) -> &str {
        self.0.split('(').next().unwrap_or_default().trim_end()
    }
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
    }
}
