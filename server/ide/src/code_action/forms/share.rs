//! A block that a file repeats, written once and named where it is repeated; and the way back.

use specql_model::SourceFile;
use specql_syntax::yaml::{Entry, Node, NodeKind};
use specql_text::{TextEdit, TextRange};

use super::{Around, Form, Keeps, inline, same::same_value};
use crate::CodeActionKind;

/// The block of the selected key, and others like it below keys of the same name, as one with a name: the first
/// has it, the others are its aliases.
pub(super) fn extracted(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let text = file.text();
    let is_like = |it: &Entry| {
        it.key.text == around.entry.key.text
            && is_written_block(text, it)
            && same_value(&it.value, &around.entry.value)
    };
    let mut alike = Vec::new();
    entries(&file.parse().yaml().root, text, &mut |it, _| {
        if is_like(it) {
            alike.push(it);
        }
    });
    let (first, others) = alike.split_first()?;
    // What is said in a comment is said of this place.
    let comments = &file.parse().yaml().comments;
    let others: Vec<_> = others
        .iter()
        .filter(|it| !comments.iter().any(|comment| it.range.contains_range(*comment)))
        .collect();
    let is_selected = |it: &Entry| it.key.range == around.entry.key.range;
    if others.is_empty() || !(is_selected(first) || others.iter().any(|it| is_selected(it))) {
        return None;
    }
    let known = anchor(text, first);
    let name = known.map_or_else(|| new_name(file, first), ToOwned::to_owned);
    let named = TextEdit::insert(first.key.range.end() + 1, format!(" &{name}"));
    let newline = file.parse().layout().newline;
    let aliases = others.into_iter().map(|it| {
        let range = TextRange::new(it.key.range.end(), it.value.range.end());
        let end = if range.slice(text).ends_with('\n') { newline } else { "" };
        TextEdit::replace(range, format!(": *{name}{end}"))
    });
    Some(Form {
        title: "Write the repeated block once, with aliases",
        kind: CodeActionKind::Extract,
        edits: known.is_none().then_some(named).into_iter().chain(aliases).collect(),
        keeps: Keeps::Values,
    })
}

/// The block of the selected key, which has a name, written out wherever an alias asks for it.
pub(super) fn inlined(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let (text, entry) = (file.text(), around.entry);
    let name = anchor(text, entry)?;
    let alias = format!("*{name}");
    let mut edits = Vec::new();
    entries(&file.parse().yaml().root, text, &mut |it, in_flow| {
        let merges = |it: &Entry| {
            let inner = it.value.as_mapping().filter(|_| it.value.range.slice(text).contains("<<"));
            inner.is_some_and(|it| it.entries.iter().any(|it| it.merged))
        };
        let written = TextRange::new(it.key.range.end(), it.value.range.end()).slice(text);
        let is_alias = it.value.range.slice(text) == alias;
        if is_alias || merges(it) && written.contains(&alias) {
            edits.extend(inline::written_out_edit(file, it, in_flow));
        }
    });
    let start = entry.key.range.end() + 1;
    let end = start + u32::try_from(text.get(start as usize..)?.find(name)? + name.len()).ok()?;
    edits.push(TextEdit::replace(TextRange::new(start, end), String::new()));
    Some(Form {
        title: "Write the block out wherever it is used",
        kind: CodeActionKind::Inline,
        edits: (edits.len() > 1).then_some(edits)?,
        keeps: Keeps::Values,
    })
}

/// A collection with something in it, which is written here and longer than a name.
fn is_written_block(text: &str, it: &Entry) -> bool {
    let is_filled = match &it.value.kind {
        NodeKind::Mapping(it) => !it.entries.is_empty(),
        NodeKind::Sequence(it) => !it.items.is_empty(),
        NodeKind::Missing | NodeKind::Scalar(_) => false,
    };
    let written = it.value.range.slice(text);
    let has_colon = text.get(it.key.range.end() as usize..).is_some_and(|it| it.starts_with(':'));
    is_filled && has_colon && !written.starts_with('*') && written.len() > 24
}

/// The name that the value of an entry has for aliases.
fn anchor<'a>(text: &'a str, it: &Entry) -> Option<&'a str> {
    let between = text.get(it.key.range.end() as usize..it.value.range.start() as usize)?;
    let name = between.strip_prefix(':')?.trim_start().strip_prefix('&')?;
    name.split_whitespace().next()
}

/// A name that the file has not: of the action and the key.
fn new_name(file: &SourceFile, it: &Entry) -> String {
    let mut actions = file.entity().into_iter().flat_map(|it| &it.actions);
    let action = actions.find(|action| action.range.contains_range(it.key.range));
    let action = action.map_or(String::new(), |it| format!("{}_", it.name.text));
    let plain: String =
        format!("{action}{}", it.key.text).replace(|it: char| !it.is_ascii_alphanumeric(), "_");
    let numbered = (2..).map(|it| format!("{plain}_{it}"));
    let is_free = |it: &String| !file.text().contains(&format!("&{it}"));
    std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or(plain)
}

/// Calls `visit` for every entry that is written in the file, with whether it stands between brackets.
fn entries<'a>(root: &'a Node, text: &str, visit: &mut dyn FnMut(&'a Entry, bool)) {
    fn walk<'a>(node: &'a Node, flow: bool, text: &str, visit: &mut dyn FnMut(&'a Entry, bool)) {
        if node.range.slice(text).starts_with('*') {
            return;
        }
        match &node.kind {
            NodeKind::Mapping(it) => {
                for entry in it.entries.iter().filter(|it| !it.merged) {
                    visit(entry, flow || it.flow);
                    walk(&entry.value, flow || it.flow, text, visit);
                }
            }
            NodeKind::Sequence(it) => {
                it.items.iter().for_each(|item| walk(item, flow || it.flow, text, visit));
            }
            NodeKind::Missing | NodeKind::Scalar(_) => {}
        }
    }
    walk(root, false, text, visit);
}
