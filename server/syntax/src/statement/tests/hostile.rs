//! Texts of no meaning: every one has a statement with sound places, in bounded time and depth.

use std::sync::Arc;

use proptest::prelude::*;

use ecow::EcoString;
use smallvec::smallvec;

use super::{super::*, shown::quoted};
use crate::yaml::{Resolved, ScalarStyle, Segment};

#[test]
fn depth_has_a_limit() {
    for deep in [
        format!("{}a", "(".repeat(100_000)),
        format!("a{}", " + a".repeat(100_000)),
        "NOT ".repeat(100_000),
        "f(".repeat(50_000),
        "CASE ".repeat(50_000),
        "x BETWEEN ".repeat(20_000),
        "EXISTS a WHERE ".repeat(20_000),
    ] {
        let scalar = scalar_of(&deep);
        let (_, problems) = parse_statement(StatementKeyword::Condition, &scalar);
        assert!(problems.iter().any(|it| it.kind == LineProblemKind::TooDeep));
        for keyword in [StatementKeyword::Write, StatementKeyword::Call] {
            let (_, problems) = parse_statement(keyword, &scalar);
            assert!(!problems.is_empty());
        }
    }
}

/// A tenth of a megabyte of each shape; what grows faster than the text would never end.
#[test]
fn a_long_line_is_read_in_time_that_grows_as_it_does() {
    for shape in [
        "(",
        "a[",
        "f(a, ",
        "a, ",
        "a + ",
        "a || 'x' ",
        "a.",
        "a = 1, ",
        "@ ",
        "a ",
        "/* */ ",
        "-- a\n",
        "'",
        "'a' ",
        "$x$ ",
        "x::text",
        "CASE WHEN a THEN b ",
        "EXTRACT(a FROM ",
        "trim(FROM ",
        "position(a IN ",
        "(SELECT 1) ",
        "a IN (",
        "é",
    ] {
        let text = format!("f(User SET a = {}", shape.repeat(100_000 / shape.len()));
        let len = text.len() as u32;
        let segments = smallvec![Segment { text_start: 0, file_start: 0, len, file_len: len }];
        let text = EcoString::from(text);
        let style = ScalarStyle::Plain;
        let scalar = Scalar { text, style, unclosed: false, resolved: Resolved::Str, segments };
        let (_, problems) = parse_statement(StatementKeyword::Write, &scalar);
        assert_ne!(problems, [], "{shape:?}");
    }
}

fn scalar_of(line: &str) -> Arc<Scalar> {
    let text = format!("x: {}", quoted(line));
    let parse = crate::parse(text.as_str().into());
    match &parse.yaml().root.get("x").unwrap().kind {
        crate::yaml::NodeKind::Scalar(it) => Arc::clone(it),
        other => panic!("{other:?}"),
    }
}

/// Texts of one line that reach every token and every state.
fn any_line() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "User",
        " ",
        ".",
        ",",
        "(",
        ")",
        "[",
        "[]",
        "=",
        "==",
        "<",
        "<>",
        "!",
        "!~",
        "~*",
        "+",
        "-",
        "*",
        "/",
        "%",
        "|",
        "||",
        "::",
        ":",
        "$",
        "?",
        "'",
        "''",
        "\"",
        "E'",
        "1",
        "1.5",
        ".5e+",
        "\n",
        " AND ",
        " or ",
        "NOT ",
        " IS ",
        " IN ",
        " LIKE ",
        " BETWEEN ",
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
        "CAST",
        "CAST(",
        " AS ",
        " SET ",
        " VALUES ",
        " FROM ",
        " WHERE ",
        "(SELECT ",
        "(SELECT 1)",
        "->",
        "->>",
        "^",
        "&&",
        "@>",
        "]",
        "a[",
        "ARRAY[",
        "extract(",
        "trim(",
        "position(",
        "substring(",
        "BOTH ",
        " FOR ",
        " PLACING ",
        " AT TIME ZONE ",
        " IS DISTINCT FROM ",
        " SIMILAR TO ",
        " ESCAPE ",
        " SYMMETRIC ",
        "ANY(",
        "DISTINCT ",
        "--",
        "/*",
        "*/",
        "$$",
        "$x$",
        " double precision",
        " with time zone",
        "é",
        "😀",
        "@",
        ";",
        "\u{85}",
        "\u{a0}",
        "\0",
        "\u{feff}",
        "{{",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn any_line_has_a_statement_with_sound_places(line in any_line()) {
        let tree = crate::line::parse(crate::line::Language::Step, &line);
        prop_assert!(!tree.root_node().has_error(), "{}", tree.root_node().to_sexp());
        let text = format!("x: {}\n", quoted(&line));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        for keyword in [
            StatementKeyword::Condition, StatementKeyword::Write, StatementKeyword::ForEach,
            StatementKeyword::Call, StatementKeyword::Notify,
        ] {
            let (statement, problems) = parse_statement(keyword, node.as_scalar().unwrap());
            for problem in problems {
                prop_assert!(node.range.contains_range(problem.range));
                prop_assert!(text.get(problem.range.to_usize()).is_some());
            }
            if let Statement::Condition(it) = statement {
                let mut sound = true;
                it.walk(&mut |it| sound &= text.get(it.range.to_usize()).is_some());
                prop_assert!(sound);
            }
        }
    }
}
