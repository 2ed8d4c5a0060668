//! Tests of the blocks of entity files, each in every shape that is read.

mod blocks;
mod fields;
mod steps;

use specql_syntax::Name;

fn text(name: Option<&Name>) -> &str {
    name.map_or("-", Name::as_str)
}

fn list(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    format!("[{}]", names.join(", "))
}
