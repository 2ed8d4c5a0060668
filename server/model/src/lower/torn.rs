//! What a torn file seems to declare, so that only the tear is wrong, and not all that uses what is behind it as
//! well.

use ecow::EcoString;
use specql_syntax::yaml::{Entry, Node, NodeKind};
use specql_text::TextRange;
use thin_vec::ThinVec;

use super::reader::Reader;
use crate::{Action, keys, names::is_word, said_twice, types};

/// Whether a field may be missing among those that are read: a line of the block or directly below it cannot be
/// read, or one stands in another block, where nothing has its name.
pub(super) fn has_torn_fields(reader: &Reader<'_>, root: &Node, fields: Option<&Entry>) -> bool {
    let entries = entries(root);
    let is_torn = match fields {
        Some(it) => {
            let actions = entries.iter().find(|it| it.key.text == "actions");
            let above = actions.map_or(reader.end(), |it| it.range.start().saturating_sub(1));
            !it.merged
                && (reader.is_damaged(with_lines_below(reader, entries, it))
                    || (above > 0 && reader.is_damaged(TextRange::new(0, above))))
        }
        None => reader.has_damage() || entries.iter().any(|it| is_unknown(&keys::ENTITY_FILE, it)),
    };
    is_torn || entries.iter().any(|it| is_field(&keys::ENTITY_FILE, it) || holds_field(it, fields))
}

fn entries(node: &Node) -> &[Entry] {
    node.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default()
}

/// From a key of the root to the next one.
fn with_lines_below(reader: &Reader<'_>, entries: &[Entry], entry: &Entry) -> TextRange {
    let behind = entries.iter().map(|it| it.range.start()).filter(|it| *it >= entry.range.end());
    TextRange::new(
        entry.range.start(),
        behind.min().map_or(reader.end(), |it| it.saturating_sub(1)),
    )
}

/// Whether an entry says of a name that a block has not that it is of some type.
fn is_field(block: &'static keys::MappingSpec, entry: &Entry) -> bool {
    is_unknown(block, entry) && is_typed(entry)
}

/// Whether a block has no such key, which is said where the entry stands: of one of the author's own nothing is.
fn is_unknown(block: &'static keys::MappingSpec, entry: &Entry) -> bool {
    let is_own = || entry.merged || entry.key.text.starts_with("x-");
    block.open.is_none() && block.key(&entry.key.text).is_none() && !is_own()
}

fn is_typed(entry: &Entry) -> bool {
    entry.value.as_scalar().is_some_and(|it| types::begins_with_name(&it.text))
}

/// The same for what stands in a block of the root that is not `fields`, and in the long form of a field.
fn holds_field(entry: &Entry, fields: Option<&Entry>) -> bool {
    let is_fields = fields.is_some_and(|it| it.key.range == entry.key.range);
    if is_fields {
        let long = || entries(&entry.value).iter().filter(|it| it.value.as_mapping().is_some());
        return long().any(|it| entries(&it.value).iter().any(|it| is_field(&keys::FIELD, it)));
    }
    let Some(key) = keys::ENTITY_FILE.key(&entry.key.text) else { return false };
    let mut inner = entries(&entry.value).iter();
    match keys::mapping_of(key.shapes) {
        Some(block) => inner.any(|it| is_field(block, it)),
        None => inner.any(is_typed),
    }
}

/// The words that may be names of actions which are not read: the list or an item of it cannot be read.
pub(super) fn lost_actions(
    reader: &Reader<'_>,
    root: &Node,
    actions: &[Action],
) -> ThinVec<EcoString> {
    let entry = entries(root).iter().find(|it| it.key.text == "actions");
    // Keys of an action where names of actions should be: the line of its own is gone.
    let lacks_line = entry.is_some_and(|it| {
        entries(&it.value).iter().any(|it| keys::ACTION.key(&it.key.text).is_some())
    });
    let is_whole = entry.is_some_and(|it| {
        !matches!(it.value.kind, NodeKind::Scalar(_))
            && !lacks_line
            && !reader.is_damaged(with_lines_below(reader, entries(root), it))
            && actions.iter().all(|it| is_name(&it.name.text))
    });
    let is_typed = || reader.lines().any(|it| it.trim_start().starts_with("actions:"));
    let is_without = entry.is_none() && !reader.has_damage() && !is_typed();
    if is_whole || is_without {
        return ThinVec::new();
    }
    let mut names: Vec<&str> = reader.lines().filter_map(named).collect();
    names.extend(actions.iter().filter_map(|it| said_twice(&it.name.text)));
    names.retain(|name| actions.iter().all(|it| it.name.text != *name));
    // Of one whose name is gone nobody knows which it is.
    let is_nameless = lacks_line || actions.iter().any(|it| it.name.text.is_empty());
    names.extend(is_nameless.then_some(""));
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(EcoString::from).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && said_twice(text).is_none()
}

/// The name in a line that may have been meant as `- name: place_order`.
fn named(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if !line.starts_with('-') && !line.starts_with("name") {
        return None;
    }
    let line = line.trim_start_matches('-');
    let words = line.split([':', ' ', '\t', '"', '\'']).filter(|it| !it.trim().is_empty());
    let (name, count) = words.fold((None, 0), |(_, count), it| (Some(it), count + 1));
    // `- name name: place_order` has the most.
    name.filter(|it| count < 4 && is_word(it) && it.starts_with(|it: char| it.is_lowercase()))
}
