//! The parts of a file that cannot be read, so that what is absent there may still be typed, and what
//! is there may belong elsewhere.

use specql_syntax::{Parse, yaml::ProblemKind};
use specql_text::TextRange;

/// Damaged lines: apart from each other, in the order of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Damage {
    lines: Vec<TextRange>,
}

impl Damage {
    /// The damaged lines of a file.
    pub(crate) fn of(parse: &Parse) -> Self {
        let mut lines: Vec<TextRange> = Vec::new();
        let problems = &parse.yaml().problems;
        for range in problems.iter().filter(|it| hides_text(&it.kind)).map(|it| it.range) {
            match lines.last_mut() {
                Some(last) if last.contains_range(range) => {}
                Some(last) if range.start() <= last.end() => {
                    *last = last.cover(with_lines_below(parse.text(), range));
                }
                _ => lines.push(with_lines_below(parse.text(), range)),
            }
        }
        Self { lines }
    }

    /// Whether there is any.
    pub(crate) fn is_some(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether a line of a range is damaged.
    pub(crate) fn touches(&self, text: &str, range: TextRange) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        let range = whole_lines(text, range);
        let after = self.lines.partition_point(|it| it.end() < range.start());
        self.lines.get(after).is_some_and(|it| it.start() <= range.end())
    }
}

/// Whether a problem keeps something from being read, instead of being read in another way.
fn hides_text(kind: &ProblemKind) -> bool {
    match kind {
        ProblemKind::DuplicateKey(..)
        | ProblemKind::DuplicateAnchor(_)
        | ProblemKind::SecondDocument
        | ProblemKind::Tag(_)
        | ProblemKind::ComplexKey
        | ProblemKind::SurrogateEscape(_)
        | ProblemKind::MarkInFlow(_)
        | ProblemKind::BadScalar(_)
        | ProblemKind::BadDirective => false,
        ProblemKind::Invalid
        | ProblemKind::Misindented
        | ProblemKind::Tab
        | ProblemKind::MissingColon
        | ProblemKind::MissingDash
        | ProblemKind::MisplacedSequence
        | ProblemKind::UnclosedFlow
        | ProblemKind::UnclosedQuote
        | ProblemKind::BadEscape(_)
        | ProblemKind::UnknownAlias(_)
        | ProblemKind::RecursiveAlias(_)
        | ProblemKind::BadMerge
        | ProblemKind::TooDeep
        | ProblemKind::AliasBomb
        | ProblemKind::TooLarge => true,
    }
}

/// The lines of a range, and those below its first one that are indented deeper: a block whose key
/// cannot be read hangs on whatever stands before it.
fn with_lines_below(text: &str, range: TextRange) -> TextRange {
    let mut lines = whole_lines(text, range).to_usize();
    let first = text.get(lines.clone()).and_then(|it| it.lines().next()).unwrap_or_default();
    if !may_have_block(first) {
        return lines.into();
    }
    let indent = indentation(first);
    while let Some(next) = text.get(lines.end + 1..).filter(|it| !it.is_empty()) {
        let line = next.lines().next().unwrap_or_default();
        let is_list = line.trim_start().starts_with("- ") && indentation(line) == indent;
        if !line.trim().is_empty() && indentation(line) <= indent && !is_list {
            break;
        }
        lines.end += 1 + next.find('\n').unwrap_or(next.len());
    }
    lines.into()
}

/// Whether a line could be the key of the block below it. A key with its value in the same line is
/// none, and neither is what begins like no key, as the marks of a merge conflict do.
fn may_have_block(line: &str) -> bool {
    let line = line.trim();
    let begins_key = line.starts_with(|it: char| it.is_alphanumeric() || "-_\"'?&*[{".contains(it));
    line.ends_with(':') || (begins_key && (line.starts_with('-') || !line.contains(": ")))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// From the beginning of the first line to the end of the last one, without its line break.
fn whole_lines(text: &str, range: TextRange) -> TextRange {
    let (start, end) = (range.to_usize().start, range.to_usize().end);
    let line_start = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let rest = text.get(end..).and_then(|it| it.find('\n'));
    TextRange::from(line_start..rest.map_or(text.len(), |it| end + it))
}
