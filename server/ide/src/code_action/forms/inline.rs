//! An alias, or what a merge key brings in, written out: so that a block no longer changes with another.

use specql_model::SourceFile;
use specql_syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use specql_text::{TextEdit, TextRange};

use super::{
    Around, Form, Keeps, column,
    flow::{flow, is_flow},
};
use crate::CodeActionKind;

/// The value of the key without alias and merge key.
pub(super) fn written_out(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let in_flow = around.nodes.iter().any(|it| is_flow(it));
    let edits = vec![written_out_edit(file, around.entry, in_flow)?];
    let title = "Write the alias out in full";
    Some(Form { title, kind: CodeActionKind::Inline, edits, keeps: Keeps::Values })
}

/// The edit that writes the value of an entry without alias and merge key.
pub(super) fn written_out_edit(
    file: &SourceFile,
    entry: &Entry,
    in_flow: bool,
) -> Option<TextEdit> {
    let (text, layout) = (file.text(), file.parse().layout());
    let value = &entry.value;
    let merges = || value.as_mapping().is_some_and(|it| it.entries.iter().any(|it| it.merged));
    if !value.range.slice(text).starts_with('*') && !merges() {
        return None;
    }
    let range = TextRange::new(entry.key.range.end(), value.range.end());
    let indent = column(text, entry.key.range.start()) + layout.step_to(value);
    let written = match &value.kind {
        NodeKind::Mapping(it) if in_flow || it.entries.is_empty() => one_line(text, value)?,
        NodeKind::Sequence(it) if in_flow || it.items.is_empty() => one_line(text, value)?,
        NodeKind::Scalar(_) => one_line(text, value)?,
        NodeKind::Missing => return None,
        _ => format!("{}{}", layout.newline, block(file, value, indent)?),
    };
    let end = if range.slice(text).ends_with('\n') { layout.newline } else { "" };
    Some(TextEdit::replace(range, format!(":{written}{end}")))
}

fn one_line(text: &str, node: &Node) -> Option<String> {
    // What a merge key brought in is an entry like others here.
    let flowed = match &node.kind {
        NodeKind::Mapping(it) => {
            let entries = it.entries.iter();
            let entry = |it: &Entry| {
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
fn block(file: &SourceFile, node: &Node, indent: usize) -> Option<String> {
    let (text, layout) = (file.text(), file.parse().layout());
    let below = |key: TextRange, value: &Node| {
        let lead = format!("{:indent$}{}:", "", key.slice(text));
        Some(if is_block(value) {
            let lines = block(file, value, indent + layout.step_to(value))?;
            format!("{lead}{}{lines}", layout.newline)
        } else {
            format!("{lead}{}", one(text, value)?)
        })
    };
    let item = |item: &Node| {
        Some(if is_block(item) {
            let lines = block(file, item, indent + 2)?;
            format!("{:indent$}- {}", "", lines.trim_start())
        } else {
            format!("{:indent$}-{}", "", one(text, item)?)
        })
    };
    let lines: Option<Vec<String>> = match &node.kind {
        NodeKind::Mapping(it) => {
            it.entries.iter().map(|it| below(it.key.range, &it.value)).collect()
        }
        NodeKind::Sequence(it) => it.items.iter().map(item).collect(),
        NodeKind::Missing | NodeKind::Scalar(_) => None,
    };
    Some(lines?.join(layout.newline))
}

fn is_block(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)) && !is_flow(node)
}

/// What stands behind a key or dash, with the blank before it.
fn one(text: &str, node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Missing => Some(String::new()),
        NodeKind::Scalar(it) => Some(format!(" {}", scalar(text, node, it.style)?)),
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => one_line(text, node),
    }
}
