//! One file's text, tree and values, memoised by whoever holds it.
//!
//! Invariant: a parse that was made from an older one equals one made from scratch.

use std::{
    cell::RefCell,
    sync::{Arc, OnceLock},
};

use specql_text::TextRange;
use tree_sitter::{InputEdit, Parser, Point, Tree};

use crate::{
    layout::Layout,
    yaml::{self, Problem, ProblemKind, Yaml},
};

/// The longest text that is parsed, in bytes. Larger files are data, not declarations.
pub const MAX_LEN: usize = 16 * 1024 * 1024;
/// How much of a longer text is parsed, to tell what kind of file it is.
const HEAD_LEN: usize = 64 * 1024;

/// A parsed file. Cheap to clone parts of; never changes.
#[derive(Debug)]
pub struct Parse {
    text: Arc<str>,
    /// Made when it is needed: most files are read without one.
    tree: OnceLock<Tree>,
    yaml: Yaml,
    /// Made when something is first written in its style.
    layout: OnceLock<Layout>,
}

impl Parse {
    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The concrete tree: total, so it has neither `ERROR` nor `MISSING` nodes.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| tree(read_part(&self.text), None))
    }

    /// The values.
    #[must_use]
    pub fn yaml(&self) -> &Yaml {
        &self.yaml
    }

    /// How the file is laid out.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(&self.text, &self.yaml.root))
    }

    /// Parses another text, most of which is this one: what stands before and behind the part that
    /// differs keeps its nodes.
    ///
    /// The part is found by comparing the texts, so that whatever edits led from one to the other, in
    /// one step or in many, tree and text cannot come apart.
    #[must_use]
    pub fn reparse(&self, text: Arc<str>) -> Self {
        let old = self.tree.get().filter(|_| self.text.len().max(text.len()) <= MAX_LEN);
        let old = old.map(|it| {
            let mut old = it.clone();
            old.edit(&replaced(&self.text, &text));
            old
        });
        Self::new(text, old.as_ref())
    }

    fn new(text: Arc<str>, old: Option<&Tree>) -> Self {
        let read = read_part(&text);
        if let Some(yaml) = yaml::read_by_line(read).filter(|_| read.len() == text.len()) {
            return Self { text, tree: OnceLock::new(), yaml, layout: OnceLock::new() };
        }
        let tree = tree(read, old);
        let mut yaml = yaml::lower(read, &tree);
        if read.len() < text.len() {
            let range = TextRange::from(0..read.lines().next().map_or(0, str::len));
            yaml.problems.insert(0, Problem { range, kind: ProblemKind::TooLarge });
        }
        Self { text, tree: tree.into(), yaml, layout: OnceLock::new() }
    }
}

/// The tree of a text; of an older one with its edit, what both share is kept.
fn tree(text: &str, old: Option<&Tree>) -> Tree {
    let tree = PARSER.with_borrow_mut(|it| it.parse(text.as_bytes(), old));
    tree.expect("no time limit and no cancellation is set")
}

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(parser());
}

fn parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_specql::LANGUAGE.into())
        .expect("the grammar is generated for the ABI of the library it is built with");
    parser
}

/// Parses a text from scratch.
#[must_use]
pub fn parse(text: Arc<str>) -> Parse {
    Parse::new(text, None)
}

/// What of a text is parsed: all of it, unless it is too long.
fn read_part(text: &str) -> &str {
    if text.len() > MAX_LEN { head(text) } else { text }
}

/// The first lines of a long text.
fn head(text: &str) -> &str {
    let end = text.floor_char_boundary(HEAD_LEN);
    let head = text.get(..end).unwrap_or_default();
    head.rfind('\n').and_then(|it| head.get(..=it)).unwrap_or(head)
}

/// The one replacement that makes `after` of `before`, between characters.
fn replaced(before: &str, after: &str) -> InputEdit {
    let start = common_prefix(before, after);
    let rest = (before.get(start..).unwrap_or_default(), after.get(start..).unwrap_or_default());
    let same_behind = common_suffix(rest.0, rest.1);
    let (old_end, new_end) = (before.len() - same_behind, after.len() - same_behind);
    InputEdit {
        start_byte: start,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point(before, start),
        old_end_position: point(before, old_end),
        new_end_position: point(after, new_end),
    }
}

/// How many bytes two texts have in common at their start, in whole characters.
fn common_prefix(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    // A boundary of one is not always one of the other: `é` and `è` share their first byte.
    (0..=same)
        .rev()
        .find(|it| one.is_char_boundary(*it) && other.is_char_boundary(*it))
        .unwrap_or(0)
}

/// The same at their end.
fn common_suffix(one: &str, other: &str) -> usize {
    let bytes = one.bytes().rev().zip(other.bytes().rev());
    let same = bytes.take_while(|(one, other)| one == other).count();
    let is_boundary = |it: &usize| {
        one.is_char_boundary(one.len() - it) && other.is_char_boundary(other.len() - it)
    };
    (0..=same).rev().find(is_boundary).unwrap_or(0)
}

