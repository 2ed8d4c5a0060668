//! Colours: `<grammar>/test/highlight/*` in the notation of `tree-sitter test`, the one-line languages in
//! scalars included.
//!
//! `# ^^^ capture` names the capture of the characters above it, in the last line that asserts
//! nothing; `# <- capture` that of the character at its own column.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use tree_sitter::Query;
use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};

use crate::injections::regions;
use crate::queries::{canonical, grammars, language, matches};
use crate::support::{files_below, parser, specql};

/// The colour of every byte, that of the innermost language that has one there.
fn colours(text: &str) -> Vec<String> {
    let mut res = colours_of_one("specql", text);
    for (language, range) in regions(text).into_iter().filter(|(it, _)| it.starts_with("specql")) {
        let inner = colours_of_one(&language, &text[range.clone()]);
        for (at, colour) in range.zip(inner).filter(|(_, it)| !it.is_empty()) {
            res[at] = colour;
        }
    }
    res
}

/// The colour of every byte as editors find it: inner nodes over outer ones, on one node the last
/// pattern over the others.
fn colours_of_one(grammar: &str, text: &str) -> Vec<String> {
    static QUERIES: LazyLock<[(&str, Query); 3]> = LazyLock::new(|| {
        grammars().map(|(grammar, language)| {
            (grammar, Query::new(&language, &canonical(grammar, "highlights")).unwrap())
        })
    });
    let (_, query) = QUERIES.iter().find(|(it, _)| *it == grammar).unwrap();
    let tree = parser(&language(grammar)).parse(text, None).unwrap();
    let found = matches(query, &tree, text).into_iter();
    let mut captures: Vec<_> = found
        .flat_map(|it| it.captures.into_iter().map(move |(name, node)| (node, it.pattern, name)))
        .collect();
    captures
        .sort_by_key(|(node, pattern, _)| (node.start_byte(), Reverse(node.end_byte()), *pattern));
    let mut colours = vec![String::new(); text.len()];
    for (node, _, name) in captures {
        colours[node.byte_range()].fill(name);
    }
    colours
}

/// Every colour that a query of the grammars names.
fn names() -> BTreeSet<String> {
    let mut res = BTreeSet::new();
    for (grammar, language) in grammars() {
        let query = Query::new(&language, &canonical(grammar, "highlights")).unwrap();
        let names = query.capture_names().iter().map(|it| (*it).to_owned());
        res.extend(names.filter(|it| !it.starts_with('_')));
    }
    res
}

#[test]
fn files_have_the_colours_they_show() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specql/test/highlight");
    let (mut paths, mut seen, mut wrong) = (Vec::new(), BTreeSet::new(), Vec::new());
    files_below(&folder, &mut paths);
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let captures = colours(&text);
        for Assertion { at, capture } in assertions(&text) {
            let line = 1 + text[..at].matches('\n').count();
            let got = captures[at].as_str();
            if got != capture {
                wrong.push(format!("{}:{line}: {got}, not {capture}", path.display()));
            }
            seen.insert(capture);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let unseen: Vec<String> = names().into_iter().filter(|it| !seen.contains(it)).collect();
    assert!(unseen.is_empty(), "no example has the captures {unseen:?}");
}

#[test]
fn every_word_and_sign_has_a_colour() {
    for (grammar, language) in grammars() {
        let highlights = canonical(grammar, "highlights");
        let ids = 0..u16::try_from(language.node_kind_count()).unwrap();
        for id in ids.filter(|it| language.node_kind_is_visible(*it)) {
            let kind = language.node_kind_for_id(id).unwrap();
            // A `?` of a step is a node of its own.
            let is_token =
                !language.node_kind_is_named(id) && (grammar, kind) != ("specql_step", "?");
            let is_coloured = highlights.contains(&format!("\"{kind}\""));
            assert!(!is_token || is_coloured, "`{kind}` of {grammar} has no colour");
        }
    }
}

#[test]
fn what_is_being_typed_takes_no_colour_from_other_lines() {
    let whole =
        "fields:\n  a: ref(User)!\n@\nactions:\n  - name: b\n    steps:\n      - validate: c > 1\n";
    for typed in
        ["", "  b", "  b:", "  b: \"x", "  b: [c", "  b: ref(", "  - x", "b", "\t", "  b: |"]
    {
        let (above, below) = whole.split_once('@').unwrap();
        let text = format!("{above}{typed}{below}");
        let captures = colours(&text);
        let colour = |word: &str| captures[text.find(word).unwrap()].as_str();
        let seen = [
            colour("a:"),
            colour("ref(User"),
            colour("User"),
            colour("actions"),
            colour("validate"),
            colour("> 1"),
        ];
        let expected = ["variable.member", "keyword", "type", "keyword", "keyword", "operator"];
        assert_eq!(seen, expected, "behind {typed:?}");
    }
}

/// `tree-sitter highlight` drops all of a pattern when another wins on one of its nodes, so it shows what
/// needs no look at the key above; that it shows.
#[test]
fn the_library_of_tree_sitter_shows_the_general_colours() {
    let text = "entity: Post # a\nfields:\n  b: text!\nactions:\n  - name: c\n    steps:\n      - validate: d\n";
    let highlights = canonical("specql", "highlights");
    let mut config = HighlightConfiguration::new(specql(), "specql", &highlights, "", "").unwrap();
    let names: Vec<String> = names().into_iter().collect();
    config.configure(&names);
    let mut highlighter = Highlighter::new();
    let events = highlighter.highlight(&config, text.as_bytes(), None, |_| None).unwrap();
    let (mut shown, mut colour) = (Vec::new(), None);
    for event in events {
        match event.unwrap() {
            HighlightEvent::HighlightStart(it) => colour = Some(&names[it.0]),
            HighlightEvent::HighlightEnd => colour = None,
            HighlightEvent::Source { start, end } => {
                shown.extend(colour.map(|it| format!("{} {it}", &text[start..end])));
            }
        }
    }
    for expected in [
        "entity keyword",
        "Post type.definition",
        "# a comment",
        "b variable.member",
        "text! type",
        "c function",
        "validate keyword",
        "d string",
    ] {
        assert!(shown.iter().any(|it| it == expected), "{expected}: {shown:?}");
    }
}

struct Assertion {
    /// Offset of a byte.
    at: usize,
    capture: String,
}

fn assertions(text: &str) -> Vec<Assertion> {
    let (mut found, mut offset, mut target) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        match line.trim_start().strip_prefix('#').map(str::trim) {
            Some(claim) if claim.starts_with("<-") => {
                let column = line.len() - line.trim_start().len();
                found
                    .push(Assertion { at: target + column, capture: claim[2..].trim().to_owned() });
            }
            Some(claim) if claim.starts_with('^') => {
                let capture = claim.trim_start_matches('^').trim().to_owned();
                let columns = line.bytes().enumerate().filter(|(_, byte)| *byte == b'^');
                let capture =
                    |(column, _)| Assertion { at: target + column, capture: capture.clone() };
                found.extend(columns.map(capture));
            }
            _ => target = offset,
        }
        offset += line.len();
    }
    found
}
