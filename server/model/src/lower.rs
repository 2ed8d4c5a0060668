//! Values to model: one file at a time, nothing resolved.
//!
//! Invariant: what is written is kept with its range; what has a wrong shape is left out of the model
//! and never ends the reading.

mod action;
mod audit;
mod cascade;
mod cdc;
mod config;
mod entity;
mod field;
mod impact;
mod legacy_impact;
mod parameter;
mod reader;
mod slip;
mod step;
mod value;
mod write;

use std::sync::Arc;

use specql_syntax::{
    Parse,
    yaml::{Problem, ProblemKind},
};

use crate::{EntityId, FileId, FileKind, damage::Damage};
use reader::Reader;

pub use slip::{OTHER_ROOTS, Slip, slip};

/// Reads a file as what its name and its root say it is.
pub(crate) fn file(id: FileId, path: &str, parse: &Parse, damage: &Damage) -> FileKind {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let reader = Reader::new(parse, damage);
    let root = &parse.yaml().root;
    if matches!(name, "specql.config.yaml" | "specql.config.yml") {
        FileKind::Config(Arc::new(config::config(root)))
    } else if root.get("entity").is_some()
        || is_entity_name(name)
        || has_entity_behind(parse)
        || slip::declared(root).is_some()
    {
        FileKind::Entity(Arc::new(entity::entity(&reader, EntityId(id), root)))
    } else {
        FileKind::Other
    }
}

/// Whether a document behind the first one declares an entity: nobody reads it, which has to be said.
fn has_entity_behind(parse: &Parse) -> bool {
    let is_document = |it: &&Problem| it.kind == ProblemKind::SecondDocument;
    let document = parse.yaml().problems.iter().find(is_document);
    let rest = document.and_then(|it| parse.text().get(it.range.to_usize().start..));
    rest.is_some_and(|it| it.lines().any(|it| it.starts_with("entity:")))
}

/// Whether a file is an entity file by its name alone.
fn is_entity_name(name: &str) -> bool {
    [".specql", ".specql.yaml", ".specql.yml"].iter().any(|it| name.ends_with(it))
}

#[cfg(test)]
mod tests;
