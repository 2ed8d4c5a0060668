//! The text of a migration: statements with the reason above each. What would lose data, and what needs
//! an answer first, stands there as a comment.

use std::fmt::Write;

/// One of the two files.
#[derive(Debug, Default)]
pub(super) struct Steps {
    text: String,
    /// Statements that lose data are written as statements.
    allow_destructive: bool,
    pub(super) statements: usize,
    pub(super) destructive: usize,
    pub(super) questions: usize,
}

impl Steps {
    pub(super) fn new(allow_destructive: bool) -> Self {
        Self { allow_destructive, ..Self::default() }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A statement that keeps every value.
    pub(super) fn run(&mut self, why: &str, statement: &str) {
        self.statements += 1;
        self.comment(why);
        let _ = writeln!(self.text, "{statement}\n");
    }

    /// A statement that loses something: a comment, unless it is allowed.
    pub(super) fn destroy(&mut self, why: &str, statement: &str) {
        self.destructive += 1;
        self.comment(&format!("destructive: {why}"));
        if self.allow_destructive {
            let _ = writeln!(self.text, "{statement}\n");
        } else {
            self.comment(statement);
            self.text.push('\n');
        }
    }

    /// Something that only a person knows, with the statement to complete.
    pub(super) fn ask(&mut self, question: &str, statement: &str) {
        self.questions += 1;
        self.comment(&format!("question: {question}"));
        self.comment(statement);
        self.text.push('\n');
    }

    /// Something to know, with a query to look.
    pub(super) fn note(&mut self, what: &str, query: &str) {
        self.comment(what);
        self.comment(query);
        self.text.push('\n');
    }

    /// A file of `emit` as it is.
    pub(super) fn file(&mut self, path: &str, text: &str) {
        self.statements += 1;
        let _ = writeln!(self.text, "-- {path}\n\n{}\n", text.trim());
    }

    fn comment(&mut self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.text, "{}", format!("-- {line}").trim_end());
        }
    }
}
