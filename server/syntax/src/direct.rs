//! The plain part of the one-line languages, read straight from the text, without a tree.
//!
//! Invariant: what is read here is what the tree would have given; at the first word or sign that is not
//! plainly one of the common ones nothing is read, and the tree is made. Nearly all types and statements
//! are plain, and a tree costs more than all else that is done with such a line.

use specql_text::TextRange;

use crate::{Name, yaml::Scalar};

/// A text that is read from its start to its end.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    /// Where the text begins in the file.
    base: usize,
    at: usize,
    /// Expressions around the present one.
    pub(crate) depth: usize,
    /// Operators so far, each of which may be a level.
    pub(crate) operators: usize,
}

impl<'t> Cursor<'t> {
    /// A scalar that stands in the file as it means.
    pub(crate) fn new(scalar: &'t Scalar) -> Option<Self> {
        let [segment] = scalar.segments.as_slice() else { return None };
        let is_as_written = segment.len == segment.file_len && !scalar.unclosed;
        let base = TextRange::empty(segment.file_start).to_usize().start;
        is_as_written.then(|| Self { text: &scalar.text, base, at: 0, depth: 0, operators: 0 })
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The byte so many behind the present one; 0 beyond the end.
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    pub(crate) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(crate) fn skip_blanks(&mut self) {
        while self.peek(0) == b' ' {
            self.at += 1;
        }
    }

    /// Goes behind a sign when it stands here.
    pub(crate) fn eat(&mut self, sign: u8) -> bool {
        let stands = self.peek(0) == sign;
        self.at += usize::from(stands);
        stands
    }

    /// The bytes from here that pass, as text.
    pub(crate) fn take(&mut self, passes: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        while !self.is_at_end() && passes(self.peek(0)) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// A word of ASCII letters, digits and underscores that begins with none of the digits.
    pub(crate) fn word(&mut self) -> Option<Name> {
        let start = self.at;
        if !begins_word(self.peek(0)) {
            return None;
        }
        let text = self.take(goes_on_in_word);
        Some(Name::new(text, self.range(start)))
    }

    /// The word that stands here, which is not gone behind.
    pub(crate) fn peek_word(&self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().take_while(|it| goes_on_in_word(*it)).count();
        rest.get(..length).unwrap_or_default()
    }

    /// From an offset to here, in the file.
    pub(crate) fn range(&self, start: usize) -> TextRange {
        (self.base + start..self.base + self.at).into()
    }

    /// The text from an offset to here.
    pub(crate) fn slice(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }
}

pub(crate) fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

pub(crate) fn goes_on_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests;
