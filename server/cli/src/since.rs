//! `check --changed`, `check --since`: the files that changed, and those whose findings depend on them.
//!
//! What depends on a change is not guessed: the findings of now note what they were made from, and
//! what goes back to the old texts says whose it was.

use std::collections::BTreeSet;

use rayon::prelude::*;
use specql_ide::{AnalysisHost, FileId};
use specql_project::{LoadedWorkspace, changed_since};

use crate::{Error, args::Files};

/// The asked files of a workspace that are to be reported on: all, unless the call asks for what
/// changed.
pub(crate) fn asked(workspace: &LoadedWorkspace, files: &Files) -> Result<Vec<FileId>, Error> {
    let asked = workspace.asked();
    let (revision, fork) = match &files.since {
        Some(it) => (it.as_str(), true),
        None if files.changed => ("HEAD", false),
        None => return Ok(asked),
    };
    let affected = affected(workspace, revision, fork)?;
    Ok(asked.into_iter().filter(|it| affected.contains(it)).collect())
}

fn affected(
    workspace: &LoadedWorkspace,
    revision: &str,
    fork: bool,
) -> Result<BTreeSet<FileId>, Error> {
    let changed = changed_since(&workspace.root.path, revision, fork).map_err(Error::Usage)?;
    if changed.is_empty() {
        anstream::eprintln!("nothing in {} changed since {revision}", workspace.shown);
        return Ok(BTreeSet::new());
    }
    let analysis = &workspace.analysis;
    let mut host = AnalysisHost::from(analysis);
    let files = analysis.files();
    let reads: Vec<_> = files.into_par_iter().map(|it| (it, analysis.check(it).1)).collect();
    reads.into_iter().for_each(|(file, reads)| host.note_checked(file, reads));
    let mut res = BTreeSet::new();
    for it in &changed {
        let name = workspace.root.name(&it.path);
        res.extend(host.file_id(name));
        match &it.before {
            Some(text) => drop(host.set_file(name, text.as_ref())),
            None => drop(host.remove_file(name)),
        }
    }
    res.extend(host.take_unchecked());
    Ok(res)
}
