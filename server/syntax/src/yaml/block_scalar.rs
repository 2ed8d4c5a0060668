//! Literal (`|`) and folded (`>`) scalars: indentation off, lines folded, the tail chomped, as
//! `PyYAML`'s `scan_block_scalar` does it.

use tree_sitter::Node as TreeNode;

use super::{
    Scalar, ScalarStyle,
    cook::{Cooked, break_text, line_break},
    kinds::{Role, role},
};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Clip,
    Strip,
    Keep,
}

/// The scalar below a header, of which `content` has the lines.
pub(super) fn block_scalar(
    source: &str,
    header: TreeNode<'_>,
    content: Option<TreeNode<'_>>,
) -> Scalar {
    let written = source.get(header.byte_range()).unwrap_or_default();
    let folded = written.starts_with('>');
    let chomping = match written.chars().find(|it| matches!(it, '+' | '-')) {
        Some('+') => Chomping::Keep,
        Some(_) => Chomping::Strip,
        None => Chomping::Clip,
    };
    let style = if folded { ScalarStyle::Folded } else { ScalarStyle::Literal };
    let mut cooked = Cooked::new(source);
    let (end, indentation) = match content {
        Some(it) => (it.end_byte(), lines(source, it, folded, &mut cooked)),
        None => (line_end(source, header.end_byte()), usize::MAX),
    };
    tail(source, end, indentation, chomping, content.is_some(), &mut cooked);
    cooked.finish(style, false, header.end_byte())
}

/// Appends the lines without their indentation, whose width is given back.
fn lines(source: &str, content: TreeNode<'_>, folded: bool, cooked: &mut Cooked<'_>) -> usize {
    let mut cursor = content.walk();
    let mut line: Option<usize> = None;
    let mut width = 0;
    for indentation in content.children(&mut cursor).filter(|it| role(*it) == Role::Indentation) {
        let (from, to) = (indentation.start_byte(), indentation.end_byte());
        let spaces = source.get(from..to).unwrap_or_default();
        width = spaces.len() - spaces.trim_end_matches(' ').len();
        if let Some(start) = line {
            cooked.run(start, from);
            let meaning = between_lines(source, (start, from, to), folded);
            if !meaning.is_empty() {
                cooked.piece(&meaning, from, to);
            }
        } else {
            let first = from + line_break(source, from);
            let breaks = breaks_in(source, first, to);
            if !breaks.is_empty() {
                cooked.piece(&breaks, first, to);
            }
        }
        line = Some(to);
    }
    cooked.run(line.unwrap_or_else(|| content.end_byte()), content.end_byte());
    width
}

/// What stands for the line break at `from` and the empty lines after it, before the text at `to`.
fn between_lines(source: &str, (line, from, to): (usize, usize, usize), folded: bool) -> String {
    let len = line_break(source, from);
    let first = break_text(source, from, len);
    let empty = breaks_in(source, from + len, to);
    let starts_with_blank = |at: usize| matches!(source.as_bytes().get(at), Some(b' ' | b'\t'));
    if folded && first == "\n" && !starts_with_blank(line) && !starts_with_blank(to) {
        return if empty.is_empty() { " ".to_owned() } else { empty };
    }
    format!("{first}{empty}")
}

/// The line breaks in a part of the file that has only those and spaces.
fn breaks_in(source: &str, mut at: usize, end: usize) -> String {
    let mut breaks = String::new();
    while at < end {
        let len = line_break(source, at);
        if len > 0 {
            breaks.push_str(break_text(source, at, len));
        }
        at += len.max(1);
    }
    breaks
}

/// Appends what chomping leaves of the line break at `end` and the empty lines after it.
fn tail(
    source: &str,
    end: usize,
    indentation: usize,
    chomping: Chomping,
    has_lines: bool,
    cooked: &mut Cooked<'_>,
) {
    let len = line_break(source, end);
    let mut meaning = String::new();
    let mut at = end + len;
    if has_lines && len > 0 && chomping != Chomping::Strip {
        meaning.push_str(break_text(source, end, len));
    }
    if chomping == Chomping::Keep {
        while let Some(next) = empty_line(source, at, indentation) {
            meaning.push_str(break_text(source, next.0, next.1));
            at = next.0 + next.1;
        }
    }
    if !meaning.is_empty() {
        cooked.piece(&meaning, end, at);
    }
}

/// The break of the line at `at`, when it has at most `indentation` spaces and nothing else.
fn empty_line(source: &str, at: usize, indentation: usize) -> Option<(usize, usize)> {
    let rest = source.as_bytes().get(at..)?;
    let spaces = rest.iter().take(indentation).take_while(|it| **it == b' ').count();
    let len = line_break(source, at + spaces);
    (len > 0).then_some((at + spaces, len))
}

/// The end of the line that an offset is in.
fn line_end(source: &str, mut at: usize) -> usize {
    while at < source.len() && line_break(source, at) == 0 {
        at += 1;
    }
    at
}
