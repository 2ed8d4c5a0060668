//! The values of real and random files against those of another YAML reader.
//!
//! `yaml_serde` reads YAML 1.2, so plain scalars are compared by text where it takes them for text.

use proptest::prelude::*;
use yaml_serde::Value;

use super::*;

/// Where the two differ, if they do.
fn difference(node: &Node, value: &Value, path: &str) -> Option<String> {
    let differ = || Some(format!("{path}: {node:?} is not {value:?}"));
    match (&node.kind, value) {
        (NodeKind::Missing, Value::Null) => None,
        (NodeKind::Scalar(it), Value::String(text)) if it.text == text.as_str() => None,
        // YAML 1.1 and 1.2 disagree on the type, not on the text.
        (NodeKind::Scalar(it), Value::Bool(_) | Value::Number(_) | Value::Null)
            if it.style == ScalarStyle::Plain =>
        {
            None
        }
        (NodeKind::Sequence(it), Value::Sequence(values)) if it.items.len() == values.len() => {
            let mut pairs = it.items.iter().zip(values).enumerate();
            pairs.find_map(|(n, (item, value))| difference(item, value, &format!("{path}[{n}]")))
        }
        (NodeKind::Mapping(it), Value::Mapping(values)) if it.entries.len() == values.len() => {
            it.entries.iter().find_map(|entry| {
                let key = entry.key.as_str();
                // Keys that look like numbers are numbers there.
                let found = values.iter().find(|(it, _)| match it {
                    Value::String(text) => text == key,
                    other => yaml_serde::to_string(other).is_ok_and(|it| it.trim_end() == key),
                });
                match found {
                    Some((_, value)) => difference(&entry.value, value, &format!("{path}.{key}")),
                    None => Some(format!("{path}: no key {key}")),
                }
            })
        }
        _ => differ(),
    }
}

/// Whether a text was compared: both sides take it for one document without problems or merge keys.
fn compare(text: &str) -> Result<bool, String> {
    let parse = crate::parse(text.into());
    let Ok(value) = yaml_serde::from_str::<Value>(text) else { return Ok(false) };
    if !parse.yaml().problems.is_empty() || text.contains("<<") {
        return Ok(false);
    }
    match difference(&parse.yaml().root, &value, "$") {
        Some(difference) => Err(format!("{difference}\n{text}")),
        None => Ok(true),
    }
}

#[test]
fn real_files_have_the_values_another_reader_sees() {
    let mut compared = 0;
    for file in specql_corpus::files() {
        let same = compare(&file.text).unwrap_or_else(|it| panic!("{}: {it}", file.name));
        compared += usize::from(same);
    }
    assert!(compared >= 40, "only {compared} files");
}

/// Valid YAML most of the time: scalars of every style below keys and dashes.
fn any_document() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "a",
        "a b # c",
        "'it''s'",
        "\"x\\ty\\u00e9 \\\n    z\"",
        "one\n    two\n\n    three",
        "'one\n\n    two'",
        "|\n    x\n     y\n\n    z",
        ">\n    x\n    y\n\n    z\n     w\n    v",
        "|+\n    x\n\n",
        ">-\n    x\n\n",
        "|2\n    x",
        "[a, 'b', \"c\", {d: e}, f: g]",
        "{a: [b], c: , 'd': e}",
        "&x y",
        "*x",
        "",
        "[\n    a,\n    b\n  ]",
        "http://a:b",
        "a#b",
        "-a",
        "?a",
        ":a",
    ]);
    let shape = prop::sample::select(vec![
        "k: ",
        "'q': ",
        "l:\n  - ",
        "m:\n- ",
        "n:\n  o: ",
        "p:\n  - - ",
        "# c\nr: ",
    ]);
    prop::collection::vec((shape, scalar), 1..6).prop_map(|entries| {
        entries
            .iter()
            .enumerate()
            .map(|(n, (shape, scalar))| {
                format!(
                    "{}{scalar}\n",
                    shape.replacen(
                        ':',
                        &format!("{n}:"),
                        usize::from(!shape.starts_with(['\'', '#']))
                    )
                )
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn random_files_have_the_values_another_reader_sees(text in any_document()) {
        compare(&text).map_err(TestCaseError::fail)?;
    }
}
