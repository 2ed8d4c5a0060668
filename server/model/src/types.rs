//! The types of fields, and what they are in PostgreSQL and GraphQL.

mod composite;
mod literal;
mod lookup;
mod postgres;
mod rich;
mod scalar;
mod written;

use ecow::EcoString;
use specql_syntax::{Name, expression::EntityReference};

pub use composite::COMPOSITES;
pub(crate) use literal::is_unit_of_time;
pub use lookup::{begins_with_name, names};
pub use postgres::plain_types;
pub use rich::{RICH_ALIASES, RICH_SCALARS};
pub use scalar::{Scalar, items_of_json};
pub use written::{WrittenReference, enum_of};

/// A field's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// One of the five basic types.
    Basic(BasicType),
    /// One of the rich scalars (`email`, `money`).
    Rich(&'static RichScalar),
    /// A composite that is stored as JSONB (`SimpleAddress`).
    Composite(&'static Composite),
    /// `enum(a, b)`.
    Enum(Vec<Name>),
    /// `list(T)`, `T[]`: JSONB.
    List(Box<Type>),
    /// `ref(E)`, `ref(s.E)`, `ref(A|B)`; empty while it is being typed.
    Ref(Vec<EntityReference>),
    /// A plain PostgreSQL type that authors use and the upstream generator turns into TEXT.
    Postgres {
        /// As written.
        name: Box<Name>,
        /// The type to use, with its parameters in canonical form: `numeric(10,2)`.
        sql_type: EcoString,
    },
    /// A name that is none of these.
    Unknown(Name),
    /// No type is written.
    Missing,
}

/// The five types of the upstream parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasicType {
    /// `text`, `text(50)`.
    Text,
    /// `integer`.
    Integer,
    /// `bigint`.
    Bigint,
    /// `float`.
    Float,
    /// `boolean`.
    Boolean,
}

/// A scalar with a meaning, a PostgreSQL type and often a CHECK. Source: `core/scalar_types.py` 0.8.7.
#[derive(Debug, PartialEq)]
pub struct RichScalar {
    /// The name in SpecQL.
    pub name: &'static str,
    /// The type in PostgreSQL.
    pub sql_type: &'static str,
    /// The scalar in GraphQL.
    pub graphql: &'static str,
    /// A case-insensitive regular expression (`~*`) that every value matches.
    pub pattern: Option<&'static str>,
    /// The least and the greatest value.
    pub bounds: (Option<&'static str>, Option<&'static str>),
    /// What it holds, for hovers.
    pub documentation: &'static str,
    /// A value to show in samples; satisfies the pattern and the bounds.
    pub example: &'static str,
}

/// A composite with its parts. Source: `core/scalar_types.py` 0.8.7.
#[derive(Debug, PartialEq)]
pub struct Composite {
    /// The name in SpecQL.
    pub name: &'static str,
    /// Name, type and whether it is required, for each part.
    pub parts: &'static [(&'static str, &'static str, bool)],
    /// What it holds, for hovers.
    pub documentation: &'static str,
}

#[cfg(test)]
mod tests;
