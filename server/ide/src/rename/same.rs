//! Whether names mean after a rename what they meant before: the places of the new name are those of the old
//! one, so it takes nothing over, and nothing takes it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use specql_model::{FileId, SourceFile, Workspace};
use specql_text::{TextEdit, TextRange, apply_edits};

use crate::{identity::identity, mention, references};

use super::Named;

/// A place, by where the name begins in the text of afterwards.
type Places = BTreeSet<(FileId, u32)>;

/// Looks at the workspace as the edits of all names leave it.
///
/// # Errors
/// A message that says where the new name would mean something else.
pub(super) fn check(workspace: &Workspace, names: &[Named], new: &str) -> Result<(), String> {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for it in names.iter().flat_map(|it| &it.edits) {
        by_file.entry(it.file).or_default().push(it.edit.clone());
    }
    let (mut after, mut starts) = (workspace.clone(), BTreeMap::new());
    for (id, edits) in &mut by_file {
        let Some(old) = workspace.file(*id) else { continue };
        edits.sort_by_key(|it| it.range.start());
        starts.extend(moved(edits).map(|(range, start)| ((*id, range.start()), start)));
        let text = apply_edits(old.text(), edits);
        after.set(Arc::new(SourceFile::new(*id, old.path.clone(), text)));
    }
    names.iter().try_for_each(|it| of_name(&after, it, &starts, new))
}

/// One of the names, with where each place that is edited begins afterwards.
fn of_name(
    after: &Workspace,
    name: &Named,
    starts: &BTreeMap<(FileId, u32), u32>,
    new: &str,
) -> Result<(), String> {
    let start_of = |file: FileId, range: TextRange| {
        let start = range.start();
        (file, starts.get(&(file, start)).copied().unwrap_or(start))
    };
    let expected: Places = name.edits.iter().map(|it| start_of(it.file, it.edit.range)).collect();
    let from = start_of(name.from.0, name.from.1);
    let found = found(after, from.0, from.1);
    let (more, less) = (found.difference(&expected).next(), expected.difference(&found).next());
    let (place, what) = match (more, less) {
        (None, None) => return Ok(()),
        (Some(place), None) => (*place, "would mean this too"),
        (None, Some(place)) => (*place, "would mean that"),
        (Some(_), Some(_)) => (from, "would mean that"),
    };
    Err(format!("`{new}` is there already: {} {what}", shown(after, place)))
}

/// Each range that edits of one file replace, in order, and where what replaces it begins.
fn moved(edits: &[TextEdit]) -> impl Iterator<Item = (TextRange, u32)> {
    let mut shift = 0_i64;
    edits.iter().map(move |it| {
        let start = i64::from(it.range.start()) + shift;
        shift += i64::try_from(it.text.len()).unwrap_or(0) - i64::from(it.range.len());
        (it.range, u32::try_from(start).unwrap_or(0))
    })
}

/// The places of the name that stands at an offset.
fn found(workspace: &Workspace, file: FileId, offset: u32) -> Places {
    let Some(file) = workspace.file(file) else { return Places::new() };
    // Quotes and a dollar sign belong to the place.
    let mut names = mention::all(workspace, file).into_iter();
    let wanted = names.find(|it| it.range.start() == offset);
    let Some(wanted) = wanted.and_then(|it| identity(&it, file)) else { return Places::new() };
    let places = references::of(workspace, file, &wanted);
    places.into_iter().map(|it| (it.file, it.range.start())).collect()
}

/// `post.yaml`, line 3.
fn shown(workspace: &Workspace, (file, offset): (FileId, u32)) -> String {
    let Some(file) = workspace.file(file) else { return String::new() };
    let before = file.text().get(..offset as usize).unwrap_or_default();
    format!("line {} of `{}`", before.matches('\n').count() + 1, file.path)
}
