//! Pieces of SQL, filled from templates that are part of the program.

/// What can stand in a template's `{}`.
pub(crate) trait ToSql {
    fn write(&self, out: &mut String);
}

/// A piece of SQL. It is made of templates, identifiers and literals only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sql(String);

/// `sql!("{} = {}", column, value)`: the template is a literal of the program; each `{}` takes an
/// argument that knows how to quote itself; `{{}}` is a pair of braces.
macro_rules! sql {
    ($template:literal $(, $argument:expr)* $(,)?) => {
        $crate::sql::Sql::fill($template, &[$(&$argument as &dyn $crate::sql::ToSql),*])
    };
}
pub(crate) use sql;

/// `$name$`, with a number where that stands in the text.
pub(super) fn dollar_tag(name: &'static str, text: &str) -> String {
    (0..)
        .map(|it| if it == 0 { format!("${name}$") } else { format!("${name}{it}$") })
        .find(|it| !text.contains(it.as_str()))
        .unwrap_or_default()
}

impl Sql {
    /// SQL of the program itself.
    pub(crate) fn raw(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// One quoted thing alone.
    pub(crate) fn of(it: &dyn ToSql) -> Self {
        let mut res = String::new();
        it.write(&mut res);
        Self(res)
    }

    /// What [`sql!`] calls.
    pub(crate) fn fill(template: &'static str, arguments: &[&dyn ToSql]) -> Self {
        let mut res = String::with_capacity(template.len() * 2);
        let mut arguments = arguments.iter();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            res.push_str(before);
            let taken = if from.starts_with("{}") {
                let argument = arguments.next();
                debug_assert!(argument.is_some(), "too few arguments for `{template}`");
                if let Some(it) = argument {
                    it.write(&mut res);
                }
                2
            } else if let Some(it) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                res.push_str(from.get(..1).unwrap_or_default());
                from.len() - it.len()
            } else {
                debug_assert!(false, "a single brace in `{template}`");
                res.push_str(from.get(..1).unwrap_or_default());
                1
            };
            rest = from.get(taken..).unwrap_or_default();
        }
        debug_assert!(arguments.next().is_none(), "too many arguments for `{template}`");
        res.push_str(rest);
        Self(res)
    }

    /// The pieces with a separator between them.
    pub(crate) fn join(items: impl IntoIterator<Item = Self>, separator: &'static str) -> Self {
        let mut res = String::new();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                res.push_str(separator);
            }
            res.push_str(&item.0);
        }
        Self(res)
    }

    /// One piece per line, indented, with a line break before and after: what stands between
    /// parentheses. Literals have no line breaks in them, so only the layout changes.
    pub(crate) fn block(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Vec<String> = items.into_iter().map(|it| it.0.replace('\n', "\n    ")).collect();
        if items.is_empty() {
            return Self::default();
        }
        Self(format!("\n    {}\n", items.join(",\n    ")))
    }

    /// The pieces on one line where that is short, else one per line.
    pub(crate) fn wrapped(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Vec<Self> = items.into_iter().collect();
        let length: usize = items.iter().map(|it| it.0.len() + 2).sum();
        if length > 100 || items.iter().any(|it| it.0.contains('\n')) {
            return Self::block(items);
        }
        Self::join(items, ", ")
    }

    /// The pieces behind a word: on its line where that is short, else one per line below.
    pub(crate) fn listed(items: impl IntoIterator<Item = Self>) -> Self {
        let text = Self::wrapped(items).0;
        match text.strip_suffix('\n') {
            Some(block) => Self(block.to_owned()),
            None => Self(format!(" {text}")),
        }
    }

    /// The piece with another name for an alias of the program.
    pub(crate) fn with_alias(&self, alias: &'static str, other: &Self) -> Self {
        Self(self.0.replace(&format!("{alias}."), &format!("{}.", other.0)))
    }

    /// The same for an alias that is made here, which no other ends with.
    pub(crate) fn aliased(&self, alias: &Self, other: &'static str) -> Self {
        Self(self.0.replace(&format!("{}.", alias.0), &format!("{other}.")))
    }

    /// Whether a name stands in the piece, not as a part of a longer one.
    pub(crate) fn names(&self, name: &Self) -> bool {
        let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
        self.0.match_indices(name.as_str()).any(|(at, it)| {
            let (before, after) = self.0.split_at(at);
            !before.ends_with(is_part)
                && !after.get(it.len()..).is_some_and(|it| it.starts_with(is_part))
        })
    }

    /// The piece without the parentheses around the whole of it.
    pub(crate) fn without_parentheses(&self) -> Self {
        let inner = self.0.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        let whole = inner.filter(|it| !it.contains(['(', ')']));
        whole.map_or_else(|| self.clone(), |it| Self(it.to_owned()))
    }

    /// The piece one level deeper, but for its first line.
    pub(crate) fn indented(&self) -> Self {
        Self(self.0.replace('\n', "\n    "))
    }

    /// The text that [`raw_query`](super::raw_query) has checked.
    pub(super) fn checked(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

impl ToSql for Sql {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl<T: ToSql + ?Sized> ToSql for &T {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Ident, Literal};

    #[test]
    fn arguments_fill_the_template_in_order() {
        let it = sql!("{} = ANY ('{{}}' || {})", Ident::new("user"), Literal::text("o'k"));
        assert_eq!(it.as_str(), "\"user\" = ANY ('{}' || 'o''k')");
    }

    #[test]
    fn a_block_indents_what_is_in_it() {
        let inner = sql!("({})", Sql::block([Sql::raw("a"), Sql::raw("b")]));
        let outer = sql!("({})", Sql::block([inner]));
        assert_eq!(outer.as_str(), "(\n    (\n        a,\n        b\n    )\n)");
        assert_eq!(Sql::block([]).as_str(), "");
    }

    #[test]
    fn joins() {
        let it = Sql::join([Sql::raw("a"), Sql::raw("b")], ", ");
        assert_eq!(it.as_str(), "a, b");
    }
}
