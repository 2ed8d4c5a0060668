//! Reports of findings: one format a file.

pub(crate) mod concise;
pub(crate) mod full;
pub(crate) mod json;
mod progress;

use specql_ide::{Analysis, Diagnostic, FileId, Level};
use specql_text::{LineIndex, Position, PositionEncoding, TextRange};

pub(crate) use progress::Progress;

/// Findings with what is needed to show them.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// The state that was checked.
    pub(crate) analysis: &'a Analysis,
    /// In the order of files and ranges.
    pub(crate) findings: Vec<Diagnostic>,
    /// Number of files that were checked.
    pub(crate) files: usize,
    /// Number of entities among them.
    pub(crate) entities: usize,
}

impl<'a> Report<'a> {
    pub(crate) fn new(analysis: &'a Analysis, files: &[FileId], findings: Vec<Diagnostic>) -> Self {
        let entities = files.iter().filter(|it| analysis.is_entity_file(**it)).count();
        Self { analysis, findings, files: files.len(), entities }
    }

    /// The path of a file as it was given.
    pub(crate) fn path(&self, file: FileId) -> &'a str {
        self.analysis.path(file).unwrap_or_default()
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: FileId) -> &'a str {
        self.analysis.text(file).map_or("", AsRef::as_ref)
    }

    /// How many findings have a level.
    pub(crate) fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|it| it.level == level).count()
    }
}

/// The positions of a range; lines and columns count from 1, columns in characters.
pub(crate) fn positions(index: &LineIndex, range: TextRange) -> (Position, Position) {
    let one_based = |it: Position| Position { line: it.line + 1, character: it.character + 1 };
    let (start, end) = index.positions(range, PositionEncoding::Utf32);
    (one_based(start), one_based(end))
}

/// The level's word.
pub(crate) const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
        Level::Off => "off",
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if noun.ends_with('y') {
        format!("{}ies", noun.trim_end_matches('y'))
    } else {
        format!("{noun}s")
    };
    format!("{count} {}", if count == 1 { noun } else { &plural })
}
