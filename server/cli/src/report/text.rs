//! Words and characters that several formats share.

use std::borrow::Cow;

use specql_ide::Level;
use textwrap::WordSplitter;

/// The level's word.
pub(crate) const fn level_name(level: Level) -> &'static str {
    level.as_str()
}

/// `1 error`, `2 errors`, `3 entities`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    format!("{count} {}", if count == 1 { noun } else { &plural })
}

/// A text of a file as a terminal may show it: control characters, which could move the cursor or
/// change colours, and characters that turn the direction of a line are shown by number.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let harmful = |it: char| (it.is_control() && it != '\n' && it != '\t') || is_direction(it);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut res = String::with_capacity(text.len());
    for it in text.chars() {
        if harmful(it) { res.extend(it.escape_unicode()) } else { res.push(it) }
    }
    Cow::Owned(res)
}

/// A path on one line: a name may hold a line end, and what else a terminal would obey.
pub(crate) fn path_on_a_line(path: &str) -> String {
    printable(path).replace('\n', "\\n").replace('\t', "\\t")
}

/// A text in lines of a width, broken at blanks alone: what is in backticks is there to be copied.
pub(crate) fn filled(text: &str, width: usize) -> String {
    let options = textwrap::Options::new(width).word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm.
const fn is_direction(it: char) -> bool {
    matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{counted, filled, one_line, path_on_a_line, printable};

    #[test]
    fn lines_end_at_blanks() {
        assert_eq!(
            filled("by `--fix --unsafe-fixes`, then", 21),
            "by `--fix\n--unsafe-fixes`, then"
        );
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_by_number() {
        assert_eq!(printable("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(printable("é\tü\n"), "é\tü\n");
        assert_eq!(one_line("a\n  b"), "a b");
        assert_eq!(path_on_a_line("a\n\u{1b}b c.yaml"), "a\\n\\u{1b}b c.yaml");
    }

    #[test]
    fn nouns_have_plurals() {
        assert_eq!(counted(1, "entity"), "1 entity");
        assert_eq!(counted(2, "entity"), "2 entities");
        assert_eq!(counted(0, "file"), "0 files");
    }
}
