//! A key of the root that was meant as `entity`: `entiy: Post`, `Entity: Post`, `entity Post`.

use specql_syntax::{
    Name,
    yaml::{Entry, Node},
};
use specql_text::TextRange;

use crate::{Type, keys, names::is_word, suggest, types};

/// The key, and the name of the entity where one is written, behind it or in it.
#[derive(Debug, Clone)]
pub struct Slip<'a> {
    /// What stands where `entity: Name` should.
    pub entry: &'a Entry,
    /// The entity's name.
    pub name: Option<Name>,
    /// The name is a part of the key: `entity Post`.
    pub name_in_key: bool,
}

/// The key of a root that was meant as `entity`; nothing where there is such a key.
#[must_use]
pub fn slip(root: &Node) -> Option<Slip<'_>> {
    if root.get("entity").is_some() {
        return None;
    }
    root.as_mapping()?.entries.iter().find_map(|entry| {
        let text = entry.key.as_str();
        let mut words = text.split_whitespace();
        let (first, second, more) = (words.next()?, words.next(), words.next());
        // `entity entity: Post` has the name where it belongs.
        let second = second.filter(|it| *it != first);
        let is_meant = first == "entity" || suggest(first, ["entity"]).is_some();
        if !is_meant || more.is_some() {
            return None;
        }
        let in_key = second.map(|it| name_in(entry, it));
        let name = in_key.or_else(|| entry.value.name().filter(|_| !entry.value.is_null()));
        Some(Slip { entry, name, name_in_key: second.is_some() })
    })
}

/// A schema that slipped among the fields: `schema: blog` where no type is called so. So only its place is wrong,
/// and not every reference to the entity as well.
pub(super) fn schema_among_fields(fields: &Node) -> Option<Name> {
    let entry = fields.as_mapping()?.get("schema")?;
    let name = entry.value.name().filter(|it| is_word(&it.text))?;
    let is_unknown = matches!(Type::from_name(&name, &[]), Type::Unknown(_));
    (is_unknown && suggest(&name.text, types::names()).is_none()).then_some(name)
}

/// A word of a key, with its place where the key is written as it is read.
fn name_in(entry: &Entry, word: &str) -> Name {
    let key = &entry.key;
    let offset = u32::try_from(key.text.rfind(word).unwrap_or_default()).unwrap_or_default();
    let start = key.range.start() + offset;
    let is_plain = key.range.len() as usize == key.text.len();
    let range = TextRange::new(start, start + u32::try_from(word.len()).unwrap_or_default());
    Name::new(word, if is_plain { range } else { key.range })
}

/// The entity that a slip declares, in a root that has the blocks of one, or nothing else than keys of one. So only the key is wrong, and not
/// every reference to the entity as well.
pub(super) fn declared(root: &Node) -> Option<Name> {
    let slip = slip(root)?;
    let key = slip.entry.key.as_str();
    let name = slip.name?;
    let is_name = is_entity_name(&name.text);
    let entries = root.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
    let mut others = entries.iter().filter(|it| it.key.text != key);
    let is_alone = others.all(|it| keys::ENTITY_FILE.key(&it.key.text).is_some())
        && (entries.len() > 1 || key.eq_ignore_ascii_case("entity"));
    let has_fields =
        root.get("fields").and_then(Node::as_mapping).is_some_and(|it| !it.entries.is_empty());
    let has_actions = root.get("actions").is_some_and(|it| it.as_sequence().is_some());
    let is_other = OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    (is_name && (has_fields || has_actions || is_alone) && !is_other).then_some(name)
}

/// Whether a text is written as the name of an entity is.
pub(super) fn is_entity_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_uppercase()) && is_word(text)
}

/// The first item of a list that would be an entity file without its hyphen.
#[must_use]
pub fn listed_entity(root: &Node) -> Option<&Node> {
    let declares = |it: &&Node| {
        let name = it.get("entity").and_then(Node::as_scalar);
        name.is_some_and(|it| it.text.starts_with(char::is_uppercase))
            && OWN_KEYS.iter().any(|key| it.get(key).is_some())
    };
    root.as_sequence()?.items.iter().find(declares)
}

/// Keys that stand in the root of entity files and hardly together in that of any other file.
pub const OWN_KEYS: &[&str] = &["fields", "actions", "steps"];

/// Keys of files that have the same blocks and declare no entity: templates.
pub const OTHER_ROOTS: &[&str] = &["pattern", "patterns", "template", "domain", "import"];
