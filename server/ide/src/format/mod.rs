//! Formatting: indentation by two, one space where YAML wants some, no blanks at line ends, no runs of
//! blank lines. Comments, blank lines between entries, quotes and flow style stay.
//!
//! Invariant: what is formatted has the value and the comments that it had, and formatting it again
//! changes nothing. A text for which that cannot be shown is left as it is, with a reason.

mod layout;
mod lines;
mod same;
mod spacing;

use specql_model::{FileId, FileKind};
use specql_syntax::{Parse, yaml::ProblemKind};
use specql_text::{TextEdit, TextRange, apply_edits};

use crate::Analysis;

impl Analysis {
    /// The edits that format a file, one a line, in order.
    ///
    /// # Errors
    /// A message for the user when the file cannot be formatted.
    pub fn format(&self, file: FileId) -> Result<Vec<TextEdit>, String> {
        let Some(file) = self.workspace().file(file) else { return Ok(Vec::new()) };
        if matches!(file.kind, FileKind::Other) {
            return Err("the file is no SpecQL".to_owned());
        }
        format(file.parse())
    }

    /// The edits that format the lines that a range touches. Where their indentation cannot change
    /// without that of other lines, it stays.
    ///
    /// # Errors
    /// A message for the user when the file cannot be formatted.
    pub fn format_range(&self, file: FileId, range: TextRange) -> Result<Vec<TextEdit>, String> {
        let edits = self.format(file)?;
        let Some(file) = self.workspace().file(file) else { return Ok(Vec::new()) };
        Ok(within(file.parse(), edits, range))
    }

    /// The edits that tidy the line that was ended at an offset; its indentation stays.
    #[must_use]
    pub fn format_on_type(&self, file: FileId, offset: u32) -> Vec<TextEdit> {
        let Ok(edits) = self.format(file) else { return Vec::new() };
        let Some(file) = self.workspace().file(file) else { return Vec::new() };
        let text = file.text();
        let before = text.get(..offset as usize).unwrap_or_default();
        let end = before.rfind('\n').unwrap_or_default();
        let line: TextRange =
            (before.get(..end).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)..end).into();
        let inside = edits.into_iter().filter(|it| line.contains_range(it.range));
        let edits: Vec<TextEdit> =
            inside.filter(|it| !is_indentation(text, it) && it.range.end() < offset).collect();
        if keeps_meaning(file.parse(), &edits) { edits } else { Vec::new() }
    }
}

/// The edits that format a text.
fn format(parse: &Parse) -> Result<Vec<TextEdit>, String> {
    if let Some(reason) = refusal(parse) {
        return Err(reason);
    }
    let edits = layout::edits(parse).ok_or("the text is written in a way that is not formatted")?;
    if keeps_meaning(parse, &edits) {
        Ok(edits)
    } else {
        Err("the text would mean something else, so it stays as it is".to_owned())
    }
}

/// Why a text is not formatted.
fn refusal(parse: &Parse) -> Option<String> {
    let problems = &parse.yaml().problems;
    let is_harmless = |it: &ProblemKind| {
        matches!(it, ProblemKind::DuplicateKey(..) | ProblemKind::DuplicateAnchor(_))
    };
    let first = problems.iter().find(|it| !is_harmless(&it.kind))?;
    let line = parse.text().get(..first.range.start() as usize)?.matches('\n').count() + 1;
    Some(format!("line {line} cannot be read, so the file is not formatted; mend that first"))
}

/// Whether a text has the value and the comments that it had.
fn keeps_meaning(parse: &Parse, edits: &[TextEdit]) -> bool {
    if edits.is_empty() {
        return true;
    }
    let new = parse.reparse(apply_edits(parse.text(), edits).into());
    same::is_same(parse, &new)
}

/// The edits of the lines that a range touches, as many as keep the meaning without the others.
fn within(parse: &Parse, edits: Vec<TextEdit>, range: TextRange) -> Vec<TextEdit> {
    let text = parse.text();
    let lines = whole_lines(text, range);
    let mut edits: Vec<TextEdit> =
        edits.into_iter().filter(|it| lines.contains_range(it.range)).collect();
    if keeps_meaning(parse, &edits) {
        return edits;
    }
    edits.retain(|it| !is_indentation(text, it));
    if keeps_meaning(parse, &edits) { edits } else { Vec::new() }
}

fn whole_lines(text: &str, range: TextRange) -> TextRange {
    let (start, end) = (range.start() as usize, range.end() as usize);
    let start = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let rest = text.get(end..).unwrap_or_default();
    let end = rest.find('\n').map_or(text.len(), |it| end + it + 1);
    (start..end).into()
}

/// Whether an edit changes how far a line is indented.
fn is_indentation(text: &str, edit: &TextEdit) -> bool {
    let start = edit.range.start() as usize;
    start == 0 || text.get(..start).is_some_and(|it| it.ends_with('\n'))
}

#[cfg(test)]
mod tests;
