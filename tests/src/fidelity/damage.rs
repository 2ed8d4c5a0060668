//! Damaged texts: short pieces of documents with a few changes that mean something to YAML, and soups of
//! its tokens.

use fastrand::Rng;

use super::{documents::Document, generate};

/// Pieces of text that mean something to a reader of YAML.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "\n\t",
    ": ",
    ":",
    " :",
    "- ",
    "-",
    "? ",
    "?",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "\"",
    "'",
    "|",
    ">",
    "|\n",
    ">-\n  x\n",
    "|2\n",
    "|+\n",
    "#",
    " # c",
    "# c\n",
    "&a ",
    "&b",
    "*a",
    " *a ",
    "!t ",
    "!!str ",
    "!",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "<<: *a\n",
    "<<: ",
    "<<",
    "=",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{a0}",
    "\u{7f}",
    "\u{1}",
    "\0",
    "\u{b}",
    "\u{c}",
    "\u{fffe}",
    "é",
    "😀",
    "\\",
    "\\n",
    "\\x4",
    "\\u00e9",
    "\\ud83d\\ude00",
    "@",
    "`",
    "%",
    "a: b",
    "a: b\n",
    "\"x\":1",
    "'x': y",
    "k: &a {x: y}\n",
    "no",
    "yes: ",
    "012",
    "0x_",
    "0b1",
    "1:60",
    "12:30",
    "2024-13-45",
    "2024-01-31",
    "1e3",
    ".5",
    "~",
    "null",
    "1_0",
    "x",
    "foo\n",
    "a\n",
    "entity: Post\n",
    "fields:\n",
    "steps:\n",
    "[a, b]",
    "{a: b}",
    "[a: b]",
    "? a\n: b\n",
];

/// A text to compare the readers on: the one of a number, for a seed.
#[must_use]
pub fn damaged(documents: &[Document], seed: u64, number: usize) -> String {
    let mut random =
        Rng::with_seed(seed.wrapping_add(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut text = match random.u8(0..10) {
        0 | 1 => return soup(&mut random),
        2 | 3 => generate::document(&mut random),
        _ => piece(documents, &mut random),
    };
    for _ in 0..random.usize(1..4) {
        damage(&mut text, &mut random);
    }
    text
}

fn pick<'a>(random: &mut Rng) -> &'a str {
    PIECES.get(random.usize(0..PIECES.len())).copied().unwrap_or_default()
}

fn soup(random: &mut Rng) -> String {
    (0..random.usize(1..14)).map(|_| pick(random)).collect()
}

/// A few lines of a document.
fn piece(documents: &[Document], random: &mut Rng) -> String {
    let document = documents.get(random.usize(0..documents.len()));
    let text = document.map_or("", |it| it.text.as_str());
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let from = random.usize(0..=lines.len());
    let from = if random.bool() { 0 } else { from };
    let length = if random.u8(0..8) == 0 { random.usize(1..60) } else { random.usize(1..9) };
    lines.iter().skip(from).take(length).copied().collect()
}

/// The last boundary of characters that is not behind an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default()
}

/// Changes one place: a piece put in, a stretch taken out or repeated, a character replaced.
fn damage(text: &mut String, random: &mut Rng) {
    let at = boundary(text, random.usize(0..=text.len()));
    let upto =
        |random: &mut Rng, length: usize| boundary(text, at + random.usize(0..length)).max(at);
    match random.u8(0..10) {
        0..=4 => text.insert_str(at, pick(random)),
        5 | 6 => {
            let end = upto(random, 8);
            text.replace_range(at..end, "");
        }
        7 => {
            let end = upto(random, 4);
            text.replace_range(at..end, pick(random));
        }
        8 => {
            let end = upto(random, 60);
            text.replace_range(at..end, "");
        }
        _ => {
            let from = boundary(text, random.usize(0..=text.len()));
            let end = boundary(text, from + random.usize(0..40)).max(from);
            let copied = text.get(from..end).unwrap_or_default().to_owned();
            text.insert_str(at, &copied);
        }
    }
}
