//! A text that a client edits, held as a rope.
//!
//! Invariant: after any changes [`Document::text`] equals the text a client holds that applied them
//! to a plain string. Applying takes logarithmic time; the flat text is built once per revision.

use crate::{Position, PositionEncoding, TextEdit, TextRange};
use ropey::Rope;
use std::sync::{Arc, OnceLock};

/// One change as a client describes it; its positions refer to the text after the changes before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced, in either order; the whole text when absent.
    pub range: Option<(Position, Position)>,
    /// What stands there afterwards.
    pub text: String,
}

impl Change {
    /// Replaces the whole text.
    #[must_use]
    pub fn whole(text: impl Into<String>) -> Self {
        Self { range: None, text: text.into() }
    }

    /// Replaces what lies between two positions.
    #[must_use]
    pub fn between(start: Position, end: Position, text: impl Into<String>) -> Self {
        Self { range: Some((start, end)), text: text.into() }
    }
}

/// An editable text.
#[derive(Debug, Clone, Default)]
pub struct Document {
    rope: Rope,
    text: OnceLock<Arc<str>>,
}

impl Document {
    /// A document that holds `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { rope: Rope::from_str(text), text: OnceLock::new() }
    }

    /// The text, shared with everybody who asks until the next change.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        Arc::clone(self.text.get_or_init(|| String::from(&self.rope).into()))
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Applies one change and returns it in bytes of the text before it. Positions that do not
    /// exist are clamped as [`LineIndex::offset`](crate::LineIndex::offset) does.
    pub fn apply(&mut self, change: Change, encoding: PositionEncoding) -> TextEdit {
        self.text = OnceLock::new();
        let Some((one, other)) = change.range else {
            let before = TextRange::from(0..self.rope.len_bytes());
            self.rope = Rope::from_str(&change.text);
            return TextEdit::replace(before, change.text);
        };
        let start = self.character_at(one.min(other), encoding);
        let end = self.character_at(one.max(other), encoding).max(start);
        let range = self.rope.char_to_byte(start)..self.rope.char_to_byte(end);
        self.rope.remove(start..end);
        self.rope.insert(start, &change.text);
        TextEdit::replace(range.into(), change.text)
    }

    /// The index of the character at `position`, at most the number of characters.
    fn character_at(&self, position: Position, encoding: PositionEncoding) -> usize {
        let (line, rope) = (position.line as usize, &self.rope);
        if line >= rope.len_lines() {
            return rope.len_chars();
        }
        let start = rope.line_to_char(line);
        let end = self.line_end(line, start);
        let units = position.character as usize;
        let wanted = match encoding {
            PositionEncoding::Utf8 => {
                let byte = rope.char_to_byte(start).saturating_add(units);
                rope.try_byte_to_char(byte).unwrap_or(end)
            }
            PositionEncoding::Utf16 => {
                let unit = rope.char_to_utf16_cu(start).saturating_add(units);
                rope.try_utf16_cu_to_char(unit).unwrap_or(end)
            }
            PositionEncoding::Utf32 => start.saturating_add(units),
        };
        wanted.min(end)
    }

    /// The index of the first character of the line's end, or of the text's.
    fn line_end(&self, line: usize, start: usize) -> usize {
        let next = self.rope.line_to_char(line + 1);
        let ends_with = |end: usize, wanted| {
            end > start && self.rope.get_char(end - 1).is_some_and(|it| it == wanted)
        };
        if ends_with(next, '\n') {
            next - 1 - usize::from(ends_with(next - 1, '\r'))
        } else {
            next - usize::from(ends_with(next, '\r'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LineIndex;
    use crate::apply_edits;
    use crate::test_support::{any_text, encodings};
    use proptest::prelude::*;

    #[test]
    fn a_range_in_utf16_replaces_whole_characters() {
        let mut document = Document::new("a😀b\r\nc");
        let edit = document.apply(
            Change::between(Position::new(0, 1), Position::new(0, 3), "é"),
            PositionEncoding::Utf16,
        );
        assert_eq!(edit, TextEdit::replace(TextRange::new(1, 5), "é"));
        assert_eq!(&*document.text(), "aéb\r\nc");
    }

    #[test]
    fn the_text_is_built_once_per_revision() {
        let mut document = Document::new("a");
        assert!(Arc::ptr_eq(&document.text(), &document.text()));
        let before = document.text();
        document.apply(Change::whole("b"), PositionEncoding::Utf8);
        assert_eq!((&*before, &*document.text()), ("a", "b"));
    }

    #[test]
    fn a_long_text_with_line_ends_on_chunk_borders_is_kept() {
        for width in 1000..1030 {
            let text = format!("{}\r\n", "x".repeat(width)).repeat(8);
            let mut document = Document::new(&text);
            let index = LineIndex::new(&text);
            let at = Position::new(3, 99_999);
            let edit = TextEdit::insert(index.offset(at, PositionEncoding::Utf16), "\r");
            document.apply(Change::between(at, at, "\r"), PositionEncoding::Utf16);
            assert_eq!(*document.text(), apply_edits(&text, &[edit]));
        }
    }

    prop_compose! {
        fn any_position()(line in 0..7u32, character in 0..20u32) -> Position {
            Position { line, character }
        }
    }

    fn any_change() -> impl Strategy<Value = Change> {
        let between = (any_position(), any_position(), any_text())
            .prop_map(|(start, end, text)| Change::between(start, end, text));
        prop_oneof![8 => between, 1 => any_text().prop_map(Change::whole)]
    }

    proptest! {
        #[test]
        fn edits_equal_those_of_a_plain_string(
            text in any_text(),
            changes in prop::collection::vec(any_change(), 0..12),
        ) {
            for encoding in encodings() {
                let mut document = Document::new(&text);
                let mut model = text.clone();
                for change in &changes {
                    let range = change.range.map_or(
                        TextRange::from(0..model.len()),
                        |(one, other)| LineIndex::new(&model).range(one, other, encoding),
                    );
                    let edit = document.apply(change.clone(), encoding);
                    prop_assert_eq!(&edit, &TextEdit::replace(range, &*change.text));
                    model = apply_edits(&model, &[edit]);
                    prop_assert_eq!(&*document.text(), &model);
                    prop_assert_eq!(document.len(), model.len());
                }
            }
        }
    }
}
