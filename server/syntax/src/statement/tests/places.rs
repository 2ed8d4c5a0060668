//! A statement means the same in every style of YAML, and each of its pieces has its place in the file.

use proptest::prelude::*;

use super::{
    super::*,
    forms::{self, EXPRESSIONS},
    names::pieces,
    shown::statement_text,
};
use crate::embedded::{STYLES, Style, blanks, embedded, meant};

/// Reads a line in a style, and compares it with `expected`, its meaning alone. Whether YAML has it.
fn check(keyword: StatementKeyword, line: &str, style: Style, crlf: bool, expected: &str) -> bool {
    let Some((text, scalar)) = embedded(style, line, crlf) else { return false };
    let (statement, problems) = parse_statement(keyword, &scalar);
    assert_eq!(problems, [], "{style:?}: {text}");
    assert_eq!(statement_text(&statement), expected, "{style:?}: {text}");
    let (start, end) = (text.find("x: ").unwrap() + 3, text.len());
    for (name, range) in pieces(&statement) {
        let at = range.to_usize();
        assert!(start <= at.start && at.end <= end, "{name} at {at:?} in {style:?}: {text}");
        if range.is_empty() {
            // The start of a `substring` that has none.
            assert_eq!(name, "1", "{style:?}: {text}");
            continue;
        }
        // The range of an expression is that of the parentheses around it, too.
        let bare = |it: &str| it.trim_matches(['(', ')', ' ']).to_ascii_uppercase();
        let found = meant(style, &text, range);
        assert_eq!(bare(&found), bare(&blanks(&name)), "{style:?}: {text}");
    }
    true
}

fn alone(keyword: StatementKeyword, line: &str) -> String {
    let (_, scalar) = embedded(Style::Double, line, false).unwrap();
    statement_text(&parse_statement(keyword, &scalar).0)
}

#[test]
fn every_form_is_the_same_in_every_style() {
    let mut read = [0; STYLES.len()];
    for (keyword, line) in forms::all() {
        let expected = alone(keyword, line);
        for (count, style) in read.iter_mut().zip(STYLES) {
            for crlf in [false, true] {
                *count += i32::from(check(keyword, line, style, crlf, &expected));
            }
        }
    }
    // The rest cannot be written in the style, or has nothing to break lines at.
    for (count, style) in read.iter().zip(STYLES) {
        assert!(*count > 150, "{style:?}: {count} of {}", forms::all().count() * 2);
    }
}

/// Statements made of forms.
fn any_statement() -> impl Strategy<Value = (StatementKeyword, String)> {
    let expression = || {
        prop::sample::select(EXPRESSIONS.to_vec()).prop_map(|it| {
            // A comment to the end of its line, and a condition that reaches as far, stand alone.
            if it.contains("--") || it.contains("EXISTS Loan") {
                "a".to_owned()
            } else {
                it.to_owned()
            }
        })
    };
    let name = || prop::sample::select(vec!["a", "größe", "名前", "x_1", "E", "😀"]);
    let condition = prop_oneof![
        (expression(), expression()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
        (expression(), expression()).prop_map(|(a, b)| format!("f({a}, ARRAY[{b}])")),
        (expression(), expression()).prop_map(|(a, b)| format!("CASE WHEN {a} THEN {b} END")),
        (expression(), name()).prop_map(|(a, b)| format!("EXISTS {b} WHERE ({a}) = {b}.{b}")),
        (name(), expression()).prop_map(|(a, b)| format!("{a} BETWEEN ({b}) AND {a}::text")),
    ];
    let write = (name(), name(), expression(), name(), expression(), expression())
        .prop_map(|(entity, a, b, c, d, e)| format!("{entity} SET {a} = {b}, {c} = {d} WHERE {e}"));
    prop_oneof![
        condition.prop_map(|it| (StatementKeyword::Condition, it)),
        write.prop_map(|it| (StatementKeyword::Write, it)),
        (name(), expression())
            .prop_map(|(a, b)| (StatementKeyword::Call, format!("{a}({a} = {b})"))),
    ]
}

proptest! {
    #[test]
    fn every_piece_has_its_place((keyword, line) in any_statement(), crlf in any::<bool>()) {
        let expected = alone(keyword, &line);
        for style in STYLES {
            check(keyword, &line, style, crlf, &expected);
        }
    }
}

#[test]
fn a_problem_in_sql_has_its_place_in_every_style() {
    let line = "größe = 1 AND b IN (SELECT é FROM t WHERE a = ) OR c";
    for style in STYLES {
        let Some((text, scalar)) = embedded(style, line, false) else { continue };
        let (_, problems) = parse_statement(StatementKeyword::Condition, &scalar);
        let [problem] = problems.as_slice() else { panic!("{problems:?} in {text}") };
        assert!(matches!(problem.kind, LineProblemKind::Sql(_)), "{problem:?}");
        assert_eq!(meant(style, &text, problem.range), ")", "{style:?}: {text}");
    }
}

#[test]
fn a_comment_ends_with_its_line_unless_yaml_joins_the_lines() {
    let line = "User SET a = 1 -- one\n  WHERE b = 2";
    let (_, scalar) = embedded(Style::Literal, line, false).unwrap();
    let (statement, problems) = parse_statement(StatementKeyword::Write, &scalar);
    assert_eq!(problems, []);
    assert!(statement_text(&statement).ends_with("where (Equal b 2)"));
    for text in [
        "x: >\n  User SET a = 1 -- one\n  WHERE b = 2\n",
        "x: User SET a = 1 -- one\n  WHERE b = 2\n",
        "x: 'User SET a = 1 -- one\n  WHERE b = 2'\n",
    ] {
        let parse = crate::parse(text.into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (_, problems) = parse_statement(StatementKeyword::Write, node.as_scalar().unwrap());
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert_eq!(problem.kind, LineProblemKind::CommentOfJoinedLines, "{text}");
        assert_eq!(problem.range.slice(text), "--");
    }
}
