//! The one-line language of fields: `ref(crm.Company)!`, `enum(a, b) = a`, `decimal(10, 2)`.

mod direct;
mod parse;
#[cfg(test)]
mod tests;

use specql_text::TextRange;

use crate::{Name, expression::EntityReference, statement::LineProblem, yaml::Scalar};

/// A field written in one line: `TYPE[!|?][ = DEFAULT[!]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldExpression {
    /// The type; absent while it is not typed yet.
    pub ty: Option<TypeExpression>,
    /// The `!`, wherever it stands.
    pub required: Option<TextRange>,
    /// The `?` after the type.
    pub optional: Option<TextRange>,
    /// The text after ` = `, without quotes and without a closing `!`.
    pub default: Option<Name>,
    /// The default was written in quotes.
    pub default_quoted: bool,
    /// The `!` stands before ` = `, where the upstream loader turns the field into nullable text.
    pub bang_before_default: bool,
}

/// A type and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeExpression {
    /// From its first to its last byte, without `!`, `?` and default.
    pub range: TextRange,
    /// What it is.
    pub kind: TypeKind,
}

/// The forms of types.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// `text`, `money`, `decimal(10, 2)`, `text(50)`.
    Named {
        /// As written.
        name: Name,
        /// What stands in parentheses, as written.
        parameters: Vec<Name>,
    },
    /// `enum(a, b)`, `enum[a, b]`.
    Enum(Vec<Name>),
    /// `list(T)`, `T[]`.
    List(Box<TypeExpression>),
    /// `ref(E)`, `ref(s.E)`, `ref(A|B)`; empty while nothing is typed.
    Ref(Vec<EntityReference>),
    /// Nothing that can be read.
    Missing,
}

/// Reads a field's short form, or the `type:` of its long form.
#[must_use]
pub fn parse_field(scalar: &Scalar) -> (FieldExpression, Vec<LineProblem>) {
    match direct::read(scalar) {
        Some(field) => (field, Vec::new()),
        None => parse::parse(scalar),
    }
}

/// By line and by tree, for the law that both are one.
#[cfg(test)]
pub(crate) fn both(
    scalar: &Scalar,
) -> (Option<FieldExpression>, (FieldExpression, Vec<LineProblem>)) {
    (direct::read(scalar), parse::parse(scalar))
}
