//! What the terminal that a report goes to can show.

use std::{
    borrow::Cow,
    env,
    io::{IsTerminal, Stdout},
};

/// Width and characters; colours are `anstream`'s business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Columns that lines are wrapped to.
    pub(crate) width: usize,
    /// Lines may be drawn.
    pub(crate) unicode: bool,
}

/// Of files and pipes, whose reader has no width.
const WIDTH: usize = 100;
/// Narrower than this no excerpt can be read.
const NARROWEST: usize = 40;

impl Terminal {
    /// A file or a pipe.
    pub(crate) const fn plain() -> Self {
        Self { width: WIDTH, unicode: true }
    }

    /// A text in the characters that there are: where no lines can be drawn, no other signs can either. What a
    /// file holds stays as it is.
    pub(crate) fn said(self, text: &str) -> Cow<'_, str> {
        if self.unicode || !text.contains(['…', '×']) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.replace('…', "...").replace('×', "x"))
    }

    /// Of the process's standard output.
    pub(crate) fn of_stdout() -> Self {
        let stdout = std::io::stdout();
        let columns = env::var("COLUMNS").ok().and_then(|it| it.parse().ok()).filter(|it| *it > 0);
        let measured = || {
            let measured = stdout.is_terminal().then(|| columns_of(&stdout));
            measured.flatten().filter(|it| *it > 0)
        };
        let width = columns.or_else(measured).unwrap_or(WIDTH).max(NARROWEST);
        Self { width, unicode: unicode(|name| env::var(name).ok()) }
    }
}

/// The columns of a terminal, also of one that does not know its lines.
#[cfg(unix)]
fn columns_of(stdout: &Stdout) -> Option<usize> {
    rustix::termios::tcgetwinsize(stdout).ok().map(|it| usize::from(it.ws_col))
}

#[cfg(not(unix))]
fn columns_of(stdout: &Stdout) -> Option<usize> {
    terminal_size::terminal_size_of(stdout).map(|(width, _)| usize::from(width.0))
}

/// As POSIX says which characters are used: the first of the three that is set names them. Without any
/// of them on other systems, as in a browser's log, everything is UTF-8.
fn unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    if variable("TERM").is_some_and(|it| it == "dumb" || it == "linux") {
        return false;
    }
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(&variable);
    let locale = set.into_iter().find(|it| !it.is_empty());
    locale.is_none_or(|it| {
        let name = it.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::{Terminal, unicode};

    #[test]
    fn signs_are_those_that_there_are() {
        let terminal = |unicode| Terminal { width: 80, unicode };
        assert_eq!(terminal(false).said("3 × `create_…`"), "3 x `create_...`");
        assert_eq!(terminal(true).said("3 × `create_…`"), "3 × `create_…`");
    }

    #[test]
    fn the_locale_says_which_characters_there_are() {
        let with = |pairs: &[(&str, &str)]| {
            unicode(|name| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()))
        };
        assert!(with(&[]));
        assert!(with(&[("LANG", "de_DE.UTF-8")]));
        assert!(!with(&[("LANG", "C")]));
        assert!(!with(&[("LC_ALL", "POSIX"), ("LANG", "C.UTF-8")]));
        assert!(!with(&[("TERM", "dumb"), ("LANG", "C.UTF-8")]));
    }
}
