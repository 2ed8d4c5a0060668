//! A translated expression: its SQL and what is known of its type.

use specql_model::Entity;

use crate::sql::{Literal, Sql, TypeName, sql};

/// A translated expression.
#[derive(Debug, Clone)]
pub(crate) struct Value<'a> {
    pub(crate) sql: Sql,
    pub(crate) kind: Kind<'a>,
    /// It needs no parentheses as an operand.
    atomic: bool,
}

/// What is known of a value's type.
#[derive(Debug, Clone)]
pub(crate) enum Kind<'a> {
    /// A value of a type.
    Scalar(TypeName),
    /// `jsonb`.
    Json,
    /// An array of PostgreSQL.
    Array,
    /// The integer key of a row.
    Key(&'a Entity),
    /// The id of a row that the input names; its index among the inputs. The key is looked up once.
    InputKey(usize),
    /// Text out of JSON, which takes the type of what it meets.
    Untyped,
    /// A string literal, which takes the type of what it meets.
    Literal(String),
    /// `NULL`.
    Null,
    /// Not known.
    Unknown,
}

impl<'a> Value<'a> {
    /// SQL that binds tighter than any operator.
    pub(crate) fn atom(sql: Sql, kind: Kind<'a>) -> Self {
        Self { sql, kind, atomic: true }
    }

    /// SQL with an operator in it.
    pub(crate) fn compound(sql: Sql, kind: Kind<'a>) -> Self {
        Self { sql, kind, atomic: false }
    }

    pub(crate) fn scalar(sql: Sql, ty: TypeName) -> Self {
        Self::atom(sql, Kind::Scalar(ty))
    }

    pub(crate) fn literal(literal: Literal) -> Self {
        let text = if let Literal::Text(text) = &literal { text.clone() } else { String::new() };
        Self::atom(Sql::of(&literal), Kind::Literal(text))
    }

    pub(crate) fn condition(sql: Sql) -> Self {
        Self::compound(sql, Kind::Scalar(TypeName::new("boolean")))
    }

    pub(crate) fn null() -> Self {
        Self::atom(Sql::raw("NULL"), Kind::Null)
    }

    /// Whether it is a column of the row with an alias.
    pub(crate) fn is_field_of(&self, alias: &Sql) -> bool {
        self.sql.as_str().strip_prefix(alias.as_str()).is_some_and(|it| it.starts_with('.'))
    }

    /// The SQL as the operand of an operator.
    pub(crate) fn operand(&self) -> Sql {
        if self.atomic { self.sql.clone() } else { sql!("({})", self.sql) }
    }

    pub(crate) fn into_sql(self) -> Sql {
        self.sql
    }
}
