//! The entries of a mapping: duplicates are reported, merge keys resolved.
//!
//! As in `PyYAML`: an own entry wins over a merged one, an earlier mapping of a list over a later
//! one, a later merge key over an earlier one.

use std::collections::{HashMap, HashSet, hash_map};

use specql_text::TextRange;

use super::{
    super::{Entry, Mapping, Node, NodeKind, ProblemKind, key::KeyIdentity},
    Lowering,
};

/// Collects the entries of one mapping.
#[derive(Default)]
pub(super) struct MappingBuilder {
    entries: Vec<Entry>,
    /// The entries `<<: …`.
    merges: Vec<Entry>,
    range: Option<TextRange>,
}

impl MappingBuilder {
    /// Adds an entry; a `plain` key is one without quotes.
    pub(super) fn add(&mut self, entry: Entry, plain: bool) {
        self.range = Some(self.range.map_or(entry.range, |it| it.cover(entry.range)));
        if plain && entry.key.text == "<<" {
            self.merges.push(entry);
        } else {
            self.entries.push(entry);
        }
    }

    /// The entry that was added last, unless it merges.
    pub(super) fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// From the first to the last entry.
    pub(super) fn range(&self) -> Option<TextRange> {
        self.range
    }

    /// The mapping, with merged entries last.
    pub(super) fn finish(self, flow: bool, lowering: &mut Lowering<'_>) -> Mapping {
        let Self { mut entries, merges, .. } = self;
        let mut first_of: HashMap<KeyIdentity, TextRange> = HashMap::with_capacity(entries.len());
        for entry in &entries {
            // A key that could not be read is like no other.
            if entry.key.range.is_empty() || lowering.dangling.contains(&entry.key.range) {
                continue;
            }
            match first_of.entry(KeyIdentity::of(entry)) {
                hash_map::Entry::Vacant(it) => {
                    it.insert(entry.key.range);
                }
                hash_map::Entry::Occupied(it) => {
                    let kind = ProblemKind::DuplicateKey(entry.key.text.clone(), *it.get());
                    lowering.report(entry.key.range, kind);
                }
            }
        }
        if !merges.is_empty() {
            let mut known: HashSet<KeyIdentity> = first_of.into_keys().collect();
            for merge in merges.iter().rev() {
                merge_value(merge, &mut known, &mut entries, lowering);
            }
        }
        Mapping { entries, flow }
    }
}

fn merge_value(
    merge: &Entry,
    known: &mut HashSet<KeyIdentity>,
    entries: &mut Vec<Entry>,
    lowering: &mut Lowering<'_>,
) {
    let bad = |at: &Node, lowering: &mut Lowering<'_>| {
        let range = if at.range.is_empty() { merge.key.range } else { at.range };
        lowering.report(range, ProblemKind::BadMerge);
    };
    match &merge.value.kind {
        NodeKind::Mapping(it) => merge_entries(it, known, entries),
        NodeKind::Sequence(list) => {
            for item in &list.items {
                match &item.kind {
                    NodeKind::Mapping(it) => merge_entries(it, known, entries),
                    _ => bad(item, lowering),
                }
            }
        }
        // The alias itself has been reported.
        NodeKind::Missing if lowering.dangling.contains(&merge.value.range) => {}
        NodeKind::Missing | NodeKind::Scalar(_) => bad(&merge.value, lowering),
    }
}

/// Adds the entries of a mapping whose keys are not there yet; of duplicates the last one counts.
fn merge_entries(from: &Mapping, known: &mut HashSet<KeyIdentity>, entries: &mut Vec<Entry>) {
    let start = entries.len();
    let own = from.entries.iter().rev().filter(|it| !it.merged);
    for entry in own.chain(from.entries.iter().filter(|it| it.merged).rev()) {
        if known.insert(KeyIdentity::of(entry)) {
            entries.push(Entry { merged: true, ..entry.clone() });
        }
    }
    if let Some(added) = entries.get_mut(start..) {
        added.reverse();
    }
}
