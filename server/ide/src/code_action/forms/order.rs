//! Keys in the order in which authors write them.

use specql_model::{
    SourceFile,
    keys::{self, MappingSpec},
};
use specql_syntax::yaml::{Entry, NodeKind};
use specql_text::{TextEdit, TextRange};

use super::{Around, Form, Keeps};

/// Sorts the keys around the selected one by the vocabulary. The keyword of a step says what the step
/// is, so the keys of steps stay; so do names of the author's own.
pub(super) fn sort(
    file: &SourceFile,
    root: &'static MappingSpec,
    around: &Around<'_>,
) -> Option<Form> {
    let text = file.text();
    let yaml = file.parse().yaml();
    let place = keys::place_at(root, yaml, text, around.entry.key.range.start());
    let spec = place.innermost()?.spec;
    let is_list = std::ptr::eq(spec, &raw const keys::STEP) || spec.open.is_some();
    let NodeKind::Mapping(mapping) = &around.owner()?.kind else { return None };
    if is_list || mapping.entries.iter().any(|it| it.merged) {
        return None;
    }
    let place = |it: &&Entry| {
        let is_it = |key: &keys::KeySpec| {
            key.name == it.key.as_str() || key.aliases.contains(&it.key.as_str())
        };
        spec.keys.iter().position(is_it).unwrap_or(usize::MAX)
    };
    let mut sorted: Vec<&Entry> = mapping.entries.iter().collect();
    sorted.sort_by_key(place);
    if sorted.iter().zip(&mapping.entries).all(|(new, old)| new.range == old.range) {
        return None;
    }
    let ends: Vec<u32> = mapping.entries.iter().map(|it| end(text, it, mapping.flow)).collect();
    let (first, last) = (mapping.entries.first()?, *ends.last()?);
    let mut written = String::new();
    for (index, new) in sorted.iter().enumerate() {
        let at = mapping.entries.iter().position(|it| it.range == new.range)?;
        let body = TextRange::new(new.key.range.start(), *ends.get(at)?).slice(text);
        written.push_str(body);
        if let Some(next) = mapping.entries.get(index + 1) {
            let gap = TextRange::new(*ends.get(index)?, next.key.range.start()).slice(text);
            // A comment on a line of its own may belong to either neighbour.
            if gap.contains('#') {
                return None;
            }
            written.push_str(gap);
        }
    }
    let edit = TextEdit::replace(TextRange::new(first.key.range.start(), last), written);
    Some(Form::rewritten("Sort the keys", edit, Keeps::ValuesInAnyOrder))
}

/// The end of an entry, a comment behind it in the same line included.
fn end(text: &str, entry: &Entry, in_flow: bool) -> u32 {
    let range = TextRange::new(entry.key.range.start(), entry.range.end());
    let written = range.slice(text).trim_end();
    let end = range.start() + u32::try_from(written.len()).unwrap_or_default();
    let line = text.get(end as usize..).and_then(|it| it.split('\n').next()).unwrap_or_default();
    let comment = line.trim_start_matches([' ', '\t']).starts_with('#') && !in_flow;
    let more = if comment { line.trim_end().len() } else { 0 };
    end + u32::try_from(more).unwrap_or_default()
}
