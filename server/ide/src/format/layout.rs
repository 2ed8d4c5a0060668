//! Where each line begins: two columns below what it belongs to.

use std::collections::BTreeSet;

use specql_syntax::{
    Parse,
    yaml::{Node, NodeKind},
};
use specql_text::{TextEdit, line_end_of};

use super::{
    lines::{Line, LineKind, lines},
    spacing,
};

/// Columns of a level.
const STEP: usize = 2;

/// A mapping or a list that is open: its column, and the one that it is to have.
#[derive(Debug, Clone, Copy)]
struct Level {
    old: usize,
    new: usize,
    is_list: bool,
}

/// The edits that format a text, in order; absent for one that is written in a way that is left alone.
pub(super) fn edits(parse: &Parse) -> Option<Vec<TextEdit>> {
    let text: &str = parse.text();
    let lines = lines(text, parse.yaml());
    let gaps = spacing::gaps(text, &parse.yaml().root);
    let mut keys = BTreeSet::new();
    starts_of_keys(&parse.yaml().root, &mut keys);
    let mut layout = Layout::new(&lines, &keys);
    for index in 0..lines.len() {
        layout.line(index)?;
    }
    let mut edits = layout.edits;
    edits.extend(gaps);
    edits.extend(ends(text, &lines));
    edits.sort_by_key(|it| (it.range.start(), it.range.end()));
    edits.retain(|it| it.range.slice(text) != it.text);
    Some(edits)
}

fn starts_of_keys(node: &Node, acc: &mut BTreeSet<usize>) {
    match &node.kind {
        NodeKind::Mapping(it) => {
            for entry in it.entries.iter().filter(|it| !it.merged) {
                acc.insert(entry.key.range.start() as usize);
                starts_of_keys(&entry.value, acc);
            }
        }
        NodeKind::Sequence(it) => it.items.iter().for_each(|it| starts_of_keys(it, acc)),
        NodeKind::Scalar(_) | NodeKind::Missing => {}
    }
}

struct Layout<'a> {
    lines: &'a [Line<'a>],
    levels: Vec<Level>,
    /// Where keys of mappings begin.
    keys: &'a BTreeSet<usize>,
    /// The last entry has a key.
    at_key: bool,
    /// How far the last entry was moved to the right.
    shift: isize,
    /// How far the lines that go on with its value are moved.
    rest: Option<isize>,
    edits: Vec<TextEdit>,
}

