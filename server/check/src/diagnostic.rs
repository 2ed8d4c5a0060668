//! Findings as plain data.

use specql_model::FileId;
use specql_text::{TextEdit, TextRange};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing; compatibility with released generators.
    Info,
    /// Likely a mistake.
    Warning,
    /// A stale cache, a lost event, a wrong audit entry, or a file that cannot be read.
    Error,
}

/// A finding of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's code.
    pub code: &'static str,
    /// The level, after configuration.
    pub level: Level,
    /// The file.
    pub file: FileId,
    /// The part of the file to underline.
    pub range: TextRange,
    /// Lowercase sentence, values in backticks, no final stop: what is wrong, and why it matters.
    pub message: String,
    /// What to do about it, when the message does not say so.
    pub help: Option<String>,
    /// The other sides of the contradiction.
    pub related: Vec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// How editors may show it.
    pub tags: Vec<Tag>,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place.
    pub range: TextRange,
    /// What is there.
    pub message: String,
}

/// A way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Imperative sentence without a final stop: "Add `User` to `side_effects`".
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The edits; ranges refer to the texts that were checked.
    pub edits: Vec<FileEdit>,
}

/// An edit of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    /// The file.
    pub file: FileId,
    /// The edit.
    pub edit: TextEdit,
}

/// Whether a fix may be applied without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// It says what the file already means.
    Safe,
    /// It needs a look.
    Review,
}

/// How editors may show a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Faded: it has no effect.
    Unnecessary,
    /// Struck out: an older form.
    Deprecated,
}
