//! The root of an entity file.

use specql_syntax::{
    Name,
    ast::{AstNode, Declaration, EntityFile},
    yaml::Node,
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use super::{action, audit, field, reader::Reader, slip};
use crate::{Entity, EntityId, Field, characters::disguises};

/// Keys that bring columns from outside of `fields`.
const OTHER_COLUMNS: [&str; 4] = ["extends", "import", "patterns", "computed_fields"];

pub(super) fn entity(reader: &Reader<'_>, id: EntityId, root: &Node) -> Entity {
    let file = EntityFile::cast(root);
    let long = file.declaration();
    let key = file.entity_entry().map(|it| it.key.range);
    let missing = key.unwrap_or(TextRange::empty(root.range.start()));
    let fields_entry = long.and_then(Declaration::fields_entry).or_else(|| file.fields_entry());
    let mut fields: ThinVec<Field> = file.fields().map(|it| field::field(reader, it)).collect();
    // Kept for as long as the file is, and never added to.
    fields.shrink_to_fit();
    Entity {
        id,
        name: file
            .name()
            .or_else(|| slip::declared(root))
            .unwrap_or_else(|| Name::new("", missing)),
        schema: long.and_then(Declaration::schema).or_else(|| file.schema()),
        description: long.and_then(Declaration::description).or_else(|| file.description()),
        was: file.was(),
        qualified: file.qualified() == Some(true),
        has_disguised_fields: fields.iter().any(|it| disguises(&it.name.text).next().is_some()),
        fields,
        fields_key: fields_entry.map(|it| it.key.range),
        has_damaged_fields: fields_entry
            .is_some_and(|it| !it.merged && reader.is_damaged(it.range)),
        has_other_columns: OTHER_COLUMNS.iter().any(|it| root.get(it).is_some()),
        actions: file.actions().into_iter().map(|it| action::action(reader, it)).collect(),
        actions_key: file.actions_entry().map(|it| it.key.range),
        audit: file.audit_entry().map(audit::audit),
    }
}
