//! What files mean: written examples, and properties over random texts.

use std::fmt::Write as _;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

/// The value in one line, and below it every problem with the text it points at.
fn shown(text: &str) -> String {
    let parse = crate::parse(text.into());
    let mut shown = String::new();
    write_value(&parse.yaml().root, &mut shown);
    for problem in &parse.yaml().problems {
        let at = problem.range.slice(text);
        write!(shown, "\n{:?} {at:?}: {:?}", problem.range, problem.kind).unwrap();
    }
    shown
}

fn write_value(node: &Node, out: &mut String) {
    match &node.kind {
        NodeKind::Missing => out.push('∅'),
        NodeKind::Scalar(it) => match &it.resolved {
            Resolved::Str => write!(out, "{:?}", it.text.as_str()).unwrap(),
            other => write!(out, "{other:?}").unwrap(),
        },
        NodeKind::Mapping(it) => {
            out.push('{');
            for (number, entry) in it.entries.iter().enumerate() {
                let merged = if entry.merged { "<< " } else { "" };
                let comma = if number == 0 { "" } else { ", " };
                let key = match &entry.key_resolved {
                    Resolved::Str => entry.key.as_str().to_owned(),
                    other => format!("{other:?}"),
                };
                write!(out, "{comma}{merged}{key}: ").unwrap();
                write_value(&entry.value, out);
            }
            out.push('}');
        }
        NodeKind::Sequence(it) => {
            out.push('[');
            for (number, item) in it.items.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                write_value(item, out);
            }
            out.push(']');
        }
    }
}

