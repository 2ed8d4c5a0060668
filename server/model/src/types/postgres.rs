//! Plain PostgreSQL type names, which authors use and the upstream generator turns into TEXT.
//!
//! Invariant: what [`canonical`] gives is a type of PostgreSQL as it stands, so it can go into SQL.

use ecow::{EcoString, eco_format};
use specql_syntax::Name;

/// A type name of PostgreSQL.
struct PostgresName {
    /// As written, in lower case.
    name: &'static str,
    /// The type without parameters.
    canonical: &'static str,
    /// The greatest value of each parameter, as many as the type takes.
    parameters: &'static [u32],
}

const fn plain(name: &'static str, canonical: &'static str) -> PostgresName {
    PostgresName { name, canonical, parameters: &[] }
}

const fn with(
    name: &'static str,
    canonical: &'static str,
    parameters: &'static [u32],
) -> PostgresName {
    PostgresName { name, canonical, parameters }
}

const NUMERIC: &[u32] = &[1000, 1000];
const LENGTH: &[u32] = &[10_485_760];
const PRECISION: &[u32] = &[6];

/// Every name, the usual ones first.
const NAMES: &[PostgresName] = &[
    with("timestamp", "timestamp", PRECISION),
    with("timestamptz", "timestamptz", PRECISION),
    with("decimal", "numeric", NUMERIC),
    with("numeric", "numeric", NUMERIC),
    plain("jsonb", "jsonb"),
    plain("bytea", "bytea"),
    plain("smallint", "smallint"),
    plain("double", "double precision"),
    plain("double precision", "double precision"),
    plain("real", "real"),
    plain("int", "integer"),
    plain("int2", "smallint"),
    plain("int4", "integer"),
    plain("int8", "bigint"),
    plain("float4", "real"),
    plain("float8", "double precision"),
    plain("bool", "boolean"),
    with("varchar", "varchar", LENGTH),
    with("char", "char", LENGTH),
    with("character varying", "varchar", LENGTH),
    with("timetz", "timetz", PRECISION),
    plain("interval", "interval"),
    plain("inet", "inet"),
    plain("cidr", "cidr"),
    plain("macaddr", "macaddr"),
    plain("point", "point"),
    plain("xml", "xml"),
    plain("tsvector", "tsvector"),
    plain("int4range", "int4range"),
    plain("int8range", "int8range"),
    plain("numrange", "numrange"),
    plain("daterange", "daterange"),
    plain("tsrange", "tsrange"),
    plain("tstzrange", "tstzrange"),
    plain("serial", "integer"),
    plain("bigserial", "bigint"),
];

/// The type that a name stands for, in any case, with those of its parameters that PostgreSQL takes.
pub(super) fn canonical(name: &str, parameters: &[Name]) -> Option<EcoString> {
    let found = NAMES.iter().find(|it| it.name.eq_ignore_ascii_case(name))?;
    let values: Vec<u32> = parameters
        .iter()
        .zip(found.parameters)
        .map_while(|(it, greatest)| it.text.trim().parse().ok().filter(|it| it <= greatest))
        .collect();
    let complete = values.len() == parameters.len() && !values.is_empty();
    if !complete || !is_valid(found.canonical, &values) {
        return Some(found.canonical.into());
    }
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    Some(eco_format!("{}({})", found.canonical, values.join(",")))
}

/// A length or a precision of zero exists for times alone.
fn is_valid(canonical: &str, values: &[u32]) -> bool {
    canonical.starts_with("time") || values.first().is_some_and(|it| *it > 0)
}

/// PostgreSQL's names that a field may have as its type, each with the type that it means, the usual ones first.
pub fn plain_types() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().map(|it| (it.name, it.canonical))
}

/// All names, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|it| it.name)
}
