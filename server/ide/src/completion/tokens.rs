//! A half-typed line as tokens: enough to know what is expected at its end.
//!
//! Completion reads the line up to the cursor and nothing behind it, so it works while the rest is
//! broken; the trees of `syntax` serve the features that look at finished text.

use specql_text::TextRange;

/// A token before the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word, a keyword or a path: `title`, `SET`, `author.company.name`, `$x`.
    Word(&'a str),
    /// A number or a closed string, as it is written.
    Literal(&'a str),
    /// An operator or a bracket.
    Symbol(&'a str),
}

/// The tokens of a line up to the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line<'a> {
    /// The tokens before the word that is being typed.
    pub(super) tokens: Vec<Token<'a>>,
    /// The word that is being typed, up to the cursor; dots included, empty between words.
    pub(super) word: &'a str,
    /// The cursor is inside a string that this quote opened; `word` is its text so far.
    pub(super) quote: Option<char>,
    /// The cursor stands directly behind a closing quote or bracket: a word needs a space there.
    pub(super) is_glued: bool,
}

impl Token<'_> {
    /// Whether it is this keyword, in any case.
    pub(super) fn is_word(self, keyword: &str) -> bool {
        matches!(self, Self::Word(it) if it.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is this symbol.
    pub(super) fn is_symbol(self, symbol: &str) -> bool {
        matches!(self, Self::Symbol(it) if it == symbol)
    }
}

impl<'a> Line<'a> {
    /// Reads `text`, which ends at the cursor.
    pub(super) fn read(text: &'a str) -> Self {
        let mut res = Self::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            rest = if first.is_whitespace() {
                rest.trim_start()
            } else if matches!(first, '\'' | '"') {
                res.string(rest, first)
            } else if is_word(first) {
                res.word(rest)
            } else {
                res.symbol(rest, first)
            };
        }
        let closes = text.ends_with(['\'', '"', ')', ']']);
        res.is_glued = closes && res.quote.is_none() && res.word.is_empty();
        res
    }

    /// The part of the word before its last dot, and the part behind it.
    pub(super) fn path(&self) -> (Option<&'a str>, &'a str) {
        match self.word.rsplit_once('.') {
            Some((path, name)) if self.quote.is_none() => (Some(path), name),
            _ => (None, self.word),
        }
    }

    fn string(&mut self, rest: &'a str, quote: char) -> &'a str {
        let body = rest.get(quote.len_utf8()..).unwrap_or_default();
        let mut from = 0;
        while let Some(end) = body.get(from..).and_then(|it| it.find(quote)).map(|it| from + it) {
            let after = body.get(end + 1..).unwrap_or_default();
            if !after.starts_with(quote) {
                let written = rest.get(..quote.len_utf8() + end + 1).unwrap_or_default();
                self.tokens.push(Token::Literal(written));
                return after;
            }
            from = end + 2;
        }
        self.quote = Some(quote);
        self.word = body;
        ""
    }

    fn word(&mut self, rest: &'a str) -> &'a str {
        let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if after.is_empty() {
            self.word = word;
        } else if word.starts_with(|it: char| it.is_ascii_digit()) {
            self.tokens.push(Token::Literal(word));
        } else {
            self.tokens.push(Token::Word(word));
        }
        after
    }

    fn symbol(&mut self, rest: &'a str, first: char) -> &'a str {
        const LONG: [&str; 10] = ["::", "<=", ">=", "<>", "!=", "==", "||", "!~*", "~*", "!~"];
        let long = LONG.iter().find(|it| rest.starts_with(**it)).map(|it| it.len());
        let (symbol, after) = rest.split_at(long.unwrap_or(first.len_utf8()));
        self.tokens.push(Token::Symbol(symbol));
        after
    }
}

/// How long the literal is with which a text begins, a number or a text between quotes that are written as
/// `quote`; 0 for another beginning, and nothing where a text does not end on its line.
pub(super) fn literal_len(text: &str, quote: &str) -> Option<usize> {
    if let Some(body) = text.strip_prefix(quote) {
        let body = body.lines().next().unwrap_or_default();
        let mut ends = body.match_indices(quote).map(|it| it.0).peekable();
        while let Some(end) = ends.next() {
            // A quote within a text is two.
            if ends.next_if_eq(&(end + quote.len())).is_none() {
                return Some(2 * quote.len() + end);
            }
        }
        return None;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = digits.len() - digits.trim_start_matches(is_word).len();
    let is_number = digits.starts_with(|it: char| it.is_ascii_digit());
    Some(if is_number { text.len() - digits.len() + number } else { 0 })
}

/// Whether a character is a part of a word or path.
pub(super) fn is_word(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '.' | '$')
}

/// Whether a character is a part of a name.
pub(super) fn is_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// Operators and keywords of several words, the longer ones first.
const SEVERAL_WORDS: [&[&str]; 18] = [
    &["IS", "NOT", "DISTINCT", "FROM"],
    &["IS", "DISTINCT", "FROM"],
    &["IS", "NOT", "NULL"],
    &["IS", "NOT", "TRUE"],
    &["IS", "NOT", "FALSE"],
    &["IS", "NULL"],
    &["IS", "TRUE"],
    &["IS", "FALSE"],
    &["IS", "VALID"],
    &["NOT", "IN"],
    &["NOT", "LIKE"],
    &["NOT", "ILIKE"],
    &["NOT", "BETWEEN"],
    &["FROM", "INPUT"],
    &["GROUP", "BY"],
    &["ORDER", "BY"],
    &["LEFT", "JOIN"],
    &["INNER", "JOIN"],
];

/// The operator of several words, written whole, of which the cursor touches one.
pub(super) fn operator_range(text: &str, offset: u32) -> Option<TextRange> {
    let (before, after) = text.split_at_checked(offset as usize)?;
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let end = before.len() + after.find('\n').unwrap_or(after.len());
    let mut words: Vec<TextRange> = Vec::new();
    let mut at = start;
    for word in text.get(start..end)?.split(|it: char| !is_word(it)) {
        words.push(TextRange::from(at..at + word.len()));
        // A separator is one character.
        let behind = text.get(at + word.len()..end)?;
        at += word.len() + behind.chars().next().map_or(0, char::len_utf8);
    }
    let is_blank = |from: u32, to: u32| TextRange::new(from, to).slice(text).trim().is_empty();
    words.retain(|it| !it.is_empty());
    let touched = words.iter().rposition(|it| it.touches(offset))?;
    SEVERAL_WORDS.into_iter().find_map(|operator| {
        (0..operator.len()).find_map(|place| {
            let found = words.get(touched.checked_sub(place)?..)?.get(..operator.len())?;
            let is_it = found
                .iter()
                .zip(operator)
                .all(|(it, word)| it.slice(text).eq_ignore_ascii_case(word));
            let is_joined = found.windows(2).all(|it| match it {
                [one, other] => is_blank(one.end(), other.start()),
                _ => true,
            });
            let (first, last) = (found.first()?, found.last()?);
            (is_it && is_joined).then(|| TextRange::new(first.start(), last.end()))
        })
    })
}

/// The name that an offset touches, of letters, digits, `_` and what is in `more`.
pub(super) fn name_range(text: &str, offset: u32, more: &str) -> TextRange {
    let (before, after) = text.split_at_checked(offset as usize).unwrap_or((text, ""));
    let is_name = |it: char| is_name(it) || more.contains(it);
    let start = before.trim_end_matches(is_name).len();
    let rest = after.trim_start_matches(is_name).len();
    (start..before.len() + after.len() - rest).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_at_the_cursor_is_not_a_token() {
        let line = Line::read("User SET post_count = author.na");
        assert_eq!(
            line.tokens,
            [
                Token::Word("User"),
                Token::Word("SET"),
                Token::Word("post_count"),
                Token::Symbol("="),
            ]
        );
        assert_eq!(line.path(), (Some("author"), "na"));
    }

    #[test]
    fn an_open_string_is_the_word() {
        let line = Line::read("status = 'it''s dr");
        assert_eq!((line.quote, line.word), (Some('\''), "it''s dr"));
        assert_eq!(Line::read("status = 'draft' ").tokens.last(), Some(&Token::Literal("'draft'")));
        assert!(
            !Line::read("status = 'draft' ").is_glued && Line::read("status = 'draft'").is_glued
        );
        assert!(!Line::read("status = 'it''").is_glued && !Line::read("status = 'a (x)").is_glued);
    }

    #[test]
    fn a_literal_ends_where_its_quote_does() {
        for (text, quote, len) in [
            ("'x' AND y", "'", Some(3)),
            ("'it''s' y", "'", Some(7)),
            ("'' y", "'", Some(2)),
            ("'x AND y\n'", "'", None),
            ("''x'' AND y", "''", Some(5)),
            ("''it''''s'' y", "''", Some(11)),
            ("-1.5)", "'", Some(4)),
            ("12 y", "'", Some(2)),
            ("-x", "'", Some(0)),
            ("title", "'", Some(0)),
        ] {
            assert_eq!(literal_len(text, quote), len, "{text}");
        }
    }

    #[test]
    fn a_word_is_replaced_as_a_whole() {
        assert_eq!(name_range("a = title", 7, ""), TextRange::new(4, 9));
        assert_eq!(name_range("a = title", 4, ""), TextRange::new(4, 9));
        assert_eq!(name_range("é.x", 3, ""), TextRange::new(3, 4));
        assert_eq!(name_range("a = ", 4, ""), TextRange::empty(4));
        assert_eq!(name_range("a: b-c d", 5, "-"), TextRange::new(3, 6));
    }
}
