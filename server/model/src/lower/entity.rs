//! The root of an entity file.

use specql_syntax::{Name, yaml::Node};
use specql_text::TextRange;

use super::{
    action, audit, field,
    reader::{Reader, entries, entry, name},
};
use crate::{Entity, EntityId};

pub(super) fn entity(reader: &Reader<'_>, id: EntityId, root: &Node) -> Entity {
    let declaration = entry(root, &["entity"]);
    let long = declaration.map(|it| &it.value).filter(|it| it.as_mapping().is_some());
    let in_long = |key: &str| long.and_then(|it| name(it, &[key]));
    let missing = declaration.map_or(TextRange::empty(root.range.start()), |it| it.key.range);
    let inner = long.and_then(|it| entry(it, &["fields"]));
    let outer = entry(root, &["fields"]);
    let actions = entry(root, &["actions"]);
    Entity {
        id,
        name: reader.entity_name().unwrap_or_else(|| Name::new("", missing)),
        schema: in_long("schema").or_else(|| name(root, &["schema"])),
        description: in_long("description").or_else(|| name(root, &["description"])),
        fields: [inner, outer]
            .into_iter()
            .flatten()
            .flat_map(|it| entries(&it.value))
            .map(|it| field::field(reader, it))
            .collect(),
        fields_key: inner.or(outer).map(|it| it.key.range),
        actions: actions.map(|it| action::actions(reader, &it.value)).unwrap_or_default(),
        actions_key: actions.map(|it| it.key.range),
        audit: entry(root, &["audit"]).map(audit::audit),
    }
}
