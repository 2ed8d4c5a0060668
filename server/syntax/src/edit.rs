//! Edits of YAML that keep comments, indentation, quoting and flow or block style of their
//! surroundings.
//!
//! Invariant: parsing the edited text gives the old values with the named change, and nothing else.
//! Where that cannot be had, for a value behind an alias or one that an alias needs, there is no edit.

mod insert;
mod place;
mod remove;
mod render;
#[cfg(test)]
mod tests;

pub use insert::{append_item, insert_entry, insert_entry_after};
pub use remove::{remove_entry, remove_item};

use specql_text::{TextEdit, TextRange};

use crate::{
    Parse,
    yaml::{Entry, Node, NodeKind, ScalarStyle},
};
use render::Style;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar; quoted only where YAML 1.1 would otherwise read something else.
    Scalar(String),
    /// A list, written in flow style: `[a, b]`.
    FlowList(Vec<String>),
    /// A list with a dash for each item.
    List(Vec<Value>),
    /// Keys and values in order.
    Mapping(Vec<(String, Value)>),
}

/// A text as a scalar: in quotes where YAML 1.1 would otherwise read something else.
#[must_use]
pub fn scalar_text(text: &str, in_flow: bool) -> String {
    render::scalar_text(text, Style { flow: in_flow, quote: '\'' })
}

/// Writes another text in the place of a scalar, in quotes when it was quoted; a value that is not
/// there is written after its key or dash. Without an edit when the node is a collection or an alias.
#[must_use]
pub fn set_scalar(parse: &Parse, node: &Node, text: &str) -> Vec<TextEdit> {
    if place::is_alias(parse, node.range) {
        return Vec::new();
    }
    let layout = parse.layout();
    let style = Style { flow: place::is_in_flow(parse, node.range.start()), quote: layout.quote };
    let scalar = match &node.kind {
        NodeKind::Scalar(it) => it,
        NodeKind::Missing => {
            if let Some(entry) = place::entry_of(parse, node) {
                return replace_value(parse, entry, &Value::Scalar(text.to_owned()));
            }
            let written = format!(" {}", render::typed_scalar(text, style));
            return vec![TextEdit::insert(node.range.end(), written)];
        }
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => return Vec::new(),
    };
    let written = match scalar.style {
        ScalarStyle::Plain => render::typed_scalar(text, style),
        ScalarStyle::SingleQuoted => render::single_quoted(text),
        ScalarStyle::DoubleQuoted => render::double_quoted(text),
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let indentation = place::block_indentation(parse, node, layout);
            let written = render::block_scalar(text, &indentation, layout);
            let needs_break = written.starts_with('|') && text.ends_with('\n');
            let ends_file = node.range.end() as usize == parse.text().len();
            written + if needs_break && ends_file { layout.newline } else { "" }
        }
    };
    vec![TextEdit::replace(node.range, written)]
}

/// Writes a text in the place of a part of a scalar, or between two characters of it; `text` is what is
/// meant, and is escaped as the scalar is. A scalar without quotes gets some where it needs them then.
#[must_use]
pub fn set_part(parse: &Parse, node: &Node, part: TextRange, text: &str) -> Vec<TextEdit> {
    let Some(scalar) = node.as_scalar() else { return Vec::new() };
    if place::is_alias(parse, node.range) || !node.range.contains_range(part) {
        return Vec::new();
    }
    let written = match scalar.style {
        ScalarStyle::SingleQuoted => text.replace('\'', "''"),
        ScalarStyle::DoubleQuoted => render::escaped(text),
        ScalarStyle::Literal | ScalarStyle::Folded => text.to_owned(),
        ScalarStyle::Plain => {
            let own = node.range.slice(parse.text());
            let start = (part.start() - node.range.start()) as usize;
            let end = (part.end() - node.range.start()) as usize;
            let (Some(head), Some(tail)) = (own.get(..start), own.get(end..)) else {
                return Vec::new();
            };
            let whole = [head, text, tail].concat();
            let flow = place::is_in_flow(parse, node.range.start());
            let style = Style { flow, quote: parse.layout().quote };
            let quoted = render::typed_scalar(&whole, style);
            if quoted != whole && !own.contains(['\n', '\r']) {
                return vec![TextEdit::replace(node.range, quoted)];
            }
            text.to_owned()
        }
    };
    vec![TextEdit::replace(part, written)]
}

/// Writes another value in the place of an entry's value, in the entry's style; a comment behind the
/// key stays.
#[must_use]
pub fn replace_value(parse: &Parse, entry: &Entry, value: &Value) -> Vec<TextEdit> {
    let text = parse.text();
    let Some(colon) = place::colon_end(text, entry) else { return Vec::new() };
    let old = TextRange::new(colon, entry.value.range.end().max(colon));
    if entry.merged || place::has_anchor(parse, old) {
        return Vec::new();
    }
    let layout = parse.layout();
    let flow = place::is_in_flow(parse, entry.key.range.start());
    let style = Style { flow, quote: layout.quote };
    let sign = if place::has_colon(text, entry) { "" } else { ":" };
    let inline = render::inline(value, style);
    let key_line = place::line_end(text, colon);
    let stands_below = entry.value.range.start() > key_line && !flow;
    match inline {
        Some(written) if !stands_below => {
            vec![TextEdit::replace(old, format!("{sign} {written}"))]
        }
        Some(written) => vec![
            TextEdit::insert(colon, format!("{sign} {written}")),
            TextEdit::delete(TextRange::new(key_line, place::value_end(parse, &entry.value))),
        ],
        None => {
            let indentation = place::indentation(text, place::entry_start(text, entry));
            let block = render::block_below(value, &indentation, layout, style);
            if stands_below {
                let end = place::value_end(parse, &entry.value);
                return vec![
                    TextEdit::insert(colon, sign),
                    TextEdit::replace(TextRange::new(key_line, end), block),
                ];
            }
            let end = place::value_end(parse, &entry.value);
            vec![TextEdit::replace(old, sign), TextEdit::insert(end, block)]
        }
    }
    .into_iter()
    .filter(|it| !it.range.is_empty() || !it.text.is_empty())
    .collect()
}

/// Gives an entry another key, in quotes when it had some.
#[must_use]
pub fn rename_key(parse: &Parse, entry: &Entry, new: &str) -> Vec<TextEdit> {
    if entry.merged || place::is_alias(parse, entry.key.range) {
        return Vec::new();
    }
    let flow = place::is_in_flow(parse, entry.key.range.start());
    let style = Style { flow, quote: parse.layout().quote };
    let written = match entry.key.range.slice(parse.text()).chars().next() {
        Some('\'') if render::is_printable(new) => render::single_quoted(new),
        Some('"') => render::double_quoted(new),
        _ => render::scalar_text(new, style),
    };
    vec![TextEdit::replace(entry.key.range, written)]
}
