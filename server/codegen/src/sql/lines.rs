//! Pieces of a statement or of the body of a function, with indentation and where they come from.

use specql_model::FileId;
use specql_text::TextRange;

use super::{
    fragment::{Sql, dollar_tag},
    ident::Ident,
};
use crate::source_map::Origin;

/// Lines of one statement or of the body of a function.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(super) items: Vec<Line>,
    depth: usize,
    origin: Option<Origin>,
}

#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) depth: usize,
    pub(super) text: Sql,
    pub(super) origin: Option<Origin>,
    filling: Option<Filling>,
}

/// The variable that a piece fills, and what stands there where nothing reads it.
#[derive(Debug, Clone)]
struct Filling {
    variable: Ident,
    unread: Sql,
}

impl Lines {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a piece; its further lines are indented like the first one.
    pub(crate) fn push(&mut self, text: Sql) {
        self.add(text, None);
    }

    /// Adds a piece that fills a variable; [`Self::drop_unread`] puts `unread` in its place where no other
    /// piece names the variable.
    pub(crate) fn push_filling(&mut self, text: Sql, variable: &Ident, unread: Sql) {
        self.add(text, Some(Filling { variable: variable.clone(), unread }));
    }

    fn add(&mut self, text: Sql, filling: Option<Filling>) {
        self.items.push(Line { depth: self.depth, text, origin: self.origin, filling });
    }

    /// Adds an empty line, unless there is one already or nothing yet.
    pub(crate) fn blank(&mut self) {
        if self.items.last().is_some_and(|it| !it.text.is_empty()) {
            self.items.push(Line { depth: 0, text: Sql::default(), origin: None, filling: None });
        }
    }

    /// What `write` adds stands one level deeper.
    pub(crate) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// What `write` adds comes from this range of a file.
    pub(crate) fn mapped(&mut self, file: FileId, range: TextRange, write: impl FnOnce(&mut Self)) {
        let outer = self.origin.replace(Origin { file, range });
        write(self);
        self.origin = outer;
    }

    /// Adds lines made elsewhere at this depth.
    pub(crate) fn append(&mut self, other: Self) {
        let depth = self.depth;
        let origin = self.origin;
        self.items.extend(other.items.into_iter().map(|it| Line {
            depth: it.depth + depth,
            text: it.text,
            origin: it.origin.or(origin),
            filling: it.filling,
        }));
    }

    /// Leaves out what only fills variables that nothing else names; answers with these variables.
    pub(crate) fn drop_unread(&mut self) -> Vec<Ident> {
        let fillings = self.items.iter().filter_map(|it| it.filling.as_ref());
        let mut variables: Vec<Ident> = fillings.map(|it| it.variable.clone()).collect();
        variables.retain(|it| !self.is_read(it));
        self.items.retain_mut(|it| {
            let unread = it.filling.take_if(|filling| variables.contains(&filling.variable));
            let Some(filling) = unread else { return true };
            it.text = filling.unread;
            !it.text.is_empty()
        });
        variables
    }

    fn is_read(&self, variable: &Ident) -> bool {
        let fills = |it: &&Line| it.filling.as_ref().is_some_and(|by| by.variable == *variable);
        let name = Sql::of(variable);
        self.items.iter().filter(|it| !fills(it)).any(|it| it.text.names(&name))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The lines as a text constant, in dollar quotes that nothing in them can close.
    pub(crate) fn quoted(&self) -> Sql {
        let text = Sql::of(self);
        let tag = dollar_tag("text", text.as_str());
        Sql::checked(format!("{tag}\n{}\n{tag}", text.as_str()))
    }
}
