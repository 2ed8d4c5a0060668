//! The differences between two revisions of what is promised.

use std::collections::{BTreeMap, BTreeSet};

use super::{Breakage, Promises, Subject, holds::Holds};

/// A difference in one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose member it is, in the newer revision if it is there.
    pub subject: Subject,
    /// The member; empty for the subject as a whole.
    pub member: String,
    /// The kind.
    pub kind: &'static Breakage,
    /// What the older revision has.
    pub old: Option<String>,
    /// What the newer revision has.
    pub new: Option<String>,
}

/// The differences of all subjects, in their order.
#[must_use]
pub fn compare(old: &Promises, new: &Promises) -> Vec<Difference> {
    let subjects: BTreeSet<&Subject> = old.0.keys().chain(new.0.keys()).collect();
    let mut res = Vec::new();
    for subject in subjects {
        match (old.members(subject), new.members(subject)) {
            (Some(old), Some(new)) => res.extend(members(subject, old, new)),
            (old, _) => res.push(whole(subject, old.is_some())),
        }
    }
    res
}

/// The differences between the members of two subjects, of which the newer is named.
pub(crate) fn members(
    subject: &Subject,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<Difference> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut res = Vec::new();
    for name in names {
        let (old_value, new_value) = (old.get(name), new.get(name));
        if old_value == new_value || is_inside_of_another(name, old, new) {
            continue;
        }
        for code in kinds(subject, name, old_value, new_value) {
            res.push(Difference {
                subject: subject.clone(),
                member: name.clone(),
                kind: Breakage::named(code),
                old: old_value.cloned(),
                new: new_value.cloned(),
            });
        }
    }
    res
}

fn whole(subject: &Subject, is_gone: bool) -> Difference {
    let code = match (subject, is_gone) {
        (Subject::Event(..), true) => "event-removed",
        (Subject::Event(..), false) => "event-added",
        (Subject::Cascade(_), true) => "cascade-removed",
        (Subject::Cascade(_), false) => "cascade-added",
    };
    Difference {
        subject: subject.clone(),
        member: String::new(),
        kind: Breakage::named(code),
        old: None,
        new: None,
    }
}

/// Whether a member has come, gone or changed because that around it has.
fn is_inside_of_another(
    name: &str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> bool {
    let ends = name.char_indices().filter(|(_, it)| matches!(it, '.' | '[' | '<'));
    let mut outer = ends.filter_map(|(index, _)| name.get(..index));
    outer.any(|it| match (old.get(it), new.get(it)) {
        (Some(old), Some(new)) => Holds::read(old).base != Holds::read(new).base && !is_entry(it),
        (Some(_), None) | (None, Some(_)) => true,
        (None, None) => false,
    })
}

/// `Post CREATED`, whose text says how many rows there are.
fn is_entry(member: &str) -> bool {
    member.contains(' ') && !member.contains('.')
}

fn kinds(
    subject: &Subject,
    member: &str,
    old: Option<&String>,
    new: Option<&String>,
) -> Vec<&'static str> {
    let one = |it| vec![it];
    match (subject, member) {
        (Subject::Event(..), "topic") => one("topic-changed"),
        (Subject::Event(..), "key") => one("key-changed"),
        (Subject::Event(..), "aggregate") => one("aggregate-changed"),
        (Subject::Event(..), "cascade") => {
            let rank = |it: Option<&String>| {
                ["nothing", "references", "entities"]
                    .iter()
                    .position(|word| it.is_some_and(|it| it == word))
            };
            one(if rank(old) < rank(new) { "event-cascade-more" } else { "event-cascade-less" })
        }
        (Subject::Cascade(_), it) if it.starts_with("invalidates ") => one(match (old, new) {
            (None, _) => "invalidation-added",
            (_, None) => "invalidation-removed",
            _ => "invalidation-changed",
        }),
        (Subject::Cascade(_), it) if is_entry(it) => one(match (old, new) {
            (None, _) => "entry-added",
            (_, None) => "entry-removed",
            _ => "rows-changed",
        }),
        _ => match (old.map(|it| Holds::read(it)), new.map(|it| Holds::read(it))) {
            (Some(old), Some(new)) => held(&old, &new),
            (Some(it), None) if it.optional => one("optional-member-removed"),
            (Some(_), None) => one("member-removed"),
            (None, Some(it)) if it.optional => one("optional-member-added"),
            (None, Some(_)) => one("member-added"),
            (None, None) => Vec::new(),
        },
    }
}

/// The differences between what two members hold.
fn held(old: &Holds, new: &Holds) -> Vec<&'static str> {
    let mut res = Vec::new();
    match (old.optional, new.optional) {
        (false, true) => res.push("made-optional"),
        (true, false) => res.push("made-required"),
        _ => {}
    }
    match (old.nullable, new.nullable) {
        (false, true) => res.push("null-allowed"),
        (true, false) => res.push("null-refused"),
        _ => {}
    }
    if old.base == new.base {
        return res;
    }
    match (values(&old.base), values(&new.base)) {
        (Some((left, old)), Some((right, new))) if left == right => {
            if new.iter().any(|it| !old.contains(it)) {
                res.push("enum-value-added");
            }
            if old.iter().any(|it| !new.contains(it)) {
                res.push("enum-value-removed");
            }
        }
        _ if is_wider(&new.base, &old.base) => res.push("type-widened"),
        _ if is_wider(&old.base, &new.base) => res.push("type-narrowed"),
        _ => res.push("type-changed"),
    }
    res
}

/// The values of `enum(a, b)`, the one of `constant(a)`, the types of `reference(A, B)`, and whether it
/// is the last.
fn values(base: &str) -> Option<(bool, Vec<&str>)> {
    let inner = |prefix: &str| base.strip_prefix(prefix)?.strip_suffix(')');
    let types = inner("reference(");
    let found = types.or_else(|| inner("enum(")).or_else(|| inner("constant("))?;
    Some((types.is_some(), found.split(", ").collect()))
}

/// Whether the first takes all that the second takes, and more.
fn is_wider(wide: &str, narrow: &str) -> bool {
    const TEXTS: &[&str] = &["uuid", "datetime", "local datetime", "date", "time", "duration"];
    let is_text =
        TEXTS.contains(&narrow) || narrow.starts_with("enum(") || narrow.starts_with("constant(");
    match wide {
        "any" => narrow != "any",
        "text" => is_text,
        "float" => narrow == "integer" || narrow.starts_with("number("),
        "integer" => narrow.starts_with("number("),
        _ => false,
    }
}
