//! The grammars of one line: every text has a tree without error nodes, in time that grows as the text.

use std::fs;
use std::path::Path;

use tree_sitter::{InputEdit, Language, Point, Tree};

use crate::support::{each_node, parser, rounds};

/// Pieces that reach every token of both grammars.
const PIECES: &[&str] = &[
    "a",
    "User",
    "größe",
    "名",
    "1",
    "1.5",
    ".5e+",
    "1e3",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{85}",
    "\u{feff}",
    "😀",
    ".",
    "..",
    ",",
    "(",
    ")",
    "[",
    "]",
    "[]",
    "{",
    "}",
    "|",
    "||",
    "!",
    "!=",
    "?",
    "?|",
    "?&",
    "$",
    "$$",
    "$x$",
    "=",
    "==",
    "=>",
    "<",
    "<>",
    "<@",
    "<<",
    "<=",
    ">",
    ">=",
    ">>",
    "~",
    "~*",
    "!~",
    "+",
    "-",
    "--",
    "->",
    "->>",
    "*",
    "/",
    "/*",
    "*/",
    "%",
    "^",
    "&",
    "&&",
    "@",
    "@>",
    "@?",
    "#",
    "#>",
    "#>>",
    ":",
    "::",
    ";",
    "'",
    "''",
    "\"",
    "E'",
    "\\",
    " AND ",
    " or ",
    "NOT ",
    " IS ",
    " IN ",
    " LIKE ",
    " SIMILAR ",
    " TO ",
    " ESCAPE ",
    " BETWEEN ",
    " SYMMETRIC ",
    "null",
    "TRUE",
    "CASE ",
    " WHEN ",
    " THEN ",
    " ELSE ",
    " END",
    "EXISTS ",
    " MATCHES ",
    "valid",
    " UNIQUE",
    " UNKNOWN",
    " DISTINCT ",
    "CAST(",
    " AS ",
    " AT ",
    " TIME ",
    " ZONE ",
    "ARRAY",
    "ARRAY[",
    " SET ",
    " VALUES ",
    " FROM ",
    " WHERE ",
    "(SELECT ",
    "(WITH ",
    "extract(",
    "trim(",
    "position(",
    " FOR ",
    " PLACING ",
    "BOTH ",
    "LEADING ",
    "precision",
    " with time zone",
    "text",
    "ref(",
    "enum(",
    "list(",
    "ref",
    "!(",
];

fn languages() -> [(&'static str, Language); 2] {
    [
        ("specql_step", tree_sitter_specql::STEP_LANGUAGE.into()),
        ("specql_type", tree_sitter_specql::TYPE_LANGUAGE.into()),
    ]
}

/// The texts of the written examples of a grammar.
fn examples(grammar: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(grammar).join("test/corpus");
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let file = fs::read_to_string(entry.unwrap().path()).unwrap();
        let lines =
            file.lines().filter(|it| !it.starts_with(['=', '-', '(']) && !it.starts_with("  "));
        texts.extend(lines.filter(|it| !it.is_empty()).map(str::to_owned));
    }
    texts
}

fn random_text(examples: &[String], random: &mut fastrand::Rng) -> String {
    let mut text = match random.u8(0..3) {
        0 => String::new(),
        _ => examples[random.usize(0..examples.len())].clone(),
    };
    let changes = if text.is_empty() { random.usize(0..40) } else { random.usize(0..6) };
    for _ in 0..changes {
        let starts: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
        let at = starts[random.usize(0..starts.len())];
        let end = starts[random.usize(0..starts.len())].clamp(at, (at + 12).min(text.len()));
        let end = if text.is_char_boundary(end) { end } else { at };
        match random.u8(0..4) {
            0 => text.replace_range(at..end, ""),
            _ => text.insert_str(at, PIECES[random.usize(0..PIECES.len())]),
        }
    }
    text
}

