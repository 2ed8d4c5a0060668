//! New entries and items, in the style of what stands around them.

use specql_text::{TextEdit, TextRange};

use super::{
    Value,
    place::{self, Tail},
    render::{self, Style},
    replace_value,
};
use crate::{
    Parse,
    layout::Layout,
    yaml::{Entry, Node},
};

/// Adds an entry at the end of a mapping; a value that is empty becomes a mapping.
#[must_use]
pub fn insert_entry(parse: &Parse, mapping: &Node, key: &str, value: &Value) -> Vec<TextEdit> {
    insert(parse, mapping, None, key, value)
}

/// Adds an entry behind another one of the same mapping.
#[must_use]
pub fn insert_entry_after(
    parse: &Parse,
    mapping: &Node,
    after: &Entry,
    key: &str,
    value: &Value,
) -> Vec<TextEdit> {
    insert(parse, mapping, Some(after), key, value)
}

fn insert(
    parse: &Parse,
    mapping: &Node,
    after: Option<&Entry>,
    key: &str,
    value: &Value,
) -> Vec<TextEdit> {
    if place::is_alias(parse, mapping.range) || after.is_some_and(|it| it.merged) {
        return Vec::new();
    }
    let Some(entries) = mapping.as_mapping() else {
        let first = Value::Mapping(vec![(key.to_owned(), value.clone())]);
        return fill(parse, mapping, &first);
    };
    let layout = parse.layout();
    let style = Style { flow: entries.flow, quote: layout.quote };
    if entries.flow {
        let Some(written) = render::inline_entry(key, value, style) else { return Vec::new() };
        if !place::has_brace(parse, mapping) {
            // One pair in a list, `[a: b]`: two need braces.
            return vec![
                TextEdit::insert(mapping.range.start(), "{"),
                TextEdit::insert(mapping.range.end(), format!(", {written}}}")),
            ];
        }
        let own = entries.entries.iter().filter(|it| !it.merged);
        let ranges: Vec<TextRange> = own.map(|it| it.range).collect();
        return insert_in_flow(parse, mapping, after.map(|it| it.range), &ranges, &written, layout);
    }
    let text = parse.text();
    let start =
        match entries.entries.iter().filter(|it| !it.merged).min_by_key(|it| it.range.start()) {
            Some(first) if first.key.range.start() == mapping.range.start() => {
                place::entry_start(text, first)
            }
            _ => mapping.range.start(),
        };
    let indentation = place::indentation(text, start);
    let written = render::entry(key, value, &indentation, layout, style);
    let value = after.map_or(mapping, |it| &it.value);
    let end = after.map_or(mapping.range.end(), |it| it.range.end());
    insert_line(parse, Line { value, end, indentation, written }, layout)
}

/// Adds an item at the end of a list; a value that is empty becomes a list.
#[must_use]
pub fn append_item(parse: &Parse, list: &Node, value: &Value) -> Vec<TextEdit> {
    if place::is_alias(parse, list.range) {
        return Vec::new();
    }
    let Some(items) = list.as_sequence() else {
        return fill(parse, list, &Value::List(vec![value.clone()]));
    };
    let layout = parse.layout();
    let style = Style { flow: items.flow, quote: layout.quote };
    if items.flow {
        let Some(written) = render::inline(value, style) else { return Vec::new() };
        let ranges: Vec<TextRange> = items.items.iter().map(|it| it.range).collect();
        return insert_in_flow(parse, list, None, &ranges, &written, layout);
    }
    let text = parse.text();
    if !place::after(text, list.range.start()).starts_with('-') {
        return Vec::new();
    }
    let indentation = place::indentation(text, list.range.start());
    let inner = format!("{indentation}  ");
    let written = format!("- {}", render::block(value, &inner, layout, style));
    let line = Line { value: list, end: list.range.end(), indentation, written };
    insert_line(parse, line, layout)
}

/// Writes a value where there is none.
fn fill(parse: &Parse, node: &Node, value: &Value) -> Vec<TextEdit> {
    if !node.is_null() {
        return Vec::new();
    }
    place::entry_of(parse, node).map(|it| replace_value(parse, it, value)).unwrap_or_default()
}

/// A new line behind a value.
struct Line<'a> {
    value: &'a Node,
    /// The end of the value, or of the key without one.
    end: u32,
    indentation: String,
    written: String,
}

/// Inserts a line behind a value. At the end of a file without a last line break a block scalar would
/// get one, so its header says that it has none.
fn insert_line(parse: &Parse, line: Line<'_>, layout: &Layout) -> Vec<TextEdit> {
    let text = parse.text();
    let Line { value, end, indentation, written } = line;
    let tail = place::tail(parse, value);
    let newline = layout.newline;
    let at = place::line_end(text, end);
    let ends_file = at as usize == text.len();
    if tail == Tail::Kept && !ends_file {
        let at = place::next_line(text, place::value_end(parse, value));
        return vec![TextEdit::insert(at, format!("{indentation}{written}{newline}"))];
    }
    let strip =
        (tail != Tail::Free && ends_file).then(|| place::strip_tail(parse, value)).flatten();
    let line = TextEdit::insert(at, format!("{newline}{indentation}{written}"));
    strip.into_iter().chain([line]).collect()
}

/// Inserts an element between brackets: behind one of `elements`, or first.
fn insert_in_flow(
    parse: &Parse,
    collection: &Node,
    after: Option<TextRange>,
    elements: &[TextRange],
    written: &str,
    layout: &Layout,
) -> Vec<TextEdit> {
    let text = parse.text();
    let Some(last) = after.or_else(|| elements.last().copied()) else {
        let open = collection.range.start() + 1;
        let rest = place::after(text, open).trim_start();
        let separator = if rest.is_empty() || rest.starts_with([']', '}']) { "" } else { ", " };
        return vec![TextEdit::insert(open, format!("{written}{separator}"))];
    };
    let line = place::line_start(text, last.start());
    let is_alone = elements.len() > 1
        && elements.iter().filter(|it| place::line_start(text, it.start()) == line).count() == 1;
    let separator = if is_alone {
        format!(",{}{}", layout.newline, place::indentation(text, last.start()))
    } else {
        ", ".to_owned()
    };
    vec![TextEdit::insert(last.end(), format!("{separator}{written}"))]
}
