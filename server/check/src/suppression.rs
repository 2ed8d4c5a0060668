//! Comments that silence findings: `# specql: allow(code, code) reason`.
//!
//! Invariant: a suppression holds for one line, its own or, when the comment stands alone, the next one
//! that is neither blank nor a comment; and for the whole of a text that begins there and goes on in the
//! lines below, since no comment can stand inside of it.

use specql_model::{SourceFile, suggest};
use specql_syntax::{
    Name,
    yaml::{Node, NodeKind},
};
use specql_text::{TextEdit, TextRange};

use crate::{Diagnostic, Fix};

/// A suppression comment.
#[derive(Debug)]
pub(crate) struct Suppression {
    /// From `#` to the end of the line.
    pub(crate) comment: TextRange,
    /// The codes in parentheses, as written.
    pub(crate) codes: Vec<Name>,
    /// What it holds for; empty at the end of the file when nothing follows.
    pub(crate) covered: TextRange,
}

impl Suppression {
    /// Whether it silences findings of a rule that begin at `offset`.
    pub(crate) fn covers(&self, code: &str, offset: u32) -> bool {
        self.covered.touches(offset) && self.codes.iter().any(|it| it.as_str() == code)
    }
}

/// The suppressions of a file, in its order.
pub(crate) fn suppressions(file: &SourceFile) -> Vec<Suppression> {
    let comments = &file.parse().yaml().comments;
    comments.iter().filter_map(|comment| suppression(file, *comment)).collect()
}

/// Comments that look like suppressions and are none, each with the part that is wrong.
pub(crate) fn misspelled(file: &SourceFile) -> Vec<TextRange> {
    let comments = &file.parse().yaml().comments;
    comments.iter().filter_map(|comment| misspelled_part(file.text(), *comment)).collect()
}

/// Words that other tools have for it.
const OTHER_WORDS: &[&str] = &[
    "ignore", "disable", "suppress", "off", "skip", "noqa", "allow", "allows", "expect", "permit",
];

/// The name of the tool, or two of its letters in each other's place.
fn is_tool(word: &str) -> bool {
    const TRANSPOSED: [&str; 6] = ["specql", "psecql", "sepcql", "spceql", "speqcl", "speclq"];
    TRANSPOSED.iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn misspelled_part(text: &str, comment: TextRange) -> Option<TextRange> {
    let written = comment.slice(text);
    let body = written.trim_start_matches('#').trim_start();
    let prefix = body.get(..6).filter(|it| is_tool(it))?;
    let after = body.strip_prefix(prefix)?;
    let rest = after.trim_start_matches([':', '-', ' ']);
    let word_len = rest.find(|it: char| !it.is_alphabetic()).unwrap_or(rest.len());
    let (word, list) = rest.split_at_checked(word_len)?;
    let opens = list.trim_start().starts_with(['(', '[']);
    let is_known = OTHER_WORDS.iter().any(|it| it.eq_ignore_ascii_case(word))
        || (opens && after.starts_with(':') && suggest(word, ["allow"]).is_some());
    let is_right = prefix == "specql" && after.starts_with(':') && word == "allow";
    let codes = list.trim_start().strip_prefix('(').and_then(|it| it.split_once(')'));
    let has_list = codes.is_some_and(|it| !it.0.trim().is_empty());
    if !is_known || (is_right && has_list) {
        return None;
    }
    let start = comment.to_usize().start + (written.len() - body.len());
    let end = comment.to_usize().start + (written.len() - rest.len()) + word_len;
    Some(TextRange::from(start..end))
}

fn suppression(file: &SourceFile, comment: TextRange) -> Option<Suppression> {
    let text = file.text();
    let written = comment.slice(text);
    let list_start = written.find("specql:")? + "specql:".len();
    let before = written.get(..list_start)?.trim_start_matches('#').trim();
    let rest = written.get(list_start..)?;
    let open =
        rest.find('(').filter(|it| rest.get(..*it).is_some_and(|it| it.trim() == "allow"))?;
    let close = rest.find(')').filter(|it| *it > open && before == "specql:")?;
    let base = comment.start() as usize + list_start + open + 1;
    let codes = names(rest.get(open + 1..close)?, base);
    let line = line_of(text, comment);
    let root = &file.parse().yaml().root;
    Some(Suppression { comment, codes, covered: with_text(root, line, text) })
}

/// The names of a list with commas that begins at `base` in the file.
fn names(list: &str, base: usize) -> Vec<Name> {
    let mut offset = base;
    let mut res = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let start = offset + (part.len() - part.trim_start().len());
        if !name.is_empty() {
            res.push(Name::new(name, TextRange::from(start..start + name.len())));
        }
        offset += part.len() + 1;
    }
    res
}

