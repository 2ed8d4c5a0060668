//! What an editor understands of a query: its files, its captures, its predicates.
//!
//! The tables are whole: what a canonical query holds and a table does not name is an error, so nothing
//! gets lost without a reason that the generated file states.

/// An editor.
pub(super) struct Dialect {
    pub(super) name: &'static str,
    /// Below the root: `editors/neovim/queries`.
    pub(super) folder: &'static str,
    /// Every kind of query of the grammars, by the name of its file.
    pub(super) kinds: &'static [(&'static str, Destination)],
    /// Predicates and directives.
    pub(super) predicates: &'static [(&'static str, Predicate)],
    /// Keys of `#set!`.
    pub(super) properties: &'static [(&'static str, Predicate)],
}

/// What becomes of a kind of query.
pub(super) enum Destination {
    /// A file with this name, its captures translated.
    File(&'static str, &'static [(&'static str, To)]),
    /// Not written, because …
    Unread(
        #[allow(dead_code, reason = "for readers of the table; a test holds that it is there")]
        &'static str,
    ),
}

/// What becomes of a capture.
#[derive(Clone, Copy)]
pub(super) enum To {
    /// It has the same name.
    Same,
    /// It has one or more others.
    Names(&'static [&'static str]),
    /// There is none, because …; a pattern without any other capture is left out.
    Without(&'static str),
    /// A pattern with this capture is left out, whatever else it captures, because …
    Excludes(&'static str),
}

/// What becomes of a predicate or a directive.
#[derive(Clone, Copy)]
pub(super) enum Predicate {
    /// It means the same.
    Same,
    /// Its regular expression has to be written otherwise.
    VimRegex,
    /// It is not needed, because …
    Needless(
        #[allow(dead_code, reason = "for readers of the table; a test holds that it is there")]
        &'static str,
    ),
    /// The pattern would mean something else without it, so it is left out, because …
    Missing(&'static str),
}

/// The entry of a name in a table.
pub(super) fn lookup<'a, T>(table: &'a [(&'static str, T)], name: &str) -> Option<&'a T> {
    table.iter().find(|(it, _)| *it == name).map(|(_, it)| it)
}
