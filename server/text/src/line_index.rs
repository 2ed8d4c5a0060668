//! Positions of one immutable text. Conversions take logarithmic time and do not need the text.
//!
//! Invariant: an offset that comes out lies on a character boundary and never between `\r` and `\n`.

use crate::{Position, PositionEncoding, TextRange};

/// The lines of a text, and its characters that are wider than one byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    /// Never empty; the ranges leave the line ends out.
    lines: Vec<TextRange>,
    wide: Vec<WideCharacter>,
}

/// A character of more than one byte, and how far the other encodings fall behind UTF-8 after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WideCharacter {
    start: u32,
    character: char,
    utf16_lag: u32,
    utf32_lag: u32,
}

impl WideCharacter {
    /// How many units fewer than bytes the text has up to the end of this character.
    const fn lag_after(&self, encoding: PositionEncoding) -> u32 {
        match encoding {
            PositionEncoding::Utf8 => 0,
            PositionEncoding::Utf16 => self.utf16_lag,
            PositionEncoding::Utf32 => self.utf32_lag,
        }
    }

    const fn end(&self) -> u32 {
        self.start + self.character.len_utf8() as u32
    }

    /// The units of the text up to the start of this character.
    const fn unit_start(&self, encoding: PositionEncoding) -> u32 {
        self.unit_end(encoding) - encoding.width(self.character)
    }

    /// The units of the text up to the end of this character.
    const fn unit_end(&self, encoding: PositionEncoding) -> u32 {
        self.end() - self.lag_after(encoding)
    }
}

impl LineIndex {
    /// Reads the text once. Text beyond 4 GiB is left out.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { lines: lines_of_ascii(text.as_bytes()), wide: Vec::new() };
        }
        let mut res = Self { lines: Vec::new(), wide: Vec::new() };
        let mut line_start = 0;
        let mut characters = text.char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            let Ok(start) = u32::try_from(offset) else { break };
            match character {
                '\n' | '\r' => {
                    let pair = character == '\r'
                        && characters.next_if(|&(_, following)| following == '\n').is_some();
                    res.lines.push(TextRange::new(line_start, start));
                    line_start = start + if pair { 2 } else { 1 };
                }
                _ if character.is_ascii() => {}
                _ => res.push_wide(start, character),
            }
        }
        let end = TextRange::from(0..text.len()).end();
        res.lines.push(TextRange::new(line_start, end));
        res
    }

    fn push_wide(&mut self, start: u32, character: char) {
        let (utf16, utf32) = self.wide.last().map_or((0, 0), |it| (it.utf16_lag, it.utf32_lag));
        let lag = |encoding: PositionEncoding| {
            PositionEncoding::Utf8.width(character) - encoding.width(character)
        };
        self.wide.push(WideCharacter {
            start,
            character,
            utf16_lag: utf16 + lag(PositionEncoding::Utf16),
            utf32_lag: utf32 + lag(PositionEncoding::Utf32),
        });
    }

    /// The number of lines; a text that ends with a line end has an empty last line.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// The bytes of a line without its line end.
    #[must_use]
    pub fn line_range(&self, line: u32) -> Option<TextRange> {
        self.lines.get(line as usize).copied()
    }

    /// Where `offset` is. An offset inside a character counts as its start, one inside a line end as
    /// the end of the line, one beyond the text as its end.
    #[must_use]
    pub fn position(&self, offset: u32, encoding: PositionEncoding) -> Position {
        let number = self.lines.partition_point(|it| it.start() <= offset).saturating_sub(1);
        let line = self.lines.get(number).copied().unwrap_or_default();
        let character =
            self.units(offset.min(line.end()), encoding) - self.units(line.start(), encoding);
        Position { line: u32::try_from(number).unwrap_or(u32::MAX), character }
    }

    /// The byte at `position`. A character beyond the line counts as its end, a line beyond the text
    /// as the end of the text, a unit inside a character as the character's start.
    #[must_use]
    pub fn offset(&self, position: Position, encoding: PositionEncoding) -> u32 {
        let Some(line) = self.line_range(position.line) else {
            return self.lines.last().map_or(0, |it| it.end());
        };
        let units = self.units(line.start(), encoding).saturating_add(position.character);
        self.bytes(units, encoding).min(line.end())
    }

    /// Both ends of `range` as positions.
    #[must_use]
    pub fn positions(&self, range: TextRange, encoding: PositionEncoding) -> (Position, Position) {
        (self.position(range.start(), encoding), self.position(range.end(), encoding))
    }

    /// The range between two positions, in either order.
    #[must_use]
    pub fn range(&self, start: Position, end: Position, encoding: PositionEncoding) -> TextRange {
        let (start, end) = (start.min(end), start.max(end));
        TextRange::new(self.offset(start, encoding), self.offset(end, encoding))
    }

    /// The units of the text before `offset`.
    fn units(&self, offset: u32, encoding: PositionEncoding) -> u32 {
        match self.last_wide(|it| it.start < offset) {
            None => offset,
            Some(it) if offset < it.end() => it.unit_start(encoding),
            Some(it) => offset - it.lag_after(encoding),
        }
    }

    /// The byte after `units` units of the text.
    fn bytes(&self, units: u32, encoding: PositionEncoding) -> u32 {
        match self.last_wide(|it| it.unit_start(encoding) < units) {
            None => units,
            Some(it) if units < it.unit_end(encoding) => it.start,
            Some(it) => units.saturating_add(it.lag_after(encoding)),
        }
    }

    fn last_wide(&self, before: impl Fn(&WideCharacter) -> bool) -> Option<&WideCharacter> {
        let count = self.wide.partition_point(before);
        self.wide.get(count.checked_sub(1)?)
    }
}

