//! What a run has done to a folder, so that it can be taken back.
//!
//! Invariant: what a step replaces or removes is kept, under another name in the same file system, until the
//! journal goes; taking back goes through the steps from the last to the first.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::failed;
use crate::Error;

/// The steps of a run, and the folder for what they replaced.
#[derive(Debug, Default)]
pub(super) struct Journal {
    steps: Vec<Step>,
    kept: Option<TempDir>,
}

#[derive(Debug)]
enum Step {
    Made(PathBuf),
    Emptied(PathBuf),
    /// A file was put there, or removed; what stood there before is kept.
    Changed {
        path: PathBuf,
        before: Option<PathBuf>,
    },
}

impl Journal {
    /// Keeps what is replaced in a folder that goes with the journal. Gives its path.
    pub(super) fn keep_in(&mut self, folder: TempDir) -> PathBuf {
        self.kept.insert(folder).path().to_owned()
    }

    /// Makes a folder and those above it, where they are not there.
    pub(super) fn make_folder(&mut self, path: &Path) -> Result<(), Error> {
        let absent: Vec<&Path> = path
            .ancestors()
            .take_while(|it| !it.as_os_str().is_empty() && it.symlink_metadata().is_err())
            .collect();
        for it in absent.into_iter().rev() {
            fs::create_dir(it).map_err(|source| failed(it, source))?;
            self.steps.push(Step::Made(it.to_owned()));
        }
        Ok(())
    }

    /// Moves a file to its place.
    pub(super) fn put(&mut self, source: &Path, target: &Path) -> Result<(), Error> {
        let before = self.keep(target)?;
        fs::rename(source, target).map_err(|it| failed(target, it))?;
        self.steps.push(Step::Changed { path: target.to_owned(), before });
        Ok(())
    }

    /// Removes a file.
    pub(super) fn remove(&mut self, path: &Path) -> Result<(), Error> {
        let before = self.keep(path)?;
        fs::remove_file(path).map_err(|it| failed(path, it))?;
        self.steps.push(Step::Changed { path: path.to_owned(), before });
        Ok(())
    }

    /// Removes a folder with nothing in it; one that others use is not empty, and stays.
    pub(super) fn remove_if_empty(&mut self, path: &Path) {
        if fs::remove_dir(path).is_ok() {
            self.steps.push(Step::Emptied(path.to_owned()));
        }
    }

    /// Another name for a file as it is now.
    fn keep(&self, path: &Path) -> Result<Option<PathBuf>, Error> {
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let Some(folder) = &self.kept else { return Ok(None) };
        let kept = folder.path().join(format!("before-{}", self.steps.len()));
        // Not every file system has links; a copy has its text and its rights.
        let linked = fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(|_| ()));
        linked.map_err(|it| failed(path, it))?;
        Ok(Some(kept))
    }

    /// Makes undone what was done. What cannot be is said.
    pub(super) fn take_back(mut self) {
        let steps = std::mem::take(&mut self.steps).into_iter().rev();
        let (folders, files): (Vec<_>, Vec<_>) = steps.partition(|it| matches!(it, Step::Made(_)));
        for step in files {
            let (path, undone) = take_back(step);
            if let Err(error) = undone {
                say!("error: cannot put `{}` back as it was: {error}", path.display());
            }
        }
        // It lies in one of the folders.
        drop(self.kept);
        for step in folders {
            let (path, undone) = take_back(step);
            if let Err(error) = undone {
                say!("error: cannot remove `{}` again: {error}", path.display());
            }
        }
    }
}

fn take_back(step: Step) -> (PathBuf, io::Result<()>) {
    match step {
        Step::Made(path) => {
            let undone = fs::remove_dir(&path);
            (path, undone)
        }
        Step::Emptied(path) => {
            let undone = fs::create_dir(&path);
            (path, undone)
        }
        Step::Changed { path, before: Some(before) } => {
            let undone = fs::rename(before, &path);
            (path, undone)
        }
        Step::Changed { path, before: None } => {
            let undone = fs::remove_file(&path);
            (path, undone)
        }
    }
}
