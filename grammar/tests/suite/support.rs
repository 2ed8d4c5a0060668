//! What the random tests share: real files, a supply of damage, and views of a tree.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Node, Parser, Tree};

/// One replacement of bytes: `old` in the text before is `new` in the text after.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
}

/// Pieces of text that mean something to the scanner.
const SNIPPETS: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\r",
    b"  ",
    b"\t",
    b": ",
    b":",
    b"- ",
    b"-",
    b"? ",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"\"",
    b"'",
    b"|",
    b">",
    b"|2-\n",
    b"#",
    b" # c\n",
    b"&a ",
    b"*a",
    b"!t ",
    b"!",
    b"---\n",
    b"...\n",
    b"%YAML 1.1\n",
    b"<<: *a\n",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"fields",
    b"steps:\n",
    b"actions:\n",
    b"impact:\n",
    b"primary:\n",
    b"foo\n",
    b"\n    ",
    b"\n  ",
    b"\n- ",
    b"\n\n",
    b"\\",
    b"@",
    b"`",
    b"<<<<<<< HEAD\n",
    b"|\n",
    b": |\n",
    b"- - ",
    b"\n\t",
    b"a: b",
    b"\"x\":1",
    b"\x0c",
    b"\xc2\xa0",
];

/// Characters of which most of YAML's syntax is made.
const INDICATORS: &[u8] = b"ab:- \n#[]{},'\"|>&*!?%@\t\r.0";

pub(crate) fn specql() -> Language {
    tree_sitter_specql::LANGUAGE.into()
}

pub(crate) fn parser(language: &Language) -> Parser {
    let mut parser = Parser::new();
    parser.set_language(language).unwrap();
    parser
}

/// How often a random test tries, `by_default` times the factor in `SPECQL_FUZZ`.
pub(crate) fn rounds(by_default: usize) -> usize {
    let factor = std::env::var("SPECQL_FUZZ").map_or(1, |it| it.parse().expect("a whole number"));
    by_default * factor
}

/// The texts of the corpus.
pub(crate) fn real_files() -> Vec<String> {
    specql_corpus::files().into_iter().map(|it| it.text).collect()
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|it| panic!("{}: {it}", folder.display()));
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// A text to damage: mostly a piece of a real file, sometimes bytes of no meaning.
pub(crate) fn random_text(files: &[String], random: &mut fastrand::Rng) -> Vec<u8> {
    match random.u8(0..10) {
        0 => (0..random.usize(0..60)).flat_map(|_| pick(SNIPPETS, random).to_vec()).collect(),
        1 => (0..random.usize(0..80)).map(|_| *pick(INDICATORS, random)).collect(),
        2 => (0..random.usize(0..200)).map(|_| random.u8(..)).collect(),
        _ => {
            let file = pick(files, random).as_bytes();
            let from = if random.bool() { 0 } else { random.usize(0..=file.len()) };
            file[from..(from + random.usize(0..1500)).min(file.len())].to_vec()
        }
    }
}

/// Changes one place of `text`: a snippet put in, a stretch taken out, a byte replaced, a paste.
pub(crate) fn damage(text: &mut Vec<u8>, random: &mut fastrand::Rng) -> Edit {
    let at = random.usize(0..=text.len());
    let upto = |length: usize| (at + length).min(text.len());
    let (old, new) = match random.u8(0..10) {
        0..=4 => (at..at, pick(SNIPPETS, random).to_vec()),
        5 | 6 => (at..upto(random.usize(0..8)), Vec::new()),
        7 => (at..upto(1), vec![random.u8(..)]),
        8 => (at..upto(random.usize(0..120)), Vec::new()),
        _ => {
            let from = random.usize(0..=text.len());
            (at..at, text[from..(from + random.usize(0..100)).min(text.len())].to_vec())
        }
    };
    let edit = Edit { old: old.clone(), new: at..at + new.len() };
    text.splice(old, new);
    edit
}

fn pick<'a, T>(from: &'a [T], random: &mut fastrand::Rng) -> &'a T {
    &from[random.usize(0..from.len())]
}

/// Calls `visit` for every visible node in document order.
pub(crate) fn each_node<'tree>(tree: &'tree Tree, mut visit: impl FnMut(Node<'tree>)) {
    let mut cursor = tree.walk();
    loop {
        visit(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
