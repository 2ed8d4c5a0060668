//! Every text has a tree without error nodes; no character of it is lost, and junk keeps to its line.

use tree_sitter::Tree;

use crate::support::{damage, each_node, parser, random_text, real_files, rounds, specql};

#[test]
fn no_damage_makes_an_error_node() {
    let seed = 0x5eed;
    eprintln!("seed {seed}");
    let (files, mut random) = (real_files(), fastrand::Rng::with_seed(seed));
    let mut parser = parser(&specql());
    for round in 0..rounds(20_000) {
        let mut text = random_text(&files, &mut random);
        for _ in 0..random.usize(0..6) {
            damage(&mut text, &mut random);
        }
        let tree = parser.parse(&text, None).unwrap();
        let shown = String::from_utf8_lossy(&text);
        // True for a node that is missing, too.
        assert!(!tree.root_node().has_error(), "error node in round {round}: {shown:?}");
        each_node(&tree, |it| {
            let lines = it.end_position().row - it.start_position().row;
            let is_junk = it.kind().starts_with("invalid");
            assert!(
                !is_junk || lines == 0,
                "junk of {lines} more lines in round {round}: {shown:?}"
            );
        });
        if let Some(lost) = lost_text(&tree, &text) {
            panic!("{lost:?} is in no node in round {round}: {shown:?}");
        }
    }
}

/// The first text between two leaves that is not blank. The lines of a block scalar are what lies
/// between its nodes.
fn lost_text(tree: &Tree, text: &[u8]) -> Option<String> {
    let mut end = 0;
    let mut lost = None;
    let mut gap = |from: usize, to: usize| {
        let between = String::from_utf8_lossy(&text[from.min(to)..to]);
        if lost.is_none() && !between.chars().all(is_blank) {
            lost = Some(between.into_owned());
        }
    };
    each_node(tree, |node| {
        if node.child_count() == 0 || node.kind() == "block_content" {
            gap(end, node.start_byte());
            end = node.end_byte().max(end);
        }
    });
    gap(end, text.len());
    lost
}

fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
        || matches!(c, '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Shapes that make a careless scanner quadratic or deep.
#[test]
fn hostile_shapes_stay_linear() {
    let size = 8_000;
    let shapes: &[(&str, String)] = &[
        ("opening brackets", format!("a: {}", "[".repeat(size))),
        ("mixed brackets", format!("a: {}", "{[".repeat(size))),
        ("brackets that do not match", format!("a: {}", "[}".repeat(size))),
        ("closing brackets only", format!("a: [{}", "}".repeat(size))),
        ("one long plain line", format!("a: {}", "x ".repeat(size))),
        ("quotes that never close", "a: \"x\n".repeat(size)),
        ("quotes at the margin", "\"x\n'y\n".repeat(size)),
        ("quoted documents", "--- \"x\ny\"\n".repeat(size)),
        ("dashes in one line", "- ".repeat(size)),
        ("dashes, a line each", "-\n".repeat(size)),
        ("junk lines", format!("a: b\n{}", "@@ x\n".repeat(size))),
        ("bare words", "foo bar\n".repeat(size)),
        ("words between comments", "foo\n# c\n".repeat(size)),
        (
            "comments inside a block",
            format!("a:\n  b:\n    c: d\n{}    e: f\n", "# c\n".repeat(size)),
        ),
        ("comments after a block", format!("a:\n  b:\n    c: d\n{}e: f\n", "  # c\n".repeat(size))),
        ("comments inside a list", format!("a:\n  b: [\n{} x]\n", "# c\n".repeat(size))),
        ("lists that never close", "a: [\n".repeat(size)),
        ("items that never close", "- [\n".repeat(size)),
        ("quotes below a key", "a:\n \"\n".repeat(size)),
        ("anchors", "&a ".repeat(size)),
        ("question marks", "? ".repeat(size)),
        ("documents", "---\n".repeat(size)),
        ("zero bytes", "\0".repeat(size)),
        ("a block scalar", format!("a: |\n{}", "  x y\n".repeat(size))),
        ("stairs of keys", (0..400).map(|it| format!("{}k:\n", " ".repeat(it))).collect()),
        ("stairs of words", (0..400).map(|it| format!("{}word\n", " ".repeat(it))).collect()),
    ];
    for (name, text) in shapes {
        let (once, eightfold) = (reads(name, text), reads(name, &text.repeat(8)));
        // A quadratic shape is read 64 times as often.
        assert!(
            eightfold < once * 16,
            "{name}: {once} pieces read for one, {eightfold} for eight times the text"
        );
    }
}

/// How many pieces of 64 bytes the parser asks for: what it looks at again counts again, so this grows
/// as the work of the scanner does, on every machine alike.
fn reads(name: &str, text: &str) -> usize {
    let mut count = 0;
    let mut piece = |offset: usize, _| {
        count += 1;
        text.as_bytes().get(offset..text.len().min(offset + 64)).unwrap_or_default()
    };
    let tree = parser(&specql()).parse_with_options(&mut piece, None, None).unwrap();
    assert!(!tree.root_node().has_error(), "{name}");
    count
}
