//! Bytes to trees to typed values. Parsing never fails: whatever the text, there is a tree, and what
//! is wrong with it is a list beside it.

pub mod ast;
mod direct;
pub mod edit;
pub mod expression;
pub mod statement;
pub mod type_expression;
pub mod yaml;

#[cfg(test)]
mod embedded;
mod layout;
mod line;
mod name;
mod parse;
mod quoted;
mod sql;

pub use layout::Layout;
pub use name::Name;
pub use parse::{MAX_LEN, Parse, parse};
pub use sql::{
    AGGREGATES, QueryColumn, QueryComparison, QueryName, QueryNames, QueryResult, QuerySide,
    QueryTable, QueryText, Refusal, RefusalKind, SqlColumn, SqlValue, passed_on, query_names,
    query_result, refusals,
};
