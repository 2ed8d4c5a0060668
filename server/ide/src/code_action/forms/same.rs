//! Whether a text in another form means the same.

use specql_model::{Field, SourceFile};
use specql_syntax::yaml::{Entry, Node, NodeKind};

use super::Keeps;

pub(super) fn means_same(old: &SourceFile, new: &str, keeps: Keeps) -> bool {
    let new = SourceFile::new(old.id, old.path.clone(), new);
    let (before, after) = (old.parse().yaml(), new.parse().yaml());
    if before.problems.len() != after.problems.len() {
        return false;
    }
    let same = Same(keeps);
    let (Some(one), Some(other)) = (old.entity(), new.entity()) else {
        return same.node(&before.root, &after.root);
    };
    same.node(&before.root, &after.root)
        && one.fields.len() == other.fields.len()
        && one.fields.iter().zip(&other.fields).all(|(old, new)| same_field(old, new))
}

/// Whether two values are the same, wherever they are written.
pub(super) fn same_value(one: &Node, other: &Node) -> bool {
    Same(Keeps::Values).node(one, other)
}

struct Same(Keeps);

impl Same {
    fn node(&self, old: &Node, new: &Node) -> bool {
        match (&old.kind, &new.kind) {
            (NodeKind::Missing, NodeKind::Missing) => true,
            (NodeKind::Scalar(old), NodeKind::Scalar(new)) => {
                (&old.text, &old.resolved) == (&new.text, &new.resolved)
            }
            (NodeKind::Sequence(old), NodeKind::Sequence(new)) => {
                old.items.len() == new.items.len()
                    && old.items.iter().zip(&new.items).all(|(old, new)| self.node(old, new))
            }
            (NodeKind::Mapping(old), NodeKind::Mapping(new)) => {
                self.entries(&old.entries, &new.entries)
            }
            _ => false,
        }
    }

    fn entries(&self, old: &[Entry], new: &[Entry]) -> bool {
        let is_same = |old: &Entry, new: &Entry| {
            (&old.key.text, &old.key_resolved) == (&new.key.text, &new.key_resolved)
                && (self.node(&old.value, &new.value)
                    // What the fields are is compared as such.
                    || (self.0 == Keeps::Fields && old.key.text == "fields"))
        };
        old.len() == new.len()
            && if self.0 == Keeps::ValuesInAnyOrder {
                old.iter().all(|old| new.iter().filter(|new| is_same(old, new)).count() == 1)
            } else {
                old.iter().zip(new).all(|(old, new)| is_same(old, new))
            }
    }
}

fn same_field(old: &Field, new: &Field) -> bool {
    let default = |it: &Field| it.default.as_ref().map(|it| (it.text.text.clone(), it.quoted));
    let description = |it: &Field| it.description.as_ref().map(|it| it.trim().to_owned());
    let names = |it: &Field| it.parameters.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
    let bound = |it: Option<&specql_model::Name>| it.map(|it| it.text.clone());
    let bounds = |it: &Field| (bound(it.bounds.least()), bound(it.bounds.greatest()));
    old.name.text == new.name.text
        && old.ty.means_same(&new.ty)
        && (old.nullable, old.unique) == (new.nullable, new.unique)
        && old.lost_nullability.is_some() == new.lost_nullability.is_some()
        && old.problems.len() == new.problems.len()
        && default(old) == default(new)
        && description(old) == description(new)
        && names(old) == names(new)
        && bounds(old) == bounds(new)
}
