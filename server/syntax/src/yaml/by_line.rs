//! The values of a file whose YAML is simple, read line by line without a tree.
//!
//! Invariant: what is read here is what the tree would have given, byte for byte; whatever is not
//! plainly simple (a half-typed line, an anchor, a text over several lines, a tab) is left to the tree.
//! Nearly every file that is not being typed in is simple, and this takes a tenth of the time.

mod flow;
mod scalar;

use std::sync::Arc;

use specql_text::TextRange;

use super::{Entry, Mapping, Node, NodeKind, Resolved, Sequence, Yaml, resolve::resolve};
use crate::Name;

/// Levels of blocks; deeper ones are left to the tree, which knows its limits.
const MAX_DEPTH: usize = 32;
/// Keys of a mapping that are compared one by one.
const FEW_KEYS: usize = 16;

/// The bytes that can be a part of a simple key, a bit for each.
const KEY_LETTERS: u128 = {
    let (mut letters, mut byte) = (0, 0_u8);
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            letters |= 1 << byte;
        }
        byte += 1;
    }
    letters
};

/// Reads a simple file; nothing for any other.
pub(crate) fn read(text: &str) -> Option<Yaml> {
    if !is_simple_text(text) {
        return None;
    }
    let mut reader = Reader { text, next: 0, line: None, depth: 0, comments: Vec::new() };
    reader.advance()?;
    let line = reader.line?;
    let root = reader.block(line.column, line.start)?;
    if reader.line.is_some() || root.as_mapping().is_none() {
        return None;
    }
    Some(Yaml { root, problems: Vec::new(), comments: reader.comments })
}

/// Whether a text has neither tabs and control characters nor any line break but `\n`.
fn is_simple_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Nearly every text is: many bytes are looked at in one step where none of them ends the look.
    if bytes.iter().fold(true, |all, it| all & matches!(it, b'\n' | 0x20..0x7f)) {
        return true;
    }
    let next = |at: usize, n: usize| bytes.get(at + n).copied().unwrap_or_default();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'\n' | 0x20..0x7f => true,
        0..0x20 | 0x7f | 0xef => false,
        0xc2 => next(at, 1) >= 0xa0,
        0xe2 => next(at, 1) != 0x80 || !matches!(next(at, 2), 0xa8 | 0xa9),
        _ => true,
    })
}

/// A line with something on it that is no comment.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// How far its text is indented.
    column: usize,
    /// Where its text begins.
    start: usize,
    /// Where it ends, its line break excluded.
    end: usize,
}

struct Reader<'t> {
    text: &'t str,
    /// Where the line after the present one begins.
    next: usize,
    /// The present line; nothing at the end of the file.
    line: Option<Line>,
    depth: usize,
    comments: Vec<TextRange>,
}

