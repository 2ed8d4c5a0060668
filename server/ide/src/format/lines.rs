//! The lines of a text, and which of them belong to the value of a line above.
//!
//! Invariant: lines without their ends and the ends cover the text.

use specql_syntax::yaml::{Node, NodeKind, ScalarStyle, Yaml};

/// A line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Its offset in the text.
    pub(super) start: usize,
    /// Without its end.
    pub(super) text: &'t str,
    /// What it is.
    pub(super) kind: LineKind,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Nothing, or blanks.
    Blank,
    /// A comment and nothing else.
    Comment,
    /// `---`, `...`.
    Marker,
    /// It begins with an entry, an item or a value.
    Entry,
    /// It goes on with a value that began above: a text or a collection in brackets.
    Rest,
    /// A line of a text behind `|` or `>`, blank ones included.
    Content,
}

impl Line<'_> {
    /// How far it is indented, in bytes.
    pub(super) fn indentation(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The lines of a text. A carriage return belongs to the end of its line.
pub(super) fn lines<'t>(text: &'t str, yaml: &Yaml) -> Vec<Line<'t>> {
    let mut res = Vec::new();
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        res.push(Line { start, text: line, kind: kind(line) });
        start += whole.len();
    }
    continued(&yaml.root, &mut res);
    res
}

fn kind(line: &str) -> LineKind {
    let trimmed = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    if trimmed.is_empty() {
        LineKind::Blank
    } else if trimmed.starts_with('#') {
        LineKind::Comment
    } else if line.starts_with("---") || line.starts_with("...") || line.starts_with('%') {
        LineKind::Marker
    } else {
        LineKind::Entry
    }
}

/// Marks the lines that go on with a value.
fn continued(node: &Node, lines: &mut [Line<'_>]) {
    let flow = match &node.kind {
        NodeKind::Missing => return,
        NodeKind::Scalar(it) => {
            let content = matches!(it.style, ScalarStyle::Literal | ScalarStyle::Folded);
            let kind = if content { LineKind::Content } else { LineKind::Rest };
            return mark(node, kind, lines);
        }
        NodeKind::Mapping(it) => {
            for entry in it.entries.iter().filter(|it| !it.merged) {
                continued(&entry.value, lines);
            }
            it.flow
        }
        NodeKind::Sequence(it) => {
            it.items.iter().for_each(|it| continued(it, lines));
            it.flow
        }
    };
    if flow {
        mark(node, LineKind::Rest, lines);
    }
}

fn mark(node: &Node, kind: LineKind, lines: &mut [Line<'_>]) {
    let (start, end) = (node.range.start() as usize, node.range.end() as usize);
    let first = lines.partition_point(|it| it.start <= start);
    for line in lines.iter_mut().skip(first).take_while(|it| it.start < end) {
        line.kind = kind;
    }
}
