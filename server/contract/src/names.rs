//! Names in payloads.

use ecow::EcoString;
use specql_model::{Config, config::FieldCase, entity::graphql_name};

/// The name of a column in `_cascade`: in the spelling of GraphQL, or as it is where
/// `graphql.field_case` says so. A name that begins with `_` stays.
#[must_use]
pub fn graphql_member(config: &Config, column: &str) -> EcoString {
    if column.starts_with('_') {
        return column.into();
    }
    match config.field_case {
        FieldCase::Camel => graphql_name(column).into(),
        FieldCase::Snake => column.into(),
    }
}

/// A name that is none of those taken: the first free one of the wanted names, else the last of them
/// with a number.
pub(crate) fn free(wanted: &[String], taken: &[EcoString]) -> EcoString {
    let is_free = |it: &str| taken.iter().all(|taken| taken != it);
    if let Some(it) = wanted.iter().find(|it| is_free(it)) {
        return it.into();
    }
    let last = wanted.last().map(String::as_str).unwrap_or_default();
    let numbered = (2..).map(|number| format!("{last}_{number}")).find(|it| is_free(it));
    numbered.unwrap_or_default().into()
}
