//! Edits by example, and on every place of real and random files: the named change, nothing else.

use std::{fs, path::Path};

use insta::assert_snapshot;
use proptest::prelude::*;
use specql_text::apply_edits;

use super::*;
use crate::{
    parse,
    yaml::{Resolved, resolve},
};

/// A value without places.
#[derive(Debug, Clone, PartialEq)]
enum Tree {
    Null,
    Scalar(String, Resolved),
    Mapping(Vec<(String, Tree)>),
    Sequence(Vec<Tree>),
}

fn tree(node: &Node) -> Tree {
    match &node.kind {
        _ if node.is_null() => Tree::Null,
        NodeKind::Missing => Tree::Null,
        NodeKind::Scalar(it) => Tree::Scalar(it.text.to_string(), it.resolved.clone()),
        NodeKind::Mapping(it) => {
            let entries = it.entries.iter().filter(|it| !it.merged);
            Tree::Mapping(entries.map(|it| (it.key.text.to_string(), tree(&it.value))).collect())
        }
        NodeKind::Sequence(it) => Tree::Sequence(it.items.iter().map(tree).collect()),
    }
}

fn tree_of(value: &Value) -> Tree {
    let scalar = |it: &String| match resolve(it) {
        Resolved::Null if it == "null" => Tree::Null,
        it_is @ (Resolved::Bool(_) | Resolved::Int(_) | Resolved::Float(_))
            if render::typed_scalar(it, Style { flow: false, quote: '"' }) == *it =>
        {
            Tree::Scalar(it.clone(), it_is)
        }
        _ => Tree::Scalar(it.clone(), Resolved::Str),
    };
    match value {
        Value::Scalar(it) => scalar(it),
        Value::FlowList(items) => Tree::Sequence(items.iter().map(scalar).collect()),
        Value::List(items) => Tree::Sequence(items.iter().map(tree_of).collect()),
        Value::Mapping(entries) => {
            Tree::Mapping(entries.iter().map(|(key, it)| (key.clone(), tree_of(it))).collect())
        }
    }
}

/// Positions among the own entries or items, from the root down.
type Route = Vec<usize>;

/// Every value that is written where it belongs: not behind an alias, not merged.
fn each_node<'a>(node: &'a Node, text: &str, route: &Route, out: &mut Vec<(Route, &'a Node)>) {
    if node.range.slice(text).starts_with('*') {
        return;
    }
    out.push((route.clone(), node));
    let below = |number: usize| route.iter().copied().chain([number]).collect::<Route>();
    match &node.kind {
        NodeKind::Missing | NodeKind::Scalar(_) => {}
        NodeKind::Mapping(it) => {
            for (number, entry) in it.entries.iter().filter(|it| !it.merged).enumerate() {
                each_node(&entry.value, text, &below(number), out);
            }
        }
        NodeKind::Sequence(it) => {
            for (number, item) in it.items.iter().enumerate() {
                each_node(item, text, &below(number), out);
            }
        }
    }
}

/// Changes the tree at a route.
fn at<'a>(tree: &'a mut Tree, route: &[usize]) -> &'a mut Tree {
    let Some((first, rest)) = route.split_first() else { return tree };
    match tree {
        Tree::Mapping(it) => at(&mut it[*first].1, rest),
        Tree::Sequence(it) => at(&mut it[*first], rest),
        _ => unreachable!("routes lead through collections"),
    }
}

/// Edits at a node, each with its change of the tree there.
type Tries = Vec<(Vec<TextEdit>, Box<dyn Fn(&mut Tree)>)>;

/// One kind of edit.
type Try = dyn Fn(&Parse, &Node) -> Tries;

fn sample() -> Value {
    let scalar = |it: &str| Value::Scalar(it.to_owned());
    Value::Mapping(vec![
        ("entity".into(), scalar("Post")),
        ("no".into(), scalar("it's: #1")),
        ("fields".into(), Value::FlowList(vec!["a".into(), "b?".into(), "012".into()])),
        (
            "list".into(),
            Value::List(vec![
                scalar("true"),
                Value::Mapping(vec![("x".into(), scalar("")), ("y".into(), scalar("2"))]),
            ]),
        ),
        ("none".into(), Value::List(Vec::new())),
    ])
}