impl<'a> Layout<'a> {
    const fn new(lines: &'a [Line<'a>], keys: &'a BTreeSet<usize>) -> Self {
        let levels = Vec::new();
        Self { lines, levels, keys, at_key: false, shift: 0, rest: None, edits: Vec::new() }
    }

    fn line(&mut self, index: usize) -> Option<()> {
        let line = *self.lines.get(index)?;
        match line.kind {
            LineKind::Blank => {}
            LineKind::Comment => {
                let column = self.column_of_comment(index);
                self.indent(&line, column);
            }
            LineKind::Marker => {
                let marker = line.text.trim_end();
                // A directive stands before the first marker, and means something to the loader alone.
                if marker != "---" && marker != "..." && !marker.starts_with('%') {
                    return None;
                }
                self.levels.clear();
            }
            LineKind::Entry => self.entry(&line)?,
            LineKind::Rest | LineKind::Content => self.goes_on(index)?,
        }
        Some(())
    }

    /// A line that begins with dashes, a key or a value.
    fn entry(&mut self, line: &Line<'_>) -> Option<()> {
        let mut column = line.indentation();
        if line.text.get(..column)?.contains('\t') {
            return None;
        }
        // An anchor on a line of its own belongs to what begins below it.
        if line.text.get(column..)?.starts_with(['&', '!']) {
            return None;
        }
        self.rest = None;
        let first = self.enter(column, is_dash(line.text.get(column..)?));
        self.shift = first.cast_signed() - column.cast_signed();
        self.indent(line, first);
        while is_dash(line.text.get(column..)?) {
            let behind = line.text.get(column + 1..)?;
            let content =
                column + 1 + (behind.len() - behind.trim_start_matches([' ', '\t']).len());
            let rest = line.text.get(content..)?;
            if rest.is_empty() || rest.starts_with('#') {
                return Some(());
            }
            let start = line.start + column + 1;
            self.edits.push(TextEdit::replace((start..line.start + content).into(), " "));
            column = content;
            let new = self.enter(column, is_dash(rest));
            self.shift = new.cast_signed() - column.cast_signed();
        }
        self.at_key = self.keys.contains(&(line.start + column));
        let rest = line.text.get(column..)?;
        // `? key` spreads an entry over lines.
        if rest == "?" || rest.starts_with("? ") { None } else { Some(()) }
    }

    /// Opens what begins at a column, closes what lies deeper; its new column.
    fn enter(&mut self, column: usize, is_list: bool) -> usize {
        while self.levels.last().is_some_and(|it| it.old > column) {
            self.levels.pop();
        }
        // A list may stand at the column of its key: behind it the mapping goes on.
        while self.levels.last().is_some_and(|it| it.old == column && it.is_list && !is_list) {
            self.levels.pop();
        }
        match self.levels.last() {
            Some(it) if it.old == column && it.is_list == is_list => return it.new,
            _ => {}
        }
        let new = self.levels.last().map_or(0, |it| it.new + STEP);
        self.levels.push(Level { old: column, new, is_list });
        new
    }

    /// A line that goes on with a value: all of a value's lines move alike.
    fn goes_on(&mut self, index: usize) -> Option<()> {
        let line = *self.lines.get(index)?;
        if line.text.trim().is_empty() {
            return Some(());
        }
        let shift = match self.rest {
            Some(it) => it,
            None => {
                let shift = self.shift_of_rest(index);
                self.rest = Some(shift);
                shift
            }
        };
        let old = line.indentation();
        if line.text.get(..old)?.contains('\t') {
            return Some(());
        }
        let new = old.checked_add_signed(shift)?;
        self.indent(&line, new);
        Some(())
    }

    /// The value's least indented line ends up below its entry: a text by two columns, other values
    /// as far as they were, and by two at least.
    fn shift_of_rest(&self, index: usize) -> isize {
        let rest = self.lines.get(index..).unwrap_or_default();
        let is_rest = |it: &&Line<'_>| {
            matches!(it.kind, LineKind::Rest | LineKind::Content | LineKind::Blank)
        };
        let full = rest.iter().take_while(is_rest).filter(|it| !it.text.trim().is_empty());
        let least = full.map(Line::indentation).min().unwrap_or_default();
        let own = self.levels.last().map_or(0, |it| it.new).cast_signed();
        let exact = own + STEP.cast_signed() - least.cast_signed();
        let is_content = rest.first().is_some_and(|it| it.kind == LineKind::Content);
        // `|2` says how far its lines are indented.
        let is_told = is_content
            && self.header(index).is_some_and(|it| it.contains(|it: char| it.is_ascii_digit()));
        match (is_content, is_told) {
            (true, true) => self.shift,
            (true, false) => exact,
            // What is in brackets may end at the column of its entry.
            (false, _) if self.ends_in_brackets(rest) => self.shift.max(-least.cast_signed()),
            (false, _) => self.shift.max(own + isize::from(self.at_key) - least.cast_signed()),
        }
    }

    /// Whether a value that goes on ends with a bracket.
    fn ends_in_brackets(&self, rest: &[Line<'_>]) -> bool {
        let own = rest.iter().take_while(|it| it.kind == LineKind::Rest);
        own.last().is_some_and(|it| it.text.trim_end().trim_end_matches(',').ends_with(['}', ']']))
    }

    /// What stands behind the last blank of the line above the lines of a text.
    fn header(&self, index: usize) -> Option<&str> {
        let above = self.lines.get(..index)?.iter().rev().find(|it| it.kind == LineKind::Entry)?;
        let at = above.text.rfind(['|', '>'])?;
        above.text.get(at..)
    }

    /// A comment stands with the entry below it when it has its column, or when it is the first of a block
    /// as that entry is; else with what it is level with above it.
    fn column_of_comment(&self, index: usize) -> usize {
        let column = self.lines.get(index).map(Line::indentation).unwrap_or_default();
        let below = self.lines.get(index..).unwrap_or_default().iter();
        let next = below.clone().find(|it| it.kind == LineKind::Entry).map(Line::indentation);
        let mut ahead = Self::new(self.lines, self.keys);
        ahead.levels.clone_from(&self.levels);
        let around = self.levels.last().map(|it| it.old);
        let opens = |next: usize| around.is_some_and(|it| it < next && it < column);
        if let Some(next) = next.filter(|it| *it == column || opens(*it))
            && let Some(line) = below.clone().find(|it| it.kind == LineKind::Entry)
        {
            return ahead.enter(next, is_dash(line.text.get(next..).unwrap_or_default()));
        }
        // Of a mapping and a list at one column, the mapping goes on.
        let level = self.levels.iter().find(|it| it.old == column);
        let above = || self.levels.iter().rev().find(|it| it.old < column);
        level.or_else(above).map_or(0, |it| it.new)
    }

    fn indent(&mut self, line: &Line<'_>, column: usize) {
        // A mark of the encoding may stand before the first line.
        let mark = if line.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let start = line.start + mark;
        let end = line.start + line.indentation().max(mark);
        self.edits.push(TextEdit::replace((start..end).into(), " ".repeat(column)));
    }
}

/// Whether a line begins with the dash of an item.
fn is_dash(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|it| it.is_empty() || it.starts_with([' ', '\t']))
}

/// No blanks at the ends of lines, one blank line where there are several, none at either end of the
/// text, and an end for the last line.
fn ends(text: &str, lines: &[Line<'_>]) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let is_blank = |it: &Line<'_>| it.kind == LineKind::Blank;
    let last = lines.iter().rposition(|it| !is_blank(it));
    let mut blanks_from = Some(0);
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or(text.len(), |it| it.start);
        let follows_content = index > 0
            && lines
                .get(..index)
                .unwrap_or_default()
                .iter()
                .rev()
                .find(|it| !is_blank(it))
                .is_some_and(|it| it.kind == LineKind::Content);
        if is_blank(line) {
            let superfluous = blanks_from.is_some() || last.is_none_or(|it| index > it);
            // Blank lines behind a text may be a part of it.
            if superfluous && !follows_content {
                edits.push(TextEdit::replace((line.start..next).into(), ""));
                continue;
            }
            blanks_from = Some(index);
        } else {
            blanks_from = None;
        }
        let is_value = matches!(line.kind, LineKind::Content | LineKind::Rest);
        let keeps_blanks = is_value || (is_blank(line) && follows_content);
        if !keeps_blanks {
            let kept = line.text.trim_end_matches([' ', '\t']).len();
            edits.push(TextEdit::replace((line.start + kept..line.end()).into(), ""));
        }
        if next == text.len() && !text.ends_with(['\n', '\r']) {
            edits.push(TextEdit::replace((next..next).into(), line_end_of(text)));
        }
    }
    edits
}
