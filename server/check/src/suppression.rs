//! Comments that silence findings: `# specql: allow(code, code) reason`.
//!
//! Invariant: a suppression holds for one line, its own or, when the comment stands alone, the next
//! one that is neither blank nor a comment.

use specql_model::SourceFile;
use specql_syntax::Name;
use specql_text::TextRange;

/// A suppression comment.
#[derive(Debug)]
pub(crate) struct Suppression {
    /// From `#` to the end of the line.
    pub(crate) comment: TextRange,
    /// The codes in parentheses, as written.
    pub(crate) codes: Vec<Name>,
    /// The line it holds for, without its end; empty at the end of the file when nothing follows.
    pub(crate) line: TextRange,
}

impl Suppression {
    /// Whether it silences findings of a rule that begin at `offset`.
    pub(crate) fn covers(&self, code: &str, offset: u32) -> bool {
        self.line.touches(offset) && self.codes.iter().any(|it| it.as_str() == code)
    }
}

/// The suppressions of a file, in its order.
pub(crate) fn suppressions(file: &SourceFile) -> Vec<Suppression> {
    let text = file.text();
    let comments = &file.parse.yaml().comments;
    comments.iter().filter_map(|comment| suppression(text, *comment)).collect()
}

fn suppression(text: &str, comment: TextRange) -> Option<Suppression> {
    let written = comment.slice(text);
    let list_start = written.find("specql:")? + "specql:".len();
    let before = written.get(..list_start)?.trim_start_matches('#').trim();
    let rest = written.get(list_start..)?;
    let open =
        rest.find('(').filter(|it| rest.get(..*it).is_some_and(|it| it.trim() == "allow"))?;
    let close = rest.find(')').filter(|it| *it > open && before == "specql:")?;
    let base = comment.start() as usize + list_start + open + 1;
    let codes = names(rest.get(open + 1..close)?, base);
    Some(Suppression { comment, codes, line: line_of(text, comment) })
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
    let head = text.get(..start).unwrap_or_default();
    let line_start = head.rfind('\n').map_or(0, |it| it + 1);
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
