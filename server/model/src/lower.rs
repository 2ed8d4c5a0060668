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
mod nameless;
mod parameter;
mod reader;
mod slip;
mod slip_line;
mod step;
mod torn;
mod value;
mod views;
mod write;

use std::sync::Arc;

use specql_syntax::{
    Name, Parse,
    yaml::{Node, Problem, ProblemKind},
};

use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{Declared, Entity, EntityId, FileId, FileKind, damage::Damage};
use reader::Reader;

use nameless::is_named_as_entity_file;
pub use nameless::{Nameless, is_of_entity_file, name_of_file, nameless};
pub use slip::{OTHER_ROOTS, OWN_KEYS, Slip, listed_entity, slip};
use slip_line::declaring;
pub use slip_line::{SlipLine, slip_line};

/// Reads a file as what its name and its root say it is.
pub(crate) fn file(id: FileId, path: &str, parse: &Parse, damage: &Damage) -> FileKind {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if matches!(name, "specql.config.yaml" | "specql.config.yml") {
        return FileKind::Config(Arc::new(config::config(&parse.yaml().root)));
    }
    let entity = entity(id, path, parse, damage);
    entity.map_or(FileKind::Other, |it| FileKind::Entity(Arc::new(it)))
}

/// The entity of a file, in the first of the ways in which it can be declared.
fn entity(id: FileId, path: &str, parse: &Parse, damage: &Damage) -> Option<Entity> {
    let reader = Reader::new(parse, damage);
    let root = &parse.yaml().root;
    let read = |declared: Declared, root: &Node| {
        Some(Entity { declared, ..entity::entity(&reader, EntityId(id), root) })
    };
    let is_named = is_named_as_entity_file(path);
    if root.get("entity").is_some() {
        read(Declared::ByKey, root)
    } else if let Some(item) = listed_entity(root) {
        read(Declared::ByListItem, item)
    } else if let Some(slip) = declaring(root, parse.text(), is_named) {
        Some(declared_by(&slip, id, parse.text()))
    } else if let Some(entity) = in_other_encoding(id, parse.text()) {
        Some(entity)
    } else if slip::declared(root).is_some() {
        read(Declared::BySlip, root)
    } else if has_entity_behind(parse) {
        read(Declared::InLaterDocument, root)
    } else {
        let nameless = nameless(root, path);
        let way = if is_named { Some(Declared::ByFileName) } else { None };
        let way = way.or_else(|| nameless.is_some().then_some(Declared::ByBlocks))?;
        let entity = read(way, root)?;
        let name = nameless.map(|it| it.entity_name(root));
        Some(Entity { name: name.unwrap_or(entity.name), ..entity })
    }
}

/// The entity of a file that is not in UTF-8: its name and nothing else, because no place in it is known.
fn in_other_encoding(id: FileId, text: &str) -> Option<Entity> {
    const NO_CHARACTER: char = '\0';
    if !is_in_other_encoding(text) {
        return None;
    }
    let text: String = text.chars().filter(|it| *it != NO_CHARACTER).collect();
    let parse = specql_syntax::parse(text.into());
    parse.yaml().root.get("entity")?;
    let damage = Damage::of(&parse);
    let entity = entity::entity(&Reader::new(&parse, &damage), EntityId(id), &parse.yaml().root);
    let nowhere = |it: Name| Name::new(it.text, TextRange::empty(0));
    Some(Entity {
        declared: Declared::InOtherEncoding,
        name: nowhere(entity.name),
        schema: entity.schema.map(nowhere),
        description: None,
        was: None,
        fields: ThinVec::new(),
        fields_key: None,
        has_damaged_fields: true,
        actions: ThinVec::new(),
        lost_actions: ThinVec::new(),
        actions_key: None,
        audit: None,
        views: None,
        ..entity
    })
}

/// Whether a text has characters of two bytes that were read as one each: nearly every second one is empty.
fn is_in_other_encoding(text: &str) -> bool {
    text.contains('\0') && text.matches('\0').count() * 3 > text.chars().count()
}

/// What a file declares with a line that is no YAML.
fn declared_by(slip: &SlipLine<'_>, id: FileId, text: &str) -> Entity {
    let parse = slip.without(text);
    let damage = Damage::of(&parse);
    let entity = entity::entity(&Reader::new(&parse, &damage), EntityId(id), &parse.yaml().root);
    Entity { declared: Declared::ByLine, name: slip.entity_name(), ..entity }
}

/// Whether a document behind the first one declares an entity: nobody reads it, which has to be said.
fn has_entity_behind(parse: &Parse) -> bool {
    let is_document = |it: &&Problem| it.kind == ProblemKind::SecondDocument;
    let document = parse.yaml().problems.iter().find(is_document);
    let rest = document.and_then(|it| parse.text().get(it.range.to_usize().start..));
    rest.is_some_and(|it| it.lines().any(|it| it.starts_with("entity:")))
}

#[cfg(test)]
mod tests;
