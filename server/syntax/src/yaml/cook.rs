//! Scalars as they are written to the text they mean: quotes, escapes, folds.
//!
//! Invariant: the segments cover the cooked text without gaps, in ascending order of both texts, and
//! there is at least one, so every offset of the text has a place in the file.

use ecow::EcoString;
use smallvec::SmallVec;
use specql_text::TextRange;

use super::{Problem, ProblemKind, Resolved, Scalar, ScalarStyle, Segment, resolve::resolve};

/// A text that is put together from pieces of a file.
pub(super) struct Cooked<'t> {
    /// The whole file.
    source: &'t str,
    text: String,
    segments: SmallVec<[Segment; 1]>,
}

impl<'t> Cooked<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Self { source, text: String::new(), segments: SmallVec::new() }
    }

    /// Appends bytes of the file as they are.
    pub(super) fn run(&mut self, start: usize, end: usize) {
        let piece = self.source.get(start..end).unwrap_or_default();
        if !piece.is_empty() {
            self.piece(piece, start, end);
        }
    }

    /// Appends what bytes of the file stand for.
    pub(super) fn piece(&mut self, piece: &str, start: usize, end: usize) {
        let file = TextRange::from(start..end);
        let text = TextRange::from(self.text.len()..self.text.len() + piece.len());
        self.segments.push(Segment {
            text_start: text.start(),
            file_start: file.start(),
            len: text.len(),
            file_len: file.len(),
        });
        self.text.push_str(piece);
    }

    /// The scalar; an empty one stands at `empty_at`.
    pub(super) fn finish(mut self, style: ScalarStyle, unclosed: bool, empty_at: usize) -> Scalar {
        if self.segments.is_empty() {
            self.piece("", empty_at, empty_at);
        }
        let resolved =
            if style == ScalarStyle::Plain { resolve(&self.text) } else { Resolved::Str };
        Scalar { text: self.text.into(), style, unclosed, resolved, segments: self.segments }
    }
}

