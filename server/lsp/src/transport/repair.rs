//! Text that is not quite JSON, made so. Clients written in JavaScript cut emoji in halves and send
//! the halves; other clients send bytes that are no UTF-8.

use std::borrow::Cow;

/// Replaces what is not UTF-8 and every half of a surrogate pair by U+FFFD; a half keeps its length
/// in UTF-16 so that positions after it stay right.
pub(crate) fn repaired(body: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(body);
    let lone: Vec<usize> = lone_surrogates(text.as_bytes()).collect();
    if lone.is_empty() {
        return text;
    }
    let mut res = String::with_capacity(text.len());
    let mut done = 0;
    for start in lone {
        res.push_str(text.get(done..start).unwrap_or_default());
        res.push_str("\\ufffd");
        done = start + ESCAPE;
    }
    res.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(res)
}

/// The length of `\ud83d`.
const ESCAPE: usize = 6;

/// Where escapes of unpaired surrogates start.
fn lone_surrogates(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text.get(at..)?.iter().position(|it| *it == b'\\')?;
            let start = at;
            match (escaped_unit(text, at), escaped_unit(text, at + ESCAPE)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 2 * ESCAPE,
                (Some(0xd800..=0xdfff), _) => {
                    at += ESCAPE;
                    return Some(start);
                }
                // Over the escaped character too: it may be another backslash.
                _ => at += 2,
            }
        }
    })
}

/// The code unit of an escape `\uXXXX` at `start`.
fn escaped_unit(text: &[u8], start: usize) -> Option<u16> {
    let digits = text.get(start..start + ESCAPE)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_pair_become_one_character_each() {
        for (broken, text) in [
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ude00b""#, "\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83dx\\ud83d""#, "\u{fffd}x\\ud83d"),
            (r#""\uD83D\u0041""#, "\u{fffd}A"),
        ] {
            assert!(serde_json::from_str::<String>(broken).is_err());
            let repaired = repaired(broken.as_bytes());
            assert_eq!(serde_json::from_str::<String>(&repaired).ok().as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_right_stays() {
        let text = r#"{"a": "\ud83d\ude00 \\ud83d 字"}"#;
        assert!(matches!(repaired(text.as_bytes()), Cow::Borrowed(it) if it == text));
    }

    #[test]
    fn bytes_that_are_no_utf8_become_replacement_characters() {
        assert_eq!(repaired(b"\"a\xff\""), "\"a\u{fffd}\"");
    }
}
