//! A line that is being typed leaves the rest of the file as it was.
//!
//! Every state below is made at every key line of real files; of the pairs on other lines at least
//! [`FLOOR`] must still have the same path of keys and the same value.

use std::collections::HashMap;
use std::fmt::Write as _;

use tree_sitter::{Node, Parser, Point, Tree};

use crate::support::{each_node, parser, real_files, specql};

/// Least share of untouched pairs that survive, over all states.
const FLOOR: f64 = 0.995;
/// Least share of any one kind of state.
const FLOOR_OF_A_KIND: f64 = 0.98;
/// Least share where a tab stands for the indentation, which says nothing of the depth: what hangs
/// below the line goes with it, and in a short file that is much.
const FLOOR_OF_A_TAB: f64 = 0.95;
const TAB: &str = "tab for indentation";
/// Nodes that say the author's text was odd already.
const MARKS: &[&str] = &[
    "invalid_line",
    "invalid_text",
    "misindented",
    "missing_colon",
    "missing_dash",
    "misplaced_sequence",
    "unclosed",
    "unclosed_double_quoted",
    "unclosed_single_quoted",
];

/// What the author did: the line and its indentation give the lines that stand there instead.
type Typing = fn(line: &str, indent: &str) -> Option<String>;

const STATES: &[(&str, Typing)] = &[
    ("bare key above", |line, indent| Some(format!("{indent}nam\n{line}"))),
    ("colon deleted", |line, _| line.contains(':').then(|| line.replacen(':', "", 1))),
    ("space after colon deleted", |line, _| {
        line.contains(": ").then(|| line.replacen(": ", ":", 1))
    }),
    ("value is an open double quote", |line, _| with_value(line, "\"x")),
    ("value is an open single quote", |line, _| with_value(line, "'x")),
    ("value is an open list", |line, _| with_value(line, "[x,")),
    ("value is an open mapping", |line, _| with_value(line, "{x")),
    ("value starts with a reserved character", |line, _| with_value(line, "@x")),
    ("value has a colon", |line, _| with_value(line, "a: b")),
    (TAB, |line, indent| {
        let key = line.trim_start();
        (indent.len() > 1 && !key.starts_with('-')).then(|| format!("\t{key}"))
    }),
    ("one space more", |line, _| Some(format!(" {line}"))),
    ("one space less", |line, indent| {
        if indent.is_empty() { None } else { line.strip_prefix(' ').map(str::to_owned) }
    }),
    ("lone dash above", |line, indent| {
        let indent = if is_item(line) { indent_of(line) } else { indent };
        Some(format!("{indent}-\n{line}"))
    }),
    ("conflict markers around", |line, _| {
        Some(format!("<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> b"))
    }),
    ("mapping pasted too deep", |line, indent| {
        Some(format!("{indent}      p:\n{indent}        q: r\n{line}"))
    }),
    ("list pasted too deep", |line, indent| {
        Some(format!("{indent}    - p: q\n{indent}      r: s\n{line}"))
    }),
    ("half a quoted line above", |line, indent| Some(format!("{indent}\"na\n{line}"))),
    ("half a key at column 0 above", |line, _| Some(format!("nam\n{line}"))),
    ("junk above", |line, indent| Some(format!("{indent}%% ?\n{line}"))),
];