#[test]
fn no_text_makes_an_error_node() {
    let seed = 0x11e5;
    eprintln!("seed {seed}");
    for (grammar, language) in languages() {
        let (examples, mut random) = (examples(grammar), fastrand::Rng::with_seed(seed));
        assert!(examples.len() > 20, "{grammar}: {}", examples.len());
        let mut parser = parser(&language);
        for round in 0..rounds(30_000) {
            let text = random_text(&examples, &mut random);
            let tree = parser.parse(&text, None).unwrap();
            let root = tree.root_node();
            // True for a node that is missing, too.
            assert!(!root.has_error(), "{grammar}, round {round}: {text:?}\n{}", root.to_sexp());
            let (mut end, mut lost) = (0, None);
            each_node(&tree, |it| {
                if it.child_count() == 0 {
                    let gap = &text[end.min(it.start_byte())..it.start_byte()];
                    lost = lost.take().or((!is_blank(gap)).then(|| gap.to_owned()));
                    end = end.max(it.end_byte());
                }
            });
            assert_eq!(lost, None, "{grammar}, round {round}: {text:?}");
            assert!(is_blank(&text[end..]), "{grammar}, round {round}: {text:?}");
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || it == '\u{feff}')
}

/// Shapes that make a careless scanner quadratic or deep.
#[test]
fn hostile_lines_stay_linear() {
    let size = 1_000;
    let repeated = [
        "(",
        ")",
        "[",
        "a[",
        "f(",
        "(a, ",
        "[]",
        "CASE ",
        "CASE WHEN a THEN ",
        "NOT ",
        "- ",
        "-",
        "x BETWEEN ",
        "EXISTS a WHERE ",
        "a.",
        ".",
        "$",
        "$a$\n",
        "$a",
        "'",
        "'\n",
        "\"'\n",
        "E'\\",
        "/*",
        "/",
        "--\n",
        "(SELECT ",
        "(SELECT '\n",
        "( ",
        "CAST ",
        "CAST(a AS ",
        "ARRAY ",
        "ARRAY[",
        "trim(",
        "EXTRACT(a FROM ",
        "a + ",
        "a || ",
        "a = 1, ",
        "User SET ",
        "a ",
        "1",
        "1.",
        "1e",
        "?",
        "::",
        "a::",
        "a::b(1",
        "with ",
        "a AT ",
        "a IS ",
        "a ESCAPE ",
        "distinct ",
        "SET a = ",
        "@",
        "\0",
        "é",
        " ",
        "\n",
        "WHERE a ",
        "enum(",
        "list(",
        "ref(",
        "ref(a|",
        "a|",
        "!",
        "= ",
        "text[]",
        "(',",
        "a'",
        ", ",
    ];
    for (grammar, language) in languages() {
        for shape in repeated {
            let (once, eightfold) =
                (reads(&language, &shape.repeat(size)), reads(&language, &shape.repeat(size * 8)));
            // A quadratic shape is read 64 times as often.
            assert!(
                eightfold < once * 16,
                "{grammar}, {shape:?}: {once} pieces read for one, {eightfold} for eight times the text"
            );
        }
    }
}

/// How many pieces of 64 bytes the parser asks for: what it looks at again counts again.
fn reads(language: &Language, text: &str) -> usize {
    let mut count = 0;
    let mut piece = |offset: usize, _| {
        count += 1;
        text.as_bytes().get(offset..text.len().min(offset + 64)).unwrap_or_default()
    };
    let tree = parser(language).parse_with_options(&mut piece, None, None).unwrap();
    assert!(!tree.root_node().has_error());
    count
}

/// Editors parse the lines of a file again and again, from the tree that they had.
#[test]
fn an_edited_tree_is_the_tree_of_a_fresh_parse() {
    let seed = 0xed17;
    eprintln!("seed {seed}");
    for (grammar, language) in languages() {
        let (examples, mut random) = (examples(grammar), fastrand::Rng::with_seed(seed));
        let mut parser = parser(&language);
        for _ in 0..rounds(10_000) {
            let before = random_text(&examples, &mut random);
            let at = boundary(&before, &mut random);
            let end = boundary(&before, &mut random).clamp(at, (at + 4).min(before.len()));
            let end = if before.is_char_boundary(end) { end } else { at };
            let piece = PIECES[random.usize(0..PIECES.len())];
            let after = format!("{}{piece}{}", &before[..at], &before[end..]);
            let mut tree = parser.parse(&before, None).unwrap();
            tree.edit(&InputEdit {
                start_byte: at,
                old_end_byte: end,
                new_end_byte: at + piece.len(),
                start_position: point(&before, at),
                old_end_position: point(&before, end),
                new_end_position: point(&after, at + piece.len()),
            });
            let edited = listed(&parser.parse(&after, Some(&tree)).unwrap());
            let fresh = listed(&parser.parse(&after, None).unwrap());
            assert_eq!(edited, fresh, "{grammar}: {before:?} with {piece:?} for {at}..{end}");
        }
    }
}

fn boundary(text: &str, random: &mut fastrand::Rng) -> usize {
    let starts: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
    starts[random.usize(0..starts.len())]
}

fn point(text: &str, at: usize) -> Point {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    Point::new(text[..at].matches('\n').count(), at - line)
}

/// Kind and place of every node.
fn listed(tree: &Tree) -> Vec<(&'static str, usize, usize)> {
    let mut all = Vec::new();
    each_node(tree, |it| all.push((it.kind(), it.start_byte(), it.end_byte())));
    all
}