/// The line that a comment is about.
fn line_of(text: &str, comment: TextRange) -> TextRange {
    let start = comment.to_usize().start;
    let line_start = start_of_line(text, start);
    if text.get(line_start..start).is_some_and(|it| !it.trim().is_empty()) {
        return TextRange::from(line_start..comment.to_usize().end);
    }
    let mut offset = line_start;
    for line in text.get(line_start..).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') {
            return TextRange::from(offset..offset + line.trim_end_matches(['\n', '\r']).len());
        }
        offset += line.len();
    }
    TextRange::empty(TextRange::from(offset..offset).start())
}

fn start_of_line(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)
}

/// A line with the texts that begin on it and go on below.
fn with_text(root: &Node, line: TextRange, text: &str) -> TextRange {
    let mut end = line.end();
    scalars(root, &mut |node| {
        let starts_here = line.touches(node.range.start());
        if starts_here && node.range.slice(text).contains('\n') {
            end = end.max(node.range.end());
        }
    });
    TextRange::new(line.start(), end)
}

/// Calls `visit` for every scalar where it is written.
fn scalars<'a>(node: &'a Node, visit: &mut dyn FnMut(&'a Node)) {
    match &node.kind {
        NodeKind::Scalar(_) => visit(node),
        NodeKind::Mapping(it) => {
            let own = it.entries.iter().filter(|it| !it.merged);
            own.filter(|it| node.range.contains_range(it.range))
                .for_each(|it| scalars(&it.value, visit));
        }
        NodeKind::Sequence(it) => {
            let own = it.items.iter().filter(|it| node.range.contains_range(it.range));
            own.for_each(|it| scalars(it, visit));
        }
        NodeKind::Missing => {}
    }
}

/// Whether a comment may silence a finding without being asked for it: not where a file cannot be loaded, which
/// stays so, and where a comment may be no comment.
#[must_use]
pub fn may_be_silenced(finding: &Diagnostic) -> bool {
    !matches!(finding.code, "invalid-yaml" | "unreadable-file")
}

/// A comment above the line of a finding that silences it, or a further code in the one that is there.
#[must_use]
pub fn suppress(file: &SourceFile, finding: &Diagnostic) -> Option<Fix> {
    if finding.file != file.id || finding.code == "unused-suppression" {
        return None;
    }
    let text = file.text();
    let start = start_of_text(file, finding.range.start());
    let line_start = start_of_line(text, start as usize);
    let title = format!("Allow `{}` here", finding.code);
    let here = suppressions(file).into_iter().find(|it| it.covered.touches(start));
    if let Some(last) = here.and_then(|it| it.codes.last().cloned()) {
        let edit = TextEdit::insert(last.range.end(), format!(", {}", finding.code));
        return Some(Fix::review(title, file.id, vec![edit]));
    }
    let line = text.get(line_start..)?.lines().next().unwrap_or_default();
    let indent = line.get(..line.len() - line.trim_start_matches([' ', '\t']).len())?;
    let newline = file.parse().layout().newline;
    let comment = format!("{indent}# specql: allow({}){newline}", finding.code);
    let at = TextRange::from(line_start..line_start).start();
    Some(Fix::review(title, file.id, vec![TextEdit::insert(at, comment)]))
}

/// Where the text begins that an offset is inside of; else the offset.
fn start_of_text(file: &SourceFile, offset: u32) -> u32 {
    let mut start = offset;
    scalars(&file.parse().yaml().root, &mut |node| {
        if node.range.touches(offset) {
            start = start.min(node.range.start());
        }
    });
    start
}