#[test]
fn untouched_pairs_survive() {
    let mut parser = parser(&specql());
    let files: Vec<String> =
        real_files().into_iter().filter(|it| !is_marked(&parse(&mut parser, it))).collect();
    assert!(files.len() > 30, "only {} files are free of marks", files.len());
    let (mut report, mut kept_in_all, mut states_in_all) = (String::new(), 0.0, 0);
    let mut below = Vec::new();
    for (name, typing) in STATES {
        let kept: Vec<f64> =
            files.iter().flat_map(|it| kept_shares(&mut parser, it, *typing)).collect();
        let sum: f64 = kept.iter().sum();
        let mean = sum / kept.len() as f64;
        writeln!(report, "{:6.2} % of {:4}  {name}", mean * 100.0, kept.len()).unwrap();
        let floor = if *name == TAB { FLOOR_OF_A_TAB } else { FLOOR_OF_A_KIND };
        if mean < floor {
            below.push(*name);
        }
        kept_in_all += sum;
        states_in_all += kept.len();
    }
    let mean = kept_in_all / states_in_all as f64;
    writeln!(report, "{:6.2} % of {states_in_all}  in all", mean * 100.0).unwrap();
    eprintln!("{report}");
    assert!(mean >= FLOOR && below.is_empty(), "{below:?}\n{report}");
}

fn parse(parser: &mut Parser, text: &str) -> Tree {
    parser.parse(text, None).unwrap()
}

fn is_marked(tree: &Tree) -> bool {
    let mut marked = false;
    each_node(tree, |it| marked |= MARKS.contains(&it.kind()));
    marked
}

fn with_value(line: &str, value: &str) -> Option<String> {
    line.split_once(": ").map(|(key, _)| format!("{key}: {value}"))
}

fn is_item(line: &str) -> bool {
    line.trim_start().starts_with("- ")
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The share of pairs on other lines that survive, for one state at each key line of a file.
fn kept_shares(parser: &mut Parser, text: &str, typing: Typing) -> Vec<f64> {
    let before = pairs(&parse(parser, text), text);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut rows: Vec<usize> = before.iter().map(|it| it.row).collect();
    rows.dedup();
    let mut shares = Vec::new();
    for row in rows {
        let first = before.iter().find(|it| it.row == row).unwrap();
        let Some(typed) = typing(lines[row], &" ".repeat(first.column)) else { continue };
        let mut changed = lines.clone();
        changed[row] = &typed;
        let changed = changed.join("\n");
        let after = pairs(&parse(parser, &changed), &changed);
        shares.push(kept_share(before.iter().filter(|it| it.row != row), &after));
    }
    shares
}

fn kept_share<'a>(before: impl Iterator<Item = &'a Pair>, after: &[Pair]) -> f64 {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for pair in after {
        *left.entry(&pair.meaning).or_default() += 1;
    }
    let (mut kept, mut all) = (0, 0);
    for pair in before {
        all += 1;
        if let Some(count) = left.get_mut(pair.meaning.as_str()).filter(|it| **it > 0) {
            *count -= 1;
            kept += 1;
        }
    }
    if all == 0 { 1.0 } else { f64::from(kept) / f64::from(all) }
}

/// A key and its value, wherever it stands.
struct Pair {
    row: usize,
    column: usize,
    /// Keys from the root, and the text of a value that has no pairs in lines of their own.
    meaning: String,
}

fn pairs(tree: &Tree, text: &str) -> Vec<Pair> {
    let mut found = Vec::new();
    collect(tree.root_node(), text, "", &mut found);
    found
}

fn collect(node: Node<'_>, text: &str, path: &str, found: &mut Vec<Pair>) {
    let mut inner = None;
    if let Some(key) = node.child_by_field_name("key") {
        let path = format!("{path}/{}", &text[key.byte_range()]);
        let leaf = node.child_by_field_name("value").filter(|it| !is_block(*it));
        let leaf = leaf.map_or("", |it| &text[it.byte_range()]);
        let Point { row, column } = key.start_position();
        found.push(Pair { row, column, meaning: format!("{path}={leaf}") });
        inner = Some(path);
    }
    let path = inner.as_deref().unwrap_or(path);
    for child in node.children(&mut node.walk()) {
        collect(child, text, path, found);
    }
}

fn is_block(value: Node<'_>) -> bool {
    let kind = value.kind();
    let has_entries = ["mapping", "sequence", "list"].iter().any(|it| kind.ends_with(it));
    has_entries && !kind.starts_with("flow")
}
