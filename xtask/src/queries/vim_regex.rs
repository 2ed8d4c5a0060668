//! A regular expression of tree-sitter's as one of Vim's.
//!
//! Only what means the same in both is let through: literals, `.`, anchors, groups, alternatives,
//! classes and `*`, `+`, `?`. Everything else is an error, so no pattern changes its meaning.

/// What is an operator behind `\v` and a character in other regular expressions.
const MAGIC: &str = "~<>=@%&{}";

/// The pattern in Vim's very magic syntax, case as written whatever the user has set.
pub(super) fn from_rust(pattern: &str) -> Result<String, String> {
    let mut res = "\\v\\C".to_owned();
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                let escaped = rest.next().ok_or("ends in a backslash")?;
                let known = "n.\\+*?()[]|^$".contains(escaped);
                known.then_some(()).ok_or_else(|| format!("`\\{escaped}` is not translated"))?;
                res.extend(['\\', escaped]);
            }
            '[' => {
                res.push('[');
                copy_class(&mut rest, &mut res)?;
            }
            '{' | '}' => return Err("counts are not translated".to_owned()),
            '(' if rest.peek() == Some(&'?') => return Err("`(?` is not translated".to_owned()),
            it if MAGIC.contains(it) => res.extend(['\\', it]),
            it => res.push(it),
        }
    }
    Ok(res)
}

/// Copies up to the end of a class, in which the two agree unless there is a backslash.
fn copy_class(rest: &mut impl Iterator<Item = char>, res: &mut String) -> Result<(), String> {
    for character in rest {
        if character == '\\' || character == '[' {
            return Err(format!("`{character}` in a class is not translated"));
        }
        res.push(character);
        if character == ']' {
            return Ok(());
        }
    }
    Err("a class is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::from_rust;

    #[test]
    fn what_only_vim_takes_for_an_operator_is_escaped() {
        assert_eq!(from_rust("^(~|a=b)$").unwrap(), "\\v\\C^(\\~|a\\=b)$");
        assert_eq!(from_rust("[-+=~]?[.]\\n").unwrap(), "\\v\\C[-+=~]?[.]\\n");
    }

    #[test]
    fn what_is_not_known_to_mean_the_same_is_refused() {
        for pattern in ["(?i)a", "a{2}", "\\d+", "[\\d]", "[a", "a\\"] {
            assert!(from_rust(pattern).is_err(), "{pattern}");
        }
    }
}
