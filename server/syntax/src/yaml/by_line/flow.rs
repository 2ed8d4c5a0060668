//! Lists and mappings in brackets, on one line.

use std::sync::Arc;

use specql_text::TextRange;

use super::{
    super::{Entry, Mapping, Node, NodeKind, Sequence},
    MAX_DEPTH, Reader, entry, has_unique_keys,
    scalar::{begins_text, plain_scalar},
};

impl Reader<'_> {
    /// The collection that begins with the bracket at `start`.
    pub(super) fn flow(&mut self, start: usize, end: usize) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let node = if self.byte(start) == b'[' {
            self.flow_sequence(start, end)
        } else {
            self.flow_mapping(start, end)
        };
        self.depth -= 1;
        node
    }

    fn flow_sequence(&mut self, start: usize, end: usize) -> Option<Node> {
        let mut items = Vec::new();
        let mut at = self.skip_blanks(start + 1, end);
        while self.byte(at) != b']' {
            let item = self.flow_value(at, end)?;
            at = self.behind_item(&item, b']', end)?;
            items.push(item);
        }
        let kind = NodeKind::Sequence(Arc::new(Sequence { items, flow: true }));
        Some(Node { range: (start..at + 1).into(), kind })
    }

    fn flow_mapping(&mut self, start: usize, end: usize) -> Option<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut at = self.skip_blanks(start + 1, end);
        while self.byte(at) != b'}' {
            let key = self.key(at)?;
            let after = key.range.to_usize().end + 1;
            let value = self.flow_value(self.skip_blanks(after, end), end)?;
            let range = TextRange::from(at..value.range.to_usize().end);
            at = self.behind_item(&value, b'}', end)?;
            entries.push(entry(key, value, range));
        }
        let is_unique = has_unique_keys(&entries);
        let kind = NodeKind::Mapping(Arc::new(Mapping { entries, flow: true }));
        is_unique.then(|| Node { range: (start..at + 1).into(), kind })
    }

    fn flow_value(&mut self, start: usize, end: usize) -> Option<Node> {
        match self.byte(start) {
            _ if start >= end => None,
            b'[' | b'{' => self.flow(start, end),
            b'"' | b'\'' => self.quoted(start, end),
            _ => self.flow_plain(start, end),
        }
    }

    /// Plain text between brackets, without the marks that mean more there.
    fn flow_plain(&self, start: usize, end: usize) -> Option<Node> {
        let bytes = self.text.as_bytes().get(start..end)?;
        let length = bytes.iter().position(|it| matches!(it, b',' | b']' | b'}'))?;
        let text = bytes.get(..length)?;
        let is_mark = |it: &u8| matches!(it, b'[' | b'{' | b':' | b'?' | b'#');
        if !begins_text(text) || text.iter().any(is_mark) {
            return None;
        }
        plain_scalar(self.slice(start, start + length).trim_end_matches(' '), start)
    }

    /// Where the next item or the closing bracket stands.
    fn behind_item(&self, item: &Node, close: u8, end: usize) -> Option<usize> {
        let at = self.skip_blanks(item.range.to_usize().end, end);
        match self.byte(at) {
            _ if at >= end => None,
            b',' => Some(self.skip_blanks(at + 1, end)).filter(|it| *it < end),
            it => (it == close).then_some(at),
        }
    }
}
