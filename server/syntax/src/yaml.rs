//! The YAML of a file as values with ranges, the same whether it was written in block or in flow style.
//!
//! Invariant: every range lies on character boundaries of the file's text; a value never reaches
//! beyond the block it stands in. Aliases and merge keys are resolved, and an entry that came through
//! a merge key says so.

mod block_scalar;
mod by_line;
mod cook;
mod core_schema;
#[cfg(test)]
mod differential;
mod key;
mod kinds;
mod lower;
mod number;
mod resolve;
#[cfg(test)]
mod tests;
mod timestamp;

use std::sync::Arc;

use ecow::EcoString;
use smallvec::SmallVec;
use specql_text::TextRange;

use crate::Name;

pub(crate) use by_line::read as read_by_line;
pub use core_schema::resolve_core;
pub(crate) use lower::lower;
pub use resolve::resolve;

/// A value of YAML and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What is written, without its anchor and tag; empty and just after the key or dash for a value
    /// that is not there.
    pub range: TextRange,
    /// The value.
    pub kind: NodeKind,
}

/// The kinds of values. An alias has the kind of what it names, and its own range.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Nothing is written where a value could stand.
    Missing,
    /// A plain, quoted or block scalar.
    Scalar(Arc<Scalar>),
    /// Keys and values in the order of the file.
    Mapping(Arc<Mapping>),
    /// Items in the order of the file.
    Sequence(Arc<Sequence>),
}

/// A mapping in block or flow style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// All entries, duplicates included, entries merged in by `<<` last.
    pub entries: Vec<Entry>,
    /// Written with braces.
    pub flow: bool,
}

/// One `key: value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key; its range is the key as written, with quotes.
    pub key: Name,
    /// What YAML 1.1 makes of the key: a number, a boolean …; [`Resolved::Str`] for one in quotes.
    pub key_resolved: Resolved,
    /// The value.
    pub value: Node,
    /// From the key to the end of the value.
    pub range: TextRange,
    /// The colon is not written yet.
    pub missing_colon: bool,
    /// The entry comes from a mapping named by a merge key.
    pub merged: bool,
}

/// A list in block or flow style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sequence {
    /// The items; an item that is not there yet is [`NodeKind::Missing`].
    pub items: Vec<Node>,
    /// Written with brackets.
    pub flow: bool,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// What a plain scalar means to the upstream loader (`PyYAML` `safe_load`, YAML 1.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// `~`, `null`, nothing.
    Null,
    /// `true`, `no`, `on` and their spellings.
    Bool(bool),
    /// Decimal, octal (`012`), hexadecimal, binary, sexagesimal (`12:30`); in decimal digits.
    Int(EcoString),
    /// A floating point number, as written without underscores.
    Float(EcoString),
    /// A date or a date with a time.
    Timestamp,
    /// Text.
    Str,
}

/// A scalar: its text, and where each part of the text is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// The text after unquoting, unescaping, folding and removal of indentation.
    pub text: EcoString,
    /// How it is written.
    pub style: ScalarStyle,
    /// The closing quote is missing.
    pub unclosed: bool,
    /// What YAML 1.1 makes of it; [`Resolved::Str`] for every style but plain.
    pub resolved: Resolved,
    /// Which bytes of `text` come from which bytes of the file, in ascending order of both; they
    /// cover the text without gaps, and there is at least one.
    pub segments: SmallVec<[Segment; 1]>,
}

/// A run of bytes that stands in the file as it stands in the scalar's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Offset in [`Scalar::text`].
    pub text_start: u32,
    /// Offset in the file.
    pub file_start: u32,
    /// Number of bytes in the text.
    pub len: u32,
    /// Number of bytes in the file; differs from `len` for an escape or a fold, whose bytes map only
    /// as a whole.
    pub file_len: u32,
}

impl Scalar {
    /// Where a part of the text is written in the file.
    #[must_use]
    pub fn file_range(&self, part: TextRange) -> TextRange {
        TextRange::new(self.file_offset(part.start(), false), self.file_offset(part.end(), true))
    }

    /// Where a byte of the text is written. At the border of two segments `end` chooses the end of
    /// the first instead of the start of the second.
    fn file_offset(&self, offset: u32, end: bool) -> u32 {
        let after = self.segments.partition_point(|it| {
            if end { it.text_start < offset } else { it.text_start <= offset }
        });
        let Some(segment) = self.segments.get(after.saturating_sub(1)) else { return 0 };
        let inside = offset.saturating_sub(segment.text_start);
        if segment.len == segment.file_len {
            segment.file_start + inside.min(segment.len)
        } else if inside == 0 && !end {
            segment.file_start
        } else {
            segment.file_start + segment.file_len
        }
    }

