//! Colours: `<grammar>/test/highlight/*` in the notation of `tree-sitter test`.
//!
//! `# ^^^ capture` names the capture of the characters above it, in the last line that asserts
//! nothing; `# <- capture` that of the character at its own column.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tree_sitter::{Language, Query, QueryCursor, StreamingIterator};
use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};

use crate::support::{files_below, real_files, specql};

#[test]
fn specql_files_have_the_colours_they_show() {
    check_grammar("specql", specql(), tree_sitter_specql::HIGHLIGHTS_QUERY);
}

#[test]
fn steps_and_types_have_their_colours() {
    let step = "crm.User SET a = input.b + 1 WHERE EXISTS Loan";
    let captures = colours(
        tree_sitter_specql::STEP_LANGUAGE.into(),
        tree_sitter_specql::STEP_HIGHLIGHTS_QUERY,
        step,
    );
    for expected in [
        "User type",
        "SET keyword",
        "a property",
        "input variable.builtin",
        "+ operator",
        "1 number",
        "EXISTS keyword.operator",
        "Loan type",
    ] {
        assert!(captures.iter().any(|it| it == expected), "{expected}: {captures:?}");
    }
    let types = colours(
        tree_sitter_specql::TYPE_LANGUAGE.into(),
        tree_sitter_specql::TYPE_HIGHLIGHTS_QUERY,
        "list(ref(crm.A))! = true",
    );
    let expected = [
        "list keyword",
        "( punctuation.bracket",
        "ref keyword",
        "( punctuation.bracket",
        "crm module",
        ". punctuation.delimiter",
        "A type",
        ") punctuation.bracket",
        ") punctuation.bracket",
        "! operator",
        "= operator",
        "true boolean",
    ];
    assert_eq!(types, expected);
}

/// Each word with its colour: of several captures the last.
fn colours(language: Language, query: &str, text: &str) -> Vec<String> {
    let query = Query::new(&language, query).unwrap();
    let tree = crate::support::parser(&language).parse(text, None).unwrap();
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut last = std::collections::BTreeMap::new();
    while let Some((found, index)) = captures.next() {
        let capture = found.captures[*index];
        let name = query.capture_names()[capture.index as usize];
        let node = capture.node;
        let key = (node.start_byte(), node.end_byte());
        let rank = (found.pattern_index, name);
        let best = last.entry(key).or_insert(rank);
        *best = rank.max(*best);
    }
    last.into_iter()
        .map(|((start, end), (_, name))| format!("{} {name}", &text[start..end]))
        .collect()
}

#[test]
fn injections_find_types_and_steps() {
    let query = Query::new(&specql(), tree_sitter_specql::INJECTIONS_QUERY).unwrap();
    let text = "fields:\n  a: text!\n  b:\n    type: ref(Post)\n  c: {type: int}\nactions:\n  \
                - requires: caller.ok\n    steps:\n      - validate: a > 1\n        error: e\n      \
                - if: |\n          b = 2\n            AND c\n        then: []\n      - where: x\n";
    let found = injected(&query, text);
    let expected = [
        ("specql_type", "text!"),
        ("specql_type", "ref(Post)"),
        ("specql_type", "int"),
        ("specql_step", "caller.ok"),
        ("specql_step", "a > 1"),
        ("specql_step", "\n          b = 2\n            AND c"),
        ("specql_step", "x"),
    ];
    assert_eq!(found, expected.map(|(language, text)| (language.to_owned(), text.to_owned())));
}

#[test]
fn folds_name_nodes_of_the_grammar() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specql/queries/folds.scm");
    let query = Query::new(&specql(), &fs::read_to_string(folder).unwrap()).unwrap();
    let file = real_files().into_iter().find(|it| it.contains("\nactions:")).unwrap();
    let tree = crate::support::parser(&specql()).parse(&file, None).unwrap();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(&query, tree.root_node(), file.as_bytes());
    let mut kinds = BTreeSet::new();
    while let Some(it) = matches.next() {
        kinds.extend(it.captures.iter().map(|it| it.node.kind()));
    }
    assert!(kinds.contains("fields_pair") && kinds.contains("action"), "{kinds:?}");
}

/// Language and text of every injection, in the order of the text.
fn injected(query: &Query, text: &str) -> Vec<(String, String)> {
    let tree = crate::support::parser(&specql()).parse(text, None).unwrap();
    let content = query.capture_index_for_name("injection.content").unwrap();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    let mut found = Vec::new();
    while let Some(it) = matches.next() {
        let settings = query.property_settings(it.pattern_index);
        let language = settings.iter().find(|it| &*it.key == "injection.language").unwrap();
        let language = language.value.as_deref().unwrap().to_owned();
        for node in it.nodes_for_capture_index(content) {
            found.push((node.start_byte(), (language.clone(), text[node.byte_range()].to_owned())));
        }
    }
    found.sort();
    found.into_iter().map(|(_, it)| it).collect()
}

fn check_grammar(grammar: &str, language: Language, highlights: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(grammar).join("test/highlight");
    let mut config = HighlightConfiguration::new(language, grammar, highlights, "", "").unwrap();
    let names: Vec<String> = config.names().iter().map(|it| (*it).to_owned()).collect();
    config.configure(&names);
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let mut seen = BTreeSet::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let captures = captures(&config, &names, &text);
        for assertion in assertions(&text) {
            let got = captures[assertion.at].as_str();
            let line = 1 + text[..assertion.at].matches('\n').count();
            assert_eq!(got, assertion.capture, "{}:{line}", path.display());
            seen.insert(assertion.capture);
        }
    }
    let unseen: Vec<&String> = names.iter().filter(|it| !seen.contains(*it)).collect();
    assert!(unseen.is_empty(), "no example has the captures {unseen:?}");
}

/// The innermost capture of every byte.
fn captures(config: &HighlightConfiguration, names: &[String], text: &str) -> Vec<String> {
    let mut highlighter = Highlighter::new();
    let events = highlighter.highlight(config, text.as_bytes(), None, |_| None).unwrap();
    let (mut stack, mut captures) = (Vec::new(), vec![String::new(); text.len()]);
    for event in events {
        match event.unwrap() {
            HighlightEvent::HighlightStart(it) => stack.push(&names[it.0]),
            HighlightEvent::HighlightEnd => drop(stack.pop()),
            HighlightEvent::Source { start, end } => {
                if let Some(innermost) = stack.last() {
                    captures[start..end].fill((*innermost).clone());
                }
            }
        }
    }
    captures
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
