//! Whether two texts have the same value and the same comments, wherever they stand.

use specql_syntax::{
    Parse,
    yaml::{Entry, Node, NodeKind},
};

pub(super) fn is_same(old: &Parse, new: &Parse) -> bool {
    let comments = |it: &Parse| {
        let ranges = it.yaml().comments.iter();
        ranges.map(|range| range.slice(it.text()).trim_end().to_owned()).collect::<Vec<_>>()
    };
    let problems = |it: &Parse| it.yaml().problems.len();
    node(&old.yaml().root, &new.yaml().root)
        && problems(old) == problems(new)
        && comments(old) == comments(new)
}

fn node(old: &Node, new: &Node) -> bool {
    match (&old.kind, &new.kind) {
        (NodeKind::Missing, NodeKind::Missing) => true,
        (NodeKind::Scalar(old), NodeKind::Scalar(new)) => {
            (&old.text, old.style, &old.resolved) == (&new.text, new.style, &new.resolved)
        }
        (NodeKind::Mapping(old), NodeKind::Mapping(new)) => {
            old.flow == new.flow
                && old.entries.len() == new.entries.len()
                && old.entries.iter().zip(&new.entries).all(|(old, new)| entry(old, new))
        }
        (NodeKind::Sequence(old), NodeKind::Sequence(new)) => {
            old.flow == new.flow
                && old.items.len() == new.items.len()
                && old.items.iter().zip(&new.items).all(|(old, new)| node(old, new))
        }
        _ => false,
    }
}

fn entry(old: &Entry, new: &Entry) -> bool {
    (&old.key.text, &old.key_resolved, old.merged) == (&new.key.text, &new.key_resolved, new.merged)
        && node(&old.value, &new.value)
}
