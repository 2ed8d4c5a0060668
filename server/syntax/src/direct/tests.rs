//! Law: what is read without a tree is what the tree gives, and has no problems.

use proptest::prelude::*;

use crate::{
    parse,
    statement::{self, StatementKeyword},
    type_expression,
    yaml::{Node, NodeKind, Scalar},
};

/// Whether a scalar is plain as a type, and as a statement; where it is, both ways agree.
fn compare(scalar: &Scalar) -> [bool; 2] {
    let (direct, tree) = type_expression::both(scalar);
    let is_type = direct.is_some();
    if let Some(field) = direct {
        assert_eq!((field, Vec::new()), tree, "{}", scalar.text);
    }
    let mut is_statement = false;
    for keyword in [StatementKeyword::Condition, StatementKeyword::Write] {
        let (direct, tree) = statement::both(keyword, scalar);
        is_statement |= direct.is_some();
        if let Some(statement) = direct {
            assert_eq!((statement, Vec::new()), tree, "{}", scalar.text);
        }
    }
    [is_type, is_statement]
}

fn visit(node: &Node, see: &mut dyn FnMut(&Scalar)) {
    match &node.kind {
        NodeKind::Scalar(it) => see(it),
        NodeKind::Mapping(it) => it.entries.iter().for_each(|it| visit(&it.value, see)),
        NodeKind::Sequence(it) => it.items.iter().for_each(|it| visit(it, see)),
        NodeKind::Missing => {}
    }
}

#[test]
fn real_lines_whole_and_half_typed() {
    let mut plain = [0, 0];
    for file in specql_corpus::files() {
        visit(&parse(file.text.into()).yaml().root, &mut |scalar| {
            let found = compare(scalar);
            plain.iter_mut().zip(found).for_each(|(sum, it)| *sum += usize::from(it));
            let halves = scalar.text.char_indices().map(|it| it.0).step_by(5);
            halves.for_each(|at| _ = compare_text(&scalar.text[..at]));
        });
    }
    assert!(plain.iter().all(|it| *it > 500), "{plain:?}");
}

fn compare_text(text: &str) -> Option<[bool; 2]> {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let parse = parse(format!("a: \"{quoted}\"\n").into());
    Some(compare(parse.yaml().root.get("a")?.as_scalar()?))
}

#[test]
fn plain_statements() {
    for text in [
        "a = b",
        "status <> 'closed' AND amount >= 0",
        "NOT a OR NOT (b AND c)",
        "a.b.c IS NOT NULL and x is null",
        "a IN (1, 'b', c) OR d NOT IN (2)",
        "-a + 2 * (b - 3.5) / -1",
        "lower(trimmed(a), now()) = 'x' || b",
        "Post(title, author)",
        "Post(title = 'x', n = n + 1)",
        "crm.Post SET title = 'x', n = n + 1 WHERE id = input.post",
        "Post WHERE NOT a",
        "Post",
    ] {
        assert_eq!(compare_text(text).map(|it| it[1]), Some(true), "{text}");
    }
}

#[test]
fn plain_types() {
    for text in [
        "text!",
        "ref(User)",
        "ref(crm.Company)!",
        "enum(a, b) = a",
        "enum(a,b)!",
        "decimal(10, 2) = 0.5!",
        "integer = -1",
        "boolean! = true",
    ] {
        assert_eq!(compare_text(text).map(|it| it[0]), Some(true), "{text}");
    }
}

#[test]
fn long_lines_are_left_to_the_tree() {
    for text in [format!("a{}", " + a".repeat(300)), "(".repeat(300), "NOT ".repeat(300) + "a"] {
        assert_eq!(compare_text(&text).map(|it| it[1]), Some(false), "{text}");
    }
}

const PIECES: &[&str] = &[
    "a",
    "b_1",
    "x.y",
    "Post",
    "crm.Post",
    "1",
    "2.5",
    "'t'",
    "''",
    "true",
    "NULL",
    "?",
    "$v",
    "f(a)",
    "now()",
    "f(a, 1)",
    "(",
    ")",
    ",",
    " = ",
    " <> ",
    " < ",
    "<=",
    "=",
    " != ",
    " + ",
    "-",
    " - ",
    " * ",
    "/",
    " % ",
    " || ",
    " AND ",
    " or ",
    " NOT ",
    "NOT ",
    " IS NULL",
    " is not null",
    " IS TRUE",
    " IN (",
    " NOT IN (",
    " LIKE ",
    " BETWEEN ",
    " SET ",
    " WHERE ",
    " FROM ",
    " VALUES ",
    "(a, b)",
    "(a = 1)",
    "::text",
    "[1]",
    " ",
    "  ",
    ".",
    "\"q\"",
    "--",
    "/*",
    "a b",
    "^",
    "@>",
    "->",
    "CASE",
    "EXISTS ",
    "!",
    "text",
    "ref(",
    "enum(",
    "list(",
    "!",
    " = a",
    "|",
    "é",
    "==",
    ">=",
    "=>",
    ":",
    ";",
    "row(a)",
    "any(a)",
    "count(*)",
    "e.end",
    "date '2024-01-01'",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn random_lines(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..9)) {
        compare_text(&pieces.concat());
    }

    /// Operands and operators in turn: what binds how.
    #[test]
    fn random_expressions(
        first in operand(),
        rest in prop::collection::vec((operator(), operand()), 0..7),
        clause in prop::sample::select(vec!["", "Post SET a = ", "Post WHERE ", "Post(a = ", "f("]),
    ) {
        let rest: String = rest.into_iter().map(|(sign, it)| format!("{sign}{it}")).collect();
        let close = if clause.ends_with("= ") && clause.contains('(') || clause == "f(" { ")" } else { "" };
        compare_text(&format!("{clause}{first}{rest}{close}"));
    }
}

fn operand() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "b.c",
        "1",
        "'t'",
        "f(x)",
        "(a OR b)",
        "(a + 1)",
        "-a",
        "-(a)",
        "NOT a",
        "NULL",
        "not (a = b)",
        "-1",
        "f(a = b, NOT c)",
    ])
}

fn operator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " AND ",
        " OR ",
        " = ",
        " <> ",
        " < ",
        " + ",
        " - ",
        " * ",
        "/",
        " || ",
        " IS NULL AND ",
        " IN (1, 2) OR ",
        " IS NOT NULL = ",
        " NOT IN (a) = ",
        "=",
        ", ",
    ])
}
