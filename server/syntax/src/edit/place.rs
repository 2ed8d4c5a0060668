//! Where things stand in the text of a file: lines, columns, colons, dashes, and who holds what.

use specql_text::{TextEdit, TextRange};

use crate::layout::Layout;
use crate::{
    Parse,
    yaml::{Entry, Node, NodeKind, ScalarStyle},
};

const BREAKS: [char; 2] = ['\n', '\r'];
const BLANKS: [char; 2] = [' ', '\t'];

pub(super) fn before(text: &str, at: u32) -> &str {
    text.get(..at as usize).unwrap_or_default()
}

pub(super) fn after(text: &str, at: u32) -> &str {
    text.get(at as usize..).unwrap_or_default()
}

fn offset(at: usize) -> u32 {
    TextRange::from(at..at).start()
}

/// The first byte of a line.
pub(super) fn line_start(text: &str, at: u32) -> u32 {
    offset(before(text, at).rfind(BREAKS).map_or(0, |it| it + 1))
}

/// The end of a line, before its break.
pub(super) fn line_end(text: &str, at: u32) -> u32 {
    let rest = after(text, at);
    at + offset(rest.find(BREAKS).unwrap_or(rest.len()))
}

/// The first byte of the next line, or the end of the text.
pub(super) fn next_line(text: &str, at: u32) -> u32 {
    let end = line_end(text, at);
    let rest = after(text, end);
    let len = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    end + offset(len)
}

/// What a line that is to stand at the column of an offset begins with.
pub(super) fn indentation(text: &str, at: u32) -> String {
    let line = TextRange::new(line_start(text, at), at).slice(text);
    line.chars().map(|it| if it == '\t' { '\t' } else { ' ' }).collect()
}

/// The start of an entry: its key, or the anchor and tag before that.
pub(super) fn entry_start(text: &str, entry: &Entry) -> u32 {
    properties_start(text, entry.key.range.start())
}

/// The start of the anchors and tags that stand before an offset in its line.
pub(super) fn properties_start(text: &str, at: u32) -> u32 {
    let mut start = at;
    loop {
        let line = TextRange::new(line_start(text, start), start).slice(text);
        let trimmed = line.trim_end_matches(BLANKS);
        let word = trimmed.rfind([' ', '\t', '[', '{', ',']).map_or(0, |it| it + 1);
        let is_property = trimmed.get(word..).is_some_and(|it| it.starts_with(['&', '!']));
        if !is_property || trimmed.len() == line.len() {
            return start;
        }
        start = line_start(text, start) + offset(word);
    }
}

/// The end of the colon behind a key, or of the key when there is no colon yet; nothing for keys that
/// are written with `?`.
pub(super) fn colon_end(text: &str, entry: &Entry) -> Option<u32> {
    let start = entry_start(text, entry);
    if before(text, start).trim_end_matches(BLANKS).ends_with('?') {
        return None;
    }
    let end = entry.key.range.end();
    let rest = after(text, end);
    let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
    Some(if has_colon(text, entry) { end + offset(blanks) + 1 } else { end })
}

pub(super) fn has_colon(text: &str, entry: &Entry) -> bool {
    !entry.missing_colon
        && after(text, entry.key.range.end()).trim_start_matches(BLANKS).starts_with(':')
}

pub(super) fn is_alias(parse: &Parse, range: TextRange) -> bool {
    range.slice(parse.text()).starts_with('*')
}

/// Whether a flow mapping has braces; a pair in a list may go without.
pub(super) fn has_brace(parse: &Parse, mapping: &Node) -> bool {
    mapping.range.slice(parse.text()).starts_with('{')
}

/// Whether an offset lies between brackets.
pub(super) fn is_in_flow(parse: &Parse, at: u32) -> bool {
    fn search(text: &str, node: &Node, at: u32) -> bool {
        if !node.range.contains(at) || node.range.slice(text).starts_with('*') {
            return false;
        }
        match &node.kind {
            NodeKind::Missing | NodeKind::Scalar(_) => false,
            NodeKind::Mapping(it) => {
                (it.flow && node.range.start() < at)
                    || it.entries.iter().any(|it| !it.merged && search(text, &it.value, at))
            }
            NodeKind::Sequence(it) => {
                (it.flow && node.range.start() < at)
                    || it.items.iter().any(|it| search(text, it, at))
            }
        }
    }
    search(parse.text(), &parse.yaml().root, at)
}

/// Whether a part of the file names a value that an alias elsewhere asks for.
pub(super) fn has_anchor(parse: &Parse, range: TextRange) -> bool {
    let text = parse.text();
    range.slice(text).match_indices('&').any(|(at, _)| {
        let rest = range.slice(text).get(at + 1..).unwrap_or_default();
        let is_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
        let name = rest.get(..rest.find(|it| !is_word(it)).unwrap_or(rest.len()));
        name.is_some_and(|it| !it.is_empty() && text.contains(&format!("*{it}")))
    })
}

/// The last scalar of a value, when it is a block scalar, with the offset of its header.
pub(super) fn last_block_scalar(node: &Node) -> Option<&Node> {
    match &node.kind {
        NodeKind::Scalar(it) => {
            matches!(it.style, ScalarStyle::Literal | ScalarStyle::Folded).then_some(node)
        }
        NodeKind::Mapping(it) => {
            let own = it.entries.iter().filter(|it| !it.merged);
            last_block_scalar(&own.max_by_key(|it| it.range.end())?.value)
        }
        NodeKind::Sequence(it) => last_block_scalar(it.items.last()?),
        NodeKind::Missing => None,
    }
}

