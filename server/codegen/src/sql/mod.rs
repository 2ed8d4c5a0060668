//! A small typed writer of SQL. Invariant: no text of a file reaches SQL but as an [`Ident`], a
//! [`Literal`], a [`Comment`], a [`TypeName`] or a checked [`raw_query`]; everything else is `'static`.

mod comment;
mod fragment;
mod ident;
mod json;
mod keywords;
mod lines;
mod literal;
mod query;
mod script;
mod type_name;

pub(crate) use comment::Comment;
pub(crate) use fragment::{Sql, ToSql, sql};
pub(crate) use ident::{Ident, MAX_IDENT_BYTES, Qualified};
pub(crate) use json::JsonText;
pub(crate) use lines::Lines;
pub(crate) use literal::Literal;
pub(crate) use query::raw_query;
pub(crate) use script::Script;
pub(crate) use type_name::TypeName;
