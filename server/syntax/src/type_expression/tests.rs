//! Field expressions, whole and half typed, in every style of YAML.

mod places;

use std::fmt::Write as _;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::Name;

/// What each line means as a field's short form, with its problems.
fn shown(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = format!("x: \"{}\"\n", line.replace('"', "\\\""));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (field, problems) = parse_field(node.as_scalar().unwrap());
        writeln!(out, "{line}\n    {}", field_text(&field)).unwrap();
        for problem in problems {
            writeln!(out, "    {:?}: {:?}", problem.range.slice(&text), problem.kind).unwrap();
        }
    }
    out
}

fn field_text(field: &FieldExpression) -> String {
    let mut marks = String::new();
    for (mark, is_set) in [
        (" required", field.required.is_some()),
        (" optional", field.optional.is_some()),
        (" quoted", field.default_quoted),
        (" early-bang", field.bang_before_default),
    ] {
        marks.push_str(if is_set { mark } else { "" });
    }
    let default = field.default.as_ref().map(|it| format!(" default {:?}", it.as_str()));
    let ty = field.ty.as_ref().map_or_else(|| "∅".to_owned(), text_of);
    format!("{ty}{}{marks}", default.unwrap_or_default())
}

fn text_of(ty: &TypeExpression) -> String {
    let all =
        |names: &[Name]| names.iter().map(|it| format!(" {:?}", it.as_str())).collect::<String>();
    match &ty.kind {
        TypeKind::Named { name, parameters } => format!("{}{}", name.as_str(), all(parameters)),
        TypeKind::Enum(values) => format!("enum{}", all(values)),
        TypeKind::List(item) => format!("list of {}", text_of(item)),
        TypeKind::Ref(targets) => {
            let mut out = String::from("ref");
            for it in targets {
                let schema = it.schema.as_ref().map(|it| format!("{}.", it.as_str()));
                write!(out, " {}{:?}", schema.unwrap_or_default(), it.name.as_str()).unwrap();
            }
            out
        }
        TypeKind::Missing => "∅".to_owned(),
    }
}

#[test]
fn types() {
    assert_snapshot!(shown(&[
        "text",
        "text!",
        "text?",
        "ref(Company)!",
        "ref(crm.Company)?",
        "ref(A | crm.B)",
        "enum(lead, qualified)",
        "enum[lead, in progress]",
        "enum('a', \"b c\")",
        "decimal(10, 2)!",
        "decimal!(10,2)",
        "list(ref(Tag)!)",
        "text[]!",
        "Enum(a)",
        "ref",
    ]), @r#"
    text
        text
    text!
        text required
    text?
        text optional
    ref(Company)!
        ref "Company" required
    ref(crm.Company)?
        ref crm."Company" optional
    ref(A | crm.B)
        ref "A" crm."B"
    enum(lead, qualified)
        enum "lead" "qualified"
    enum[lead, in progress]
        enum "lead" "in progress"
    enum('a', "b c")
        enum "a" "b c"
    decimal(10, 2)!
        decimal "10" "2" required
    decimal!(10,2)
        decimal "10" "2" required
    list(ref(Tag)!)
        list of ref "Tag"
    text[]!
        list of text required
    Enum(a)
        enum "a"
    ref
        ref
    "#);
}

#[test]
fn defaults() {
    assert_snapshot!(shown(&[
        "enum(a, b) = a",
        "enum(a, b)! = a",
        "enum(a,b)=a!",
        "text = 'x'",
        "text = 'it''s'!",
        "text = two words !",
        "text = a = b",
        "text = 'x' || 'y'",
        "boolean! = true",
        "json = {\"a\": [1]}",
    ]), @r#"
    enum(a, b) = a
        enum "a" "b" default "a"
    enum(a, b)! = a
        enum "a" "b" default "a" required early-bang
    enum(a,b)=a!
        enum "a" "b" default "a" required
    text = 'x'
        text default "x" quoted
    text = 'it''s'!
        text default "it's" required quoted
    text = two words !
        text default "two words" required
    text = a = b
        text default "a = b"
    text = 'x' || 'y'
        text default "'x' || 'y'"
    boolean! = true
        boolean default "true" required early-bang
    json = {"a": [1]}
        json default "{\"a\": [1]}"
    "#);
}

#[test]
fn half_typed_types() {
    assert_snapshot!(shown(&[
        "",
        "ref(",
        "ref(crm.",
        "ref(A | ",
        "ref(A, on_delete cascade)",
        "enum(",
        "enum(a,",
        "enum('a, b)",
        "decimal(10",
        "list(",
        "list(ref(",
        "text =",
        "text = 'x",
        "text = !",
        "= 5",
        "text foo bar",
        "!",
        "te-xt",
    ]), @r#"
        ∅
        "": Expected("a type")
    ref(
        ref
        "(": Unclosed('(')
        "": Expected("an entity")
    ref(crm.
        ref crm.""
        "(": Unclosed('(')
        "": Expected("an entity")
    ref(A | 
        ref "A"
        "(": Unclosed('(')
        "": Expected("an entity")
    ref(A, on_delete cascade)
        ref "A"
        ", on_delete cascade": Unexpected
    enum(
        enum
        "(": Unclosed('(')
        "": Expected("a value")
    enum(a,
        enum "a"
        "(": Unclosed('(')
        "": Expected("a value")
    enum('a, b)
        enum "a" "b"
        "'": Unclosed('\'')
    decimal(10
        decimal "10"
        "(": Unclosed('(')
    list(
        list of ∅
        "(": Unclosed('(')
        "": Expected("a type")
    list(ref(
        list of ref
        "(": Unclosed('(')
        "(": Unclosed('(')
        "": Expected("an entity")
    text =
        text
        "": Expected("a default")
    text = 'x
        text default "x" quoted
        "'": Unclosed('\'')
    text = !
        text required
        "": Expected("a default")
    = 5
        ∅ default "5"
        "": Expected("a type")
    text foo bar
        text
        "foo bar": Unexpected
    !
        ∅ required
        "": Expected("a type")
    te-xt
        te
        "-xt": Unexpected
    "#);
}

#[test]
fn depth_has_a_limit() {
    for deep in ["list(".repeat(50_000), format!("text{}", "[]".repeat(50_000))] {
        let text = format!("x: \"{deep}\"");
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (_, problems) = parse_field(node.as_scalar().unwrap());
        assert!(problems.iter().any(|it| it.kind == crate::statement::LineProblemKind::TooDeep));
    }
}

proptest! {
    #[test]
    fn any_line_is_a_field_with_sound_places(line in prop::collection::vec(prop::sample::select(vec![
        "text", "ref", "enum", "list", "(", ")", "[", "]", "[]", ",", "|", ".", "!", "?", "=", " = ",
        " ", "'", "a", "A", "é", "10", "-", "\n", "\0", "\u{2028}", "@",
    ]), 0..20)) {
        let line = line.concat();
        let tree = crate::line::parse(crate::line::Language::Type, &line);
        prop_assert!(!tree.root_node().has_error(), "{}", tree.root_node().to_sexp());
        let text = format!("x: \"{}\"\n", line.replace('\n', "\\n"));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (field, problems) = parse_field(node.as_scalar().unwrap());
        for range in problems.iter().map(|it| it.range).chain(field.ty.map(|it| it.range)) {
            prop_assert!(node.range.contains_range(range));
            prop_assert!(text.get(range.to_usize()).is_some());
        }
    }
}
