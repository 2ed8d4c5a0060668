//! Law: what is read by line is what the tree gives.

use proptest::prelude::*;

use super::*;

/// What the tree gives.
fn of_tree(text: &str) -> Yaml {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_specql::LANGUAGE.into()).unwrap();
    super::super::lower(text, &parser.parse(text, None).unwrap())
}

/// Whether a text is simple; when it is, both readers agree.
fn compare(text: &str) -> bool {
    let read = read(text);
    if let Some(read) = &read {
        assert_eq!(*read, of_tree(text), "{text}");
    }
    read.is_some()
}

#[test]
fn most_real_files_are_simple() {
    let files = specql_corpus::files();
    let simple = files.iter().filter(|it| compare(&it.text)).count();
    assert!(simple * 2 > files.len(), "{simple} of {}", files.len());
}

#[test]
fn real_files_cut_anywhere() {
    for file in specql_corpus::files().iter().step_by(3) {
        for (at, _) in file.text.char_indices().step_by(7) {
            compare(&file.text[..at]);
            compare(&file.text[at..]);
        }
    }
}

#[test]
fn simple_forms() {
    for text in [
        "entity: Post\n",
        "a:\n",
        "a: # c\nb: 1",
        "a:\n- b\n-\n- c: d\n  e: f\ng: h\n",
        "a:\n  - b: [c, 'd e', \"f\", {g: h, i: 1.5}]\n\n    # c\n    j: {}\n",
        "  a: b\n  c: []\n",
        "a: 'it is' # so\nb: x#y z\n",
        "a: é → ü\n\n  \n# end",
        "a:\n  b:\n  c:\n    - \n    -\n",
        "-5: a\nb: -5\n".trim_start_matches("-5: a\n"),
    ] {
        assert!(compare(text), "{text}");
    }
}

#[test]
fn all_else_is_left_to_the_tree() {
    for text in [
        "",
        "# c\n",
        "- a\n",
        "a: b\n  c\n",
        "a: b: c\n",
        "a: &x b\n",
        "a: *x\n",
        "a: |\n  b\n",
        "a: 'b\n",
        "a: \"b\\n\"\n",
        "a: 'b''c'\n",
        "a: b\na: c\n",
        "yes: a\n",
        "a: 2024-13-45\n",
        "a: [b\n",
        "a: [b,\n  c]\n",
        "a: [b?]\n",
        "a: {b}\n",
        "a:\tb\n",
        "a: b\r\n",
        "--- a\n",
        "---\na: b\n",
        "a: b\n...\n",
        "a\n",
        "a:\n   b: c\n  d: e\n",
        "a:\n  - b\n  c: d\n",
        "a: 'b' c\n",
        "a: 'b'#c\n",
        "\u{feff}a: b\n",
        "a: b\u{2028}c\n",
    ] {
        assert!(read(text).is_none(), "{text}");
    }
}

fn any_line() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["", "", "  ", "  ", "    ", "      ", " "]);
    let start = prop::sample::select(vec!["", "", "- ", "-", "- - ", "# ", "? "]);
    let key = prop::sample::select(vec![
        "", "a:", "b:", "c: ", "name: ", "steps:", "fields:", "impact:", "k.x-y: ", "1: ", "'q': ",
        "on: ", "d :", "e:f",
    ]);
    let value = prop::sample::select(vec![
        "",
        "x",
        "x y",
        " text!",
        "ref(User)",
        "enum(a, b) = 'a'",
        "a = 'b' AND c <> \"d\"",
        "Post SET title = 'x', n = n + 1",
        "'x y'",
        "\"x # y\"",
        "''",
        "'",
        "[a, b]",
        "[ a , 'b' ]  ",
        "[]",
        "{}",
        "{a: b, c: [d]}",
        "{a: b, a: c}",
        "[a, ]",
        "[,]",
        "[a:b]",
        "[a b, c(1]",
        "[a] b",
        "x # c",
        "x #",
        "x#c",
        "12:30",
        "0x_",
        "~",
        "2024-01-01",
        "-",
        "- x",
        "-5",
        "-x",
        "?x",
        ":x",
        "x:",
        "x: y",
        "*a",
        "&a x",
        "!t x",
        "|",
        ">-",
        "%x",
        "@x",
        "é",
        "x\u{a0}y",
        "\u{85}",
    ]);
    (indent, start, key, value).prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}\n"))
}

