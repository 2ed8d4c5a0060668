//! Byte offsets and ranges. Every range of the program is in bytes of the file's UTF-8 text.

use std::{fmt, num::NonZeroU32};

/// A half-open range of byte offsets, `start <= end`.
///
/// Offsets are 32 bits wide: a file of 4 GiB or more is refused before it is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextRange {
    start: u32,
    /// One more than the end: never 0, so that an absent range takes no more room than one.
    behind: NonZeroU32,
}

impl Default for TextRange {
    fn default() -> Self {
        Self::empty(0)
    }
}

impl TextRange {
    /// The range `start..end`; an `end` before `start` gives the empty range at `start`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        let end = if end < start { start } else { end };
        Self { start, behind: NonZeroU32::MIN.saturating_add(end) }
    }

    /// The empty range at `offset`.
    #[must_use]
    pub const fn empty(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// The first byte.
    #[must_use]
    pub const fn start(self) -> u32 {
        self.start
    }

    /// One past the last byte.
    #[must_use]
    pub const fn end(self) -> u32 {
        self.behind.get() - 1
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end().saturating_sub(self.start)
    }

    /// Whether no byte is covered.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end()
    }

    /// Whether `offset` is a byte of the range.
    #[must_use]
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end()
    }

    /// Whether a cursor at `offset` touches the range: inside it, or at either end.
    #[must_use]
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end()
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains_range(self, other: Self) -> bool {
        self.start <= other.start && other.end() <= self.end()
    }

    /// Whether the two share a byte or touch.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.start <= other.end() && other.start <= self.end()
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end().max(other.end()))
    }

    /// The text the range covers; empty when it does not lie on character boundaries of `text`.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.to_usize()).unwrap_or_default()
    }

    /// The range for indexing.
    #[must_use]
    pub const fn to_usize(self) -> std::ops::Range<usize> {
        self.start as usize..self.end() as usize
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end())
    }
}

impl From<std::ops::Range<usize>> for TextRange {
    /// Offsets beyond 32 bits are clamped.
    fn from(it: std::ops::Range<usize>) -> Self {
        let clamp = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self::new(clamp(it.start), clamp(it.end))
    }
}