/// The length of the line break at an offset; 0 when there is none.
pub(super) fn line_break(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..).unwrap_or_default() {
        [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// What a line break means: YAML keeps the two of Unicode and makes the rest one.
pub(super) fn break_text(text: &str, at: usize, len: usize) -> &str {
    if len == 3 { text.get(at..at + len).unwrap_or("\n") } else { "\n" }
}

fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or_default()
}

fn skip_blanks(text: &str, mut at: usize, end: usize) -> usize {
    while at < end && matches!(byte(text, at), b' ' | b'\t') {
        at += 1;
    }
    at
}

/// A plain or quoted scalar that stands at `start..end`, without its quotes.
pub(super) fn flow_scalar(
    source: &str,
    (start, end): (usize, usize),
    style: ScalarStyle,
    unclosed: bool,
    problems: &mut Vec<Problem>,
) -> Scalar {
    let mut cooked = Cooked::new(source);
    let (mut at, mut run) = (start, start);
    while at < end {
        let piece_end = match byte(source, at) {
            b'\'' if style == ScalarStyle::SingleQuoted => {
                cooked.run(run, at);
                cooked.piece("'", at, (at + 2).min(end));
                at + 2
            }
            b'\\' if style == ScalarStyle::DoubleQuoted => {
                cooked.run(run, at);
                escape(source, at, end, &mut cooked, problems)
            }
            b' ' | b'\t' | b'\r' | b'\n' | 0xc2 | 0xe2 => {
                let after = skip_blanks(source, at, end);
                if line_break(source, after) == 0 || after >= end {
                    at = after.max(at + 1);
                    continue;
                }
                cooked.run(run, at);
                fold(source, at, end, &mut cooked)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        at = piece_end.min(end);
        run = at;
    }
    cooked.run(run, end);
    cooked.finish(style, unclosed, start)
}

/// Blanks, a line break, further empty lines and the next line's indentation: a space, or the empty
/// lines alone. Gives the offset of the next line's text.
fn fold(source: &str, start: usize, end: usize, cooked: &mut Cooked<'_>) -> usize {
    let mut at = skip_blanks(source, start, end);
    let len = line_break(source, at);
    let first = break_text(source, at, len);
    at += len;
    let (mut meaning, next) = empty_lines(source, at, end);
    if first != "\n" {
        meaning.insert_str(0, first);
    } else if meaning.is_empty() {
        meaning.push(' ');
    }
    cooked.piece(&meaning, start, next);
    next
}

/// The line breaks of empty lines, and where the text after them and its indentation starts.
fn empty_lines(source: &str, mut at: usize, end: usize) -> (String, usize) {
    let mut breaks = String::new();
    loop {
        at = skip_blanks(source, at, end);
        let len = line_break(source, at);
        if len == 0 || at >= end {
            return (breaks, at);
        }
        breaks.push_str(break_text(source, at, len));
        at += len;
    }
}

/// Reads the escape at a backslash and gives the offset after it.
fn escape(
    source: &str,
    at: usize,
    end: usize,
    cooked: &mut Cooked<'_>,
    problems: &mut Vec<Problem>,
) -> usize {
    let len = line_break(source, at + 1);
    if len > 0 && at + 1 < end {
        let (breaks, next) = empty_lines(source, at + 1 + len, end);
        if !breaks.is_empty() {
            cooked.piece(&breaks, at, next);
        }
        return next;
    }
    let Some(character) = source.get(at + 1..end).and_then(|it| it.chars().next()) else {
        bad_escape(source, at, end, cooked, problems);
        return end;
    };
    let after = at + 1 + character.len_utf8();
    let digits = match character {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => {
            match simple_escape(character) {
                Some(meaning) => cooked.piece(meaning.encode_utf8(&mut [0; 4]), at, after),
                None => bad_escape(source, at, after, cooked, problems),
            }
            return after;
        }
    };
    numeric_escape(source, (at, end), digits, cooked, problems)
}

fn numeric_escape(
    source: &str,
    (at, end): (usize, usize),
    digits: usize,
    cooked: &mut Cooked<'_>,
    problems: &mut Vec<Problem>,
) -> usize {
    let code = |from: usize| {
        let text = source.get(from..from + digits).filter(|_| from + digits <= end)?;
        let is_number = text.bytes().all(|it| it.is_ascii_hexdigit());
        is_number.then(|| u32::from_str_radix(text, 16).ok()).flatten()
    };
    let after = at + 2 + digits;
    let Some(first) = code(at + 2) else {
        let bad = source.get(at + 2..end).unwrap_or_default();
        let hex = bad.bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        bad_escape(source, at, at + 2 + hex, cooked, problems);
        return at + 2 + hex;
    };
    let second = (digits == 4 && source.get(after..after + 2) == Some("\\u"))
        .then(|| code(after + 2))
        .flatten();
    if let Some(pair) = second.and_then(|low| surrogates(first, low)) {
        cooked.piece(pair.encode_utf8(&mut [0; 4]), at, after + 6);
        let range = (at..after + 6).into();
        problems.push(Problem { range, kind: ProblemKind::SurrogateEscape(pair) });
        return after + 6;
    }
    match char::from_u32(first) {
        Some(it) => cooked.piece(it.encode_utf8(&mut [0; 4]), at, after),
        None => bad_escape(source, at, after, cooked, problems),
    }
    after
}

/// The character that JSON writes as two escapes. The upstream loader does not put them together.
fn surrogates(high: u32, low: u32) -> Option<char> {
    let is_pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    is_pair.then(|| char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))).flatten()
}

fn simple_escape(character: char) -> Option<char> {
    Some(match character {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        ' ' | '"' | '\\' | '/' => character,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}

/// Reports an escape and keeps it as it is written.
fn bad_escape(
    source: &str,
    at: usize,
    end: usize,
    cooked: &mut Cooked<'_>,
    problems: &mut Vec<Problem>,
) {
    let written = EcoString::from(source.get(at..end).unwrap_or_default());
    cooked.run(at, end);
    problems.push(Problem { range: (at..end).into(), kind: ProblemKind::BadEscape(written) });
}
