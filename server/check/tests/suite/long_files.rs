//! Long files of one kind of line: each rule looks at a line a few times, not at all lines for each. A
//! rule that did would take minutes here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::support::{judged, workspace};

const LINES: usize = 20_000;

/// How many findings of which rules a file has: a head and many lines.
fn findings(head: &str, line: impl Fn(usize) -> String) -> BTreeMap<&'static str, usize> {
    let mut text = format!("entity: Post\nfields:\n  title: text\n  n: integer\n{head}");
    for at in 0..LINES {
        write!(text, "{}", line(at)).unwrap();
    }
    let mut counts = BTreeMap::new();
    for it in judged(&workspace([("/post.yaml".to_owned(), text)])) {
        *counts.entry(it.code).or_default() += 1;
    }
    counts
}

#[test]
fn keys() {
    let found = findings("", |at| format!("key_{at}: x\n"));
    assert_eq!(found, BTreeMap::from([("unknown-key", LINES)]));
}

/// What the first of them is meant to be is looked for once.
#[test]
fn keys_above_a_misspelt_declaration() {
    let mut text = String::new();
    for at in 0..LINES {
        writeln!(text, "key_{at}: x").unwrap();
    }
    text.push_str("entiy: Post\nfields:\n  title: text\n");
    let found = judged(&workspace([("/post.yaml".to_owned(), text)]));
    let declared: Vec<_> = found.iter().filter(|it| it.code == "missing-entity").collect();
    assert_eq!(declared.len(), 1, "{:?}", found.first());
}

#[test]
fn fields() {
    let found = findings("", |at| format!("  field_{at}: text\n"));
    assert_eq!(found, BTreeMap::new());
}

#[test]
fn steps() {
    let head =
        "actions:\n  - name: count\n    impact: {primary: {operation: UPDATE}}\n    steps:\n";
    let found =
        findings(head, |at| format!("      - update: Post SET n = n + {at} WHERE id = input.id\n"));
    assert_eq!(found, BTreeMap::from([("compat", LINES)]));
}

#[test]
fn actions() {
    let found = findings("actions:\n", |at| {
        format!(
            "  - {{name: count_{at}, steps: [update: Post SET n = {at} WHERE title = 'x'], impact: {{primary: {{operation: UPDATE}}}}}}\n"
        )
    });
    assert_eq!(found, BTreeMap::new());
}
