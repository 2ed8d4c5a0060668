//! For tests: a one-line text in every style that YAML has for it, and back from a range of the file
//! to what is written there.

use std::sync::Arc;

use specql_text::TextRange;

use crate::yaml::{NodeKind, Scalar};

/// How a text stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    PlainLines,
    Single,
    SingleLines,
    Double,
    /// With `\u00e9` for what is not ASCII, and line continuations.
    Escaped,
    Literal,
    /// `|4-`, and a first line that is indented further.
    Indicated,
    Folded,
    FlowPlain,
    FlowSingle,
    FlowDouble,
}

pub(crate) const STYLES: [Style; 12] = [
    Style::Plain,
    Style::PlainLines,
    Style::Single,
    Style::SingleLines,
    Style::Double,
    Style::Escaped,
    Style::Literal,
    Style::Indicated,
    Style::Folded,
    Style::FlowPlain,
    Style::FlowSingle,
    Style::FlowDouble,
];

/// The file, and the scalar in it; `None` where YAML cannot have the text in this style.
pub(crate) fn embedded(style: Style, line: &str, crlf: bool) -> Option<(String, Arc<Scalar>)> {
    let text = file(style, line)?;
    let text = if crlf { text.replace('\n', "\r\n") } else { text };
    let parse = crate::parse(text.as_str().into());
    assert_eq!(parse.yaml().problems, [], "{text}");
    let item = parse.yaml().root.get("é").and_then(|it| it.as_sequence()?.items.first()).cloned();
    let node = item.and_then(|it| it.get("b")?.get("x").cloned());
    match node.map(|it| it.kind) {
        Some(NodeKind::Scalar(it)) => Some((text, it)),
        other => panic!("{other:?} in {text}"),
    }
}

fn file(style: Style, line: &str) -> Option<String> {
    let block = |value: String| Some(format!("é:\n  - b:\n      x: {value}\n      y: 1\n"));
    let flow = |value: String| Some(format!("é:\n  - b: {{w: [1], x: {value}, y: 1}}\n"));
    let one_line = !line.contains('\n');
    match style {
        Style::Plain if is_plain(line) && one_line => block(line.to_owned()),
        Style::PlainLines if is_plain(line) => block(broken(line, "\n        ")?),
        Style::Single if one_line => block(format!("'{}'", line.replace('\'', "''"))),
        Style::SingleLines => {
            block(format!("'{}'", broken(line, "\n        ")?.replace('\'', "''")))
        }
        Style::Double => block(format!("\"{}\"", escaped(line, false))),
        Style::Escaped => block(format!("\"{}\"", escaped(line, true))),
        Style::Literal => block(format!("|\n        {}", line.replace('\n', "\n        "))),
        Style::Indicated => {
            block(format!("|4-\n            {}", line.replace('\n', "\n          ")))
        }
        Style::Folded => block(format!(">\n        {}", broken(line, "\n        ")?)),
        Style::FlowPlain
            if is_plain(line) && one_line && !line.contains(['{', '}', '[', ']', ',', '?']) =>
        {
            flow(line.to_owned())
        }
        Style::FlowSingle if one_line => flow(format!("'{}'", line.replace('\'', "''"))),
        Style::FlowDouble => flow(format!("\"{}\"", escaped(line, true))),
        _ => None,
    }
}

/// Whether YAML reads a text without quotes as this text.
fn is_plain(line: &str) -> bool {
    let starts = line.chars().next().is_some_and(|it| !"?-'\"*&!%@`{}[]|>#,: \n.~".contains(it));
    let trapped = [": ", " #", ":\n", "\n#"].iter().any(|it| line.contains(it));
    starts && !trapped && !line.ends_with(':') && line.trim_end() == line
}

/// The text with a line break for every space outside of quotes; `None` if it has breaks of its own or
/// nothing to break.
fn broken(line: &str, with: &str) -> Option<String> {
    let mut out = String::new();
    let mut quote = None;
    let characters: Vec<char> = line.chars().collect();
    if line.contains('\n') || line.contains("$$") || line.contains("--") || line.trim() != line {
        return None;
    }
    for (at, it) in characters.iter().enumerate() {
        match (it, quote) {
            ('\'' | '"', None) => quote = Some(*it),
            (it, Some(open)) if *it == open => quote = None,
            _ => {}
        }
        let beside =
            |at: Option<usize>| at.and_then(|it| characters.get(it)).is_some_and(|it| *it != ' ');
        let breaks =
            *it == ' ' && quote.is_none() && beside(at.checked_sub(1)) && beside(Some(at + 1));
        if breaks { out.push_str(with) } else { out.push(*it) }
    }
    out.contains('\n').then_some(out)
}

/// In double quotes; `all` escapes what need not be, too, and breaks lines.
fn escaped(line: &str, all: bool) -> String {
    let mut out = String::new();
    for it in line.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            ' ' if all => out.push_str(" \\\n        "),
            it if all && it as u32 > 0xffff => out.push_str(&format!("\\U{:08x}", it as u32)),
            it if all && !it.is_ascii() => out.push_str(&format!("\\u{:04x}", it as u32)),
            it => out.push(it),
        }
    }
    out
}

/// What a part of the file means in a style, with one space for all that is blank.
pub(crate) fn meant(style: Style, text: &str, range: TextRange) -> String {
    let written = text.get(range.to_usize()).expect("ranges end between characters");
    let meant = match style {
        Style::Single | Style::SingleLines | Style::FlowSingle => written.replace("''", "'"),
        Style::Double | Style::Escaped | Style::FlowDouble => {
            let quoted = format!("x: \"{written}\"\n");
            let parse = crate::parse(quoted.as_str().into());
            let node = parse.yaml().root.get("x").cloned().expect("it has a value");
            node.as_scalar().expect("it is a scalar").text.to_string()
        }
        _ => written.to_owned(),
    };
    blanks(&meant)
}

/// The text with one space for all that is blank.
pub(crate) fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
