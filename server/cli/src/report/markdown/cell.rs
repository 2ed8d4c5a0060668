//! Texts in a cell of a table of GitHub's Markdown.
//!
//! Invariant: a cell shows the text that it was given, whatever stands in it. What is code between
//! backticks stays code; beyond it nothing becomes a tag, a link, emphasis or another cell.

use crate::report::text::{one_line, path_on_a_line};

/// A sentence with code between backticks.
pub(crate) fn cell(text: &str) -> String {
    let text = one_line(text);
    let (mut res, mut rest) = (String::new(), text.as_str());
    while let Some(at) = rest.find('`') {
        let (before, from) = rest.split_at(at);
        res.push_str(&escaped(before));
        let ticks = from.len() - from.trim_start_matches('`').len();
        let (fence, behind) = from.split_at(ticks);
        match closed(behind, ticks) {
            Some((within, after)) => {
                res.push_str(&code_of(within, fence));
                rest = after;
            }
            None => {
                fence.chars().for_each(|_| res.push_str("&#96;"));
                rest = behind;
            }
        }
    }
    res + &escaped(rest)
}

/// A text as code.
pub(crate) fn code(text: &str) -> String {
    let text = path_on_a_line(text);
    if text.contains('`') { html(&text) } else { code_of(&text, "`") }
}

/// What stands before the next run of just as many backticks, and what behind it.
fn closed(text: &str, ticks: usize) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('`').map(|it| it + from) {
        let run = text.get(at..)?;
        let count = run.len() - run.trim_start_matches('`').len();
        if count == ticks {
            return Some((text.get(..at)?, text.get(at + count..)?));
        }
        from = at + count;
    }
    None
}

/// A bar ends a cell even in code, unless a backslash stands before it, which itself must have none.
fn code_of(text: &str, fence: &str) -> String {
    if text.contains('|') && text.contains('\\') {
        return html(text);
    }
    format!("{fence}{}{fence}", text.replace('|', "\\|"))
}

fn html(text: &str) -> String {
    format!("<code>{}</code>", text.chars().map(by_number).collect::<String>())
}

fn escaped(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(it) = chars.next() {
        // Inside of a word it is no emphasis.
        let is_inside =
            before.is_alphanumeric() && chars.peek().is_some_and(|it| it.is_alphanumeric());
        if it == '_' && is_inside {
            res.push(it);
        } else {
            res.push_str(&by_number(it));
        }
        before = it;
    }
    res
}

/// A character that Markdown or HTML would read is written by its number.
fn by_number(it: char) -> String {
    match it {
        '|' | '<' | '&' | '*' | '_' | '[' | ']' | '`' | '\\' | '~' => {
            format!("&#{};", u32::from(it))
        }
        it => it.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn code_stays_and_the_rest_means_nothing() {
        assert_eq!(
            cell("`a<b>` is _no_name; did you mean `c|d`?"),
            "`a<b>` is &#95;no_name; did you mean `c\\|d`?"
        );
        assert_eq!(cell("x | <img>"), "x &#124; &#60;img>");
        assert_eq!(cell("a ` b"), "a &#96; b");
        assert_eq!(cell("``a`|b``"), "``a`\\|b``");
        assert_eq!(cell("`a\\|b`"), "<code>a&#92;&#124;b</code>");
    }

    #[test]
    fn a_path_is_code_whatever_it_holds() {
        assert_eq!(code("a|b.yaml:3"), "`a\\|b.yaml:3`");
        assert_eq!(code("`a`.yaml"), "<code>&#96;a&#96;.yaml</code>");
        assert_eq!(code("a\nb"), "`a\\nb`");
    }
}
