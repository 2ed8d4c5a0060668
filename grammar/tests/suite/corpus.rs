//! Written examples: `<grammar>/test/corpus/*.txt` in the format of `tree-sitter test`.
//!
//! `UPDATE_CORPUS=1` writes the trees that the grammars give; read the difference before you commit.

use std::fs;
use std::path::Path;

use tree_sitter::{Language, Parser};

use crate::support::{files_below, parser, specql};

/// One example: a sentence, a text, and the tree of that text.
struct Example<'a> {
    /// The lines from `===` to `===`, title and attributes among them.
    header: &'a str,
    text: &'a str,
    divider: &'a str,
    tree: &'a str,
}

impl Example<'_> {
    fn title(&self) -> &str {
        self.header.lines().nth(1).unwrap_or_default()
    }
}

#[test]
fn specql_examples_have_the_trees_they_show() {
    let examples = check_grammar("specql", &specql());
    assert!(examples >= 60, "only {examples} examples");
}

#[test]
fn one_line_examples_have_the_trees_they_show() {
    let step = check_grammar("specql_step", &tree_sitter_specql::STEP_LANGUAGE.into());
    let types = check_grammar("specql_type", &tree_sitter_specql::TYPE_LANGUAGE.into());
    assert!(step >= 30 && types >= 20, "only {step} and {types} examples");
}

/// Compares every example of a grammar; their number.
fn check_grammar(grammar: &str, language: &Language) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(grammar).join("test/corpus");
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    paths.sort();
    let mut parser = parser(language);
    let (mut count, mut failures) = (0, Vec::new());
    for path in &paths {
        let file = fs::read_to_string(path).unwrap();
        let examples = read_examples(&file);
        assert!(!examples.is_empty(), "no example in {}", path.display());
        count += examples.len();
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            let updated: Vec<String> = examples.iter().map(|it| updated(it, &mut parser)).collect();
            fs::write(path, updated.join("\n")).unwrap();
        } else {
            failures.extend(examples.iter().filter_map(|it| difference(it, &mut parser)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    count
}

/// The texts of a grammar's examples.
pub(crate) fn texts(grammar: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(grammar).join("test/corpus");
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let files = paths.iter().map(|it| fs::read_to_string(it).unwrap());
    files
        .flat_map(|file| {
            read_examples(&file).iter().map(|it| it.text.to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

/// Headers stand between two lines of `=` as long as the first line of the file, so that a text may
/// hold shorter ones.
fn read_examples(file: &str) -> Vec<Example<'_>> {
    let rule = file.lines().next().unwrap_or_default();
    assert!(is_rule(rule, '='), "an example begins with a line of `=`");
    let rules: Vec<(usize, usize)> =
        lines(file).filter(|(from, to)| file[*from..*to].trim_end() == rule).collect();
    let starts: Vec<(usize, usize)> = rules.chunks_exact(2).map(|it| (it[0].0, it[1].1)).collect();
    let ends = starts.iter().skip(1).map(|it| it.0).chain([file.len()]);
    starts.iter().zip(ends).map(|((start, body), end)| example(file, *start, *body, end)).collect()
}

fn example(file: &str, start: usize, body: usize, end: usize) -> Example<'_> {
    let dividers =
        lines(&file[body..end]).filter(|(from, to)| is_rule(&file[body + from..body + to], '-'));
    // A text may hold `---` itself: the longest line divides.
    let (from, to) = dividers
        .reduce(|best, it| if it.1 - it.0 > best.1 - best.0 { it } else { best })
        .unwrap_or_else(|| panic!("no divider below {:?}", &file[start..body]));
    let text = &file[body..body + from];
    Example {
        header: &file[start..body],
        text: text.strip_suffix('\n').unwrap_or(text),
        divider: &file[body + from..body + to],
        tree: &file[body + to..end],
    }
}

/// Start and end of each line, line end included.
fn lines(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, *at))
    })
}

fn is_rule(line: &str, character: char) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && line.chars().all(|it| it == character)
}

fn parsed(example: &Example<'_>, parser: &mut Parser) -> String {
    pretty(&parser.parse(example.text, None).unwrap().root_node().to_sexp())
}

fn difference(example: &Example<'_>, parser: &mut Parser) -> Option<String> {
    let (want, got) = (pretty(example.tree), parsed(example, parser));
    let diff = similar::TextDiff::from_lines(&want, &got);
    (want != got)
        .then(|| format!("## {}\n{}", example.title(), diff.unified_diff().context_radius(3)))
}

fn updated(example: &Example<'_>, parser: &mut Parser) -> String {
    let tree = parsed(example, parser);
    format!("{}{}\n{}\n{tree}", example.header, example.text, example.divider)
}

/// An S-expression with one node a line.
fn pretty(sexp: &str) -> String {
    let (mut lines, mut depth) = (String::new(), 0);
    for word in sexp.split_whitespace() {
        let (opens, closes) = (word.matches('(').count(), word.matches(')').count());
        let starts_line = (word.starts_with('(') || word.ends_with(':')) && !lines.ends_with(": ");
        if starts_line && !lines.is_empty() {
            lines.push('\n');
            lines.push_str(&"  ".repeat(depth));
        } else if !lines.is_empty() && !lines.ends_with(' ') {
            lines.push(' ');
        }
        lines.push_str(word);
        if word.ends_with(':') {
            lines.push(' ');
        }
        depth = (depth + opens).saturating_sub(closes);
    }
    lines + "\n"
}
