//! Sub-queries that authors write in SQL.

use super::fragment::Sql;

/// A parenthesised `SELECT`, perhaps behind a `WITH`, as it may stand inside an expression: parentheses balanced, quotes
/// closed, no comment, no second statement, no dollar quote. `None` for anything else, so that no
/// text can leave the parentheses it stands in. White space becomes single spaces.
pub(crate) fn raw_query(text: &str) -> Option<Sql> {
    let text = text.trim();
    let inner = text.strip_prefix('(')?.trim_start();
    let begins =
        |word: &str| inner.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    if !begins("select") && !begins("with") {
        return None;
    }
    let mut res = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            // Nothing may follow the parenthesis that closes the query.
            '(' if depth == 0 && !res.is_empty() => return None,
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            ';' | '$' | '\\' | '\0' => return None,
            '-' if rest.peek() == Some(&'-') => return None,
            '/' if rest.peek() == Some(&'*') => return None,
            '\'' | '"' => {
                res.push(character);
                quoted(character, &mut rest, &mut res)?;
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
    (depth == 0).then(|| Sql::checked(res))
}

/// Copies up to the closing quote; a doubled quote is read as the end of one and the start of the next.
fn quoted(quote: char, rest: &mut dyn Iterator<Item = char>, out: &mut String) -> Option<()> {
    for character in rest {
        if character == '\\' || character == '\0' || character == '\n' {
            return None;
        }
        out.push(character);
        if character == quote {
            return Some(());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(query: &str) -> Option<String> {
        raw_query(query).map(Sql::into_text)
    }

    #[test]
    fn a_query_keeps_its_words() {
        let query = "(SELECT count(*)\n  FROM blog.tb_post WHERE title = 'a; ''b')";
        assert_eq!(
            text(query).as_deref(),
            Some("(SELECT count(*) FROM blog.tb_post WHERE title = 'a; ''b')")
        );
    }

    #[test]
    fn nothing_leaves_the_parentheses() {
        for it in [
            "(SELECT 1); DROP TABLE x",
            "(SELECT 1)) OR (SELECT 2)",
            "(SELECT 1 -- )",
            "(SELECT 1 /* )",
            "(SELECT 'a)",
            "(SELECT $x$)$x$)",
            "(SELECT 1",
            "(DELETE FROM x)",
            "(SELECT 1)(SELECT 2)",
            "SELECT 1",
        ] {
            assert_eq!(text(it), None, "{it}");
        }
    }
}
