//! Block style and flow style.

use specql_model::SourceFile;
use specql_syntax::{
    edit::scalar_text,
    yaml::{Entry, Node, NodeKind, Resolved, ScalarStyle},
};
use specql_text::{TextEdit, TextRange};

use super::{Around, Form, Keeps, column};

/// The longest line that is offered.
const WIDTH: usize = 100;

/// The value of the key, or else what the key stands in, with a line for each part. Inside of flow
/// style nothing can be a block, so the outermost is taken.
pub(super) fn to_block(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let (text, layout) = (file.text(), file.parse().layout());
    let outermost = around.nodes.iter().find(|it| is_flow(it)).copied();
    let node = outermost.or_else(|| Some(&around.entry.value).filter(|it| is_flow(it)))?;
    let start = node.range.start();
    let head = text.get(..start as usize)?;
    let line = head.rsplit('\n').next().unwrap_or_default();
    let trimmed = line.trim_end();
    let (range, indent, is_item) = if trimmed.ends_with('-') {
        (node.range, column(text, start), true)
    } else if trimmed.ends_with(':') {
        let begin = line.len() - line.trim_start_matches([' ', '-']).len();
        let from = start - u32::try_from(line.len() - trimmed.len()).ok()?;
        (TextRange::new(from, node.range.end()), begin + layout.step_to(node), false)
    } else {
        return None;
    };
    let parts = parts(text, node)?;
    let glue = format!("{}{:indent$}", layout.newline, "");
    let written = parts.join(&glue);
    let written = if is_item { written } else { format!("{glue}{written}") };
    let edit = TextEdit::replace(range, written);
    Some(Form::rewritten("Write it in block style", edit, Keeps::Values))
}

fn parts(text: &str, node: &Node) -> Option<Vec<String>> {
    let value = |it: &Node| it.range.slice(text).to_owned();
    let parts: Vec<String> = match &node.kind {
        NodeKind::Mapping(it) => {
            let entry = |it: &Entry| {
                let key = it.key.range.slice(text);
                let value = value(&it.value);
                if value.is_empty() { format!("{key}:") } else { format!("{key}: {value}") }
            };
            it.entries.iter().filter(|it| !it.merged).map(entry).collect()
        }
        NodeKind::Sequence(it) => it.items.iter().map(|it| format!("- {}", value(it))).collect(),
        NodeKind::Missing | NodeKind::Scalar(_) => return None,
    };
    (!parts.is_empty()).then_some(parts)
}

/// The value of the key in the key's line.
pub(super) fn to_flow(text: &str, around: &Around<'_>) -> Option<Form> {
    let entry = around.entry;
    let is_block = match &entry.value.kind {
        NodeKind::Mapping(it) => !it.flow,
        NodeKind::Sequence(it) => !it.flow,
        NodeKind::Missing | NodeKind::Scalar(_) => false,
    };
    let old = entry.value.range.slice(text).trim_end();
    let between = TextRange::new(entry.key.range.end(), entry.value.range.start()).slice(text);
    if !is_block || old.contains('#') || between.trim() != ":" {
        return None;
    }
    let written = flow(text, &entry.value)?;
    let end = entry.value.range.start() + u32::try_from(old.len()).ok()?;
    if column(text, entry.key.range.end()) + written.chars().count() > WIDTH {
        return None;
    }
    let range = TextRange::new(entry.key.range.end(), end);
    let edit = TextEdit::replace(range, format!(": {written}"));
    Some(Form::rewritten("Write it in one line", edit, Keeps::Values))
}

/// A value in flow style; nothing for one that cannot be in one line.
pub(super) fn flow(text: &str, node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Missing => None,
        NodeKind::Scalar(it) => {
            let written = node.range.slice(text);
            match it.style {
                _ if written.contains('\n') => None,
                ScalarStyle::Literal | ScalarStyle::Folded => None,
                ScalarStyle::Plain if it.resolved == Resolved::Str => {
                    Some(scalar_text(&it.text, true))
                }
                _ => Some(written.to_owned()),
            }
        }
        NodeKind::Mapping(it) => {
            let entry = |it: &Entry| {
                let key = it.key.range.slice(text);
                Some(format!("{key}: {}", flow(text, &it.value)?))
            };
            let entries = it.entries.iter().map(|it| if it.merged { None } else { entry(it) });
            Some(format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(", ")))
        }
        NodeKind::Sequence(it) => {
            let items: Option<Vec<_>> = it.items.iter().map(|it| flow(text, it)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
    }
}

pub(super) fn is_flow(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Mapping(it) => it.flow,
        NodeKind::Sequence(it) => it.flow,
        NodeKind::Missing | NodeKind::Scalar(_) => false,
    }
}
