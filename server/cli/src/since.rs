//! `check --changed`, `check --since`: the files that changed, and those whose findings depend on them.
//!
//! What depends on a change is not guessed: the findings of now note what they were made from, and
//! what goes back to the old texts says whose it was. So each file is checked once, asked for or not.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use specql_ide::{AnalysisHost, Diagnostic, FileId};
use specql_project::{LoadedWorkspace, changed_since};

use crate::{
    Error,
    args::Files,
    choice::Chosen,
    find::{check, findings},
    report::Progress,
};

/// The files of a workspace to report on, and what is known of them.
#[derive(Debug, Default)]
pub(crate) struct ToReport {
    pub(crate) files: Vec<FileId>,
    /// What was found on the way; a file that is not there has not been checked.
    known: HashMap<FileId, Vec<Diagnostic>>,
    /// The revision since which nothing changed.
    same_as: Option<String>,
}

impl ToReport {
    /// The asked files of a workspace: all, unless the call asks for what changed.
    pub(crate) fn of(
        workspace: &LoadedWorkspace,
        files: &Files,
        advice: bool,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let asked = workspace.asked();
        let (revision, fork) = match &files.since {
            Some(it) => (it.as_str(), true),
            None if files.changed => ("HEAD", false),
            None => return Ok(Self { files: asked, ..Self::default() }),
        };
        let changed = changed_since(&workspace.root.path, revision, fork).map_err(Error::Usage)?;
        if changed.is_empty() {
            return Ok(Self { same_as: Some(revision.to_owned()), ..Self::default() });
        }
        let mut host = AnalysisHost::from(&workspace.analysis);
        let mut known = check_all(workspace, &mut host, advice, progress);
        let mut affected = BTreeSet::new();
        for it in &changed {
            let name = workspace.root.name(&it.path);
            affected.extend(host.file_id(name));
            match &it.before {
                Some(text) => drop(host.set_file(name, text.as_ref())),
                None => drop(host.remove_file(name)),
            }
        }
        affected.extend(host.take_unchecked());
        known.retain(|it, _| affected.contains(it));
        let files = asked.into_iter().filter(|it| affected.contains(it)).collect();
        Ok(Self { files, known, same_as: None })
    }

    /// Says that nothing changed, when that is so: once a call, where its outcome is told.
    pub(crate) fn say(&self, workspace: &LoadedWorkspace) {
        if let Some(revision) = &self.same_as {
            say!("nothing in {} changed since {revision}", workspace.shown);
        }
    }

    /// The findings of each file that count, in their order. The others are not kept until all are found:
    /// hints that nobody asks for are many.
    pub(crate) fn find(
        &self,
        workspace: &LoadedWorkspace,
        chosen: &Chosen,
        progress: &Progress,
    ) -> Vec<Vec<Diagnostic>> {
        progress.begin(self.files.len());
        let known = &self.known;
        let of_file = |file: &FileId| {
            let res = known.get(file).cloned();
            let mut res = res.unwrap_or_else(|| findings(workspace, *file, chosen.wants_advice()));
            chosen.apply(&mut res);
            res.shrink_to_fit();
            progress.step();
            res
        };
        let res = self.files.par_iter().map(of_file).collect();
        progress.end();
        res
    }
}

/// Checks every file of a workspace, and notes for the host what each was made from.
fn check_all(
    workspace: &LoadedWorkspace,
    host: &mut AnalysisHost,
    advice: bool,
    progress: &Progress,
) -> HashMap<FileId, Vec<Diagnostic>> {
    let files = workspace.analysis.files();
    progress.begin(files.len());
    let one = |file: FileId| {
        let (found, reads) = check(workspace, file, advice);
        progress.step();
        (file, found, reads)
    };
    let checked: Vec<_> = files.into_par_iter().map(one).collect();
    progress.end();
    let mut res = HashMap::with_capacity(checked.len());
    for (file, found, reads) in checked {
        host.note_checked(file, reads);
        res.insert(file, found);
    }
    res
}
