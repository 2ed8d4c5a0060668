//! The text of an artifact, statement by statement, and the map from YAML ranges to the SQL they became.

use specql_text::TextRange;

use super::{
    fragment::{Sql, ToSql, dollar_tag},
    ident::Qualified,
    lines::Lines,
};
use crate::source_map::{Mapping, SourceMap};

/// The text of an artifact.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    text: String,
    map: SourceMap,
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds statements of the program, set off by an empty line.
    pub(crate) fn raw(&mut self, text: &'static str) {
        self.separate();
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Adds statements of the program that are written for one name, for another. Neither may need
    /// quotes, because the text has it inside literals too.
    pub(crate) fn raw_for(&mut self, text: &'static str, name: &'static str, other: &Qualified) {
        self.separate();
        self.text.push_str(&text.trim_end().replace(name, &other.catalogue_text()));
        self.text.push('\n');
    }

    /// Adds a statement on lines of its own, set off by an empty line.
    pub(crate) fn statement(&mut self, lines: Lines) {
        self.separate();
        self.lines(lines);
    }

    /// Adds a one-piece statement.
    pub(crate) fn line(&mut self, text: Sql) {
        let mut lines = Lines::new();
        lines.push(text);
        self.statement(lines);
    }

    /// Adds a statement that ends in a body: `head`, then the body in dollar quotes that nothing in
    /// it can close, then a semicolon.
    pub(crate) fn with_body(&mut self, head: Lines, body: Lines) {
        self.separate();
        self.lines(head);
        let mut inner = Self::new();
        inner.lines(body);
        let tag = dollar_tag("specql", &inner.text);
        if !self.text.ends_with("DO\n") {
            self.text.push_str("AS ");
        }
        self.text.push_str(&tag);
        self.text.push('\n');
        let offset = self.text.len();
        self.text.push_str(&inner.text);
        self.map.extend_shifted(inner.map, offset);
        self.text.push_str(&tag);
        self.text.push_str(";\n");
    }

    /// `DO` with a body.
    pub(crate) fn do_block(&mut self, body: Lines) {
        let mut head = Lines::new();
        head.push(Sql::raw("DO"));
        let mut block = Lines::new();
        block.push(Sql::raw("BEGIN"));
        block.indented(|it| it.append(body));
        block.push(Sql::raw("END"));
        self.with_body(head, block);
    }

    /// Adds another script behind this one.
    pub(crate) fn append(&mut self, other: Self) {
        self.separate();
        let offset = self.text.len();
        self.text.push_str(&other.text);
        self.map.extend_shifted(other.map, offset);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text and the map.
    pub(crate) fn finish(self) -> (String, SourceMap) {
        (self.text, self.map)
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn lines(&mut self, lines: Lines) {
        for line in lines.items {
            let start = self.text.len();
            for (index, part) in line.text.as_str().split('\n').enumerate() {
                if index > 0 {
                    self.text.push('\n');
                }
                if !part.is_empty() {
                    self.text.extend(std::iter::repeat_n("    ", line.depth));
                    self.text.push_str(part);
                }
            }
            if let Some(origin) = line.origin {
                let sql = TextRange::from(start..self.text.len());
                self.map.push(Mapping { origin, sql });
            }
            self.text.push('\n');
        }
    }
}

impl ToSql for Lines {
    fn write(&self, out: &mut String) {
        let mut script = Script::new();
        script.lines(self.clone());
        out.push_str(script.text.trim_end());
    }
}
