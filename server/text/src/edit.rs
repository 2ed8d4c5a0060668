//! Replacements of text, as fixes and clients describe them.

use crate::TextRange;

/// One replacement; ranges of a list of edits refer to the text before any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub text: String,
}

impl TextEdit {
    /// Replaces `range` by `text`.
    #[must_use]
    pub fn replace(range: TextRange, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    /// Inserts `text` before the byte at `offset`.
    #[must_use]
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self::replace(TextRange::empty(offset), text)
    }

    /// Removes `range`.
    #[must_use]
    pub fn delete(range: TextRange) -> Self {
        Self::replace(range, "")
    }
}

/// What ends the lines of a text: its first line says it.
#[must_use]
pub fn line_end_of(text: &str) -> &'static str {
    match text.find(['\n', '\r']).and_then(|at| text.get(at..)) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Applies edits to a text. Where two overlap the later one in the text is dropped, and an edit off
/// a character boundary is dropped, so the result is always text.
#[must_use]
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|it| (it.range.start(), it.range.end()));
    let mut res = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        let range = edit.range.to_usize();
        if range.start < done || text.get(range.clone()).is_none() {
            continue;
        }
        res.push_str(text.get(done..range.start).unwrap_or_default());
        res.push_str(&edit.text);
        done = range.end;
    }
    res.push_str(text.get(done..).unwrap_or_default());
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_lines_end_as_the_others() {
        assert_eq!(line_end_of("a\r\nb\n"), "\r\n");
        assert_eq!(line_end_of("a\nb\r\n"), "\n");
        assert_eq!(line_end_of("a\rb\n"), "\r");
        assert_eq!(line_end_of("a"), "\n");
    }

    #[test]
    fn edits_refer_to_the_text_before_any_of_them() {
        let edits = [TextEdit::insert(3, "X"), TextEdit::delete(TextRange::new(0, 1))];
        assert_eq!(apply_edits("abcd", &edits), "bcXd");
    }

    #[test]
    fn an_overlapping_edit_is_dropped() {
        let edits = [
            TextEdit::replace(TextRange::new(0, 3), "-"),
            TextEdit::replace(TextRange::new(2, 4), "+"),
        ];
        assert_eq!(apply_edits("abcd", &edits), "-d");
    }

    #[test]
    fn an_edit_inside_a_character_is_dropped() {
        assert_eq!(apply_edits("é", &[TextEdit::insert(1, "x")]), "é");
    }
}
