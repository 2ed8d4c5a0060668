//! How the lines around the cursor are laid out, as text.

use super::tokens;

/// Whether YAML wants a space between `head`, which ends at the cursor's word, and that word: behind
/// a key's colon and behind a dash.
pub(super) fn wants_space(head: &str) -> bool {
    let line = head.rsplit('\n').next().unwrap_or_default();
    let is_dash = line.ends_with('-') && line.trim_start().split(' ').all(|it| it == "-");
    is_dash || line.ends_with(':') && !line.ends_with("::") && !line.trim_start().starts_with(':')
}

/// The line of which `before` holds the beginning, without the byte order mark of the file.
pub(super) fn line_of(before: &str) -> &str {
    before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}')
}

/// Whether a word that is typed alone on its line has its value below it already: a block that is
/// deeper, or a list in its column.
pub(super) fn is_above_block(before: &str, after: &str) -> bool {
    let line = line_of(before);
    let head = line.trim_end_matches(tokens::is_name);
    let rest = after.trim_start_matches(tokens::is_name).lines().next().unwrap_or_default();
    if head.len() == line.len() || !head.trim_matches([' ', '-']).is_empty() {
        return false;
    }
    let Some(next) = next_line(after).filter(|_| rest.trim().is_empty()) else { return false };
    let column = next.len() - next.trim_start().len();
    column > head.len() || column == head.len() && !head.contains('-') && is_item(next)
}

/// Whether the cursor's word, or nothing yet, stands alone on its line between a key and the first item of its
/// list, in the column of that item's dash.
pub(super) fn is_above_items(before: &str, after: &str) -> bool {
    let line = line_of(before);
    let head = line.trim_end_matches(tokens::is_name);
    let rest = after.trim_start_matches(tokens::is_name).lines().next().unwrap_or_default();
    if !head.trim_matches(' ').is_empty() || !rest.trim().is_empty() {
        return false;
    }
    let column = |it: &str| it.len() - it.trim_start().len();
    if !next_line(after).is_some_and(|it| is_item(it) && column(it) == head.len()) {
        return false;
    }
    let above = before.get(..before.len() - line.len()).unwrap_or_default();
    let Some(key) = above.lines().rev().find(|it| says(it)) else { return false };
    let key_column = key.len() - key.trim_start_matches([' ', '-']).len();
    // In the column of the key a word may become one.
    let is_deeper = key_column < head.len() || key_column == head.len() && head.len() == line.len();
    let key = key.split(" #").next().unwrap_or_default();
    is_deeper && key.trim_end().ends_with(':')
}

/// What closes, at the end of the cursor's line, what is open between brackets there: a quote, and the
/// brackets that nothing on deeper lines below closes.
pub(super) fn missing_brackets(before: &str, after: &str) -> String {
    let line = line_of(before);
    let mut open = Open::default();
    open.read(line);
    if open.brackets.is_empty() {
        return String::new();
    }
    let column = line.len() - line.trim_start().len();
    let is_inside = |it: &&str| {
        let text = it.trim_start();
        text.is_empty() || it.len() - text.len() > column || text.starts_with(['}', ']', ','])
    };
    let mut lines = after.lines();
    open.read(lines.next().unwrap_or_default());
    let below: Vec<&str> = lines.take_while(is_inside).collect();
    // A text may go on below.
    let quote = open.quote.take();
    if quote.is_some_and(|quote| below.iter().any(|it| it.contains(quote))) {
        return String::new();
    }
    for it in below {
        if open.brackets.is_empty() || open.quote.is_some() {
            break;
        }
        open.read(it);
    }
    if open.quote.is_some() {
        return String::new();
    }
    quote.into_iter().chain(open.brackets.into_iter().rev()).collect()
}

/// What is open at the end of some lines of flow style.
#[derive(Default)]
struct Open {
    /// The bracket that closes each, the innermost last.
    brackets: Vec<char>,
    quote: Option<char>,
}

impl Open {
    /// Reads a line, or the rest of one.
    fn read(&mut self, line: &str) {
        let mut before = ' ';
        // Two single quotes inside of a text are one.
        let mut just_closed = false;
        for it in line.chars() {
            let begins = before.is_whitespace() || "[{,:".contains(before);
            let was_closed = std::mem::take(&mut just_closed);
            match (self.quote, it) {
                (Some(quote), _) if quote == it => {
                    self.quote = None;
                    just_closed = it == '\'';
                }
                (Some(_), _) => {}
                (None, '\'') if was_closed => self.quote = Some(it),
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
    after.lines().skip(1).find(|it| says(it))
}

/// Whether a line is neither blank nor a comment.
pub(super) fn says(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}
