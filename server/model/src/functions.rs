//! The functions of PostgreSQL: the common ones with their signatures, others by name.
//!
//! Invariant: a signature here is one of PostgreSQL's own; a test asks a server for each.

use std::{collections::HashMap, sync::OnceLock};

use specql_syntax::AGGREGATES;

use crate::types::Scalar;

const SIGNATURES: &str = include_str!("functions/signatures.txt");
const OTHERS: &str = include_str!("functions/others.txt");

/// Functions that SQL has a grammar of its own for: their arguments have one type.
const SPECIAL: &[&str] = &[
    "all", "any", "array", "coalesce", "exists", "greatest", "least", "nullif", "row", "some",
    "trim",
];

/// Functions without arguments that generated SQL has another name for.
const WORDS: &[(&str, Scalar)] = &[
    ("current_date", Scalar::Date),
    ("current_tenant_id", Scalar::Uuid),
    ("current_time", Scalar::Timetz),
    ("current_timestamp", Scalar::Timestamptz),
    ("current_user_id", Scalar::Uuid),
    ("today", Scalar::Date),
    ("uuid_generate_v4", Scalar::Uuid),
];

/// One way to call a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The types of the arguments.
    pub parameters: Vec<ParameterType>,
    /// So many of them have to be given.
    pub required: usize,
    /// The last one can be given any number of times.
    pub is_variadic: bool,
    /// What it gives; absent when that depends on the arguments, or is a set.
    pub gives: Option<Scalar>,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// A value of this type or of one that takes its place.
    Of(Scalar),
    /// Anything.
    Any,
}

/// What a name of a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function<'a> {
    /// A function with these signatures.
    Known(&'a [Signature]),
    /// A function whose signatures are not written here, or that SQL reads in its own way.
    Named,
    /// A function without arguments that has this type.
    Word(Scalar),
    /// A function over rows.
    Aggregate,
    /// None of PostgreSQL's.
    Unknown,
}

/// What the name of a function, without a schema, is.
#[must_use]
pub fn function(name: &str) -> Function<'static> {
    let name = name.to_ascii_lowercase();
    if let Some(word) = WORDS.iter().find(|it| it.0 == name) {
        return Function::Word(word.1);
    }
    if let Some(found) = table().get(name.as_str()) {
        return Function::Known(found);
    }
    if AGGREGATES.contains(&name.as_str()) {
        return Function::Aggregate;
    }
    // The server's own housekeeping is not listed.
    let is_named = name.starts_with("pg_")
        || SPECIAL.contains(&name.as_str())
        || OTHERS.split_whitespace().any(|it| it == name);
    if is_named { Function::Named } else { Function::Unknown }
}

/// The name of a function whose signatures are written here, as it is called.
#[must_use]
pub fn known_name(name: &str) -> Option<&'static str> {
    table().get_key_value(name.to_ascii_lowercase().as_str()).map(|it| *it.0)
}

/// A name of [`names`], however it is spelled.
#[must_use]
pub fn listed_name(name: &str) -> Option<&'static str> {
    let others = || SPECIAL.iter().copied().chain(WORDS.iter().map(|it| it.0));
    known_name(name).or_else(|| others().find(|it| it.eq_ignore_ascii_case(name)))
}

/// The names that authors use, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let mut known: Vec<&'static str> = table().keys().copied().collect();
    known.sort_unstable();
    let words = WORDS.iter().map(|it| it.0);
    known.into_iter().chain(SPECIAL.iter().copied()).chain(words)
}

/// The functions over rows, which queries have.
pub fn aggregates() -> impl Iterator<Item = &'static str> {
    AGGREGATES.iter().copied()
}

/// Every signature as written: `abs(integer) integer`.
pub fn signatures() -> impl Iterator<Item = &'static str> {
    SIGNATURES.lines().filter(|it| !it.is_empty())
}

fn table() -> &'static HashMap<&'static str, Vec<Signature>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<Signature>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<&'static str, Vec<Signature>> = HashMap::new();
        for (name, signature) in signatures().filter_map(parse) {
            table.entry(name).or_default().push(signature);
        }
        table
    })
}

/// `abs(integer) integer`, `concat(any...) text`, `normalize(text, text?) text`.
fn parse(line: &'static str) -> Option<(&'static str, Signature)> {
    let (name, rest) = line.split_once('(')?;
    let (parameters, gives) = rest.split_once(") ")?;
    let written: Vec<&str> = parameters.split(", ").filter(|it| !it.is_empty()).collect();
    let is_variadic = written.last().is_some_and(|it| it.ends_with("..."));
    let is_needed = |it: &&&str| !it.ends_with('?') && !it.ends_with("...");
    let signature = Signature {
        required: written.iter().filter(is_needed).count() + usize::from(is_variadic),
        parameters: written.iter().map(|it| parameter(it)).collect(),
        is_variadic,
        gives: Scalar::from_sql(gives),
    };
    Some((name, signature))
}

fn parameter(written: &str) -> ParameterType {
    let name = written.trim_end_matches(['.', '?']);
    match name {
        "anyarray" | "anycompatiblearray" => ParameterType::Of(Scalar::Array),
        _ => Scalar::from_sql(name).map_or(ParameterType::Any, ParameterType::Of),
    }
}

impl Signature {
    /// Whether so many arguments can be given.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        count >= self.required && (self.is_variadic || count <= self.parameters.len())
    }

    /// What the argument at an index may be.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<ParameterType> {
        let last = || self.parameters.last().filter(|_| self.is_variadic);
        self.parameters.get(index).or_else(last).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        for line in signatures() {
            assert!(parse(line).is_some(), "{line}");
        }
        assert!(table().len() > 100);
    }

    #[test]
    fn what_a_name_is() {
        let Function::Known(found) = function("ROUND") else { panic!("round is known") };
        assert!(found.iter().any(|it| it.takes(2)) && !found.iter().any(|it| it.takes(3)));
        assert_eq!(function("sum"), Function::Aggregate);
        assert_eq!(function("jsonb_insert"), Function::Named);
        assert_eq!(function("today"), Function::Word(Scalar::Date));
        assert_eq!(function("lowercase"), Function::Unknown);
        let Function::Known([concat, ..]) = function("concat") else { panic!("concat is known") };
        assert!(concat.takes(1) && concat.takes(9) && !concat.takes(0));
    }
}
