//! What the two one-line languages share: a scalar's text is parsed by itself, and every node's place
//! in the text becomes its place in the file, through escapes, folds and indentation.
//!
//! Invariant: the grammars are total, so a tree has no error nodes; what is wrong with a line is in
//! its `missing_…`, `unclosed_…` and `unexpected` nodes.

use std::{cell::RefCell, cmp::Reverse};

use specql_text::TextRange;
use tree_sitter::{Node, Parser, Tree};

use crate::{
    Name, sql,
    statement::{LineProblem, LineProblemKind},
    yaml::Scalar,
};

/// The one-line languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// A field's type.
    Type,
    /// A step's statement or expression.
    Step,
}

thread_local! {
    static TYPE_PARSER: RefCell<Parser> = RefCell::new(parser(Language::Type));
    static STEP_PARSER: RefCell<Parser> = RefCell::new(parser(Language::Step));
}

fn parser(language: Language) -> Parser {
    let language = match language {
        Language::Type => tree_sitter_specql::TYPE_LANGUAGE,
        Language::Step => tree_sitter_specql::STEP_LANGUAGE,
    };
    let mut parser = Parser::new();
    parser
        .set_language(&language.into())
        .expect("the grammar is generated for the ABI of the library it is built with");
    parser
}

/// The tree of a one-line text.
pub(crate) fn parse(language: Language, text: &str) -> Tree {
    let parser = match language {
        Language::Type => &TYPE_PARSER,
        Language::Step => &STEP_PARSER,
    };
    parser.with_borrow_mut(|it| it.parse(text, None)).expect("no cancellation is set")
}

/// A scalar that is being read, and what was wrong with it so far.
pub(crate) struct Line<'a> {
    scalar: &'a Scalar,
    problems: Vec<LineProblem>,
    /// Expressions around the present one.
    pub(crate) depth: usize,
    /// The `IN` that belongs to `position(a IN b)`, by the id of its node.
    pub(crate) position: Option<usize>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(scalar: &'a Scalar) -> Self {
        Self { scalar, problems: Vec::new(), depth: 0, position: None }
    }

    /// The text of a node, as the scalar means it.
    pub(crate) fn text(&self, node: Node<'_>) -> &'a str {
        self.scalar.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Where a node is written.
    pub(crate) fn range(&self, node: Node<'_>) -> TextRange {
        self.scalar.file_range(node.byte_range().into())
    }

    /// The text of a node and its place.
    pub(crate) fn name(&self, node: Node<'_>) -> Name {
        Name::new(self.text(node), self.range(node))
    }

    pub(crate) fn report(&mut self, range: TextRange, kind: LineProblemKind) {
        self.problems.push(LineProblem { range, kind });
    }

    /// Something is missing where a node of no width stands. At one place only the first counts:
    /// after `SET title` an `=` is missing, and only then a value.
    pub(crate) fn expected(&mut self, node: Node<'_>, what: &'static str) {
        self.expected_at(self.range(node), what);
    }

    pub(crate) fn expected_at(&mut self, range: TextRange, what: &'static str) {
        let is_here =
            |it: &LineProblem| it.range == range && matches!(it.kind, LineProblemKind::Expected(_));
        if !self.problems.iter().rev().take(4).any(is_here) {
            self.report(range, LineProblemKind::Expected(what));
        }
    }

    pub(crate) fn unexpected(&mut self, node: Node<'_>) {
        self.report(self.range(node), LineProblemKind::Unexpected);
    }

    /// A quote or parenthesis that `node` begins with has no end.
    pub(crate) fn unclosed(&mut self, node: Node<'_>) {
        let text = self.text(node);
        let Some((at, character)) =
            text.char_indices().find(|(_, it)| matches!(it, '\'' | '"' | '(' | '[' | '$'))
        else {
            return;
        };
        let at = node.start_byte() + at;
        let range = self.scalar.file_range((at..at + character.len_utf8()).into());
        self.report(range, LineProblemKind::Unclosed(character));
    }

    /// Checks a query in parentheses, which is passed on as it is.
    pub(crate) fn check_sql(&mut self, node: Node<'_>) {
        if let Some(problem) = sql::check(self.text(node)) {
            let start = node.start_byte();
            let range = start + problem.range.start..start + problem.range.end;
            let range = self.scalar.file_range(range.into());
            self.report(range, LineProblemKind::Sql(problem.message));
        }
    }

    /// A comment that has no end, or whose end is that of lines which YAML joins.
    fn check_comment(&mut self, node: Node<'_>) {
        let kind = match node.kind() {
            "unclosed_comment" => LineProblemKind::UnclosedComment,
            _ if !self.text(node).starts_with("--") => return,
            _ if !self.scalar.is_folded(node.byte_range()) => return,
            _ => LineProblemKind::CommentOfJoinedLines,
        };
        let sign = node.start_byte()..node.start_byte() + 2;
        self.report(self.scalar.file_range(sign.into()), kind);
    }

    /// All problems in the order of the text, with those of text that fits nothing.
    pub(crate) fn finish(mut self, root: Node<'_>) -> Vec<LineProblem> {
        self.collect_extras(root);
        self.problems.sort_by_key(|it| (it.range.start(), Reverse(it.range.end())));
        self.problems.dedup();
        drop_covered(&mut self.problems);
        self.problems.sort_by_key(|it| (it.range.start(), it.range.end()));
        self.problems
    }

    /// Reports comments that swallow text, and `unexpected` nodes, those with only blanks between them as
    /// one.
    fn collect_extras(&mut self, root: Node<'_>) {
        let mut cursor = root.walk();
        let mut pending: Option<std::ops::Range<usize>> = None;
        loop {
            let node = cursor.node();
            if node.kind().ends_with("comment") {
                self.check_comment(node);
            }
            if node.kind() == "unexpected" {
                pending = match pending {
                    Some(before) if self.is_blank(before.end, node.start_byte()) => {
                        Some(before.start..node.end_byte())
                    }
                    before => {
                        self.report_unexpected(before);
                        Some(node.byte_range())
                    }
                };
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    self.report_unexpected(pending);
                    return;
                }
            }
        }
    }

    fn report_unexpected(&mut self, range: Option<std::ops::Range<usize>>) {
        if let Some(range) = range {
            let text = self.scalar.text.get(range.clone()).unwrap_or_default();
            let range = range.start..range.start + text.trim_end().len();
            let range = self.scalar.file_range(range.into());
            self.report(range, LineProblemKind::Unexpected);
        }
    }

    fn is_blank(&self, start: usize, end: usize) -> bool {
        self.scalar.text.get(start..end).is_some_and(|it| it.trim().is_empty())
    }
}

/// Removes text that fits nothing from within longer text that fits nothing, which comes first.
fn drop_covered(problems: &mut Vec<LineProblem>) {
    let mut covered: Option<TextRange> = None;
    problems.retain(|it| {
        let is_covered =
            covered.is_some_and(|outer| outer != it.range && outer.contains_range(it.range));
        if it.kind != LineProblemKind::Unexpected {
            return true;
        }
        if !is_covered {
            covered = Some(it.range);
        }
        !is_covered
    });
}
