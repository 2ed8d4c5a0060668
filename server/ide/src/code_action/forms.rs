//! Other forms of the same value: block and flow style, short and long fields, keys in their usual order,
//! repeated blocks written once and aliases written out.
//!
//! Invariant: what is offered was applied and read again, and means the same.

mod field;
mod flow;
mod inline;
mod order;
mod same;
mod share;

pub(crate) use field::parts as field_parts;

use specql_check::FileEdit;
use specql_model::{SourceFile, keys};
use specql_syntax::yaml::{Entry, Node, NodeKind};
use specql_text::{TextEdit, TextRange, apply_edits};

use crate::{CodeAction, CodeActionKind};

/// Adds what is offered for the key under the selection.
pub(super) fn forms(file: &SourceFile, selection: TextRange, acc: &mut Vec<CodeAction>) {
    let (Some(root), Some(place)) = (keys::root_spec(&file.kind), Around::find(file, selection))
    else {
        return;
    };
    let text = file.text();
    let offered = [
        field::to_long(file, &place),
        field::to_short(file, &place),
        flow::to_block(file, &place),
        flow::to_flow(text, &place),
        inline::written_out(file, &place),
        share::extracted(file, &place),
        share::inlined(file, &place),
        order::sort(file, root, &place),
    ];
    for it in offered.into_iter().flatten() {
        let new = apply_edits(text, &it.edits);
        if same::means_same(file, &new, it.keeps) {
            acc.push(CodeAction {
                title: it.title.to_owned(),
                codes: Vec::new(),
                diagnostic_ranges: Vec::new(),
                preferred: false,
                kind: it.kind,
                edits: it.edits.into_iter().map(|edit| FileEdit { file: file.id, edit }).collect(),
            });
        }
    }
}

/// Edits, and what they must keep.
struct Form {
    title: &'static str,
    kind: CodeActionKind,
    edits: Vec<TextEdit>,
    keeps: Keeps,
}

impl Form {
    fn rewritten(title: &'static str, edit: TextEdit, keeps: Keeps) -> Self {
        Self { title, kind: CodeActionKind::Rewrite, edits: vec![edit], keeps }
    }
}

/// What a form has in common with the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// The value of every node.
    Values,
    /// The value of every node, but for the order of keys.
    ValuesInAnyOrder,
    /// What the entity's fields are.
    Fields,
}

/// The entry whose key is selected, and what it stands in, the outermost first.
struct Around<'a> {
    entry: &'a Entry,
    /// The collections around the key.
    nodes: Vec<&'a Node>,
    /// The keys that lead there.
    path: Vec<&'a str>,
}

impl<'a> Around<'a> {
    fn find(file: &'a SourceFile, selection: TextRange) -> Option<Self> {
        let (mut nodes, mut path) = (Vec::new(), Vec::new());
        let mut node = &file.parse().yaml().root;
        let at = selection.start();
        loop {
            nodes.push(node);
            match &node.kind {
                NodeKind::Mapping(it) => {
                    let mut entries = it.entries.iter();
                    let entry = entries.rfind(|it| !it.merged && it.range.touches(at))?;
                    if entry.key.range.touches(at) {
                        return Some(Self { entry, nodes, path });
                    }
                    path.push(entry.key.as_str());
                    node = &entry.value;
                }
                NodeKind::Sequence(it) => {
                    node = it.items.iter().rfind(|it| it.range.touches(at))?;
                }
                NodeKind::Missing | NodeKind::Scalar(_) => return None,
            }
        }
    }

    /// The collection that has the key.
    fn owner(&self) -> Option<&'a Node> {
        self.nodes.last().copied()
    }
}

/// The column of a place, in characters.
fn column(text: &str, offset: u32) -> usize {
    let before = text.get(..offset as usize).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default().chars().count()
}
