//! What is being typed changes no node outside of its block.
//!
//! `specql/test/mid_edit/*.txt` holds an intact file and edits of it: lines with `+` and `-` between
//! lines that stay, as in a diff. Outside of the smallest block around an edit every leaf must have the
//! text, the kind and the ancestors that it has in the intact file.

use std::fs;
use std::ops::Range;
use std::path::Path;

use tree_sitter::{Node, Tree};

use crate::support::{each_node, files_below, parser, specql};

/// An intact text, the text after an edit, and the part that the edit replaced.
struct Case<'a> {
    title: &'a str,
    before: &'a str,
    after: String,
    old: Range<usize>,
    new: Range<usize>,
}

#[test]
fn nodes_outside_of_the_edited_block_stay() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specql/test/mid_edit");
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let (mut count, mut failures) = (0, Vec::new());
    let rule = format!("{}\n", "=".repeat(80));
    for path in paths {
        let file = fs::read_to_string(path).unwrap();
        let mut parts = file.split(&rule);
        let before = parts.next().unwrap();
        for part in parts {
            count += 1;
            failures.extend(difference(&case(before, part)));
            let with_returns = |it: &str| it.replace('\n', "\r\n");
            let (before, part) = (with_returns(before), with_returns(part));
            failures.extend(difference(&case(&before, &part)));
        }
    }
    assert!(count >= 60, "only {count} edits");
    assert!(failures.is_empty(), "{} of {count}\n{}", failures.len(), failures.join("\n"));
}

/// Reads a title and an edit, and makes it.
fn case<'a>(before: &'a str, part: &'a str) -> Case<'a> {
    let (title, diff) = part.split_once('\n').unwrap();
    let lines = || diff.split_inclusive('\n');
    let side = |other: char| -> String {
        lines().filter(|it| !it.starts_with(other)).map(|it| &it[1..]).collect()
    };
    let (old, new) = (side('+'), side('-'));
    let mut found = before.match_indices(&old);
    let at = found.next().unwrap_or_else(|| panic!("{title}: the lines are not there")).0;
    assert!(found.next().is_none(), "{title}: the lines are there twice");
    let kept = |lines: &mut dyn Iterator<Item = &str>| -> usize {
        lines.take_while(|it| it.starts_with(' ')).map(|it| it.len() - 1).sum()
    };
    let (above, below) =
        (kept(&mut lines()), kept(&mut lines().collect::<Vec<_>>().into_iter().rev()));
    Case {
        title,
        before,
        after: before.replacen(&old, &new, 1),
        old: at + above..at + old.len() - below,
        new: at + above..at + new.len() - below,
    }
}

fn difference(case: &Case<'_>) -> Option<String> {
    let mut parser = parser(&specql());
    let before = parser.parse(case.before, None).unwrap();
    let after = parser.parse(&case.after, None).unwrap();
    assert!(!before.root_node().has_error() && !after.root_node().has_error(), "{}", case.title);
    let block = block_around(&before, case.old.clone());
    let start = case.new.start - (case.old.start - block.start.min(case.old.start));
    let end = case.new.end + (block.end.max(case.old.end) - case.old.end);
    let want = leaves(&before, case.before, &block);
    let got = leaves(&after, &case.after, &(start..end));
    let diff = similar::TextDiff::from_slices(
        &want.iter().map(String::as_str).collect::<Vec<_>>(),
        &got.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    (want != got).then(|| {
        let changed = diff.iter_all_changes().filter(|it| it.tag() != similar::ChangeTag::Equal);
        let changed: Vec<String> =
            changed.map(|it| format!("{}{}", it.tag(), it.value())).collect();
        format!("## {}\n{}", case.title, changed.join("\n"))
    })
}

/// The smallest block that an edit lies in or touches; the whole of what an edit touches if that is more.
fn block_around(tree: &Tree, edit: Range<usize>) -> Range<usize> {
    let mut found = 0..usize::MAX;
    each_node(tree, |it| {
        let range = it.byte_range();
        // A line's end belongs to the block whose last line it ends.
        if is_block(it) && range.start <= edit.start && edit.end <= range.end + 1 {
            found = range;
        }
    });
    found.start..found.end.max(edit.end)
}

fn is_block(node: Node<'_>) -> bool {
    let kind = node.kind();
    ["mapping", "sequence", "list"].iter().any(|it| kind.ends_with(it)) && !kind.starts_with("flow")
}

/// Leaves that lie outside of a range, with their ancestors and the keys on the way.
fn leaves(tree: &Tree, text: &str, inside: &Range<usize>) -> Vec<String> {
    let mut found = Vec::new();
    each_node(tree, |it| {
        let range = it.byte_range();
        let outside = range.end <= inside.start || range.start >= inside.end;
        if outside && it.child_count() == 0 {
            let path = ancestors(it, text);
            found.push(format!("{path} {}={:?}", it.kind(), &text[range]));
        }
    });
    found
}

fn ancestors(leaf: Node<'_>, text: &str) -> String {
    let mut path = Vec::new();
    let mut node = leaf;
    while let Some(parent) = node.parent() {
        let key = parent.child_by_field_name("key").map(|it| &text[it.byte_range()]);
        path.push(format!("{}:{}", parent.kind(), key.unwrap_or_default()));
        node = parent;
    }
    path.reverse();
    path.join("/")
}