#[test]
fn block_and_flow_style_mean_the_same() {
    let block = "impact:\n  primary:\n    entity: Post\n    fields:\n    - title\n    - content\n";
    let flow = "impact: {primary: {entity: Post, fields: [title, content]}}";
    assert_snapshot!(shown(block), @r#"{impact: {primary: {entity: "Post", fields: ["title", "content"]}}}"#);
    assert_eq!(shown(block), shown(flow));
}

#[test]
fn quotes_escapes_and_folds() {
    assert_snapshot!(shown("a: 'it''s'\nb: \"x\\ty\\u00e9\\\"\"\nc: one\n  two\n\n  three\nd: \"one \\\n   two\n\n  three\""), @r#"{a: "it's", b: "x\tyé\"", c: "one two\nthree", d: "one two\nthree"}"#);
}

#[test]
fn literal_and_folded_scalars() {
    assert_snapshot!(shown("a: |\n  one\n   two\n\n  three\n\nb: >-\n  one\n  two\n\n  three\n   four\nc: |+\n  one\n\nd: |2\n    x\n"), @r#"{a: "one\n two\n\nthree\n", b: "one two\nthree\n four", c: "one\n\n", d: "  x\n"}"#);
}

#[test]
fn plain_scalars_are_resolved_and_quoted_ones_are_not() {
    assert_snapshot!(shown("[no, 'no', 012, \"012\", ~, 1.5, 2024-01-01]"), @r#"[Bool(false), "no", Int("10"), "012", Null, Float("1.5"), Timestamp]"#);
}

#[test]
fn aliases_have_the_value_of_their_anchor() {
    assert_snapshot!(shown("a: &x [1, 2]\nb: *x\n&k c: *k\nd: *nobody\n"), @r#"
    {a: [Int("1"), Int("2")], b: [Int("1"), Int("2")], c: "c", d: ∅}
    31..38 "*nobody": UnknownAlias("nobody")
    "#);
}

#[test]
fn merged_entries_come_last_and_never_hide_own_ones() {
    assert_snapshot!(shown("- &a {x: 1, y: 2}\n- &b {y: 3, z: 4}\n- <<: [*a, *b]\n  x: 0\n- <<: 5\n- <<:\n"), @r#"
    [{x: Int("1"), y: Int("2")}, {y: Int("3"), z: Int("4")}, {x: Int("0"), << y: Int("2"), << z: Int("4")}, {}, {}]
    64..65 "5": BadMerge
    68..70 "<<": BadMerge
    "#);
}

#[test]
fn a_half_typed_file_keeps_what_stands_around() {
    assert_snapshot!(shown("entity: Post\nfiel\nfields:\n  title: text\n  auth:\nactions:\n  - name: publish\n    steps:\n      - insert:\n      -\n"), @r#"
    {entity: "Post", fiel: ∅, fields: {title: "text", auth: ∅}, actions: [{name: "publish", steps: [{insert: ∅}, ∅]}]}
    13..17 "fiel": MissingColon
    "#);
}

#[test]
fn every_mark_of_the_grammar_is_a_problem_with_a_tight_range() {
    assert_snapshot!(shown("a: x\n@@@\n b: y\nc:\n  - d\n  e: f\nl: m\n- n\no: \"p\nq: [r, s\nt: u\n"), @r#"
    {a: "x", b: "y", c: ["d", {e: "f"}], l: "m", o: "p", q: ["r", "s"], t: "u"}
    5..8 "@@@": Invalid
    10..11 "b": Misindented
    26..27 "e": MissingDash
    36..37 "-": MisplacedSequence
    43..44 "\"": UnclosedQuote
    49..50 "[": UnclosedFlow
    "#);
}

#[test]
fn a_tab_is_reported_where_it_is_no_part_of_a_text() {
    assert_snapshot!(shown("a:\n\tb: \"x\ty\"\nc:\t|\n  d\te\n# f\tg\n"), @r#"
    {a: {b: "x\ty"}, c: "d\te\n"}
    3..4 "\t": Tab
    15..16 "\t": Tab
    "#);
}

#[test]
fn what_lies_outside_the_profile_is_reported() {
    assert_snapshot!(shown("%YAML 1.1\n---\na: !!str 5\n? b\n: c\n[d]: e\n---\nf: g\n"), @r#"
    {a: "5", b: "c"}
    17..22 "!!str": Tag("!!str")
    25..26 "?": ComplexKey
    33..36 "[d]": ComplexKey
    40..43 "---": SecondDocument
    "#);
}

#[test]
fn duplicates_are_all_there_and_the_last_one_counts() {
    let text = "a: 1\nb: 2\n'a': 3\n";
    assert_snapshot!(shown(text), @r#"
    {a: Int("1"), b: Int("2"), a: Int("3")}
    10..13 "'a'": DuplicateKey("a", 0..1)
    "#);
    let parse = crate::parse(text.into());
    assert_eq!(parse.yaml().root.get("a").unwrap().name().unwrap().text, "3");
}

#[test]
fn keys_have_the_types_of_the_loader() {
    assert_snapshot!(shown("yes: 1\n012: 2\n'yes': 3\n&a 1.5: *a\n&b '7': *b\n~: {on: 1, off}\n? 0x1\n: x\n=: y\n"), @r#"
    {Bool(true): Int("1"), Int("10"): Int("2"), yes: Int("3"), Float("1.5"): Float("1.5"), 7: "7", Null: {Bool(true): Int("1"), Bool(false): ∅}, Int("1"): "x", =: "y"}
    61..62 "?": ComplexKey
    63..66 "0x1": DuplicateKey("0x1", 0..3)
    "#);
}

#[test]
fn keys_are_duplicates_where_they_are_one_to_the_loader() {
    assert_snapshot!(shown("10: a\n0xA: b\n'10': c\n10.0: d\n1: e\ntrue: f\n1_0.5: g\n10.50: h\n"), @r#"
    {Int("10"): "a", Int("10"): "b", 10: "c", Float("10.0"): "d", Int("1"): "e", Bool(true): "f", Float("10.5"): "g", Float("10.50"): "h"}
    6..9 "0xA": DuplicateKey("0xA", 0..2)
    21..25 "10.0": DuplicateKey("10.0", 0..2)
    34..38 "true": DuplicateKey("true", 29..30)
    51..56 "10.50": DuplicateKey("10.50", 42..47)
    "#);
    assert_snapshot!(shown("2024-01-01 00:00:00: a\n2024-1-1T0:00:00.0: b\n2024-01-01: c\n~: d\n: e\n"), @r#"
    {Timestamp: "a", Timestamp: "b", Timestamp: "c", Null: "d"}
    23..41 "2024-1-1T0:00:00.0": DuplicateKey("2024-1-1T0:00:00.0", 0..19)
    64..65 ":": Invalid
    "#);
    assert_snapshot!(shown("a: &a {1: x, 2: y}\nb:\n  <<: *a\n  0x1: z\n"), @r#"{a: {Int("1"): "x", Int("2"): "y"}, b: {Int("1"): "z", << Int("2"): "y"}}"#);
}

#[test]
fn plain_text_that_the_loader_refuses_is_reported() {
    assert_snapshot!(shown("a: 2024-13-45\nb: [=, '=', !!str x, 0x_]\nc: <<\n2023-02-29: d\n=: e\nf: {=}\ng: 2024-01-01 24:00:00\n"), @r#"
    {a: Timestamp, b: ["=", "=", "x", Int("0")], c: "<<", Timestamp: "d", =: "e", f: {=: ∅}, g: Timestamp}
    3..13 "2024-13-45": BadScalar("2024-13-45")
    18..19 "=": BadScalar("=")
    26..31 "!!str": Tag("!!str")
    35..38 "0x_": BadScalar("0x_")
    43..45 "<<": BadScalar("<<")
    46..56 "2023-02-29": BadScalar("2023-02-29")
    75..94 "2024-01-01 24:00:00": BadScalar("2024-01-01 24:00:00")
    "#);
    let long = format!("a: {}\nb: 0x{}\n", "9".repeat(4_301), "f".repeat(4_301));
    let problems = crate::parse(long.as_str().into()).yaml().problems.clone();
    assert_eq!(problems.len(), 2);
    assert!(problems.iter().all(|it| matches!(it.kind, ProblemKind::BadScalar(_))));
}

#[test]
fn anchors_and_aliases_stand_where_the_loader_takes_them() {
    assert_snapshot!(shown("a: &a\n  &a b: c\nd: &d [*d]\n&e *a : f\ng: [&g[], []&h, *a[]]\ni: {&i\n  j: k, &l }\n<<: *n\no: &o\n<<: *o\n"), @r#"
    {a: {b: "c"}, d: [∅], g: [[], [], ∅, {b: "c"}, []], i: {j: "k"}, o: ∅}
    8..10 "&a": DuplicateAnchor("a")
    23..25 "*d": RecursiveAlias("d")
    30..32 "*a": Invalid
    30..32 "*a": ComplexKey
    41..43 "&g": Invalid
    49..51 "&h": Invalid
    53..55 "*a": Invalid
    55..57 "[]": Invalid
    68..69 "j": Invalid
    74..76 "&l": ComplexKey
    83..85 "*n": UnknownAlias("n")
    96..98 "*o": BadMerge
    "#);
}

#[test]
fn keys_that_cannot_be_read_are_like_no_other() {
    assert_snapshot!(shown("*a : x\n*b : y\n&c\n&d\n"), @r#"
    {Null: "x", Null: "y"}
    0..2 "*a": UnknownAlias("a")
    7..9 "*b": UnknownAlias("b")
    14..16 "&c": Invalid
    17..19 "&d": Invalid
    "#);
}

#[test]
fn directives_are_those_of_the_loader() {
    assert_snapshot!(shown("%YAML 1.1\n%TAG ! x\n%ANY\tthing\n---\na: b\n"), @r#"
    {a: "b"}
    19..29 "%ANY\tthing": BadDirective
    "#);
    assert_snapshot!(shown("%YAML 2.0\n%YAML 1.1\n%TAG x\n---\na: b\n"), @r#"
    {a: "b"}
    0..9 "%YAML 2.0": BadDirective
    10..19 "%YAML 1.1": BadDirective
    20..26 "%TAG x": BadDirective
    "#);
}

#[test]
fn bad_escapes_commas_and_questions_are_reported() {
    assert_snapshot!(shown(r#"a: "\q \x4 \ud800"
b: [x,, y z, "v" "w"]
c: {email: text?, a: :b, :c: d}
d: &e &e f
e: "\ud83d\ude00"
"#), @r#"
    {a: "\\q \\x4 \\ud800", b: ["x", "y z", "v", "w"], c: {email: "text?", a: ":b", :c: "d"}, d: "f", e: "😀"}
    4..6 "\\q": BadEscape("\\q")
    7..10 "\\x4": BadEscape("\\x4")
    11..17 "\\ud800": BadEscape("\\ud800")
    25..26 ",": Invalid
    36..39 "\"w\"": Invalid
    56..57 "?": MarkInFlow('?')
    62..63 ":": MarkInFlow(':')
    66..67 ":": MarkInFlow(':')
    79..81 "&e": Invalid
    79..81 "&e": DuplicateAnchor("e")
    88..100 "\\ud83d\\ude00": SurrogateEscape('😀')
    "#);
}

#[test]
fn aliases_cannot_expand_without_end() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let parse = crate::parse(text.as_str().into());
    let bombs = parse.yaml().problems.iter().filter(|it| it.kind == ProblemKind::AliasBomb);
    assert!(bombs.count() > 20);
    assert!(count(&parse.yaml().root) < 250_000);
}

#[test]
fn aliases_cannot_nest_without_end() {
    let mut text = String::from("- &a0 [x]\n");
    for level in 1..2000 {
        let (open, close) = ("[".repeat(60), "]".repeat(60));
        writeln!(text, "- &a{level} {open}*a{}{close}", level - 1).unwrap();
    }
    let parse = crate::parse(text.as_str().into());
    assert!(parse.yaml().problems.iter().any(|it| it.kind == ProblemKind::TooDeep));
    assert!(depth(&parse.yaml().root) <= 300);
}

#[test]
fn nesting_beyond_the_limits_is_reported() {
    let blocks: String = (0..200).map(|it| format!("{}k:\n", " ".repeat(it))).collect();
    let flows = format!("a: {}", "[".repeat(100));
    for text in [blocks, flows] {
        let problems = crate::parse(text.as_str().into()).yaml().problems.clone();
        assert!(problems.iter().any(|it| it.kind == ProblemKind::TooDeep), "{problems:?}");
    }
}

#[test]
fn comments_are_collected_in_order() {
    let text = "# one\na: b # two\nc: | # three\n  # text\nd: [\n  # four\n]\n# five";
    let comments = crate::parse(text.into()).yaml().comments.clone();
    let texts: Vec<&str> = comments.iter().map(|it| it.slice(text)).collect();
    assert_eq!(texts, ["# one", "# two", "# three", "# four", "# five"]);
}

#[test]
fn ranges_are_those_of_what_is_written() {
    let text = "a: &x !t 'v'\nb:\n  - c: d\n  -\ne:\n";
    let parse = crate::parse(text.into());
    let root = &parse.yaml().root;
    let entries: Vec<&str> =
        root.as_mapping().unwrap().entries.iter().map(|it| it.range.slice(text)).collect();
    assert_eq!(entries, ["a: &x !t 'v'", "b:\n  - c: d\n  -", "e:"]);
    assert_eq!(root.get("a").unwrap().range.slice(text), "'v'");
    assert_eq!(root.get("b").unwrap().range.slice(text), "- c: d\n  -");
    assert_eq!(root.get("e").unwrap().range, TextRange::empty(text.len() as u32 - 1));
}

#[test]
fn every_part_of_a_scalar_has_its_place() {
    let text = "a: \"x\\u00e9 y\n  z\"\nb: |\n  one\n  two\nc: ''\n";
    let parse = crate::parse(text.into());
    let part = |key: &str, part: &str| {
        let scalar = parse.yaml().root.get(key).unwrap().as_scalar().unwrap();
        let start = scalar.text.find(part).unwrap();
        scalar.file_range((start..start + part.len()).into()).slice(text)
    };
    assert_eq!(part("a", "é"), "\\u00e9");
    assert_eq!(part("a", "y"), "y");
    assert_eq!(part("a", "y z"), "y\n  z");
    assert_eq!(part("b", "two"), "two");
    let empty = parse.yaml().root.get("c").unwrap().as_scalar().unwrap();
    assert_eq!(empty.file_range(TextRange::empty(0)), TextRange::empty(text.len() as u32 - 2));
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        NodeKind::Missing | NodeKind::Scalar(_) => 0,
        NodeKind::Mapping(it) => it.entries.iter().map(|it| count(&it.value)).sum(),
        NodeKind::Sequence(it) => it.items.iter().map(count).sum(),
    }
}

fn depth(node: &Node) -> usize {
    1 + match &node.kind {
        NodeKind::Missing | NodeKind::Scalar(_) => 0,
        NodeKind::Mapping(it) => it.entries.iter().map(|it| depth(&it.value)).max().unwrap_or(0),
        NodeKind::Sequence(it) => it.items.iter().map(depth).max().unwrap_or(0),
    }
}

/// Texts that look like YAML often enough to reach every branch.
fn any_yaml() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b: ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "#",
        " # c",
        "|",
        ">-",
        "|+2",
        "&x ",
        "*x",
        "<<: *x",
        "!t ",
        "? ",
        "\\",
        "\\n",
        "\\x4",
        "\\u00e9",
        "\r\n",
        "\t",
        "é",
        "😀",
        "\u{85}",
        "\u{2028}",
        "---\n",
        "...\n",
        "%d",
        "@",
        "no",
        "\0",
        "entity: Post\n",
        "fields:\n  ",
        "actions:\n  - name: x\n",
        "steps:\n",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn any_text_has_values_with_sound_places(text in any_yaml()) {
        let parse = crate::parse(text.as_str().into());
        let yaml = parse.yaml();
        check_places(&yaml.root, &text)?;
        for problem in &yaml.problems {
            prop_assert!(text.get(problem.range.to_usize()).is_some(), "{:?}", problem);
        }
    }
}

fn check_places(node: &Node, text: &str) -> Result<(), TestCaseError> {
    prop_assert!(text.get(node.range.to_usize()).is_some(), "{:?}", node);
    match &node.kind {
        NodeKind::Missing => prop_assert!(
            node.range.is_empty() || text.get(node.range.to_usize()).unwrap().starts_with('*')
        ),
        NodeKind::Scalar(it) => check_segments(it, text)?,
        NodeKind::Mapping(it) => {
            for entry in &it.entries {
                prop_assert!(text.get(entry.key.range.to_usize()).is_some());
                prop_assert!(text.get(entry.range.to_usize()).is_some());
                check_places(&entry.value, text)?;
            }
        }
        NodeKind::Sequence(it) => {
            for item in &it.items {
                check_places(item, text)?;
            }
        }
    }
    Ok(())
}

fn check_segments(scalar: &Scalar, text: &str) -> Result<(), TestCaseError> {
    let (mut end, mut file_end) = (0, 0);
    prop_assert!(!scalar.segments.is_empty());
    for segment in &scalar.segments {
        prop_assert_eq!(segment.text_start, end);
        prop_assert!(file_end <= segment.file_start);
        end += segment.len;
        file_end = segment.file_start + segment.file_len;
        let meant = &scalar.text[segment.text_start as usize..end as usize];
        let written = &text[segment.file_start as usize..file_end as usize];
        // An escape or a line break may happen to be as long as what it means.
        let special = written.starts_with('\\') || meant.trim().is_empty();
        prop_assert!(segment.len != segment.file_len || written == meant || special);
    }
    prop_assert_eq!(end as usize, scalar.text.len());
    Ok(())
}