/// What is drawn from random bytes; zeros when they are used up.
struct Tape<'a>(std::slice::Iter<'a, u8>);

impl Tape<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % limit
    }

    fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A block as people write it, each key once.
fn block(tape: &mut Tape<'_>, column: usize, depth: usize, text: &mut String) {
    let is_list = tape.below(3) == 0;
    for index in 0..=tape.below(4) {
        if index > 0 || !text.ends_with("- ") {
            text.push_str(&" ".repeat(column));
        }
        if is_list {
            text.push_str(tape.one_of(&["- ", "- ", "-   "]));
        } else {
            text.push_str(&format!("{}{index}:", tape.one_of(&["k", "name_", "x-"])));
        }
        match (tape.below(8), depth) {
            (0..3, 1..) if is_list => block(tape, column + 2, depth - 1, text),
            (0..3, 1..) => {
                text.push_str(tape.one_of(&["\n", " # c\n", "  \n", "\n\n", "\n# c\n"]));
                let below = column + 1 + tape.below(3);
                block(tape, below, depth - 1, text);
            }
            (3, _) => text.push('\n'),
            _ => {
                text.push_str(tape.one_of(&[" ", " ", "  "]));
                text.push_str(tape.one_of(SIMPLE_VALUES));
                text.push_str(tape.one_of(&[
                    "\n",
                    "\n",
                    "\n",
                    " # c\n",
                    " \n",
                    "\n\n",
                    "\n   # c\n",
                ]));
            }
        }
    }
}

const SIMPLE_VALUES: &[&str] = &[
    "x",
    "x y",
    "text!",
    "ref(User)",
    "enum(a, b) = 'a'",
    "a = 'b' AND c <> \"d\"",
    "12:30",
    "~",
    "-5",
    "Post SET title = 'x', n = n + 1",
    "'x y'",
    "\"x # y\"",
    "''",
    "[a, b]",
    "[ a , 'b' ]",
    "[]",
    "{}",
    "{a: b, c: [d]}",
    "[a, ]",
    "[{a: 1, b: \"2\"}]",
    "x#c",
    "2024-01-01",
    "é",
    "x:y",
    "x, y]",
    "null",
    "0x1F",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn random_lines(lines in prop::collection::vec(any_line(), 1..8)) {
        compare(&lines.concat());
    }

    /// Most blocks are simple as they are drawn, and many with one character more or less.
    #[test]
    fn random_blocks(
        tape in prop::collection::vec(any::<u8>(), 60),
        at in any::<prop::sample::Index>(),
        more in prop::sample::select(vec!["", " ", "-", ":", "\n", "'", "[", "#", ",", " #", ": ", "  ", "}", "a"]),
    ) {
        let mut text = String::new();
        block(&mut Tape(tape.iter()), 0, 4, &mut text);
        compare(&text);
        let bounds: Vec<usize> = text.char_indices().map(|it| it.0).collect();
        let at = *at.get(&bounds);
        let width = text[at..].chars().next().map_or(0, char::len_utf8);
        compare(&format!("{}{more}{}", &text[..at], &text[at..]));
        compare(&format!("{}{more}{}", &text[..at], &text[at + width..]));
    }
}

#[test]
fn random_blocks_are_simple() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut draw = || {
        let tape: Vec<u8> = (0..60).map(|_| random.u8(..)).collect();
        let mut text = String::new();
        block(&mut Tape(tape.iter()), 0, 4, &mut text);
        compare(&text)
    };
    let simple = (0..500).filter(|_| draw()).count();
    assert!(simple > 100, "{simple}");
}
