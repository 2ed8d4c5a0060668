//! What comes with the language, as one text to jump into: columns of every entity, values of the
//! session, types, functions.
//!
//! Invariant: the text is the same for every workspace, and each name in it has one heading.

use std::{collections::BTreeMap, fmt::Write, sync::OnceLock};

use specql_model::{
    FileId, Type,
    entity::BUILT_INS,
    functions,
    scope::CONTEXT,
    types::{COMPOSITES, RICH_SCALARS},
};
use specql_text::TextRange;

use crate::{
    Analysis, hover,
    mention::{self, Subject},
};

/// The basic types, each with what it holds.
pub(crate) const BASIC: &[(&str, &str)] = &[
    ("text", "Text of any length; `text(50)` limits it."),
    ("integer", "A whole number of 32 bits."),
    ("bigint", "A whole number of 64 bits."),
    ("float", "A floating point number."),
    ("boolean", "`true` or `false`."),
];

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Column,
    Value,
    Type,
    Function,
}

/// The text, and where in it each name has its heading.
#[derive(Debug, Default)]
struct Page {
    text: String,
    places: BTreeMap<(Kind, &'static str), TextRange>,
}

/// The text, in Markdown.
#[must_use]
pub fn built_ins() -> &'static str {
    &page().text
}

impl Analysis {
    /// Where [`built_ins`] has what is under a cursor.
    #[must_use]
    pub fn built_in_at(&self, file: FileId, offset: u32) -> Option<TextRange> {
        let workspace = self.workspace();
        let it = mention::at(workspace, workspace.file(file)?, offset)?;
        match it.subject {
            Subject::BuiltIn(_, it) => place(Kind::Column, it.name),
            Subject::Context((name, _)) => place(Kind::Value, name),
            Subject::Function(name) => place(Kind::Function, name),
            Subject::Rich(it) => place(Kind::Type, it.name),
            Subject::Type(ty) => of_type(ty),
            _ => None,
        }
    }

    /// Where [`built_ins`] has the type of what is under a cursor.
    #[must_use]
    pub fn built_in_type_at(&self, file: FileId, offset: u32) -> Option<TextRange> {
        let workspace = self.workspace();
        let it = mention::at(workspace, workspace.file(file)?, offset)?;
        match it.subject {
            Subject::Field(_, field) => of_type(&field.ty),
            Subject::Parameter(_, it) => of_type(&it.ty),
            Subject::Part(_, ty) => of_type(&ty),
            Subject::Type(ty) => of_type(ty),
            Subject::Rich(it) => place(Kind::Type, it.name),
            _ => None,
        }
    }
}

fn of_type(ty: &Type) -> Option<TextRange> {
    match ty {
        Type::Basic(it) => place(Kind::Type, it.name()),
        Type::Rich(it) => place(Kind::Type, it.name),
        Type::Composite(it) => place(Kind::Type, it.name),
        Type::List(item) => of_type(item),
        _ => None,
    }
}

fn place(kind: Kind, name: &str) -> Option<TextRange> {
    page().places.iter().find(|(key, _)| **key == (kind, name)).map(|it| *it.1)
}

fn page() -> &'static Page {
    static PAGE: OnceLock<Page> = OnceLock::new();
    PAGE.get_or_init(Page::new)
}

impl Page {
    fn new() -> Self {
        let mut res = Self::default();
        res.text.push_str("# What comes with SpecQL\n");
        res.chapter("Columns of every entity");
        for it in BUILT_INS {
            let text =
                format!("`{}`, `{}` in GraphQL: {}\n", it.sql_type, it.graphql, it.documentation);
            res.entry(Kind::Column, it.name, &text);
        }
        res.chapter("Values of the session and of PostgreSQL");
        for (name, documentation) in CONTEXT {
            res.entry(Kind::Value, name, &format!("{documentation}\n"));
        }
        res.chapter("Types");
        for (name, documentation) in BASIC {
            res.entry(Kind::Type, name, &format!("{documentation}\n"));
        }
        for it in RICH_SCALARS {
            res.entry(Kind::Type, it.name, &hover::rich(it));
        }
        for it in COMPOSITES {
            res.entry(Kind::Type, it.name, &hover::composite(it));
        }
        res.chapter("Functions");
        let mut names: Vec<&'static str> = functions::names().collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            res.entry(Kind::Function, name, &hover::function(name).unwrap_or_default());
        }
        res
    }

    fn chapter(&mut self, title: &str) {
        let _ = write!(self.text, "\n## {title}\n");
    }

    fn entry(&mut self, kind: Kind, name: &'static str, text: &str) {
        self.text.push_str("\n### `");
        let start = self.text.len();
        let _ = write!(self.text, "{name}`\n\n{text}");
        self.places.insert((kind, name), (start..start + name.len()).into());
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::built_ins;
    use crate::test_support::Fixture;

    const POST: &str = "entity: Post
fields:
  mail: email!
  count: integer
  mails: list(email)
  where: Coordinates
actions:
  - name: a
    steps:
      - validate: created_at < now() AND lower(mail) = 'x' AND auth_user_id IS NOT NULL
";

    fn leads(marked: &str, of_type: bool) -> String {
        let text = POST.replacen(&marked.replace("$0", ""), marked, 1);
        let it = Fixture::new(&text);
        let found = if of_type {
            it.analysis.built_in_type_at(it.file, it.offset())
        } else {
            it.analysis.built_in_at(it.file, it.offset())
        };
        let line = |at: u32| built_ins()[..at as usize].lines().last().map(str::to_owned);
        found.map_or_else(String::new, |it| {
            format!("{}{}", line(it.start()).unwrap(), it.slice(built_ins()))
        })
    }

    #[test]
    fn names_lead_to_their_headings() {
        assert_snapshot!(leads("mail: em$0ail!", false), @"### `email");
        assert_snapshot!(leads("count: int$0eger", false), @"### `integer");
        assert_snapshot!(leads("created$0_at <", false), @"### `created_at");
        assert_snapshot!(leads("low$0er(mail)", false), @"### `lower");
        assert_snapshot!(leads("no$0w()", false), @"### `now");
        assert_snapshot!(leads("auth_$0user_id", false), @"### `auth_user_id");
        assert_snapshot!(leads("ma$0il: email!", false), @"");
    }

    #[test]
    fn fields_lead_to_their_types() {
        assert_snapshot!(leads("ma$0il: email!", true), @"### `email");
        assert_snapshot!(leads("lower(ma$0il)", true), @"### `email");
        assert_snapshot!(leads("mai$0ls: list", true), @"### `email");
    }

    /// A function that several signatures have is one heading, and nothing is told twice.
    #[test]
    fn each_name_has_one_heading() {
        let text = built_ins();
        let mut functions: Vec<&str> = text.split("## Functions").nth(1).unwrap().lines().collect();
        functions.retain(|it| it.starts_with("### "));
        let all = functions.len();
        functions.dedup();
        assert_eq!(functions.len(), all);
        assert!(all > 100, "{all}");
        assert!(text.contains("lower(text) -> text"), "{text}");
    }
}
