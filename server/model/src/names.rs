//! What entities, fields and actions are called in SQL and in GraphQL.
//!
//! Invariant: the generator makes its names by these functions and the rules judge them by the same, so
//! that a name that cannot be used is found before anything is generated.

use heck::ToSnakeCase;

use crate::{Action, Config, Entity, Field, Name, Type, Workspace, type_stem};

/// PostgreSQL cuts longer names off without an error, so two of them can become one.
pub const MAX_SQL_BYTES: usize = 63;

/// No name made of an entity and a field has more bytes beside theirs.
const AFFIXES: usize = 24;

/// A name in SQL that is made of one in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeName<'a> {
    /// The name in the file.
    pub from: &'a Name,
    /// The longest name that is made of it.
    pub text: String,
}

impl MadeName<'_> {
    /// Whether PostgreSQL would cut it off.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.text.len() > MAX_SQL_BYTES
    }
}

/// Whether a text is one word: letters, digits and `_`.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

/// `BlogPost` in snake_case: `blog_post`, and `HTTPRoute`: `http_route`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    if !name.is_ascii() {
        return name.to_snake_case();
    }
    let mut res = String::with_capacity(name.len() + 4);
    for part in name.split(|it: char| !it.is_ascii_alphanumeric()) {
        push_words(part.as_bytes(), &mut res);
    }
    res
}

/// The English plural of a regular noun: `posts`, `categories`, `surveys`, `boxes`.
#[must_use]
pub fn plural(name: &str) -> String {
    let vowel_y = ["ay", "ey", "oy", "uy"].iter().any(|it| name.ends_with(it));
    match name.strip_suffix('y') {
        Some(stem) if !vowel_y => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|it| name.ends_with(it)) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// Adds the words of letters and digits without anything between them, as `heck` finds them: one ends
/// before a capital behind a small letter, and before the last capital of several that a small one
/// follows. Names are asked for so often that the general way is felt.
fn push_words(part: &[u8], into: &mut String) {
    let mut is_first = true;
    // Whether the last letter of the word is small; nothing while it has none.
    let mut is_small = None;
    for (at, byte) in part.iter().enumerate() {
        let next = part.get(at + 1).copied().unwrap_or_default();
        let is_last_capital =
            is_small == Some(false) && byte.is_ascii_uppercase() && next.is_ascii_lowercase();
        if (is_first || is_last_capital) && !into.is_empty() {
            into.push('_');
        }
        is_first = false;
        into.push(char::from(byte.to_ascii_lowercase()));
        if is_last_capital {
            is_small = None;
            continue;
        }
        if byte.is_ascii_alphabetic() {
            is_small = Some(byte.is_ascii_lowercase());
        }
        if is_small == Some(true) && next.is_ascii_uppercase() {
            (is_first, is_small) = (true, None);
        }
    }
}

impl Entity {
    /// The entity's part of the names of tables and functions: `blog_post` of `BlogPost`.
    #[must_use]
    pub fn snake_name(&self) -> String {
        snake_case(&self.name.text)
    }

    /// The table: `tb_blog_post`.
    #[must_use]
    pub fn table_name(&self) -> String {
        format!("tb_{}", self.snake_name())
    }

    /// Those of the [names made](Self::made_names) that PostgreSQL would cut off.
    #[must_use]
    pub fn too_long_names(&self) -> Vec<MadeName<'_>> {
        let longest_field = self.fields.iter().map(|it| it.name.text.len()).max().unwrap_or(0);
        // In snake_case a name has at most a `_` for each of its letters.
        let most = self.name.text.len() * 2 + longest_field + AFFIXES;
        if self.name.text.is_ascii() && most <= MAX_SQL_BYTES {
            return Vec::new();
        }
        self.made_names().into_iter().filter(MadeName::is_too_long).collect()
    }

    /// The longest names that the table and the read model make of the entity's name and of each field.
    #[must_use]
    pub fn made_names(&self) -> Vec<MadeName<'_>> {
        let snake = self.snake_name();
        let mut res = vec![MadeName { from: &self.name, text: format!("refresh_tv_{snake}") }];
        for field in self.fields.iter().filter(|it| !it.name.text.is_empty()) {
            res.push(MadeName { from: &field.name, text: longest_of_field(&snake, field) });
        }
        res
    }

    /// The longest name that the audit trail makes of the entity's name outside of its schema.
    #[must_use]
    pub fn made_audit_name(&self, workspace: &Workspace) -> MadeName<'_> {
        let stem = type_stem(&workspace.type_name(self));
        let text = format!("get_{stem}_audit_history_with_cascade");
        MadeName { from: &self.name, text }
    }

    /// Whether changes of the entity's rows are recorded.
    #[must_use]
    pub fn is_audited(&self, config: &Config) -> bool {
        let own = self.audit.as_ref().and_then(|it| it.enabled);
        own.or(config.audit_enabled).unwrap_or(true)
    }
}

