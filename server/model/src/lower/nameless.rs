//! A file with the blocks of an entity file that names no entity: it is the one that its file is named after.

use ecow::EcoString;
use specql_syntax::{
    Name,
    yaml::{Entry, Node},
};
use specql_text::TextRange;

use super::slip::{OTHER_ROOTS, OWN_KEYS, is_entity_name, slip};
use crate::keys;

/// Steps that no pipeline of a service has.
const WRITES: &[&str] = &["insert", "update", "delete", "upsert"];

/// The entity of such a file.
#[derive(Debug, Clone)]
pub struct Nameless<'a> {
    /// Its name.
    pub name: EcoString,
    /// The entry that was meant to say it: `name: Post`.
    pub entry: Option<&'a Entry>,
}

/// Whether a root without `entity` is that of an entity file.
#[must_use]
pub fn is_of_entity_file(root: &Node) -> bool {
    let own =
        OWN_KEYS.iter().filter(|it| root.get(it).is_some_and(|node| is_block(it, node))).count();
    let is_other = OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    root.get("entity").is_none() && !is_other && (own > 1 || is_of_an_entity(root))
}

/// Whether a file is an entity file by its name alone.
pub(super) fn is_named_as_entity_file(path: &str) -> bool {
    [".specql", ".specql.yaml", ".specql.yml"].iter().any(|it| path.ends_with(it))
}

/// Whether a root without `entity` has any key of an entity file, which is enough where the file is named as one.
fn has_own_key(root: &Node) -> bool {
    let entries = root.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
    let is_other = OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    !is_other
        && root.get("entity").is_none()
        && entries.iter().any(|it| keys::ENTITY_FILE.key(&it.key.text).is_some())
}

/// The entity that a file without `entity` is about: a key that no entity file has says its name, else the
/// file's own does.
#[must_use]
pub fn nameless<'a>(root: &'a Node, path: &str) -> Option<Nameless<'a>> {
    let is_meant = is_of_entity_file(root) || (is_named_as_entity_file(path) && has_own_key(root));
    if !is_meant || slip(root).is_some() {
        return None;
    }
    let entries = &root.as_mapping()?.entries;
    let says_name = |it: &&Entry| {
        keys::ENTITY_FILE.key(&it.key.text).is_none()
            && it.value.as_scalar().is_some_and(|it| is_entity_name(&it.text))
    };
    let entry = entries.iter().find(says_name);
    let said = entry.and_then(|it| it.value.as_scalar()).map(|it| EcoString::from(&*it.text));
    let name = said.or_else(|| name_of_file(path))?;
    Some(Nameless { name, entry })
}

impl Nameless<'_> {
    /// The name, at the place where it should stand.
    pub(super) fn entity_name(&self, root: &Node) -> Name {
        let start = TextRange::empty(root.range.start());
        let said = self.entry.map(|it| it.value.range);
        Name::new(self.name.clone(), said.unwrap_or(start))
    }
}

/// The name in PascalCase that a file has: `BlogPost` of `blog_post.yaml`.
#[must_use]
pub fn name_of_file(path: &str) -> Option<EcoString> {
    let stem = path.rsplit(['/', '\\']).next()?.split('.').next()?;
    let words = crate::names::snake_case(stem);
    let name: String = words
        .split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|it| it.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect();
    is_entity_name(&name).then(|| name.into())
}

/// Whether a value is what an entity file has behind a key.
fn is_block(key: &str, node: &Node) -> bool {
    let is_of_mappings = |it: &[Node]| it.iter().all(|it| it.as_mapping().is_some());
    match key {
        "fields" => node.as_mapping().is_some(),
        _ => node.as_sequence().is_some_and(|it| is_of_mappings(&it.items)),
    }
}

/// Whether one block alone says that it is of an entity file: fields beside the schema of a table, or with a
/// type that is written as SpecQL writes it; actions with steps; steps that write.
fn is_of_an_entity(root: &Node) -> bool {
    let fields = root.get("fields").and_then(Node::as_mapping).map(|it| &it.entries);
    let is_type = |it: &Node| {
        let text = it.as_scalar().or_else(|| it.get("type")?.as_scalar()).map(|it| &*it.text);
        text.is_some_and(|it| ["ref(", "enum(", "list("].iter().any(|of| it.starts_with(of)))
    };
    let is_text = |it: &Node| it.as_scalar().is_some();
    let has_schema = root.get("schema").is_some_and(is_text);
    let items = |key| root.get(key).and_then(Node::as_sequence).map(|it| it.items.as_slice());
    let is_step = |it: &Node| WRITES.iter().any(|key| it.get(key).is_some_and(is_text));
    let has_steps = |it: &Node| {
        it.get("name").is_some() && it.get("steps").is_some_and(|it| it.as_sequence().is_some())
    };
    fields
        .is_some_and(|it| !it.is_empty() && (has_schema || it.iter().any(|it| is_type(&it.value))))
        || items("actions").is_some_and(|it| it.iter().any(has_steps))
        || items("steps").is_some_and(|it| it.iter().any(is_step))
}
