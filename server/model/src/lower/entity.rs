//! The root of an entity file.

use rustc_hash::FxHashSet;
use specql_syntax::{
    Name,
    ast::{Action, AstNode, Declaration, EntityFile},
    expression::EntityReference,
    yaml::{Entry, Node},
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use super::{action, audit, field, reader::Reader, slip, torn, views};
use crate::{
    Declared, Entity, EntityId, Field, characters::disguises, names::is_word, said_twice, suggest,
};

/// Keys that bring columns from outside of `fields`.
const OTHER_COLUMNS: [&str; 4] = ["extends", "import", "patterns", "computed_fields"];

/// The actions, also behind a misspelt key: so only the key is wrong, and not every call of them as well.
fn actions<'a>(file: EntityFile<'a>, root: &'a Node) -> Vec<Action<'a>> {
    if file.actions_entry().is_some() {
        return file.actions();
    }
    let entries = root.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
    let is_meant = |it: &&Entry| {
        let items = it.value.as_sequence().map(|it| it.items.as_slice()).unwrap_or_default();
        let is_action = |it: &Node| it.get("name").is_some() && it.get("steps").is_some();
        // Far more letters differ in the other keys of a root.
        let is_near = (5..=9).contains(&it.key.text.len()) || said_twice(&it.key.text).is_some();
        is_near && suggest(&it.key.text, ["actions"]).is_some() && items.iter().any(is_action)
    };
    let entry = entries.iter().find(is_meant);
    entry.map(|it| Action::all(&it.value)).unwrap_or_default()
}

/// A name with the schema before it, as references have it: `shop.Order`. So only the declaration is wrong, and not
/// every reference as well.
fn with_schema(name: Option<Name>) -> (Option<Name>, Option<Name>) {
    let is_both = |it: &Name| {
        let parts = it.text.split_once('.');
        let is_plain = it.range.len() as usize == it.text.len();
        is_plain && parts.is_some_and(|it| is_word(it.0) && slip::is_entity_name(it.1))
    };
    // So is `Order Order`.
    let twice = |it: &Name| {
        let word = said_twice(&it.text).filter(|word| slip::is_entity_name(word))?;
        let length = u32::try_from(word.len()).ok()?;
        let range = TextRange::new(it.range.end().checked_sub(length)?, it.range.end());
        (it.range.len() as usize == it.text.len()).then(|| Name::new(word, range))
    };
    match name {
        Some(it) if said_twice(&it.text).is_some() => (None, twice(&it).or(Some(it))),
        Some(it) if is_both(&it) => {
            let reference = EntityReference::of(&it);
            (reference.schema, Some(reference.name))
        }
        other => (None, other),
    }
}

/// Of two fields with one name the first one stands for both: what uses them was most likely written for it.
fn keep_first(fields: &mut ThinVec<Field>) {
    let mut names = FxHashSet::default();
    let lost = fields.iter().filter(|it| !names.insert(&it.name.text));
    let lost: Vec<TextRange> = lost.map(|it| it.range).collect();
    if !lost.is_empty() {
        let lost: FxHashSet<TextRange> = lost.into_iter().collect();
        fields.retain(|it| it.name.text.is_empty() || !lost.contains(&it.range));
    }
}

pub(super) fn entity(reader: &Reader<'_>, id: EntityId, root: &Node) -> Entity {
    let file = EntityFile::cast(root);
    let long = file.declaration();
    let key = file.entity_entry().map(|it| it.key.range);
    let missing = key.unwrap_or(TextRange::empty(root.range.start()));
    let (own_schema, name) = with_schema(file.name());
    let fields_entry = long.and_then(Declaration::fields_entry).or_else(|| file.fields_entry());
    let mut fields: ThinVec<Field> = file.fields().map(|it| field::field(reader, it)).collect();
    keep_first(&mut fields);
    let actions: ThinVec<crate::Action> =
        actions(file, root).into_iter().map(|it| action::action(reader, it)).collect();
    // Kept for as long as the file is, and never added to.
    fields.shrink_to_fit();
    Entity {
        id,
        declared: Declared::ByKey,
        name: name.or_else(|| slip::declared(root)).unwrap_or_else(|| Name::new("", missing)),
        schema: long
            .and_then(Declaration::schema)
            .or_else(|| file.schema())
            .or(own_schema)
            .or_else(|| slip::schema_among_fields(&fields_entry?.value)),
        description: long.and_then(Declaration::description).or_else(|| file.description()),
        was: file.was(),
        qualified: file.qualified() == Some(true),
        has_disguised_fields: fields.iter().any(|it| disguises(&it.name.text).next().is_some()),
        fields,
        fields_key: fields_entry.map(|it| it.key.range),
        has_damaged_fields: torn::has_torn_fields(reader, root, fields_entry),
        has_other_columns: OTHER_COLUMNS.iter().any(|it| root.get(it).is_some()),
        lost_actions: torn::lost_actions(reader, root, &actions),
        actions,
        actions_key: file.actions_entry().map(|it| it.key.range),
        audit: file.audit_entry().map(audit::audit),
        views: file.table_views().map(|it| Box::new(views::views(it))),
    }
}
