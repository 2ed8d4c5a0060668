//! Everything that paths lead to, read once: for those who ask a question and end.

use std::{path::PathBuf, sync::Arc};

use camino::Utf8PathBuf;
use specql_ide::{Analysis, FileId};

use crate::{
    CONFIG_NAMES, Encoding, Failure, Root, file::is_lock, held::Held, request::Request,
    scope::is_there,
};

/// The workspaces of some paths.
#[derive(Debug, Default)]
pub struct Loaded {
    /// In the order of their roots.
    pub workspaces: Vec<LoadedWorkspace>,
    /// What could not be read; the rest was.
    pub failures: Vec<Failure>,
}

/// A workspace that was read.
#[derive(Debug)]
pub struct LoadedWorkspace {
    /// Its folder.
    pub root: Root,
    /// How it is shown.
    pub shown: String,
    /// Its state.
    pub analysis: Analysis,
    /// Its files, in the order of their numbers.
    pub files: Vec<LoadedFile>,
}

impl LoadedWorkspace {
    /// A file by its number.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&LoadedFile> {
        let at = self.files.binary_search_by_key(&id, |it| it.id).ok()?;
        self.files.get(at)
    }

    /// The configuration that is there and cannot be read, by its name.
    #[must_use]
    pub fn unread_config(&self) -> Option<&'static str> {
        let is_read = |path: &Utf8PathBuf| self.files.iter().any(|it| it.path == *path);
        CONFIG_NAMES.into_iter().find(|it| {
            let path = self.root.path.join(it);
            is_there(&path) && !is_read(&path)
        })
    }

    /// Whether a file is YAML of somebody else, which nothing is made of.
    #[must_use]
    pub fn is_passed_over(&self, id: FileId) -> bool {
        let is_lock = self.file(id).is_some_and(|it| is_lock(&it.path));
        !is_lock && !self.analysis.is_read(id)
    }

    /// Whether a file counts among those that were checked: one that is read, or that was named, or meant, as
    /// one that is.
    #[must_use]
    pub fn is_checked(&self, id: FileId) -> bool {
        let Some(file) = self.file(id) else { return false };
        let is_meant = || match file.asked {
            Asked::ByName => true,
            // A finding in other YAML says that it was meant as an entity file.
            Asked::InFolder | Asked::No => !self.analysis.diagnostics(id).is_empty(),
        };
        !is_lock(&file.path) && (!self.is_passed_over(id) || is_meant())
    }

    /// The files that were asked for.
    #[must_use]
    pub fn asked(&self) -> Vec<FileId> {
        self.files.iter().filter(|it| it.asked > Asked::No).map(|it| it.id).collect()
    }
}

/// A file that was read.
#[derive(Debug)]
pub struct LoadedFile {
    /// Its number.
    pub id: FileId,
    /// Its real path.
    pub path: Utf8PathBuf,
    /// How it is shown.
    pub shown: String,
    /// How it is written.
    pub encoding: Encoding,
    /// How it was asked for.
    pub asked: Asked,
    /// Its text was given, and may lie nowhere on the disk.
    pub is_unsaved: bool,
}

/// How a file was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Asked {
    /// It gives names a meaning, and is not reported on.
    #[default]
    No,
    /// It lies in a folder that was named.
    InFolder,
    /// It was named itself.
    ByName,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many files were found.
    Found(usize),
    /// One of them was read.
    Read,
    /// All of them were.
    Done,
}

/// What is taken otherwise than it lies on the disk.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A file that is checked with this text, whether it is there or not.
    pub unsaved: Option<(PathBuf, Arc<str>)>,
    /// A configuration that holds for every workspace instead of its own.
    pub config: Option<PathBuf>,
    /// What `.gitignore` and `.ignore` exclude is looked at too.
    pub ignored: bool,
}

/// Reads the workspaces of files and folders. A path that does not exist is a failure like others.
#[must_use]
pub fn load(paths: &[PathBuf], observe: &(dyn Fn(Step) + Sync)) -> Loaded {
    load_with(paths, &Options::default(), observe)
}

/// The same with something taken otherwise than it lies on the disk.
#[must_use]
pub fn load_with(paths: &[PathBuf], options: &Options, observe: &(dyn Fn(Step) + Sync)) -> Loaded {
    let mut request = Request::new(paths, options);
    let scan = request.scan();
    let mut res = Loaded::default();
    let found = request.wanted(&scan);
    observe(Step::Found(found.iter().map(|it| it.1.len()).sum()));
    res.failures = request.failures(scan.failures);
    for (root, wanted) in found {
        let mut held = Held::new(&request, root);
        held.update(&request, wanted, &mut res.failures, &|| observe(Step::Read));
        res.workspaces.push(held.loaded);
    }
    observe(Step::Done);
    res
}
