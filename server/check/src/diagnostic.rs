//! Findings as plain data.

use std::borrow::Cow;

use specql_model::FileId;
use specql_text::{TextEdit, TextRange};
use thin_vec::ThinVec;

use crate::Rule;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Off,
    /// Advice about what is right: shown in editors, and by the command line where somebody asks for it.
    Hint,
    /// Worth knowing; compatibility with released generators.
    Info,
    /// Likely a mistake.
    Warning,
    /// A stale cache, a lost event, a wrong audit entry, or a file that cannot be read.
    Error,
}

/// A finding of a rule. A workspace can have tens of thousands, most without the lists.
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
    pub related: ThinVec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: ThinVec<Fix>,
    /// How editors may show it.
    pub tags: ThinVec<Tag>,
}

impl Diagnostic {
    /// A finding with nothing but its place and its wording; the run sets the configured level.
    pub(crate) fn new(rule: &Rule, file: FileId, range: TextRange, message: String) -> Self {
        Self {
            code: rule.code,
            level: rule.level,
            file,
            range,
            message: one_line(message),
            help: None,
            related: ThinVec::new(),
            fixes: ThinVec::new(),
            tags: ThinVec::new(),
        }
    }

    /// With another level than the rule's own; a configured level still wins.
    pub(crate) fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// With a sentence on what to do.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(readable(text));
        self
    }

    /// With the other side of the contradiction.
    pub(crate) fn related(
        mut self,
        file: FileId,
        range: TextRange,
        text: impl Into<String>,
    ) -> Self {
        self.related.reserve_exact(1);
        self.related.push(Related { file, range, message: readable(text) });
        self
    }

    /// With a way to mend it, when there is one: one without edits is none.
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        if let Some(fix) = fix.into().filter(|it| !it.edits.is_empty()) {
            self.fixes.reserve_exact(1);
            self.fixes.push(fix);
        }
        self
    }

    /// Shown in a special way.
    pub(crate) fn tag(mut self, tag: Tag) -> Self {
        self.tags.reserve_exact(1);
        self.tags.push(tag);
        self
    }
}

impl Fix {
    /// A fix of one file that says what the file already means.
    pub(crate) fn safe(title: impl Into<String>, file: FileId, edits: Vec<TextEdit>) -> Self {
        Self::new(title.into(), Applicability::Safe, file, edits)
    }

    /// A fix of one file that needs a look.
    pub(crate) fn review(title: impl Into<String>, file: FileId, edits: Vec<TextEdit>) -> Self {
        Self::new(title.into(), Applicability::Review, file, edits)
    }

    fn new(
        title: String,
        applicability: Applicability,
        file: FileId,
        edits: Vec<TextEdit>,
    ) -> Self {
        let mut title = readable(title);
        // As of the message: what was put together has room left.
        title.shrink_to_fit();
        let whole = |mut edit: TextEdit| {
            edit.text.shrink_to_fit();
            FileEdit { file, edit }
        };
        Self { title, applicability, edits: edits.into_iter().map(whole).collect() }
    }
}

impl Level {
    /// All, the least first.
    pub const ALL: [Self; 5] = [Self::Off, Self::Hint, Self::Info, Self::Warning, Self::Error];

    /// The word in the configuration and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hint => "hint",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level that a word of the configuration means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
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

/// So many bytes of a value are shown whole.
const LONGEST_VALUE: usize = 200;
/// So many of what stands between values; one that holds a backtick may be taken for it.
const LONGEST_WORDS: usize = 800;

/// A text for people, of which no value takes more than can be read: both ends of a long one say which it is.
fn readable(text: impl Into<String>) -> String {
    let text = text.into();
    if text.len() <= LONGEST_VALUE {
        return text;
    }
    let parts = text.split('`').enumerate().map(|(at, part)| {
        let longest = if at % 2 == 1 { LONGEST_VALUE } else { LONGEST_WORDS };
        if part.len() <= longest { Cow::Borrowed(part) } else { Cow::Owned(ends_of(part, longest)) }
    });
    parts.collect::<Vec<_>>().join("`")
}

fn ends_of(text: &str, longest: usize) -> String {
    let (head, tail) = (longest * 3 / 4, text.len() - longest / 4);
    let head = (0..=head).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default();
    let tail = (tail..=text.len()).find(|it| text.is_char_boundary(*it)).unwrap_or(text.len());
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
    format!("{}…{}", part(0..head), part(tail..text.len()))
}

/// A message without the line ends of a name that has some.
fn one_line(message: String) -> String {
    let message = readable(message);
    let mut message =
        if message.contains(['\n', '\r']) { message.replace(['\n', '\r'], " ") } else { message };
    // There can be many findings, and what is formatted has room left.
    message.shrink_to_fit();
    message
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, LONGEST_VALUE, readable};

    #[test]
    fn of_a_long_value_both_ends_are_shown() {
        let message = |value: &str| format!("`{value}` is no type; write `text`");
        let exact = "a".repeat(LONGEST_VALUE);
        assert_eq!(readable(message(&exact)), message(&exact));
        let long = format!("begin{}end", "é".repeat(10_000_000));
        let short = readable(message(&long));
        assert!(short.len() < 300, "{}", short.len());
        assert!(
            short.starts_with("`beginé") && short.ends_with("éend` is no type; write `text`"),
            "{short}"
        );
        assert!(readable("a".repeat(10_000)).len() < 1000);
    }

    #[test]
    fn what_a_workspace_has_many_of_is_small() {
        let bytes = size_of::<Diagnostic>();
        assert!(bytes <= 104, "a finding takes {bytes} bytes");
    }
}
