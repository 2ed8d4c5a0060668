//! A workspace as it is in a revision of its repository: what git has is laid out in a folder of this
//! process and read from there. The repository and its index are left alone.

use std::{path::PathBuf, slice};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::{
    Loaded,
    git::{commit, fork, git, top},
    load, real_folder,
};

/// The workspaces of a revision, as long as this value lives.
#[derive(Debug)]
pub struct Revision {
    /// What was read; nothing where the folder was not there yet.
    pub loaded: Loaded,
    /// The repository's folder.
    top: Utf8PathBuf,
    /// The folder that stands for it.
    tree: Utf8PathBuf,
    /// The folder that was asked for.
    asked: PathBuf,
    /// The folder that was asked for was not there, so all of the repository was read.
    elsewhere: bool,
    _kept: TempDir,
}

impl Revision {
    /// Reads what is below a folder, in a revision of the repository that it lies in.
    ///
    /// # Errors
    /// A sentence for the user: there is no such revision, no repository, or no git.
    pub fn load(folder: &Utf8Path, revision: &str) -> Result<Self, String> {
        Self::of_commit(folder, revision, commit)
    }

    /// The same of the commit at which the current branch left a revision, as [`crate::changed_since`] asks
    /// of a branch.
    ///
    /// # Errors
    /// As [`Self::load`], and when the two have no commit in common.
    pub fn load_fork(folder: &Utf8Path, revision: &str) -> Result<Self, String> {
        let mut res = Self::of_commit(folder, revision, fork)?;
        // It may have had another name.
        if !res.asked.exists() {
            res.elsewhere = true;
            res.loaded = load(&[res.tree.clone().into_std_path_buf()], &|_| {});
        }
        Ok(res)
    }

    fn of_commit(
        folder: &Utf8Path,
        revision: &str,
        named: fn(&Utf8Path, &str) -> Result<String, String>,
    ) -> Result<Self, String> {
        let top = top(folder)?;
        let commit = named(folder, revision)?;
        let kept = tempfile::Builder::new().prefix("specql-revision-").tempdir();
        let kept = kept.map_err(|error| format!("no folder for the revision: {error}"))?;
        let own =
            Utf8Path::from_path(kept.path()).ok_or("the temporary folder's name is not UTF-8")?;
        let own = real_folder(own);
        let (index, tree) = (own.join("index"), own.join("tree"));
        let environment = [("GIT_INDEX_FILE", index.as_str())];
        let failed = |error| format!("git cannot lay out `{revision}`: {error}");
        git(&top, &["read-tree", &commit], &environment).map_err(failed)?;
        let prefix = format!("--prefix={tree}/");
        git(&top, &["checkout-index", "--all", "--quiet", &prefix], &environment)
            .map_err(failed)?;
        let below = folder.strip_prefix(&top).unwrap_or(Utf8Path::new(""));
        let asked = PathBuf::from(tree.join(below).as_std_path());
        let loaded =
            if asked.exists() { load(slice::from_ref(&asked), &|_| {}) } else { Loaded::default() };
        Ok(Self { loaded, top, tree, asked, elsewhere: false, _kept: kept })
    }

    /// Whether workspaces were read that nobody asked for, because one of them may have been what was.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// A path of the revision as it is in the repository.
    #[must_use]
    pub fn in_repository(&self, path: &Utf8Path) -> Utf8PathBuf {
        path.strip_prefix(&self.tree).map_or_else(|_| path.to_owned(), |it| self.top.join(it))
    }

    /// The path below the repository's folder.
    #[must_use]
    pub fn below_repository(&self, path: &Utf8Path) -> Utf8PathBuf {
        let path = self.in_repository(path);
        path.strip_prefix(&self.top).map_or_else(|_| path.clone(), Utf8Path::to_owned)
    }
}