impl<'t> Reader<'t> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Goes to the next line that has something on it; nothing before one that means more than values.
    fn advance(&mut self) -> Option<()> {
        loop {
            let rest = self.text.as_bytes().get(self.next..).unwrap_or_default();
            if rest.is_empty() {
                self.line = None;
                return Some(());
            }
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let column = rest.iter().take_while(|it| **it == b' ').count();
            let (start, end) = (self.next + column, self.next + length);
            self.next = end + 1;
            match self.byte(start) {
                _ if start >= end => {}
                b'#' => self.comments.push((start..end).into()),
                b'%' if column == 0 => return None,
                b'-' | b'.' if column == 0 && is_mark(self.slice(start, end)) => return None,
                _ => {
                    self.line = Some(Line { column, start, end });
                    return Some(());
                }
            }
        }
    }

    /// The block whose first value begins at `start` of the present line, in a column.
    fn block(&mut self, column: usize, start: usize) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let node = if self.is_dash(start) {
            self.sequence(column, start)
        } else {
            self.mapping(column, start)
        };
        self.depth -= 1;
        node
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && matches!(self.byte(at + 1), b' ' | b'\n' | 0)
    }

    fn mapping(&mut self, column: usize, mut start: usize) -> Option<Node> {
        let first = start;
        let mut entries: Vec<Entry> = Vec::with_capacity(8);
        let mut end = start;
        loop {
            let key = self.key(start)?;
            let after = key.range.to_usize().end + 1;
            let value = self.value(after, column, true)?;
            let range = TextRange::from(start..value.range.to_usize().end.max(after));
            end = end.max(range.to_usize().end);
            entries.push(entry(key, value, range));
            match self.line {
                Some(it) if it.column == column && !self.is_dash(it.start) => start = it.start,
                Some(it) if it.column >= column => return None,
                _ => break,
            }
        }
        let is_unique = has_unique_keys(&entries);
        let kind = NodeKind::Mapping(Arc::new(Mapping { entries, flow: false }));
        is_unique.then(|| Node { range: (first..end).into(), kind })
    }

    /// A key of letters, digits and underscores with its colon.
    fn key(&self, start: usize) -> Option<Name> {
        let rest = self.text.as_bytes().get(start..)?;
        let is_letter = |it: &&u8| it.is_ascii() && KEY_LETTERS >> **it & 1 == 1;
        let length = rest.iter().take_while(is_letter).count();
        let begins = rest.first().is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_');
        let is_key = rest.get(length) == Some(&b':')
            && matches!(rest.get(length + 1), Some(b' ' | b'\n') | None);
        let text = self.slice(start, start + length);
        let is_text = is_key && begins && resolve(text) == Resolved::Str;
        is_text.then(|| Name::new(text, (start..start + length).into()))
    }

    /// The list whose dashes stand in a column.
    fn sequence(&mut self, column: usize, mut dash: usize) -> Option<Node> {
        let first = dash;
        let mut items = Vec::with_capacity(8);
        let mut end = dash;
        loop {
            let item = self.value(dash + 1, column, false)?;
            end = end.max(item.range.to_usize().end).max(dash);
            items.push(item);
            match self.line {
                Some(it) if it.column == column && self.is_dash(it.start) => dash = it.start,
                Some(it) if it.column > column => return None,
                _ => break,
            }
        }
        let kind = NodeKind::Sequence(Arc::new(Sequence { items, flow: false }));
        Some(Node { range: (first..end).into(), kind })
    }

    /// The value behind a colon or a dash of a block in a column, up to the line after it.
    fn value(&mut self, after: usize, column: usize, is_entry: bool) -> Option<Node> {
        let line = self.line?;
        let start = self.skip_blanks(after, line.end);
        if start >= line.end || self.byte(start) == b'#' {
            return self.value_below(after, start, line, column, is_entry);
        }
        if !is_entry {
            if self.is_dash(start) {
                return None;
            }
            if self.key(start).is_some() {
                // A list's item may be a mapping that begins behind its dash.
                return self.block(line.column + (start - line.start), start);
            }
        }
        let value = self.value_on_line(start, line.end)?;
        self.advance()?;
        // What is indented further may be the rest of a text.
        self.line.is_none_or(|it| it.column <= column).then_some(value)
    }

    /// The value on the lines below, when there is one.
    fn value_below(
        &mut self,
        after: usize,
        at: usize,
        line: Line,
        column: usize,
        is_entry: bool,
    ) -> Option<Node> {
        if at < line.end {
            self.comments.push((at..line.end).into());
        }
        self.advance()?;
        match self.line {
            Some(it) if it.column > column => self.block(it.column, it.start),
            Some(it) if is_entry && it.column == column && self.is_dash(it.start) => {
                self.block(column, it.start)
            }
            _ => Some(Node { range: TextRange::from(after..after), kind: NodeKind::Missing }),
        }
    }

    /// The value that stands on a line, with the comment behind it.
    fn value_on_line(&mut self, start: usize, end: usize) -> Option<Node> {
        let node = match self.byte(start) {
            b'[' | b'{' => self.flow(start, end)?,
            b'"' | b'\'' => self.quoted(start, end)?,
            _ => self.plain(start, end)?,
        };
        let after = node.range.to_usize().end;
        let rest = self.skip_blanks(after, end);
        if rest < end {
            if self.byte(rest) != b'#' || rest == after {
                return None;
            }
            self.comments.push((rest..end).into());
        }
        Some(node)
    }

    fn skip_blanks(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.byte(at) == b' ' {
            at += 1;
        }
        at
    }
}

fn entry(key: Name, value: Node, range: TextRange) -> Entry {
    Entry { key, key_resolved: Resolved::Str, value, range, missing_colon: false, merged: false }
}

/// Whether a line begins or ends a document.
fn is_mark(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// Whether no two entries have one key. Of many keys nothing is said.
fn has_unique_keys(entries: &[Entry]) -> bool {
    if entries.len() > FEW_KEYS {
        let mut keys: Vec<&str> = entries.iter().map(|it| it.key.as_str()).collect();
        keys.sort_unstable();
        return keys.windows(2).all(|it| it.first() != it.last());
    }
    entries.iter().enumerate().all(|(index, it)| {
        let before = entries.get(..index).unwrap_or_default();
        before.iter().all(|other| other.key.text != it.key.text)
    })
}

#[cfg(test)]
mod tests;
