//! Entries and items taken away, with their lines or commas.

use specql_text::{TextEdit, TextRange};

use super::{
    Value,
    place::{self, Holder, Tail},
    replace_value,
};
use crate::{
    Parse,
    yaml::{Entry, Node},
};

/// Removes an entry with its lines; of its only entry an empty mapping remains.
#[must_use]
pub fn remove_entry(parse: &Parse, entry: &Entry) -> Vec<TextEdit> {
    let holds = |node: &Node| {
        let entries = node.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
        entries.iter().any(|it| !it.merged && it.key.range == entry.key.range)
    };
    let text = parse.text();
    let start = place::entry_start(text, entry);
    let range = TextRange::new(start, entry.range.end());
    if entry.merged || place::has_anchor(parse, range) || place::colon_end(text, entry).is_none() {
        return Vec::new();
    }
    let Some((mapping, holder)) = place::parent(parse, entry.key.range.start(), &holds) else {
        return Vec::new();
    };
    let Some(entries) = mapping.as_mapping() else { return Vec::new() };
    if entries.flow && !place::has_brace(parse, mapping) {
        return vec![TextEdit::replace(mapping.range, "{}")];
    }
    if entries.flow {
        return remove_in_flow(parse, range);
    }
    if mapping.range == entry.range {
        return empty(parse, mapping, holder, &Value::Mapping(Vec::new()), "{}");
    }
    let own = entries.entries.iter().filter(|it| !it.merged);
    let next =
        own.clone().find(|it| it.key.range.start() > start).map(|it| place::entry_start(text, it));
    let before = own.clone().rfind(|it| it.range.end() <= start).map(|it| &it.value);
    remove_lines(parse, Part { range, value: &entry.value, before, next })
}

/// Removes an item of a list with its lines or comma; of the only item an empty list remains. Nothing
/// when the node is no item.
#[must_use]
pub fn remove_item(parse: &Parse, item: &Node) -> Option<Vec<TextEdit>> {
    let holds = |node: &Node| {
        let items = node.as_sequence().map(|it| it.items.as_slice()).unwrap_or_default();
        items.iter().any(|it| it.range == item.range)
    };
    let (list, holder) = place::parent(parse, item.range.start(), &holds)?;
    let sequence = list.as_sequence()?;
    if place::has_anchor(parse, item.range) {
        return None;
    }
    if sequence.flow {
        let start = place::properties_start(parse.text(), item.range.start());
        let range = TextRange::new(start, item.range.end());
        return (!place::has_anchor(parse, range)).then(|| remove_in_flow(parse, range));
    }
    let dash = place::dash(parse, item)?;
    let range = TextRange::new(dash, item.range.end().max(dash + 1));
    if place::has_anchor(parse, range) {
        return None;
    }
    if sequence.items.len() == 1 {
        return Some(empty(parse, list, holder, &Value::List(Vec::new()), "[]"));
    }
    let number = sequence.items.iter().position(|it| it.range == item.range)?;
    let next = sequence.items.get(number + 1).and_then(|it| place::dash(parse, it));
    let before = number.checked_sub(1).and_then(|it| sequence.items.get(it));
    Some(remove_lines(parse, Part { range, value: item, before, next }))
}

/// Leaves an empty collection where the last element goes.
fn empty(
    parse: &Parse,
    collection: &Node,
    holder: Holder<'_>,
    value: &Value,
    written: &str,
) -> Vec<TextEdit> {
    match holder {
        Holder::Entry(it) => replace_value(parse, it, value),
        Holder::Item | Holder::Root => {
            let text = parse.text();
            let end = place::value_end(parse, collection);
            let comment = TextRange::new(collection.range.end(), end).slice(text);
            let kept = if comment.trim_start().starts_with('#') { comment } else { "" };
            let range = TextRange::new(collection.range.start(), end);
            vec![TextEdit::replace(range, format!("{written}{kept}"))]
        }
    }
}

/// An entry or item in a block, and its neighbours.
struct Part<'a> {
    range: TextRange,
    value: &'a Node,
    /// The value before it.
    before: Option<&'a Node>,
    /// The start of what comes after it.
    next: Option<u32>,
}

fn remove_lines(parse: &Parse, part: Part<'_>) -> Vec<TextEdit> {
    let text = parse.text();
    let start = part.range.start();
    let line = place::line_start(text, start);
    let mut end = place::value_end(parse, part.value).max(place::line_end(text, part.range.end()));
    let leading = TextRange::new(line, start).slice(text);
    if !leading.trim().is_empty() {
        // It stands behind a dash: the next one takes its place, or the line below the comments.
        let Some(next) = part.next else { return Vec::new() };
        let comments = TextRange::new(part.range.end(), next).slice(text);
        if comments.contains('#') {
            let blanks = leading.len() - leading.trim_end().len();
            let from = start - TextRange::from(0..blanks).len();
            return vec![TextEdit::delete(TextRange::new(from, part.range.end()))];
        }
        return vec![TextEdit::delete(TextRange::new(start, next))];
    }
    if part.before.is_some_and(|it| place::tail(parse, it) == Tail::Kept) {
        // The empty lines below would become the end of the text above.
        while let Some(empty) = empty_line_after(text, end) {
            end = empty;
        }
    }
    vec![TextEdit::delete(TextRange::new(line, place::next_line(text, end)))]
}

/// The end of the line after the one that ends at `end`, when it is empty.
fn empty_line_after(text: &str, end: u32) -> Option<u32> {
    let next = place::next_line(text, end);
    let next_end = place::line_end(text, next);
    let line = TextRange::new(next, next_end).slice(text);
    (next_end > end && (next_end as usize) < text.len() && line.trim().is_empty())
        .then_some(next_end)
}

/// Removes an element between brackets together with one comma.
fn remove_in_flow(parse: &Parse, range: TextRange) -> Vec<TextEdit> {
    let text = parse.text();
    let rest = place::after(text, range.end());
    let behind = rest.trim_start();
    if behind.starts_with(',') {
        let comma = range.end() + TextRange::from(0..rest.len() - behind.len()).len() + 1;
        let rest = place::after(text, comma);
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let ends_line = rest.trim_start_matches([' ', '\t']).starts_with(['#', '\n', '\r']);
        let blanks = if ends_line { 0 } else { TextRange::from(0..blanks).len() };
        return vec![TextEdit::delete(TextRange::new(range.start(), comma + blanks))];
    }
    let written = place::last_written(parse, range.start());
    if !place::before(text, written).ends_with(',') {
        return vec![TextEdit::delete(range)];
    }
    let gap = TextRange::new(written, range.start()).slice(text);
    if gap.contains('#') {
        let comma = TextRange::new(written - 1, written);
        return vec![TextEdit::delete(comma), TextEdit::delete(range)];
    }
    vec![TextEdit::delete(TextRange::new(written - 1, range.end()))]
}