impl Action {
    /// The function of the action.
    #[must_use]
    pub fn made_name(&self) -> MadeName<'_> {
        MadeName { from: &self.name, text: format!("fn_{}", self.name.text) }
    }
}

/// The longest of the names of the column, of its constraints and of its triggers.
fn longest_of_field(snake: &str, field: &Field) -> String {
    let name = &field.name.text;
    let is_reference = matches!(field.ty, Type::Ref(_));
    let column = if is_reference { format!("fk_{name}") } else { name.to_string() };
    let mut made = vec![format!("uq_tb_{snake}_{column}")];
    made.extend(check_kinds(field).into_iter().map(|it| format!("chk_tb_{snake}_{column}_{it}")));
    if is_reference {
        made.push(format!("tb_{snake}_{column}_fkey"));
    }
    if holds_ids(&field.ty) {
        made.push(format!("check_tb_{snake}_{column}_kept"));
    }
    made.push(column);
    // Of several longest ones the name of the column says most.
    made.into_iter().max_by_key(String::len).unwrap_or_default()
}

/// Whether a value holds ids of rows, which a trigger of its own keeps.
fn holds_ids(ty: &Type) -> bool {
    match ty {
        Type::List(item) => matches!(**item, Type::Ref(_)),
        ty => ty.targets().len() > 1,
    }
}

/// What the table checks of a field's values: the last parts of the names of the constraints.
fn check_kinds(field: &Field) -> Vec<&'static str> {
    let of_type = match &field.ty {
        Type::Enum(values) if !values.is_empty() => Some("enum"),
        Type::Rich(it) if it.pattern.is_some() => Some("pattern"),
        Type::Rich(it) if it.name == "coordinates" => Some("bounds"),
        Type::List(_) | Type::Composite(_) => Some("shape"),
        _ => None,
    };
    let has_limits = !field.parameters.is_empty() || !field.bounds.is_empty();
    let sql_type = field.ty.sql_type();
    let has_infinity = ["numeric", "real", "double"].iter().any(|it| sql_type.starts_with(it));
    let of_limits = match &field.ty {
        Type::Ref(_) => None,
        ty if ty.is_numeric() && (has_limits || has_infinity) => Some("range"),
        Type::Rich(it) if it.bounds != (None, None) => Some("range"),
        _ if has_limits => Some("length"),
        _ => None,
    };
    of_type.into_iter().chain(of_limits).collect()
}

/// Whether a name can stand in SQL, in the configuration of a connector and in a regular expression as
/// it is.
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.len() <= 40
        && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

/// Whether GraphQL can have a name: letters of ASCII, digits and `_`, no digit first, and not the `__`
/// that marks its own names.
#[must_use]
pub fn is_graphql_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
        && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && !name.starts_with("__")
}

#[cfg(test)]
mod tests {
    use heck::ToSnakeCase;
    use proptest::prelude::*;

    use super::{plural, snake_case};

    #[test]
    fn plurals_of_regular_nouns() {
        for (one, many) in [
            ("post", "posts"),
            ("category", "categories"),
            ("survey", "surveys"),
            ("address", "addresses"),
            ("dish", "dishes"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    proptest! {
        #[test]
        fn names_are_split_as_by_heck(name in "[A-Ca-c0-1_. é-]{0,14}") {
            prop_assert_eq!(snake_case(&name), name.to_snake_case());
        }
    }
}
