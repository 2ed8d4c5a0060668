//! A name together with where it is written.

use ecow::EcoString;
use specql_text::TextRange;

/// A piece of text and its place in the file. The text is what the YAML scalar means, without
/// quotes and escapes; the range covers it as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The text itself.
    pub text: EcoString,
    /// Where it stands.
    pub range: TextRange,
}

impl Name {
    /// A name at a place.
    #[must_use]
    pub fn new(text: impl Into<EcoString>, range: TextRange) -> Self {
        Self { text: text.into(), range }
    }

    /// The text as a plain string slice.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
