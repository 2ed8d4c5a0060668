//! After any edit the reparsed tree is the tree of a fresh parse.
//!
//! A total scanner hides a wrong decision as junk instead of an error, so only this comparison
//! finds a token that depends on anything but the serialized state and the text.

use tree_sitter::{InputEdit, Parser, Point, Tree};

use crate::support::{Edit, damage, each_node, parser, real_files, rounds, specql};

/// Edits to one file before the next is taken.
const CHAIN: usize = 40;

#[test]
fn edited_tree_equals_fresh_tree() {
    let seed = 0xed17;
    eprintln!("seed {seed}");
    let (files, mut random) = (real_files(), fastrand::Rng::with_seed(seed));
    let mut parser = parser(&specql());
    for _ in 0..rounds(10_000) / CHAIN {
        let mut text = files[random.usize(0..files.len())].clone();
        let mut tree = parser.parse(&text, None).unwrap();
        for _ in 0..CHAIN {
            let (after, edit) = edit_at_char_boundaries(&text, &mut random);
            tree.edit(&input_edit(&text, &after, &edit));
            tree = reparse_and_compare(&mut parser, &tree, &text, &after, &edit);
            text = after;
        }
    }
}

fn reparse_and_compare(
    parser: &mut Parser,
    old: &Tree,
    before: &str,
    after: &str,
    edit: &Edit,
) -> Tree {
    let edited = parser.parse(after, Some(old)).unwrap();
    let fresh = parser.parse(after, None).unwrap();
    let (got, want) = (nodes(&edited), nodes(&fresh));
    if got != want {
        let at = got.iter().zip(&want).take_while(|(ours, theirs)| ours == theirs).count();
        panic!(
            "{edit:?} gives {:?} where a fresh parse gives {:?}\nbefore: {before:?}\nafter: {after:?}",
            got.get(at),
            want.get(at)
        );
    }
    edited
}

/// Kind, range and extra of every node.
fn nodes(tree: &Tree) -> Vec<(&'static str, usize, usize, bool)> {
    let mut nodes = Vec::new();
    each_node(tree, |it| nodes.push((it.kind(), it.start_byte(), it.end_byte(), it.is_extra())));
    nodes
}

/// Edits between characters only, as every editor does: tree-sitter remembers look-ahead to the
/// first byte of a character, so a change inside one may leave stale tokens.
fn edit_at_char_boundaries(text: &str, random: &mut fastrand::Rng) -> (String, Edit) {
    loop {
        let mut bytes = text.as_bytes().to_vec();
        let edit = damage(&mut bytes, random);
        let Ok(after) = String::from_utf8(bytes) else { continue };
        if text.is_char_boundary(edit.old.start)
            && text.is_char_boundary(edit.old.end)
            && after.is_char_boundary(edit.new.end)
        {
            return (after, edit);
        }
    }
}

fn input_edit(before: &str, after: &str, edit: &Edit) -> InputEdit {
    InputEdit {
        start_byte: edit.old.start,
        old_end_byte: edit.old.end,
        new_end_byte: edit.new.end,
        start_position: point(before, edit.old.start),
        old_end_position: point(before, edit.old.end),
        new_end_position: point(after, edit.new.end),
    }
}

fn point(text: &str, at: usize) -> Point {
    let line_start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    Point::new(text[..at].matches('\n').count(), at - line_start)
}
