//! Bytes to text, as `PyYAML` decides it: UTF-16 by its byte order mark, else UTF-8.
//!
//! Invariant: decoding never fails. What is no text becomes U+FFFD, which a rule reports, and so do the
//! zeros of UTF-16 without its mark and of UTF-32; a byte order mark is no part of the text.

use std::borrow::Cow;

/// How a file's text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// None of them: parts of the text are lost.
    Unknown,
}

const BOM_UTF8: &[u8] = b"\xef\xbb\xbf";
const BOM_UTF16_LE: &[u8] = b"\xff\xfe";
const BOM_UTF16_BE: &[u8] = b"\xfe\xff";

impl Encoding {
    /// Whether a file that begins so is written in UTF-16, of which one character has more bytes.
    pub(crate) fn is_utf16(head: &[u8]) -> bool {
        head.starts_with(BOM_UTF16_LE) || head.starts_with(BOM_UTF16_BE)
    }

    /// The bytes of a text in this encoding; in UTF-8 where it is unknown.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Unknown => text.as_bytes().to_owned(),
            Self::Utf8Bom => [BOM_UTF8, text.as_bytes()].concat(),
            Self::Utf16Le => utf16(BOM_UTF16_LE, text, u16::to_le_bytes),
            Self::Utf16Be => utf16(BOM_UTF16_BE, text, u16::to_be_bytes),
        }
    }
}

/// The text of bytes that come from elsewhere than a file, and how it was written; what is no text is
/// marked in it.
#[must_use]
pub fn text_of(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    decode(bytes, false)
}

fn utf16(mark: &[u8], text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
}

/// The text of bytes. `cut` says that they are the head of a longer file, whose last character may be
/// incomplete.
pub(crate) fn decode(bytes: &[u8], cut: bool) -> (Cow<'_, str>, Encoding) {
    if is_wide(bytes) {
        let text = String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
        return (text.into(), Encoding::Unknown);
    }
    if let Some(rest) = bytes.strip_prefix(BOM_UTF16_LE) {
        return from_utf16(rest, cut, u16::from_le_bytes, Encoding::Utf16Le);
    }
    if let Some(rest) = bytes.strip_prefix(BOM_UTF16_BE) {
        return from_utf16(rest, cut, u16::from_be_bytes, Encoding::Utf16Be);
    }
    match bytes.strip_prefix(BOM_UTF8) {
        Some(rest) => from_utf8(rest, cut, Encoding::Utf8Bom),
        None => from_utf8(bytes, cut, Encoding::Utf8),
    }
}

/// Whether characters have two or four bytes and no mark says so, or not that of the loader: the first one
/// of a YAML file is of ASCII, and the loader refuses a zero.
fn is_wide(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, rest @ ..] => rest.starts_with(&[0, 0]),
        [first, second, ..] => *first == 0 || *second == 0,
        _ => false,
    }
}

fn from_utf8(bytes: &[u8], cut: bool, encoding: Encoding) -> (Cow<'_, str>, Encoding) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), encoding),
        Err(error) if cut && error.error_len().is_none() => {
            let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
            (String::from_utf8_lossy(whole), encoding)
        }
        Err(_) => (String::from_utf8_lossy(bytes), Encoding::Unknown),
    }
}

fn from_utf16(
    bytes: &[u8],
    cut: bool,
    unit: fn([u8; 2]) -> u16,
    encoding: Encoding,
) -> (Cow<'_, str>, Encoding) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut lost = !rest.is_empty() && !cut;
    for character in char::decode_utf16(pairs.iter().map(|it| unit(*it))) {
        lost |= character.is_err() && !cut;
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() && !cut {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text.into(), if lost { Encoding::Unknown } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_loader_reads_is_read() {
        let text = "entity: Pöst 😀\n";
        for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoding.encode(text);
            assert_eq!(decode(&bytes, false), (text.into(), encoding));
        }
    }

    #[test]
    fn what_is_no_text_is_marked() {
        for bytes in [
            &b"entity: caf\xe9"[..],
            b"\xff\xfee\0n\0\0\xd8x\0",
            b"\xfe\xff\0e\0",
            b"\xef\xbb\xbf\xff",
            b"\xc3",
            b"e\0n\0t\0",
            b"\0e\0n\0t",
            b"\xff\xfe\0\0e\0\0\0",
            b"\0\0\xfe\xff\0\0\0e",
        ] {
            let (text, encoding) = decode(bytes, false);
            assert_eq!(encoding, Encoding::Unknown, "{bytes:?}");
            assert!(text.contains(char::REPLACEMENT_CHARACTER), "{bytes:?}");
        }
    }

    #[test]
    fn a_head_may_end_within_a_character() {
        assert_eq!(decode("aé".as_bytes().get(..2).unwrap(), true), ("a".into(), Encoding::Utf8));
        let bytes = Encoding::Utf16Le.encode("ab");
        let head = bytes.get(..5).unwrap();
        assert_eq!(decode(head, true), ("a".into(), Encoding::Utf16Le));
    }
}
