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

/// Whether a line begins an item of a list.
pub(super) fn is_item(line: &str) -> bool {
    line.trim_start().starts_with("- ") || line.trim() == "-"
}

/// The first line behind the one that `after` begins in which is neither blank nor a comment.
pub(super) fn next_line(after: &str) -> Option<&str> {
    let says = |it: &&str| !it.trim().is_empty() && !it.trim_start().starts_with('#');
    after.lines().skip(1).find(says)
}
