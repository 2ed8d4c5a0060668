//! Spaces inside of lines: one behind a colon and a comma, none before them and inside of brackets.
//!
//! Invariant: an edit replaces blanks and nothing else, so anchors, tags, comments and aliases stay.

use specql_syntax::yaml::{Entry, Node, NodeKind};
use specql_text::TextEdit;

/// The edits of the gaps between the parts of entries and of collections in brackets.
pub(super) fn gaps(text: &str, root: &Node) -> Vec<TextEdit> {
    let mut acc = Gaps { text, edits: Vec::new() };
    acc.node(root);
    acc.edits
}

struct Gaps<'t> {
    text: &'t str,
    edits: Vec<TextEdit>,
}

impl Gaps<'_> {
    fn node(&mut self, node: &Node) {
        let is_alias = node.range.slice(self.text).starts_with('*');
        match &node.kind {
            // What an alias names is written elsewhere.
            _ if is_alias => {}
            NodeKind::Mapping(it) => {
                let own: Vec<&Entry> = it.entries.iter().filter(|it| !it.merged).collect();
                for entry in &own {
                    self.entry(entry);
                }
                if it.flow {
                    self.brackets(node, own.iter().map(|it| it.range.to_usize()).collect());
                }
            }
            NodeKind::Sequence(it) => {
                it.items.iter().for_each(|it| self.node(it));
                if it.flow {
                    self.brackets(node, it.items.iter().map(|it| it.range.to_usize()).collect());
                }
            }
            NodeKind::Scalar(_) | NodeKind::Missing => {}
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let from = entry.key.range.end() as usize;
        let to = entry.value.range.start() as usize;
        let between = self.text.get(from..to).unwrap_or_default();
        let between = between.split(['\r', '\n']).next().unwrap_or_default();
        let is_last = from + between.len() < to;
        if let Some(colon) = between.find(':')
            && between.get(..colon).is_some_and(is_blank)
        {
            self.replace(from, from + colon, "");
            let behind = between.get(colon + 1..).unwrap_or_default();
            let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            // Behind a key whose value stands below, or nowhere, blanks end the line.
            let ends = is_last || matches!(entry.value.kind, NodeKind::Missing);
            if !ends || blanks < behind.len() {
                self.replace(from + colon + 1, from + colon + 1 + blanks, " ");
            }
        }
        self.node(&entry.value);
    }

    /// The gaps of a collection on one line.
    fn brackets(&mut self, node: &Node, parts: Vec<std::ops::Range<usize>>) {
        let (start, end) = (node.range.start() as usize, node.range.end() as usize);
        if self.text.get(start..end).is_none_or(|it| it.contains('\n')) || end < start + 2 {
            return;
        }
        let mut at = start + 1;
        for (index, part) in parts.iter().enumerate() {
            let gap = self.text.get(at..part.start).unwrap_or_default();
            match (index, gap.find(',')) {
                (0, None) if is_blank(gap) => self.replace(at, part.start, ""),
                (1.., Some(comma)) if is_blank(&gap.replacen(',', "", 1)) => {
                    self.replace(at, at + comma, "");
                    self.replace(at + comma + 1, part.start, " ");
                }
                _ => {}
            }
            at = part.end.max(at);
        }
        let gap = self.text.get(at..end - 1).unwrap_or_default();
        if is_blank(gap) {
            self.replace(at, end - 1, "");
        }
    }

    fn replace(&mut self, start: usize, end: usize, new: &str) {
        if start <= end && self.text.get(start..end).is_some_and(|it| is_blank(it) && it != new) {
            self.edits.push(TextEdit::replace((start..end).into(), new));
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|it| matches!(it, ' ' | '\t'))
}
