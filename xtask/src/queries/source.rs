//! A query file as text: its patterns, the comments between them, and the tokens of a pattern.
//!
//! Only as much of the query language is read as a translation needs; whether a query means something
//! to its grammar is tested beside the grammar, with tree-sitter itself.

use std::ops::Range;

/// What stands at the top of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// Comments and blank lines.
    Between(&'a str),
    /// A pattern with its captures and predicates.
    Pattern(&'a str),
}

/// What a token is; everything that is of no interest here is a [`Kind::Word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    Comment,
    String,
    Capture,
    /// `#eq?`, `#set!`.
    Predicate,
    Open,
    Close,
    Word,
}

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// The tokens of a text; joined they are the text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let (mut res, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        let (kind, length) = first_token(rest);
        res.push(Token { kind, range: at..at + length });
        at += length;
    }
    res
}

fn first_token(rest: &str) -> (Kind, usize) {
    let first = rest.chars().next().unwrap_or_default();
    let until = |stop: fn(char) -> bool| {
        rest.char_indices().skip(1).find(|(_, it)| stop(*it)).map_or(rest.len(), |(at, _)| at)
    };
    match first {
        '(' | '[' => (Kind::Open, 1),
        ')' | ']' => (Kind::Close, 1),
        ';' => (Kind::Comment, until(|it| it == '\n')),
        '"' => (Kind::String, string_length(rest)),
        '@' => (Kind::Capture, until(ends_word)),
        '#' => (Kind::Predicate, until(ends_word)),
        it if it.is_whitespace() => (Kind::Space, until(|it| !it.is_whitespace())),
        it => (Kind::Word, until(ends_word).max(it.len_utf8())),
    }
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || "()[]\";@".contains(character)
}

/// Length of the string at the start of `rest`, quotes included.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The patterns of a file and what stands between them; joined they are the file.
pub(super) fn items(text: &str) -> Result<Vec<Item<'_>>, String> {
    let (mut res, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    let mut in_pattern = false;
    for token in tokens(text) {
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        let begins = depth == 0 && matches!(token.kind, Kind::Open | Kind::String);
        let blank = token.kind == Kind::Space && part(token.range.clone()).contains('\n');
        let ends = depth == 0 && (token.kind == Kind::Comment || blank);
        if begins || (in_pattern && ends) {
            push(&mut res, part(start..token.range.start), in_pattern);
            (start, in_pattern) = (token.range.start, begins);
        }
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.checked_sub(1).ok_or("a bracket too many is closed")?,
            _ => {}
        }
    }
    if depth > 0 {
        return Err("a bracket is not closed".to_owned());
    }
    push(&mut res, text.get(start..).unwrap_or_default(), in_pattern);
    Ok(res)
}

fn push<'a>(items: &mut Vec<Item<'a>>, text: &'a str, is_pattern: bool) {
    if !text.is_empty() {
        items.push(if is_pattern { Item::Pattern(text) } else { Item::Between(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_told_from_what_stands_between_them() {
        let text = "; a\n\n(a \"(\") @x\n(b) @y ; behind\n\"[\" @z\n";
        let expected = [
            Item::Between("; a\n\n"),
            Item::Pattern("(a \"(\") @x"),
            Item::Between("\n"),
            Item::Pattern("(b) @y "),
            Item::Between("; behind\n"),
            Item::Pattern("\"[\" @z"),
            Item::Between("\n"),
        ];
        assert_eq!(items(text).unwrap(), expected);
        assert!(items("((a)").is_err() && items("(a))").is_err());
    }

    #[test]
    fn quotes_and_quantifiers_are_read() {
        let kinds: Vec<Kind> =
            tokens("(a \"\\\"@\")? @b.c").into_iter().map(|it| it.kind).collect();
        use Kind::{Capture, Close, Open, Space, String, Word};
        assert_eq!(kinds, [Open, Word, Space, String, Close, Word, Space, Capture]);
    }
}
