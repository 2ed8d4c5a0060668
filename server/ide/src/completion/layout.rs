//! How the lines around the cursor are laid out, as text.

use super::tokens;

/// Whether YAML wants a space between `head`, which ends at the cursor's word, and that word: behind
/// a key's colon and behind a dash.
pub(super) fn wants_space(head: &str) -> bool {
    let line = head.rsplit('\n').next().unwrap_or_default();
    let is_dash = line.ends_with('-') && line.trim_start().split(' ').all(|it| it == "-");
    is_dash || line.ends_with(':') && !line.ends_with("::") && !line.trim_start().starts_with(':')
}

/// Whether a word that is typed alone on its line has its value below it already: a block that is
/// deeper, or a list in its column.
pub(super) fn is_above_block(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let head = line.trim_end_matches(tokens::is_name);
    let rest = after.trim_start_matches(tokens::is_name).lines().next().unwrap_or_default();
    if head.len() == line.len() || !head.trim_matches([' ', '-']).is_empty() {
        return false;
    }
    let Some(next) = next_line(after).filter(|_| rest.trim().is_empty()) else { return false };
    let column = next.len() - next.trim_start().len();
    column > head.len() || column == head.len() && !head.contains('-') && is_item(next)
}

/// The brackets that close what is open between brackets at the cursor, where nothing on its line or on
/// deeper lines below closes it.
pub(super) fn missing_brackets(before: &str, after: &str) -> String {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut open = Open::default();
    open.read(line);
    let column = line.len() - line.trim_start().len();
    let is_inside = |it: &&str| {
        let text = it.trim_start();
        text.is_empty() || it.len() - text.len() > column || text.starts_with(['}', ']', ','])
    };
    let mut lines = after.lines();
    let rest = lines.next().into_iter();
    for it in rest.chain(lines.take_while(is_inside)) {
        if open.brackets.is_empty() || open.quote.is_some() {
            break;
        }
        open.read(it);
    }
    if open.quote.is_some() {
        return String::new();
    }
    open.brackets.into_iter().rev().collect()
}

/// What is open at the end of some lines of flow style.
#[derive(Default)]
struct Open {
    /// The bracket that closes each, the innermost last.
    brackets: Vec<char>,
    quote: Option<char>,
}

impl Open {
    fn read(&mut self, line: &str) {
        let mut before = ' ';
        for it in line.chars() {
            let begins = before.is_whitespace() || "[{,:".contains(before);
            match (self.quote, it) {
                (Some(quote), _) => self.quote = Some(quote).filter(|quote| *quote != it),
                (None, '#') if before.is_whitespace() => return,
                (None, '\'' | '"') if begins => self.quote = Some(it),
                (None, '{') if begins || !self.brackets.is_empty() => self.brackets.push('}'),
                (None, '[') if begins || !self.brackets.is_empty() => self.brackets.push(']'),
                (None, '}' | ']') if self.brackets.last() == Some(&it) => {
                    self.brackets.pop();
                }
                _ => {}
            }
            before = it;
        }
    }
}

/// Whether a line begins an item of a list.
pub(super) fn is_item(line: &str) -> bool {
    line.trim_start().starts_with("- ") || line.trim() == "-"
}

/// The first line behind the one that `after` begins in which is neither blank nor a comment.
pub(super) fn next_line(after: &str) -> Option<&str> {
    let says = |it: &&str| !it.trim().is_empty() && !it.trim_start().starts_with('#');
    after.lines().skip(1).find(says)
}
