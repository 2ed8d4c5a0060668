//! Lines and characters, as editors count them.

/// A place in a text; line and character count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Lines end with `\n`, `\r\n` or a lone `\r`, and with nothing else.
    pub line: u32,
    /// Units of the agreed [`PositionEncoding`] since the start of the line.
    pub character: u32,
}

impl Position {
    /// The place `character` units into `line`.
    #[must_use]
    pub const fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

/// What one unit of [`Position::character`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PositionEncoding {
    /// A byte of UTF-8.
    Utf8,
    /// A code unit of UTF-16: what a client means that does not say.
    #[default]
    Utf16,
    /// A character (Unicode scalar value).
    Utf32,
}

impl PositionEncoding {
    /// The number of units `character` takes.
    #[must_use]
    pub const fn width(self, character: char) -> u32 {
        match self {
            Self::Utf8 => character.len_utf8() as u32,
            Self::Utf16 => character.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }
}