/// The row and the column in bytes of an offset.
fn point(text: &str, at: usize) -> Point {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    Point::new(before.bytes().filter(|it| *it == b'\n').count(), at - line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Kinds and ranges of all nodes.
    fn nodes(tree: &Tree) -> Vec<(&'static str, std::ops::Range<usize>, Point)> {
        let mut found = Vec::new();
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            found.push((node.kind(), node.byte_range(), node.end_position()));
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
            }
        }
    }

    fn assert_is_fresh(edited: &Parse) {
        let fresh = parse(Arc::clone(edited.text()));
        assert_eq!(nodes(edited.tree()), nodes(fresh.tree()), "{:?}", edited.text());
        assert_eq!(edited.yaml(), fresh.yaml(), "{:?}", edited.text());
    }

    #[test]
    fn only_what_differs_is_replaced() {
        let edit = replaced("a: é\nb: c\n", "a: è\nb: c\n");
        assert_eq!((edit.start_byte, edit.old_end_byte, edit.new_end_byte), (3, 5, 5));
        assert_eq!(edit.new_end_position, Point::new(0, 5));
        let same = replaced("a", "a");
        assert_eq!((same.start_byte, same.old_end_byte, same.new_end_byte), (1, 1, 1));
        let doubled = replaced("aa", "aaa");
        assert_eq!((doubled.start_byte, doubled.old_end_byte, doubled.new_end_byte), (2, 2, 3));
    }

    #[test]
    fn unchanged_blocks_keep_their_nodes() {
        // An anchor, so that a tree is made. The address of a node lies in its parent, which is kept.
        let text = "entity: &e Post\nactions:\n  - name: a\n    steps:\n      - validate: x\n  - name: b\n";
        let before = parse(text.into());
        let after = before.reparse(text.replace("validate: x", "validate: xy").into());
        let last_name = |it: &Parse| {
            let end = it.text().len() - 2;
            let mut node = it.tree().root_node().named_descendant_for_byte_range(end, end).unwrap();
            while node.kind() != "name_pair" {
                node = node.parent().unwrap();
            }
            node.id()
        };
        assert_eq!(last_name(&before), last_name(&after));
        assert_is_fresh(&after);
    }

    #[test]
    fn of_a_text_beyond_the_limit_the_head_is_read() {
        let text = format!("entity: Post\nfields:\n{}", "  a: text\n".repeat(MAX_LEN / 10 + 1));
        let parsed = parse(text.into());
        assert_eq!(
            parsed.yaml().root.get("entity").and_then(yaml::Node::name).unwrap().text,
            "Post"
        );
        let first = &parsed.yaml().problems[0];
        assert_eq!((first.range, &first.kind), (TextRange::new(0, 12), &ProblemKind::TooLarge));
        let shorter = parsed.reparse("entity: Post\n".into());
        assert_is_fresh(&shorter);
        assert!(shorter.yaml().problems.is_empty());
    }

    fn any_piece() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "entity: Post\n",
            "fields:\n",
            "  title: text!\n",
            "actions:\n",
            "  - name: a\n",
            "    steps:\n",
            "      - validate: a = 'b'\n",
            "        error: x\n",
            "    impact:\n",
            "      primary:\n",
            "  é: \"ü\\u00e9\"\n",
            "x",
            " ",
            "\n",
            "\r\n",
            "\t",
            "\"",
            "'",
            "[",
            "]",
            "{a: b}",
            ": ",
            "- ",
            "# c\n",
            "|\n",
            "   ",
            "&a ",
            "*a",
            "---\n",
            "\u{2028}",
            "@",
        ])
        .prop_map(str::to_owned)
    }

    prop_compose! {
        fn any_edit()(at in 0.0..1.0f64, length in 0..12usize, piece in any_piece()) -> (f64, usize, String) {
            (at, length, piece)
        }
    }

    /// The text with a part replaced, at the nearest characters.
    fn apply(text: &str, (at, length, piece): &(f64, usize, String)) -> String {
        let mut start = (text.len() as f64 * at) as usize;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        format!("{}{piece}{}", &text[..start], &text[end..])
    }

    proptest! {
        // 250 scripts of 40 edits.
        #![proptest_config(ProptestConfig::with_cases(250))]
        #[test]
        fn any_sequence_of_edits_gives_the_parse_of_its_text(
            pieces in prop::collection::vec(any_piece(), 0..40),
            edits in prop::collection::vec(any_edit(), 40),
        ) {
            let mut parsed = parse(pieces.concat().into());
            for edit in &edits {
                let text = apply(parsed.text(), edit);
                parsed = parsed.reparse(text.into());
                assert_is_fresh(&parsed);
            }
        }
    }
}
