//! What could not be generated. Every problem is returned and stands as a comment in the text.

use specql_model::FileId;
use specql_text::TextRange;

/// Something in a SpecQL file that has no translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub kind: ProblemKind,
    /// Lowercase sentence with values in backticks: what is wrong and what to do.
    pub message: String,
    /// The file.
    pub file: FileId,
    /// The place in it, in bytes.
    pub range: TextRange,
}

/// The kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// A step or a part of one has no translation; the function fails when it gets there.
    UntranslatedStep,
    /// A name leads to nothing, or to several things.
    UnresolvedName,
    /// A name is longer than PostgreSQL keeps, or two things would have one name.
    NameCollision,
    /// A setting has a value that cannot be used, so the default stands.
    Setting,
    /// Declared, and not enforced by the generated code.
    NotEnforced,
}

impl ProblemKind {
    /// The kebab-case code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UntranslatedStep => "untranslated-step",
            Self::UnresolvedName => "unresolved-name",
            Self::NameCollision => "name-collision",
            Self::Setting => "unusable-setting",
            Self::NotEnforced => "not-enforced",
        }
    }
}
