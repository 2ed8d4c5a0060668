//! Scalars on one line.

use std::sync::Arc;

use smallvec::smallvec;
use specql_text::TextRange;

use super::{
    super::{
        Node, NodeKind, Resolved, Scalar, ScalarStyle, Segment,
        resolve::{is_loadable, resolve},
    },
    Reader,
};

impl Reader<'_> {
    /// Plain text in a block, up to the comment or the end of the line.
    pub(super) fn plain(&self, start: usize, end: usize) -> Option<Node> {
        let bytes = self.text.as_bytes().get(start..end)?;
        if !begins_text(bytes) {
            return None;
        }
        let mut length = bytes.len();
        for at in memchr::memchr2_iter(b':', b'#', bytes) {
            if bytes.get(at) == Some(&b':') {
                if matches!(bytes.get(at + 1), Some(b' ') | None) {
                    return None;
                }
            } else if at > 0 && bytes.get(at - 1) == Some(&b' ') {
                length = at;
                break;
            }
        }
        let text = self.slice(start, start + length).trim_end_matches(' ');
        plain_scalar(text, start)
    }

    /// Text in quotes without escapes, on one line.
    pub(super) fn quoted(&self, start: usize, end: usize) -> Option<Node> {
        let quote = self.byte(start);
        let inner = self.text.as_bytes().get(start + 1..end)?;
        let length = inner.iter().position(|it| *it == quote)?;
        let close = start + 1 + length;
        let style = if quote == b'"' {
            if inner.iter().take(length).any(|it| *it == b'\\') {
                return None;
            }
            ScalarStyle::DoubleQuoted
        } else {
            if self.byte(close + 1) == b'\'' {
                return None;
            }
            ScalarStyle::SingleQuoted
        };
        let text = self.slice(start + 1, close);
        Some(scalar(text, start + 1, style, Resolved::Str, (start..close + 1).into()))
    }
}

/// Plain text at a place; nothing where the upstream loader would refuse it.
pub(super) fn plain_scalar(text: &str, start: usize) -> Option<Node> {
    let resolved = resolve(text);
    let range = TextRange::from(start..start + text.len());
    is_loadable(text, &resolved).then(|| scalar(text, start, ScalarStyle::Plain, resolved, range))
}

/// Whether bytes begin a plain text, and nothing else.
pub(super) fn begins_text(bytes: &[u8]) -> bool {
    match bytes.first() {
        Some(b'-' | b'?' | b':') => bytes.get(1).is_some_and(u8::is_ascii_digit),
        Some(
            b'[' | b']' | b'{' | b'}' | b',' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`',
        )
        | None => false,
        Some(_) => true,
    }
}

fn scalar(
    text: &str,
    start: usize,
    style: ScalarStyle,
    resolved: Resolved,
    range: TextRange,
) -> Node {
    let file = TextRange::from(start..start + text.len());
    let segment =
        Segment { text_start: 0, file_start: file.start(), len: file.len(), file_len: file.len() };
    let segments = smallvec![segment];
    let scalar = Scalar { text: text.into(), style, unclosed: false, resolved, segments };
    Node { range, kind: NodeKind::Scalar(Arc::new(scalar)) }
}
