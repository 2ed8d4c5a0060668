//! Where SQL ends and begins: statements, lists, identifiers. Quotes, dollar quotes, parentheses and
//! comments are passed over as a whole, so nothing in them ends anything.

/// The top-level pieces between separators, without those that are empty.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut res = Vec::new();
    let (mut start, mut at, mut depth) = (0, 0, 0_i32);
    while let Some(letter) = text.get(at..).and_then(|it| it.chars().next()) {
        let next = opaque_end(text, at).unwrap_or(at + letter.len_utf8());
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if letter == separator && depth == 0 => {
                res.extend(text.get(start..at).map(str::trim));
                start = next;
            }
            _ => {}
        }
        at = next;
    }
    res.extend(text.get(start..).map(str::trim));
    res.retain(|it| !it.is_empty());
    res
}

/// What stands in the parentheses that a text begins with, and what comes after them.
pub(super) fn parenthesized(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('(')?;
    let (mut at, mut depth) = (0, 0);
    while let Some(letter) = inner.get(at..).and_then(|it| it.chars().next()) {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((inner.get(..at)?, inner.get(at + 1..)?)),
            ')' => depth -= 1,
            _ => {}
        }
        at = opaque_end(inner, at).unwrap_or(at + letter.len_utf8());
    }
    None
}

/// A text without its comments.
pub(super) fn without_comments(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|it| it.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let next = opaque_end(text, at).unwrap_or(at + letter.len_utf8());
        if !rest.starts_with("--") {
            res.push_str(text.get(at..next).unwrap_or_default());
        }
        at = next;
    }
    res
}

/// The identifier that a text begins with, as it is written, and what comes after it.
pub(super) fn identifier(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = if text.starts_with('"') {
        opaque_end(text, 0)?
    } else {
        text.find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$'))
            .unwrap_or(text.len())
    };
    (end > 0).then(|| text.split_at(end))
}

/// The same with its schema: `schema.name`.
pub(super) fn qualified(text: &str) -> Option<(String, &str)> {
    let (schema, rest) = identifier(text)?;
    let (name, rest) = identifier(rest.strip_prefix('.')?)?;
    Some((format!("{schema}.{name}"), rest))
}

/// The name that an identifier means.
pub(super) fn unquoted(identifier: &str) -> String {
    match identifier.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(it) => it.replace("\"\"", "\""),
        None => identifier.to_owned(),
    }
}

/// The text of a literal that a text begins with, and what comes after it.
pub(super) fn literal(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let end = text.starts_with('\'').then(|| opaque_end(text, 0)).flatten()?;
    let (literal, rest) = text.split_at(end);
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    Some((inner.replace("''", "'"), rest))
}

/// The end of what begins at a place and is passed over as a whole: a literal, a quoted identifier, a
/// dollar-quoted text, a comment.
fn opaque_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with("--") {
        return Some(rest.find('\n').map_or(text.len(), |it| at + it));
    }
    if rest.starts_with("E'") && !continues_a_word(text, at) {
        return Some(escaped_end(text, at + 2));
    }
    match rest.chars().next()? {
        quote @ ('\'' | '"') => {
            let end = rest.get(1..)?.find(quote).map(|it| at + it + 2);
            // A doubled quote begins the next part of the same text.
            Some(match end {
                Some(end) if text.get(end..).is_some_and(|it| it.starts_with(quote)) => {
                    opaque_end(text, end)?
                }
                Some(end) => end,
                None => text.len(),
            })
        }
        '$' if !continues_a_word(text, at) => {
            let tag = rest.get(1..)?.find('$')?;
            let tag = rest.get(..tag + 2)?;
            let word = tag.trim_matches('$');
            if !word.chars().all(|it| it.is_alphanumeric() || it == '_')
                || word.starts_with(|it: char| it.is_ascii_digit())
            {
                return None;
            }
            let body = at + tag.len();
            let end = text.get(body..)?.find(tag);
            Some(end.map_or(text.len(), |it| body + it + tag.len()))
        }
        _ => None,
    }
}

/// The end of a literal with escapes.
fn escaped_end(text: &str, from: usize) -> usize {
    let mut letters = text.get(from..).unwrap_or_default().char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\'' if letters.peek().is_some_and(|it| it.1 == '\'') => {
                letters.next();
            }
            '\'' => return from + at + 1,
            _ => {}
        }
    }
    text.len()
}

fn continues_a_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|it| it.chars().next_back());
    before.is_some_and(|it| it.is_alphanumeric() || it == '_' || it == '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_of_quotes_ends_a_statement() {
        let text = "a ';' b; c E'\\';' ; -- d;\nd \"x;\" $t$ ; $t$; f(a; b)";
        let found = split(text, ';');
        assert_eq!(found, ["a ';' b", "c E'\\';'", "-- d;\nd \"x;\" $t$ ; $t$", "f(a; b)"]);
        assert_eq!(split("in$a := b$; c", ';'), ["in$a := b$", "c"]);
        assert_eq!(split("a numeric(1, 2), b text DEFAULT 'x, y'", ',').len(), 2);
    }

    #[test]
    fn names_and_literals_are_read_as_they_are_written() {
        assert_eq!(qualified(" a.\"B\"\"c\" (x)"), Some(("a.\"B\"\"c\"".to_owned(), " (x)")));
        assert_eq!(unquoted("\"B\"\"c\""), "B\"c");
        assert_eq!(literal(" 'it''s', 2"), Some(("it's".to_owned(), ", 2")));
        assert_eq!(parenthesized("(a, ')' (b)) c"), Some(("a, ')' (b)", " c")));
        assert_eq!(without_comments("a -- b\n'--c'"), "a \n'--c'");
    }
}