fn insertions(parse: &Parse, node: &Node) -> Tries {
    let mut out: Tries = Vec::new();
    let is_null = node.is_null();
    for value in [Value::Scalar("x: y".into()), sample()] {
        if node.as_mapping().is_some() || is_null {
            let edits = insert_entry(parse, node, "new key", &value);
            let value = value.clone();
            out.push((
                edits,
                Box::new(move |tree| {
                    if is_null {
                        *tree = Tree::Mapping(Vec::new());
                    }
                    let Tree::Mapping(it) = tree else { unreachable!() };
                    it.push(("new key".into(), tree_of(&value)));
                }),
            ));
        }
        if node.as_sequence().is_some() || is_null {
            let edits = append_item(parse, node, &value);
            out.push((
                edits,
                Box::new(move |tree| {
                    if is_null {
                        *tree = Tree::Sequence(Vec::new());
                    }
                    let Tree::Sequence(it) = tree else { unreachable!() };
                    it.push(tree_of(&value));
                }),
            ));
        }
    }
    out
}

fn insertions_between(parse: &Parse, node: &Node) -> Tries {
    let mut out: Tries = Vec::new();
    let Some(mapping) = node.as_mapping() else { return out };
    for (number, entry) in mapping.entries.iter().filter(|it| !it.merged).enumerate() {
        let edits = insert_entry_after(parse, node, entry, "new", &sample());
        out.push((
            edits,
            Box::new(move |tree| {
                let Tree::Mapping(it) = tree else { unreachable!() };
                it.insert(number + 1, ("new".into(), tree_of(&sample())));
            }),
        ));
    }
    out
}

fn removals(parse: &Parse, node: &Node) -> Tries {
    let mut out: Tries = Vec::new();
    if let Some(mapping) = node.as_mapping() {
        for (number, entry) in mapping.entries.iter().filter(|it| !it.merged).enumerate() {
            out.push((
                remove_entry(parse, entry),
                Box::new(move |tree| {
                    let Tree::Mapping(it) = tree else { unreachable!() };
                    it.remove(number);
                }),
            ));
        }
    }
    if let Some(sequence) = node.as_sequence() {
        for (number, item) in sequence.items.iter().enumerate() {
            out.push((
                remove_item(parse, item).unwrap_or_default(),
                Box::new(move |tree| {
                    let Tree::Sequence(it) = tree else { unreachable!() };
                    it.remove(number);
                }),
            ));
        }
    }
    out
}

fn replacements(parse: &Parse, node: &Node) -> Tries {
    let mut out: Tries = Vec::new();
    if let Some(mapping) = node.as_mapping() {
        for (number, entry) in mapping.entries.iter().filter(|it| !it.merged).enumerate() {
            for value in [
                Value::Scalar("- x".into()),
                Value::List(vec![sample(), Value::List(vec![sample()])]),
                sample(),
            ] {
                let edits = replace_value(parse, entry, &value);
                out.push((
                    edits,
                    Box::new(move |tree| {
                        let Tree::Mapping(it) = tree else { unreachable!() };
                        it[number].1 = tree_of(&value);
                    }),
                ));
            }
            for key in ["plain", "it's", "a: b", "<<"] {
                out.push((
                    rename_key(parse, entry, key),
                    Box::new(move |tree| {
                        let Tree::Mapping(it) = tree else { unreachable!() };
                        it[number].0 = key.into();
                    }),
                ));
            }
        }
    }
    for text in ["x", "no", "it's \"q\"", "two\nlines\n", " y ", "a, b]"] {
        let edits = set_scalar(parse, node, text);
        out.push((edits, Box::new(move |tree| *tree = Tree::Scalar(text.into(), Resolved::Str))));
    }
    out
}

/// Applies every edit of a kind at every node; the number of those that there were.
fn check(text: &str, attempt: &Try) -> Result<usize, String> {
    let before = parse(text.into());
    let mut nodes = Vec::new();
    each_node(&before.yaml().root, text, &Route::new(), &mut nodes);
    let mut done = 0;
    for (route, node) in nodes {
        for (edits, change) in attempt(&before, node) {
            if edits.is_empty() {
                continue;
            }
            done += 1;
            let mut want = tree(&before.yaml().root);
            change(at(&mut want, &route));
            let edited = apply_edits(text, &edits);
            let after = parse(edited.as_str().into());
            let got = tree(&after.yaml().root);
            // An empty file has no value, and an emptied root mapping is written as `{}`.
            if got != want {
                return Err(format!(
                    "{edits:?}\n--- before\n{text}\n--- after\n{edited}\n--- want\n{want:?}\n--- got\n{got:?}"
                ));
            }
        }
    }
    Ok(done)
}

const KINDS: [(&str, &Try); 4] = [
    ("insertions", &insertions),
    ("insertions between", &insertions_between),
    ("removals", &removals),
    ("replacements", &replacements),
];

fn real_files(folder: &Path, out: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            real_files(&path, out);
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            out.extend(fs::read_to_string(&path).ok());
        }
    }
}