/// The lines of a text that has no wide characters, as nearly every text of a workspace.
fn lines_of_ascii(text: &[u8]) -> Vec<TextRange> {
    let (mut lines, mut start) = (Vec::new(), 0);
    for at in memchr::memchr2_iter(b'\n', b'\r', text) {
        if u32::try_from(at).is_err() {
            break;
        }
        // Else the end of a pair.
        if at >= start {
            lines.push(TextRange::from(start..at));
            start = at + if text.get(at..at + 2) == Some(b"\r\n") { 2 } else { 1 };
        }
    }
    lines.push(TextRange::from(start..text.len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{any_text, encodings};
    use proptest::prelude::*;

    #[test]
    fn each_encoding_counts_in_its_own_units() {
        let index = LineIndex::new("é😀x");
        let at_x = |encoding| index.position(6, encoding);
        assert_eq!(at_x(PositionEncoding::Utf8), Position::new(0, 6));
        assert_eq!(at_x(PositionEncoding::Utf16), Position::new(0, 3));
        assert_eq!(at_x(PositionEncoding::Utf32), Position::new(0, 2));
    }

    #[test]
    fn only_three_line_ends_count() {
        let index = LineIndex::new("a\nb\r\nc\rd\u{2028}e\u{85}f\u{b}g");
        assert_eq!(index.line_count(), 4);
        assert_eq!(index.line_range(1), Some(TextRange::new(2, 3)));
    }

    #[test]
    fn beyond_the_line_is_its_end_and_beyond_the_text_is_its_end() {
        let index = LineIndex::new("ab\r\nc");
        for encoding in encodings() {
            assert_eq!(index.offset(Position::new(0, 99), encoding), 2);
            assert_eq!(index.offset(Position::new(0, u32::MAX), encoding), 2);
            assert_eq!(index.offset(Position::new(7, 0), encoding), 5);
            assert_eq!(index.position(3, encoding), Position::new(0, 2));
            assert_eq!(index.position(99, encoding), Position::new(1, 1));
        }
    }

    #[test]
    fn inside_a_character_is_its_start() {
        let index = LineIndex::new("a😀b");
        assert_eq!(index.offset(Position::new(0, 2), PositionEncoding::Utf16), 1);
        assert_eq!(index.offset(Position::new(0, 3), PositionEncoding::Utf8), 1);
        assert_eq!(index.position(3, PositionEncoding::Utf16), Position::new(0, 1));
    }

    proptest! {
        #[test]
        fn a_wide_character_changes_no_line_before_it(text in "[a\r\n]{0,12}") {
            let (plain, wide) = (LineIndex::new(&text), LineIndex::new(&format!("{text}é")));
            let (last, before) = plain.lines.split_last().unwrap();
            prop_assert_eq!(before, &wide.lines[..wide.lines.len() - 1]);
            prop_assert_eq!(last.start(), wide.lines.last().unwrap().start());
            prop_assert_eq!(last.end() as usize, text.len());
        }

        #[test]
        fn positions_round_trip(text in any_text()) {
            let index = LineIndex::new(&text);
            let inside_pair = |offset| text.get(..offset).is_some_and(|it| it.ends_with('\r'))
                && text.get(offset..).is_some_and(|it| it.starts_with('\n'));
            for encoding in encodings() {
                let mut last = Position::default();
                for offset in (0..=text.len()).filter(|&it| text.is_char_boundary(it) && !inside_pair(it)) {
                    let position = index.position(offset as u32, encoding);
                    prop_assert_eq!(index.offset(position, encoding), offset as u32);
                    prop_assert!(offset == 0 || position > last);
                    last = position;
                }
            }
        }

        #[test]
        fn every_position_gives_a_boundary(
            text in any_text(), line in 0..8u32, character in 0..24u32,
        ) {
            let index = LineIndex::new(&text);
            for encoding in encodings() {
                let offset = index.offset(Position::new(line, character), encoding) as usize;
                prop_assert!(text.is_char_boundary(offset));
                prop_assert!(!(text[..offset].ends_with('\r') && text[offset..].starts_with('\n')));
            }
        }
    }
}
