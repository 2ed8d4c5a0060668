//! Text constants of the one-line languages: `'it''s'`, `"it's"`, `E'it\'s'`, `$$it's$$`.
//!
//! Invariant: whatever is written, closed or not, has a text.

/// A quoted text without its quotes; of `E'…'` without its escapes, too.
pub(crate) fn unquoted(written: &str) -> String {
    if let Some(tagged) = written.strip_prefix('$') {
        return dollar_quoted(tagged).to_owned();
    }
    let escapes = written.starts_with(['e', 'E']);
    let quoted = if escapes { written.get(1..).unwrap_or_default() } else { written };
    let Some(quote) = quoted.chars().next().filter(|it| matches!(it, '\'' | '"')) else {
        return quoted.to_owned();
    };
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted.get(1..).unwrap_or_default();
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        match character {
            it if it == quote => {
                let Some(doubled) = rest.strip_prefix(quote) else { break };
                text.push(quote);
                rest = doubled;
            }
            '\\' if escapes => rest = unescaped(rest, &mut text),
            it => text.push(it),
        }
    }
    text
}

/// What stands between `tag$` and `$tag$`.
fn dollar_quoted(tagged: &str) -> &str {
    let Some((tag, text)) = tagged.split_once('$') else { return tagged };
    let end = text.strip_suffix('$').and_then(|it| it.strip_suffix(tag)?.strip_suffix('$'));
    end.unwrap_or(text)
}

/// Appends the character of an escape that stands after its backslash; gives back what follows it.
fn unescaped<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let Some(character) = rest.chars().next() else { return rest };
    let after = rest.get(character.len_utf8()..).unwrap_or_default();
    let (radix, most, digits) = match character {
        'x' => (16, 2, after),
        'u' => (16, 4, after),
        'U' => (16, 8, after),
        '0'..='7' => (8, 3, rest),
        _ => (10, 0, after),
    };
    let length = digits.chars().take(most).take_while(|it| it.is_digit(radix)).count();
    let code = digits.get(..length).and_then(|it| u32::from_str_radix(it, radix).ok());
    if let Some(it) = code.and_then(char::from_u32) {
        text.push(it);
        return digits.get(length..).unwrap_or_default();
    }
    text.push(match character {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\x08',
        'f' => '\x0c',
        other => other,
    });
    after
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn quotes_and_escapes_are_taken_off() {
        for (written, text) in [
            ("'it''s'", "it's"),
            ("\"it's\"", "it's"),
            (r"'a\n'", r"a\n"),
            (r"E'a\n\'\\b'''", "a\n'\\b'"),
            (r"e'\x41\u00e9\U0001F600\101\q'", "Aé😀Aq"),
            ("$$it's$$", "it's"),
            ("$x$ $$ $x$", " $$ "),
            ("'open", "open"),
            (r"E'open\", "open"),
            ("$x$open", "open"),
            ("$", ""),
            ("é", "é"),
        ] {
            assert_eq!(unquoted(written), text, "{written}");
        }
    }
}
