//! Values as text: in one line, or as lines of a block.

use super::Value;
use crate::layout::Layout;
use crate::yaml::{Resolved, resolve};

/// Where a scalar is to stand, and how it is quoted when it has to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Between brackets.
    pub(super) flow: bool,
    /// The file's own quotation mark.
    pub(super) quote: char,
}

/// A value in one line: scalars, lists in brackets, empty collections; between brackets everything.
pub(super) fn inline(value: &Value, style: Style) -> Option<String> {
    let inner = Style { flow: true, ..style };
    Some(match value {
        Value::Scalar(it) => typed_scalar(it, style),
        Value::FlowList(items) => {
            let items: Vec<String> = items.iter().map(|it| typed_scalar(it, inner)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::List(items) if style.flow || items.is_empty() => {
            let items: Option<Vec<String>> = items.iter().map(|it| inline(it, inner)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Mapping(entries) if style.flow || entries.is_empty() => {
            let entries: Option<Vec<String>> =
                entries.iter().map(|(key, it)| inline_entry(key, it, inner)).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        Value::List(_) | Value::Mapping(_) => return None,
    })
}

/// `key: value` in one line.
pub(super) fn inline_entry(key: &str, value: &Value, style: Style) -> Option<String> {
    Some(format!("{}: {}", scalar_text(key, style), inline(value, style)?))
}

/// A collection below its key: each line with the line break before it.
pub(super) fn block_below(
    value: &Value,
    key_indentation: &str,
    layout: &Layout,
    style: Style,
) -> String {
    let step = if matches!(value, Value::List(_)) { layout.list_step } else { layout.step };
    let indentation = format!("{key_indentation}{}", " ".repeat(step));
    let lines = block(value, &indentation, layout, style);
    format!("{}{indentation}{lines}", layout.newline)
}

/// A value from its first character on, which stands behind `indentation`.
pub(super) fn block(value: &Value, indentation: &str, layout: &Layout, style: Style) -> String {
    if let Some(it) = inline(value, style) {
        return it;
    }
    let lines: Vec<String> = match value {
        Value::Mapping(entries) => {
            entries.iter().map(|(key, it)| entry(key, it, indentation, layout, style)).collect()
        }
        Value::List(items) => {
            let inner = format!("{indentation}  ");
            items.iter().map(|it| format!("- {}", block(it, &inner, layout, style))).collect()
        }
        Value::Scalar(_) | Value::FlowList(_) => Vec::new(),
    };
    lines.join(&format!("{}{indentation}", layout.newline))
}

/// `key: value` in a block, of which the first line stands behind `indentation`.
pub(super) fn entry(
    key: &str,
    value: &Value,
    indentation: &str,
    layout: &Layout,
    style: Style,
) -> String {
    let key = scalar_text(key, style);
    match inline(value, style) {
        Some(it) => format!("{key}: {it}"),
        None => format!("{key}:{}", block_below(value, indentation, layout, style)),
    }
}

/// A value as a user would write it: `true`, `150` and `null` keep the meaning they have in YAML, any
/// other text is text.
pub(super) fn typed_scalar(text: &str, style: Style) -> String {
    let is_typed = match resolve(text) {
        Resolved::Bool(_) => matches!(text, "true" | "false"),
        Resolved::Null => text == "null",
        // `012` and `12:30` are text to everybody but YAML 1.1.
        Resolved::Int(it) => it == text,
        Resolved::Float(it) => it == text && !text.contains(':'),
        Resolved::Timestamp | Resolved::Str => false,
    };
    if is_typed { text.to_owned() } else { scalar_text(text, style) }
}

/// A text that YAML reads as exactly this text.
pub(super) fn scalar_text(text: &str, style: Style) -> String {
    if is_plain(text, style.flow) {
        return text.to_owned();
    }
    // The quote that needs no escape, else the one the file uses.
    let needs_double = !is_printable(text) || text.contains('\'');
    let needs_single = text.contains(['"', '\\']);
    if needs_single == needs_double && style.quote == '\'' || needs_single && !needs_double {
        single_quoted(text)
    } else {
        double_quoted(text)
    }
}

/// Whether a text can stand without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    const INDICATORS: &str = ",[]{}#&*!|>'\"%@`";
    let mut characters = text.chars();
    let (Some(first), second) = (characters.next(), characters.next()) else { return false };
    let dashes = text.starts_with("---") || text.starts_with("...");
    let indicator = INDICATORS.contains(first)
        || (matches!(first, '-' | '?' | ':') && second.is_none_or(|it| it == ' ' || flow));
    let has = |pair: &[u8; 2]| text.as_bytes().windows(2).any(|it| it == pair);
    let colon = text.ends_with(':')
        || has(b": ")
        || (flow && text.contains([',', '[', ']', '{', '}', '?']));
    let blank = text.starts_with(' ') || text.ends_with(' ') || has(b" #");
    let meant = resolve(text) == Resolved::Str && !matches!(text, "=" | "<<");
    !dashes && !indicator && !colon && !blank && meant && is_printable(text)
}

/// Whether every character can be written as it is in one line.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().all(|it| !it.is_control() && !is_special(it))
}

/// Characters that YAML takes for line breaks, or refuses, or that cannot be seen.
const fn is_special(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

pub(super) fn single_quoted(text: &str) -> String {
    if is_printable(text) { format!("'{}'", text.replace('\'', "''")) } else { double_quoted(text) }
}

pub(super) fn double_quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text as it stands between double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() || is_special(it) => {
                out.push_str(&format!("\\u{:04x}", u32::from(it)));
            }
            it => out.push(it),
        }
    }
    out
}

/// A text as a literal block scalar from its header on; in quotes when lines cannot say it.
pub(super) fn block_scalar(text: &str, indentation: &str, layout: &Layout) -> String {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let fits = !body.is_empty()
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.split('\n').all(|it| is_printable(it) && it.trim() != "" || it.is_empty());
    if !fits {
        return double_quoted(text);
    }
    let header = if body.len() < text.len() { "|" } else { "|-" };
    let lines = body.split('\n').map(|it| {
        let indentation = if it.is_empty() { "" } else { indentation };
        format!("{}{indentation}{it}", layout.newline)
    });
    format!("{header}{}", lines.collect::<String>())
}
