//! The one check of expressions: every word outside of quotes is a field of the file's entity, or one of
//! a few keywords.

use specql_model::Entity;
use specql_syntax::yaml::Scalar;
use specql_text::TextRange;

use super::{Form, Reader, forms};

const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "null",
    "true",
    "false",
    "matches",
    "set",
    "where",
    "input",
    "output",
    "email_pattern",
];

/// Longer words are looked at with care only.
const LONG_WORD: usize = 32;

/// Words of SQL that are no names.
const OPERATORS: &[&str] = &[
    "in",
    "like",
    "ilike",
    "between",
    "exists",
    "case",
    "when",
    "then",
    "else",
    "end",
    "select",
    "from",
    "join",
    "left",
    "inner",
    "on",
    "as",
    "group",
    "order",
    "by",
    "limit",
    "desc",
    "asc",
    "having",
    "distinct",
    "any",
    "all",
    "some",
    "array",
    "interval",
    "similar",
    "to",
    "over",
    "partition",
    "using",
    "at",
    "zone",
    "with",
    "union",
    "except",
    "filter",
    "default",
    "values",
];

/// A character of the text that is looked at, with the place of what it stands for.
#[derive(Clone, Copy)]
struct Letter {
    value: char,
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// `_validate_expression_fields` over a part of a scalar.
    pub(super) fn expression(&mut self, scalar: &Scalar, part: std::ops::Range<usize>) {
        if self.fields.is_empty() {
            return;
        }
        let Some(text) = scalar.text.get(part.clone()) else { return };
        if self.is_plainly_known(text) {
            return;
        }
        let letters = without_quotes(text);
        let (mut at, mut word) = (0, String::new());
        let mut unknown: Vec<(String, &'static Form, TextRange)> = Vec::new();
        while at < letters.len() {
            let len = letters.iter().skip(at).take_while(|it| is_word(it.value)).count();
            let run = letters.get(at..at + len).unwrap_or_default();
            if name(run, &mut word) && !self.is_known(&word) {
                let (first, last) = (run.first().map_or(0, |it| it.at), run.last());
                let end = last.map_or(first, |it| it.end);
                if !unknown.iter().any(|it| it.0 == word) {
                    let form = self.why(text, &word, first..end);
                    let inside = TextRange::from(part.start + first..part.start + end);
                    unknown.push((word.clone(), form, scalar.file_range(inside)));
                }
            }
            at += len.max(1);
        }
        let mut unknown = unknown.into_iter();
        let Some((word, form, range)) = unknown.next() else { return };
        let others: Vec<String> = unknown.map(|it| format!("`{}`", it.0)).collect();
        let words = format!("Field '{word}' referenced in expression not found in entity");
        self.refuse(form, range, format!("`{word}`"), words);
        if let (Some(it), false) = (self.found.last_mut(), others.is_empty()) {
            it.more = format!("; behind it they stumble over {}", others.join(", "));
        }
    }

    fn is_known(&self, word: &str) -> bool {
        KEYWORDS.contains(&word) || self.fields.contains(&word)
    }

    /// Whether a text holds nothing but known words, as most do; told without taking it apart, and so not
    /// of texts with other letters or with quotes inside of a word.
    fn is_plainly_known(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let is_word =
            |at: usize| bytes.get(at).is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_');
        let is_known = |word: &str| {
            let mut small = [0; LONG_WORD];
            let Some(small) = small.get_mut(..word.len()) else { return false };
            small.iter_mut().zip(word.bytes()).for_each(|(to, it)| *to = it.to_ascii_lowercase());
            str::from_utf8(small).is_ok_and(|it| self.is_known(it))
        };
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            at += 1;
            match byte {
                b'\'' | b'"' => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let closing = rest.iter().position(|it| matches!(it, b'\'' | b'"'));
                    let Some(length) = closing else { continue };
                    at += length + 1;
                    if start > 0 && is_word(start - 1) && is_word(at) {
                        return false;
                    }
                }
                _ if is_word(start) => {
                    while is_word(at) {
                        at += 1;
                    }
                    let word = text.get(start..at).unwrap_or_default();
                    if !byte.is_ascii_digit() && !is_known(word) {
                        return false;
                    }
                }
                0x80.. => return false,
                _ => {}
            }
        }
        true
    }

    /// Why a word is none that the release knows.
    fn why(&self, text: &str, word: &str, place: std::ops::Range<usize>) -> &'static Form {
        let before = text.get(..place.start).unwrap_or_default().trim_end();
        let after = text.get(place.end..).unwrap_or_default().trim_start();
        if before.ends_with("::") {
            &forms::CAST
        } else if self.fields.iter().any(|it| is_in_lower_case(it, word)) {
            &forms::CAMEL_CASE
        } else if before.to_ascii_lowercase().ends_with("input.") {
            &forms::INPUT
        } else if before.ends_with('.') {
            &forms::PATH
        } else if OPERATORS.contains(&word) {
            &forms::OPERATOR
        } else if after.starts_with('(') {
            &forms::FUNCTION
        } else if Entity::built_in(word).is_some() {
            &forms::BUILT_IN
        } else {
            &forms::NAME
        }
    }
}

/// Whether a word is a name in lower case.
fn is_in_lower_case(name: &str, word: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(word) } else { name.to_lowercase() == word }
}

/// The text in lower case without what stands between two quotes of either kind.
fn without_quotes(text: &str) -> Vec<Letter> {
    let is_quote = |it: char| matches!(it, '\'' | '"');
    let mut res = Vec::with_capacity(text.len());
    let mut rest = 0;
    while let Some(letter) = text.get(rest..).and_then(|it| it.chars().next()) {
        let next = rest + letter.len_utf8();
        let closing =
            text.get(next..).filter(|_| is_quote(letter)).and_then(|it| it.find(is_quote));
        if let Some(len) = closing {
            rest = next + len + 1;
            continue;
        }
        if letter.is_ascii() {
            res.push(Letter { value: letter.to_ascii_lowercase(), at: rest, end: next });
        } else {
            // `İ` becomes an `i` and a mark.
            res.extend(letter.to_lowercase().map(|value| Letter { value, at: rest, end: next }));
        }
        rest = next;
    }
    res
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Writes a run of letters as a name: all of it, or nothing of it, is one. Whether it is.
fn name(run: &[Letter], into: &mut String) -> bool {
    let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    into.clear();
    let is_one = run.first().is_some_and(|it| !it.value.is_ascii_digit())
        && run.iter().all(|it| is_name(it.value));
    if is_one {
        into.extend(run.iter().map(|it| it.value));
    }
    is_one
}