#[test]
fn every_edit_of_a_real_file_makes_its_change_and_no_other() {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    real_files(&root.join("examples"), &mut files);
    real_files(&root.join("tests/workspaces"), &mut files);
    files.extend(specql_corpus::files().into_iter().map(|it| it.text));
    // A file that is broken, or whose anchors stand in the way, has no edits to compare.
    let has_anchors = |it: &str| it.contains(": &") || it.contains(": *");
    files.retain(|it| parse(it.as_str().into()).yaml().problems.is_empty() && it.len() < 1500);
    files.retain(|it| !has_anchors(it));
    assert!(files.len() > 20, "{}", files.len());
    let mut done = 0;
    for file in &files {
        for (kind, attempt) in KINDS {
            done += check(file, attempt).unwrap_or_else(|it| panic!("{kind}: {it}"));
        }
    }
    assert!(done > 2_000, "{done}");
}

#[test]
fn edits_keep_what_stands_around() {
    let text = "# top\nentity: Post # the entity\nactions:\n- name: a\n  # what it does\n  steps: [x, y] # two\n\n- name: b\n";
    let before = parse(text.into());
    let root = &before.yaml().root;
    let actions = root.get("actions").unwrap();
    let first = &actions.as_sequence().unwrap().items[0];
    let steps = first.get("steps").unwrap();
    let show = |edits: Vec<TextEdit>| apply_edits(text, &edits);
    let impact = Value::Mapping(vec![("primary".into(), sample())]);
    assert_snapshot!(show(insert_entry(&before, first, "impact", &impact)), @r#"
    # top
    entity: Post # the entity
    actions:
    - name: a
      # what it does
      steps: [x, y] # two
      impact:
        primary:
          entity: Post
          "no": "it's: #1"
          fields: [a, "b?", "012"]
          list:
          - true
          - x: ""
            y: 2
          none: []

    - name: b
    "#);
    assert_snapshot!(show(append_item(&before, steps, &Value::Scalar("z".into()))), @r#"
    # top
    entity: Post # the entity
    actions:
    - name: a
      # what it does
      steps: [x, y, z] # two

    - name: b
    "#);
    assert_snapshot!(show(remove_item(&before, first).unwrap()), @r#"
    # top
    entity: Post # the entity
    actions:

    - name: b
    "#);
    let entity = &root.as_mapping().unwrap().entries[0];
    assert_snapshot!(show(replace_value(&before, entry_named(root, "entity"), &impact)), @r#"
    # top
    entity: # the entity
      primary:
        entity: Post
        "no": "it's: #1"
        fields: [a, "b?", "012"]
        list:
        - true
        - x: ""
          y: 2
        none: []
    actions:
    - name: a
      # what it does
      steps: [x, y] # two

    - name: b
    "#);
    assert_snapshot!(show(remove_entry(&before, entity)), @r#"
    # top
    actions:
    - name: a
      # what it does
      steps: [x, y] # two

    - name: b
    "#);
    assert_snapshot!(show(remove_entry(&before, entry_named(first, "name"))), @r#"
    # top
    entity: Post # the entity
    actions:
    -
      # what it does
      steps: [x, y] # two

    - name: b
    "#);
}

fn entry_named<'a>(node: &'a Node, key: &str) -> &'a Entry {
    node.as_mapping().unwrap().get(key).unwrap()
}

#[test]
fn half_typed_places_can_be_filled() {
    let filled = |text: &str, route: &[&str]| {
        let before = parse(text.into());
        let node = route.iter().fold(&before.yaml().root, |node, key| node.get(key).unwrap());
        apply_edits(text, &insert_entry(&before, node, "a", &Value::Scalar("1".into())))
    };
    assert_eq!(filled("x:\n", &["x"]), "x:\n  a: 1\n");
    assert_eq!(filled("x: # why\ny: z", &["x"]), "x: # why\n  a: 1\ny: z");
    assert_eq!(filled("x\ny: z", &["x"]), "x:\n  a: 1\ny: z");
    assert_eq!(filled("x: {}\n", &["x"]), "x: {a: 1}\n");
    assert_eq!(filled("x: {b: c", &["x"]), "x: {b: c, a: 1");
    assert_eq!(filled("x: |+\n  b\n\ny: z\n", &[]), "x: |+\n  b\n\ny: z\na: 1\n");
    assert_eq!(filled("x:\r\n    b: c\r\n", &["x"]), "x:\r\n    b: c\r\n    a: 1\r\n");
}

#[test]
fn what_an_alias_shares_is_left_alone() {
    let text = "a: &x {b: c}\nd: *x\n";
    let before = parse(text.into());
    let root = &before.yaml().root;
    assert_eq!(insert_entry(&before, root.get("d").unwrap(), "k", &sample()), []);
    assert_eq!(remove_entry(&before, entry_named(root, "a")), []);
    assert_eq!(replace_value(&before, entry_named(root, "a"), &sample()), []);
}

/// Files without problems, with every style beside every other.
fn any_file() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "a",
        "'b c'",
        "\"d\\n\"",
        "",
        "~",
        "no",
        "|\n      x\n       y",
        ">-\n      x\n\n      y",
        "|+\n      x\n\n",
        "one\n      two",
        "&n x # c",
        "# only a comment",
        "[]",
        "{}",
    ]);
    let flow = prop::sample::select(vec![
        "[a, b]",
        "[a, 'b', {c: d}]",
        "{a: b, c: [d]}",
        "{a, b: }",
        "[\n        a,\n        b # c\n      ]",
        "[a: b, c]",
        "{\n        a: b, # c\n        d: e,\n      }",
    ]);
    let leaf = prop_oneof![3 => scalar, 1 => flow];
    let nested = prop_oneof![
        4 => leaf.clone().prop_map(|it| format!(" {it}")),
        1 => prop::collection::vec(leaf.clone(), 1..3).prop_map(|items| {
            items.iter().map(|it| format!("\n    - {it}")).collect()
        }),
        1 => prop::collection::vec(leaf.clone(), 1..3).prop_map(|items| {
            items.iter().enumerate().map(|(n, it)| format!("\n    k{n}: {it}")).collect()
        }),
        1 => (leaf.clone(), leaf).prop_map(|(a, b)| format!("\n  - x: {a}\n    # between\n    y: {b}\n  - - z")),
    ];
    let entries =
        prop::collection::vec((nested, prop::sample::select(vec!["", "\n", "\n  # c"])), 1..4);
    (entries, any::<bool>(), any::<bool>()).prop_map(|(entries, newline, crlf)| {
        let entries = entries.iter().enumerate();
        let lines: Vec<String> =
            entries.map(|(n, (it, gap))| format!("  key{n}:{it}{gap}")).collect();
        let text = format!("root:\n{}{}", lines.join("\n"), if newline { "\n" } else { "" });
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #[test]
    fn every_edit_of_any_file_makes_its_change_and_no_other(text in any_file()) {
        prop_assume!(parse(text.as_str().into()).yaml().problems.is_empty());
        for (kind, attempt) in KINDS {
            check(&text, attempt).map_err(|it| TestCaseError::fail(format!("{kind}: {it}")))?;
        }
    }
}

#[test]
fn a_part_of_a_text_is_written_as_the_text_is() {
    let written = |yaml: &str, new: &str| {
        let at = yaml.find('§').unwrap();
        let end = yaml.rfind('§').unwrap() - '§'.len_utf8();
        let yaml = yaml.replace('§', "");
        let parse = parse(yaml.as_str().into());
        let part = TextRange::from(at..end.max(at));
        let node = scalar_around(&parse.yaml().root, part).unwrap();
        apply_edits(&yaml, &set_part(&parse, node, part, new))
    };
    assert_snapshot!(written("a: b = §c§", "'d'"), @"a: b = 'd'");
    assert_snapshot!(written("a: b = §c§", "'d: e'"), @r#"a: "b = 'd: e'""#);
    assert_snapshot!(written("a: {b: c(d§§), e: 1}", ", f"), @r#"a: {b: "c(d, f)", e: 1}"#);
    assert_snapshot!(written("a: [c = §1§]", "'[x]'"), @r#"a: ["c = '[x]'"]"#);
    assert_snapshot!(written("a: 'b = §c§'", "'d'"), @"a: 'b = ''d'''");
    assert_snapshot!(written("a: \"b = §c§\"", "\"d\\"), @r#"a: "b = \"d\\""#);
    assert_snapshot!(written("a: §b§", "true"), @"a: true");
    assert_snapshot!(written("a: §b§", "yes"), @r#"a: "yes""#);
    assert_eq!(written("a: |\n  b = §c§\n", "'d: \"e'"), "a: |\n  b = 'd: \"e'\n");
}

fn scalar_around(node: &Node, part: TextRange) -> Option<&Node> {
    match &node.kind {
        NodeKind::Mapping(it) => it.entries.iter().find_map(|it| scalar_around(&it.value, part)),
        NodeKind::Sequence(it) => it.items.iter().find_map(|it| scalar_around(it, part)),
        NodeKind::Missing => None,
        NodeKind::Scalar(_) => node.range.contains_range(part).then_some(node),
    }
}
