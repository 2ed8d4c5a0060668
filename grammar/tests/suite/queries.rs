//! Every query: it means something to its grammar, and every pattern of it finds something.
//!
//! Beside it, what the tests of the single queries share: running one, and showing what it captured.

use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Node, Query, QueryCursor, QueryProperty, StreamingIterator, Tree};

use crate::support::{files_below, parser, specql};
use crate::{corpus, injections};

/// The grammars with their languages.
pub(crate) fn grammars() -> [(&'static str, Language); 3] {
    [
        ("specql", specql()),
        ("specql_type", tree_sitter_specql::TYPE_LANGUAGE.into()),
        ("specql_step", tree_sitter_specql::STEP_LANGUAGE.into()),
    ]
}

pub(crate) fn language(grammar: &str) -> Language {
    grammars().into_iter().find(|(name, _)| *name == grammar).unwrap().1
}

/// The text of a canonical query.
pub(crate) fn canonical(grammar: &str, kind: &str) -> String {
    read(&format!("grammar/{grammar}/queries/{kind}.scm"))
}

/// A query from a file below the root of the repository.
pub(crate) fn query(grammar: &str, path: &str) -> Query {
    let text = without_vim(&read(path));
    Query::new(&language(grammar), &text).unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// Neovim's regular expressions in tree-sitter's syntax: the generator escapes what is an operator for
/// Vim alone, and an escaped character is that character in both.
fn without_vim(text: &str) -> String {
    text.replace("vim-match?", "match?").replace("\"\\\\v\\\\C", "\"")
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// Everything that a match captured, with the settings of its pattern.
pub(crate) struct Found<'tree> {
    pub(crate) pattern: usize,
    /// Names of captures with their nodes, `_private` ones left out.
    pub(crate) captures: Vec<(String, Node<'tree>)>,
    /// Keys and values of `#set!`.
    pub(crate) settings: Vec<(String, String)>,
}

/// The matches of a query, in the order of the text.
pub(crate) fn matches<'tree>(query: &Query, tree: &'tree Tree, text: &str) -> Vec<Found<'tree>> {
    let (mut cursor, mut res) = (QueryCursor::new(), Vec::new());
    let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
    while let Some(found) = matches.next() {
        let name = |index: u32| query.capture_names()[index as usize].to_owned();
        let captures = found.captures.iter().map(|it| (name(it.index), it.node));
        let settings = query.property_settings(found.pattern_index).iter();
        let setting = |it: &QueryProperty| {
            (it.key.to_string(), it.value.as_deref().unwrap_or_default().to_owned())
        };
        res.push(Found {
            pattern: found.pattern_index,
            captures: captures.filter(|(it, _)| !it.starts_with('_')).collect(),
            settings: settings.map(setting).collect(),
        });
    }
    res
}

/// `name text` of every capture, in the order of the text; lines after the first are left out.
pub(crate) fn captures(grammar: &str, kind: &str, text: &str) -> Vec<String> {
    let query = query(grammar, &format!("grammar/{grammar}/queries/{kind}.scm"));
    let tree = parser(&language(grammar)).parse(text, None).unwrap();
    let mut found: Vec<(usize, usize, String)> = matches(&query, &tree, text)
        .into_iter()
        .flat_map(|it| it.captures)
        .map(|(name, node)| {
            let shown = text[node.byte_range()].split('\n').next().unwrap_or_default();
            (node.start_byte(), node.end_byte(), format!("{name} {shown}"))
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|(.., it)| it).collect()
}

/// Every query file: the grammar's own, and the editors' copies. The folder is the grammar's name.
fn query_files() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for (grammar, _) in grammars() {
        files_below(&root().join("grammar").join(grammar).join("queries"), &mut paths);
    }
    for folder in ["editors/neovim/queries", "editors/helix/queries", "editors/zed/languages"] {
        files_below(&root().join(folder), &mut paths);
    }
    paths.retain(|it| it.extension().is_some_and(|it| it == "scm"));
    paths.sort();
    paths
}

fn grammar_of(path: &Path) -> &'static str {
    let names = grammars().map(|(name, _)| name);
    let is_folder = |name: &&str| path.components().any(|it| it.as_os_str() == *name);
    // The innermost: `specql_type` may stand below `specql`.
    names.into_iter().rfind(is_folder).unwrap()
}

