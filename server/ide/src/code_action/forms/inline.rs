//! An alias, or what a merge key brings in, written out: so that a block no longer changes with another.

use specql_syntax::yaml::{Node, NodeKind, ScalarStyle};
use specql_text::{TextEdit, TextRange};

use super::{
    Around, Form, Keeps, column,
    flow::{flow, is_flow},
};
use crate::CodeActionKind;

/// The value of the key without alias and merge key.
pub(super) fn written_out(text: &str, around: &Around<'_>) -> Option<Form> {
    let entry = around.entry;
    let value = &entry.value;
    let merges = || value.as_mapping().is_some_and(|it| it.entries.iter().any(|it| it.merged));
    if !value.range.slice(text).starts_with('*') && !merges() {
        return None;
    }
    let range = TextRange::new(entry.key.range.end(), value.range.end());
    let in_flow = around.nodes.iter().any(|it| is_flow(it));
    let indent = column(text, entry.key.range.start()) + 2;
    let written = match &value.kind {
        NodeKind::Mapping(it) if in_flow || it.entries.is_empty() => one_line(text, value)?,
        NodeKind::Sequence(it) if in_flow || it.items.is_empty() => one_line(text, value)?,
        NodeKind::Scalar(_) => one_line(text, value)?,
        NodeKind::Missing => return None,
        _ => format!("\n{}", block(text, value, indent)?),
    };
    let end = if range.slice(text).ends_with('\n') { "\n" } else { "" };
    let edit = TextEdit::replace(range, format!(":{written}{end}"));
    let title = "Write the alias out in full";
    Some(Form { title, kind: CodeActionKind::Inline, edit, keeps: Keeps::Values })
}

fn one_line(text: &str, node: &Node) -> Option<String> {
    // What a merge key brought in is an entry like others here.
    let flowed = match &node.kind {
        NodeKind::Mapping(it) => {
            let entries = it.entries.iter();
            let entry = |it: &specql_syntax::yaml::Entry| {
                Some(format!("{}: {}", it.key.range.slice(text), flow(text, &it.value)?))
            };
            format!("{{{}}}", entries.map(entry).collect::<Option<Vec<_>>>()?.join(", "))
        }
        NodeKind::Scalar(it) => scalar(text, node, it.style)?,
        _ => flow(text, node)?,
    };
    Some(format!(" {flowed}"))
}

/// A scalar as it is written where it stands; of an alias only its text is there.
fn scalar(text: &str, node: &Node, style: ScalarStyle) -> Option<String> {
    let written = node.range.slice(text);
    if !written.starts_with('*') {
        let is_line = !written.contains('\n');
        let is_plain = !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        return (is_line && is_plain).then(|| written.to_owned());
    }
    let it = node.as_scalar()?;
    Some(match style {
        ScalarStyle::Plain => it.text.to_string(),
        _ => format!("'{}'", it.text.as_str().replace('\'', "''")),
    })
}

/// The lines of a collection, each indented.
fn block(text: &str, node: &Node, indent: usize) -> Option<String> {
    let below = |node: &Node, lead: String| match &node.kind {
        NodeKind::Missing => Some(lead),
        NodeKind::Scalar(it) => Some(format!("{lead} {}", scalar(text, node, it.style)?)),
        NodeKind::Mapping(_) | NodeKind::Sequence(_) if is_flow(node) => {
            Some(format!("{lead}{}", one_line(text, node)?))
        }
        _ => Some(format!("{lead}\n{}", block(text, node, indent + 2)?)),
    };
    let lines: Option<Vec<String>> = match &node.kind {
        NodeKind::Mapping(it) => {
            let lead = |key: TextRange| format!("{:indent$}{}:", "", key.slice(text));
            it.entries.iter().map(|it| below(&it.value, lead(it.key.range))).collect()
        }
        NodeKind::Sequence(it) => {
            it.items.iter().map(|it| below(it, format!("{:indent$}-", ""))).collect()
        }
        NodeKind::Missing | NodeKind::Scalar(_) => None,
    };
    Some(lines?.join("\n"))
}