/// How a block scalar's header treats the line breaks at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// No block scalar, or one whose end does not depend on what follows.
    Free,
    /// One line break, if there is one.
    Clipped,
    /// All line breaks.
    Kept,
}

pub(super) fn tail(parse: &Parse, node: &Node) -> Tail {
    let text = parse.text();
    let Some(scalar) = last_block_scalar(node).filter(|it| !is_alias(parse, it.range)) else {
        return Tail::Free;
    };
    let header = scalar.range.slice(text).split([' ', '\t', '\n', '\r', '#']).next();
    match header {
        Some(it) if it.contains('+') => Tail::Kept,
        Some(it) if it.contains('-') => Tail::Free,
        _ => Tail::Clipped,
    }
}

/// Makes the block scalar at the end of a value one without a line break at its end.
pub(super) fn strip_tail(parse: &Parse, node: &Node) -> Option<TextEdit> {
    let header = last_block_scalar(node)?.range.start();
    let sign = after(parse.text(), header).find('+').filter(|it| *it <= 2);
    Some(match sign {
        Some(it) => {
            let start = header + offset(it);
            TextEdit::replace(TextRange::new(start, start + 1), "-")
        }
        None => TextEdit::insert(header + 1, "-"),
    })
}

/// The end of the last line of a value: with a comment behind it, and with the empty lines that a
/// block scalar keeps but for the last break.
pub(super) fn value_end(parse: &Parse, node: &Node) -> u32 {
    let text = parse.text();
    let mut end = line_end(text, node.range.end());
    if tail(parse, node) != Tail::Kept {
        return end;
    }
    loop {
        let next = next_line(text, end);
        let next_end = line_end(text, next);
        let is_empty = TextRange::new(next, next_end).slice(text).trim_matches(BLANKS).is_empty();
        if next == end || next_end as usize >= text.len() || !is_empty {
            return end;
        }
        end = next_end;
    }
}

/// The indentation of a block scalar's lines.
pub(super) fn block_indentation(parse: &Parse, node: &Node, layout: &Layout) -> String {
    let text = parse.text();
    let body = node.range.slice(text);
    let lines = body.split(['\n', '\r']).skip(1).filter(|it| !it.trim().is_empty());
    let narrowest = lines.map(|it| it.len() - it.trim_start_matches(' ').len()).min();
    let start = line_start(text, node.range.start());
    let line = TextRange::new(start, node.range.start()).slice(text);
    let own = line.len() - line.trim_start_matches([' ', '-']).len();
    " ".repeat(narrowest.unwrap_or(own + layout.step))
}

/// Who holds a value.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    /// It is the value of an entry.
    Entry(&'a Entry),
    /// It is an item of a list.
    Item,
    /// It is the file's value.
    Root,
}

/// The collection that holds what `is_child` recognises, and who holds that.
pub(super) fn parent<'a>(
    parse: &'a Parse,
    at: u32,
    is_parent: &dyn Fn(&Node) -> bool,
) -> Option<(&'a Node, Holder<'a>)> {
    let (mut node, mut holder) = (&parse.yaml().root, Holder::Root);
    loop {
        if is_alias(parse, node.range) {
            return None;
        }
        if is_parent(node) {
            return Some((node, holder));
        }
        (node, holder) = match &node.kind {
            NodeKind::Mapping(it) => {
                let own = it.entries.iter().filter(|it| !it.merged);
                let mut inside = own.filter(|it| it.value.range.touches(at));
                let entry = inside.next_back()?;
                (&entry.value, Holder::Entry(entry))
            }
            NodeKind::Sequence(it) => {
                (it.items.iter().rfind(|it| it.range.touches(at))?, Holder::Item)
            }
            NodeKind::Missing | NodeKind::Scalar(_) => return None,
        };
    }
}

/// The entry whose value a node is.
pub(super) fn entry_of<'a>(parse: &'a Parse, value: &Node) -> Option<&'a Entry> {
    let holds = |node: &Node| {
        let entries = node.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
        entries.iter().any(|it| !it.merged && it.value.range == value.range)
    };
    let (node, _) = parent(parse, value.range.start(), &holds)?;
    let entries = &node.as_mapping()?.entries;
    entries.iter().find(|it| !it.merged && it.value.range == value.range)
}

/// The offset behind the last character before `at` that is neither blank nor in a comment.
pub(super) fn last_written(parse: &Parse, at: u32) -> u32 {
    let comments = &parse.yaml().comments;
    let mut end = at;
    loop {
        let written = offset(before(parse.text(), end).trim_end().len());
        let number = comments.partition_point(|it| it.start() < written);
        let last = number.checked_sub(1).and_then(|it| comments.get(it));
        match last.filter(|it| written <= it.end()) {
            Some(comment) => end = comment.start(),
            None => return written,
        }
    }
}

/// The dash of the item whose value a node is.
pub(super) fn dash(parse: &Parse, item: &Node) -> Option<u32> {
    let text = parse.text();
    let mut end = last_written(parse, item.range.start());
    loop {
        let word = before(text, end).rfind(|it: char| it.is_whitespace()).map_or(0, |it| it + 1);
        let is_property = before(text, end).get(word..)?.starts_with(['&', '!']);
        if !is_property {
            break;
        }
        end = last_written(parse, offset(word));
    }
    before(text, end).ends_with('-').then(|| end - 1)
}