/// Texts that a grammar is shown: its examples, and for the one-line grammars what the files inject.
fn texts(grammar: &str) -> Vec<String> {
    let files = whole_files();
    let mut texts = corpus::texts(grammar);
    if grammar == "specql" {
        texts.extend(files);
    } else {
        let injected = files.iter().flat_map(|it| injections::injected(it));
        texts.extend(injected.filter(|(language, _)| language == grammar).map(|(_, it)| it));
    }
    texts
}

/// The examples for users, and the files that show colours.
pub(crate) fn whole_files() -> Vec<String> {
    let mut paths = Vec::new();
    files_below(&root().join("examples"), &mut paths);
    files_below(&root().join("grammar/specql/test/highlight"), &mut paths);
    paths.iter().map(|it| fs::read_to_string(it).unwrap()).collect()
}

#[test]
fn the_crate_carries_the_queries() {
    use tree_sitter_specql as carried;
    for (grammar, kind, text) in [
        ("specql", "highlights", carried::HIGHLIGHTS_QUERY),
        ("specql", "injections", carried::INJECTIONS_QUERY),
        ("specql", "tags", carried::TAGS_QUERY),
        ("specql_type", "highlights", carried::TYPE_HIGHLIGHTS_QUERY),
        ("specql_type", "tags", carried::TYPE_TAGS_QUERY),
        ("specql_step", "highlights", carried::STEP_HIGHLIGHTS_QUERY),
        ("specql_step", "injections", carried::STEP_INJECTIONS_QUERY),
        ("specql_step", "tags", carried::STEP_TAGS_QUERY),
    ] {
        assert!(canonical(grammar, kind) == text, "{grammar} {kind}");
    }
}

#[test]
fn helix_is_told_of_every_grammar() {
    let languages = read("editors/helix/languages.toml");
    for (grammar, _) in grammars() {
        // Once as a language, once as a grammar.
        assert_eq!(languages.matches(&format!("name = \"{grammar}\"\n")).count(), 2, "{grammar}");
        assert!(languages.contains(&format!("/grammar/{grammar}\"")), "{grammar}");
    }
}

#[test]
fn every_query_means_something_to_its_grammar() {
    let files = query_files();
    assert!(files.len() > 40, "only {} queries", files.len());
    for path in files {
        let text = without_vim(&fs::read_to_string(&path).unwrap());
        let language = language(grammar_of(&path));
        let query =
            Query::new(&language, &text).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        assert!(query.pattern_count() > 0, "{} has no pattern", path.display());
    }
}

#[test]
fn every_pattern_finds_something_in_the_examples() {
    let mut dead = Vec::new();
    for (grammar, language) in grammars() {
        let mut parser = parser(&language);
        let parsed = |text: String| (parser.parse(&text, None).unwrap(), text);
        let examples: Vec<(Tree, String)> = texts(grammar).into_iter().map(parsed).collect();
        for path in query_files().into_iter().filter(|it| grammar_of(it) == grammar) {
            let text = without_vim(&fs::read_to_string(&path).unwrap());
            let query = Query::new(&language, &text).unwrap();
            let mut alive = vec![false; query.pattern_count()];
            for (tree, example) in &examples {
                for found in matches(&query, tree, example) {
                    alive[found.pattern] = true;
                }
            }
            for pattern in (0..alive.len()).filter(|it| !alive[*it]) {
                let line = 1 + text[..query.start_byte_for_pattern(pattern)].matches('\n').count();
                dead.push(format!("{}:{line}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "nothing matches {dead:#?}");
}
