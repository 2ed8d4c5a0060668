//! Regular expressions: which of them PostgreSQL surely does not read.
//!
//! Invariant: what is refused here PostgreSQL refuses. Only brackets and what stands before a quantifier are
//! looked at.

/// Why a regular expression cannot be read; nothing where it may be.
pub(super) fn mistake(pattern: &str) -> Option<&'static str> {
    // `***=` and `(?q)` say how the rest is read.
    let has_options = |it: &str| it.starts_with(|it: char| it.is_ascii_alphabetic());
    if pattern.starts_with("***") || pattern.strip_prefix("(?").is_some_and(has_options) {
        return None;
    }
    let mut signs = pattern.chars().peekable();
    let mut open = 0_usize;
    let mut has_atom = false;
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => {
                if signs.next().is_none() {
                    return Some("a `\\` stands at its end");
                }
                has_atom = true;
            }
            '[' => {
                if !closes(&mut signs) {
                    return Some("a `[` is never closed");
                }
                has_atom = true;
            }
            '(' => {
                open += 1;
                has_atom = false;
                // `(?:`, `(?=`: no quantifier.
                if signs.next_if_eq(&'?').is_some() {
                    signs.next();
                }
            }
            ')' => {
                match open.checked_sub(1) {
                    Some(it) => open = it,
                    None => return Some("a `)` closes nothing"),
                }
                has_atom = true;
            }
            '|' => has_atom = false,
            '*' | '+' | '?' if !has_atom => return Some("nothing stands before a quantifier"),
            _ => has_atom = !matches!(sign, '^'),
        }
    }
    (open > 0).then_some("a `(` is never closed")
}

/// Reads a class of characters up to its `]`.
fn closes(signs: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    signs.next_if_eq(&'^');
    let mut is_first = true;
    while let Some(sign) = signs.next() {
        match sign {
            ']' if !is_first => return true,
            '\\' => {
                signs.next();
            }
            '[' if signs.peek().is_some_and(|it| matches!(it, ':' | '.' | '=')) => {
                let kind = signs.next();
                let mut before = None;
                for it in signs.by_ref() {
                    if it == ']' && before == kind {
                        break;
                    }
                    before = Some(it);
                }
            }
            _ => {}
        }
        is_first = false;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn what_cannot_be_read_and_what_can() {
        for it in ["[a-", "(a", "a)", "*a", "a|+b", "a\\", "[[:alpha:", "^*"] {
            assert!(mistake(it).is_some(), "{it}");
        }
        for it in [
            "^[0-9-]{10,17}$",
            "[]a]+",
            "[^]]*",
            "(?:a|b)?",
            "a+?",
            "\\(x\\)",
            "[[:alpha:]_]+",
            "",
            "***=[a",
            "(a)(b)*",
            "^.+@.+$",
            "[\\]]",
        ] {
            assert_eq!(mistake(it), None, "{it}");
        }
    }
}
