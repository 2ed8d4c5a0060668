//! What of a query in SQL is passed on to PostgreSQL, and what in it cannot be. Comments are left out.
//!
//! Invariant: nothing that is passed on leaves the parentheses that it stands in, and it is read alike
//! whatever the settings of the database are.

use std::{iter::Peekable, ops::Range, str::CharIndices};

/// Something in a query that is not passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Bytes of the query.
    pub range: Range<usize>,
    /// What stands there.
    pub kind: RefusalKind,
}

/// What a query cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// `$x`, which means something in steps alone, or `$1`.
    Variable,
    /// A text between dollars: `$$it's$$`.
    DollarQuote,
    /// `\`, whose meaning depends on a setting of the database.
    Backslash,
    /// A line that ends inside of quotes.
    LineBreak,
    /// Anything else that is no single closed `(SELECT …)`.
    Shape,
}

/// A query in parentheses as it is passed on, with white space as single spaces; else the first thing
/// in it that is not.
///
/// # Errors
/// What is not passed on.
pub fn passed_on(query: &str) -> Result<String, Refusal> {
    let shape = |at: usize| Refusal { range: at..query.len(), kind: RefusalKind::Shape };
    let text = query.trim();
    let inner = text.strip_prefix('(').ok_or_else(|| shape(0))?.trim_start();
    let begins =
        |word: &str| inner.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    if !begins("select") && !begins("with") {
        return Err(shape(0));
    }
    let before = query.len() - query.trim_start().len();
    let mut res = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let refused =
            |kind: RefusalKind, end: usize| Err(Refusal { range: before + at..before + end, kind });
        if let Some(length) = comment(text.get(at..).unwrap_or_default()) {
            // What never closes would take the closing parenthesis with it.
            let length = length.ok_or_else(|| shape(query.len()))?;
            while rest.next_if(|it| it.0 < at + length).is_some() {}
            if !res.ends_with(' ') {
                res.push(' ');
            }
            continue;
        }
        match character {
            '(' if depth > 0 || res.is_empty() => depth += 1,
            // Nothing may follow the parenthesis that closes the query.
            _ if depth == 0 => return Err(shape(before + at)),
            ')' => depth = depth.saturating_sub(1),
            '$' => {
                let (kind, length) = dollar(text.get(at..).unwrap_or_default());
                return refused(kind, at + length);
            }
            '\\' => return refused(RefusalKind::Backslash, at + 1),
            ';' | '\0' => return refused(RefusalKind::Shape, at + 1),
            '\'' | '"' => {
                res.push(character);
                if let Err((at, kind)) = quoted(character, &mut rest, &mut res) {
                    let start = before + at.unwrap_or(text.len());
                    return Err(Refusal {
                        range: start..before + (start - before + 1).min(text.len()),
                        kind,
                    });
                }
                continue;
            }
            _ => {}
        }
        if character.is_whitespace() {
            if !res.ends_with(' ') {
                res.push(' ');
            }
        } else {
            res.push(character);
        }
    }
    if depth == 0 { Ok(res) } else { Err(shape(query.len())) }
}

/// Everything in a query that is not passed on, in its order: the first thing alone, but for names
/// behind dollars.
#[must_use]
pub fn refusals(query: &str) -> Vec<Refusal> {
    let mut found = Vec::new();
    let mut text = query.to_owned();
    while let Err(it) = passed_on(&text) {
        let is_name = it.kind == RefusalKind::Variable;
        if !is_name {
            if found.is_empty() {
                found.push(it);
            }
            break;
        }
        // Read on behind the name, at the same offsets.
        let blank = "x".repeat(it.range.len());
        text.replace_range(it.range.clone(), &blank);
        found.push(it);
    }
    found
}

/// The length of the comment that a text begins with, if it does; absent inside where nothing closes it.
fn comment(text: &str) -> Option<Option<usize>> {
    if text.starts_with("--") {
        return Some(text.find(['\n', '\r']));
    }
    text.starts_with("/*").then(|| block_comment(text))
}

/// Comments in `/* … */` stand inside each other.
fn block_comment(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..).filter(|it| !it.is_empty())?;
        let mark = |it: &str| rest.starts_with(it);
        match (mark("/*"), mark("*/")) {
            (true, _) => depth += 1,
            (_, true) if depth == 1 => return Some(at + 2),
            (_, true) => depth -= 1,
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        }
        at += 2;
    }
}

/// What begins with a dollar, and its length.
fn dollar(text: &str) -> (RefusalKind, usize) {
    let is_name = |it: char| it.is_alphanumeric() || it == '_';
    let length = text.get(1..).map_or(0, |it| it.find(|it| !is_name(it)).unwrap_or(it.len()));
    let kind = if text.get(1 + length..).is_some_and(|it| it.starts_with('$')) {
        RefusalKind::DollarQuote
    } else {
        RefusalKind::Variable
    };
    (kind, 1 + length + usize::from(kind == RefusalKind::DollarQuote))
}

/// Copies up to the closing quote; a doubled quote is read as the end of one and the start of the next.
fn quoted(
    quote: char,
    rest: &mut Peekable<CharIndices<'_>>,
    out: &mut String,
) -> Result<(), (Option<usize>, RefusalKind)> {
    for (at, character) in rest {
        match character {
            '\\' => return Err((Some(at), RefusalKind::Backslash)),
            '\n' => return Err((Some(at), RefusalKind::LineBreak)),
            '\0' => return Err((Some(at), RefusalKind::Shape)),
            _ => {}
        }
        out.push(character);
        if character == quote {
            return Ok(());
        }
    }
    Err((None, RefusalKind::Shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_has_its_place() {
        for (query, at, kind) in [
            ("(SELECT a FROM t WHERE b = $xy)", "$xy", RefusalKind::Variable),
            ("(SELECT a FROM t WHERE b = $1)", "$1", RefusalKind::Variable),
            ("(SELECT $q$a$q$)", "$q$", RefusalKind::DollarQuote),
            (" (SELECT 1 /* why FROM t)", "", RefusalKind::Shape),
            ("(SELECT 1 -- why)", "", RefusalKind::Shape),
            ("(SELECT 1 /* a /* b */ c", "", RefusalKind::Shape),
            ("(SELECT 'é' LIKE 'a\\_')", "\\", RefusalKind::Backslash),
            ("(SELECT 'a\nb')", "\n", RefusalKind::LineBreak),
            ("(SELECT 1); DROP TABLE x", "; DROP TABLE x", RefusalKind::Shape),
            ("(SELECT 1", "", RefusalKind::Shape),
            ("(SELECT 'a)", "", RefusalKind::Shape),
        ] {
            let found = passed_on(query).unwrap_err();
            assert_eq!((&query[found.range.clone()], found.kind), (at, kind), "{query}");
        }
        assert_eq!(refusals("(SELECT $a + $b)").len(), 2);
        assert_eq!(
            passed_on("(SELECT 1 /* a /* ' */ ) $x */ - 2 -- don't\n/**/+ 3)").as_deref(),
            Ok("(SELECT 1 - 2 + 3)")
        );
        assert_eq!(refusals("(SELECT ':' || '$a')"), []);
    }
}