    /// Whether lines of the file were joined within a part of the text.
    pub(crate) fn is_folded(&self, part: std::ops::Range<usize>) -> bool {
        let part = TextRange::from(part);
        self.segments.iter().any(|it| {
            let text = TextRange::new(it.text_start, it.text_start + it.len);
            part.contains_range(text) && it.file_len > 1 && text.slice(&self.text) == " "
        })
    }

    /// The offset in the text of a byte of the file, when that byte is a part of the scalar.
    #[must_use]
    pub fn text_offset(&self, file_offset: u32) -> Option<u32> {
        self.segments
            .iter()
            .find(|it| it.file_start <= file_offset && file_offset <= it.file_start + it.file_len)
            .map(|it| it.text_start + (file_offset - it.file_start).min(it.len))
    }
}

/// What is wrong with the layout or the YAML of a file; worded by the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where.
    pub range: TextRange,
    /// What.
    pub kind: ProblemKind,
}

/// The kinds of problems that the file's grammar and the lowering see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// A line or the rest of a line that fits nothing.
    Invalid,
    /// An entry or item that does not stand at the column of its siblings.
    Misindented,
    /// Tabs outside quotes, block scalars and comments, where YAML allows spaces only.
    Tab,
    /// A bare word where `key:` is expected.
    MissingColon,
    /// An entry in a list, without its dash.
    MissingDash,
    /// A list item in a mapping.
    MisplacedSequence,
    /// A `[` or `{` without its end.
    UnclosedFlow,
    /// A quote without its end.
    UnclosedQuote,
    /// An escape that YAML does not know, as written.
    BadEscape(EcoString),
    /// A character that is written as the two halves of a pair, as in JSON; the upstream loader keeps
    /// the halves, which are no text.
    SurrogateEscape(char),
    /// `*name` without `&name` before it.
    UnknownAlias(EcoString),
    /// `*name` inside the value that `&name` names.
    RecursiveAlias(EcoString),
    /// `&name` a second time.
    DuplicateAnchor(EcoString),
    /// A key that an earlier entry of the same mapping has; the range of the first.
    DuplicateKey(EcoString, TextRange),
    /// A further document in the stream.
    SecondDocument,
    /// A tag; SpecQL has none.
    Tag(EcoString),
    /// `? key`, or a collection as a key.
    ComplexKey,
    /// `<<` with something that is no mapping.
    BadMerge,
    /// A `?` in plain text between brackets, or a `:` that begins such a text: the upstream loader
    /// refuses the file or reads a key, so `text?` has to be quoted there.
    MarkInFlow(char),
    /// A plain scalar that the upstream loader takes for a date, a number or a mark of YAML 1.1 and can
    /// make no value of, as written: `2024-13-45`, `0x_`, `=`.
    BadScalar(EcoString),
    /// What a directive must not say: `%YAML 2.0`.
    BadDirective,
    /// Nesting beyond the limit of the grammar.
    TooDeep,
    /// Aliases that would expand to more values than a file can hold.
    AliasBomb,
    /// A text longer than [`MAX_LEN`](crate::MAX_LEN), of which only the first lines are read.
    TooLarge,
}

/// The lowered YAML of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    /// The value of the first document.
    pub root: Node,
    /// All problems in the order of the file.
    pub problems: Vec<Problem>,
    /// Every comment, from its `#` to the end of the line.
    pub comments: Vec<TextRange>,
}

impl Node {
    /// The scalar, when it is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(it) => Some(it),
            NodeKind::Missing | NodeKind::Mapping(_) | NodeKind::Sequence(_) => None,
        }
    }

    /// The mapping, when it is one.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.kind {
            NodeKind::Mapping(it) => Some(it),
            NodeKind::Missing | NodeKind::Scalar(_) | NodeKind::Sequence(_) => None,
        }
    }

    /// The list, when it is one.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&Sequence> {
        match &self.kind {
            NodeKind::Sequence(it) => Some(it),
            NodeKind::Missing | NodeKind::Scalar(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// Whether there is no value: nothing is written, or an explicit null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match &self.kind {
            NodeKind::Missing => true,
            NodeKind::Scalar(it) => it.resolved == Resolved::Null,
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => false,
        }
    }

    /// The text of a scalar that is not null, with its range.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        let scalar = self.as_scalar().filter(|it| it.resolved != Resolved::Null)?;
        Some(Name::new(scalar.text.clone(), self.range))
    }

    /// The boolean of a plain scalar, by YAML 1.1.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_scalar()?.resolved {
            Resolved::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// The value of a key; of several entries with that key the last, as the upstream loader has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_mapping()?.get(key).map(|it| &it.value)
    }
}

impl Mapping {
    /// The entry with a key; of several the last one that is written here, else a merged one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let own = self.entries.iter().rev().find(|it| !it.merged && it.key.text == key);
        own.or_else(|| self.entries.iter().find(|it| it.merged && it.key.text == key))
    }
}
