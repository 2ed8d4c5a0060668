//! One workspace's folders, walked.

use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkBuilder};
use rustc_hash::FxHashSet;

use crate::{
    Depth, Failure, Root,
    file::{is_lock, is_source},
    scope::has_config,
};

/// What lies below a root.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Files to look at, sorted.
    pub(crate) files: Vec<Utf8PathBuf>,
    /// Those of them that are links.
    pub(crate) links: FxHashSet<Utf8PathBuf>,
    /// Folders that were listed.
    pub(crate) folders: FxHashSet<Utf8PathBuf>,
    /// Folders that are workspaces of their own, and were passed by.
    pub(crate) nested: Vec<Utf8PathBuf>,
    /// What could not be read.
    pub(crate) failures: Vec<Failure>,
}

/// Finds the files of a workspace from a folder of it downwards: `*.yaml`, `*.yml`, `*.specql`, without
/// what is hidden, what `.gitignore` or `.ignore` excludes, links to folders and links that lead
/// nowhere.
pub(crate) fn walk(from: &Utf8Path, depth: Depth, ignored: bool) -> Found {
    find(from, depth, ignored, None)
}

/// The same for some files only: those of `paths` that [`walk`] would find.
pub(crate) fn walk_to(root: &Root, ignored: bool, paths: &[Utf8PathBuf]) -> Found {
    let ancestors = paths.iter().flat_map(|it| it.ancestors()).map(Utf8Path::to_owned);
    find(&root.path, root.depth, ignored, Some(ancestors.collect()))
}

fn find(
    from: &Utf8Path,
    depth: Depth,
    ignored: bool,
    wanted: Option<FxHashSet<Utf8PathBuf>>,
) -> Found {
    let nested = Arc::new(Mutex::new(Vec::new()));
    let mut builder = WalkBuilder::new(from);
    // A tree without `.git` (an export, a container) is ignored by the same rules.
    builder.require_git(false).max_depth((depth == Depth::One).then_some(1));
    if ignored {
        builder.ignore(false).git_ignore(false).git_global(false).git_exclude(false).parents(false);
    }
    let passed = Arc::clone(&nested);
    builder.filter_entry(move |entry| {
        let Some(path) = Utf8Path::from_path(entry.path()) else { return true };
        if wanted.as_ref().is_some_and(|it| !it.contains(path)) {
            return false;
        }
        let is_nested = entry.depth() > 0 && is_folder(entry) && has_config(path);
        if is_nested {
            passed.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
        }
        !is_nested
    });
    let mut res = Found::default();
    for entry in builder.build() {
        match entry {
            Ok(entry) => res.add(entry),
            Err(error) => res.failures.extend(failure(from, error)),
        }
    }
    // As text: comparing part by part takes many times as long, and any order serves.
    res.files.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    res.nested = std::mem::take(&mut *nested.lock().unwrap_or_else(PoisonError::into_inner));
    res
}

impl Found {
    fn add(&mut self, entry: DirEntry) {
        let is_folder = is_folder(&entry);
        let is_link = entry.path_is_symlink();
        let is_file = entry.file_type().is_some_and(|it| it.is_file());
        let path = match Utf8PathBuf::from_path_buf(entry.into_path()) {
            Ok(path) => path,
            Err(path) => {
                let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
                if is_source(&shown) {
                    let error = std::io::Error::other("its name is not UTF-8; rename it");
                    self.failures.push(Failure::new(&shown, error));
                }
                return;
            }
        };
        if is_lock(&path) && !path.is_file() {
            // Nobody else would miss it: without a lock file nothing is compared.
            let reason =
                if is_folder { "it is a folder" } else { "it is no file that can be read" };
            self.failures.push(Failure::new(&path, std::io::Error::other(reason)));
        }
        if is_folder {
            self.folders.insert(path);
        } else if is_source(&path) {
            // What is no regular file is passed over, and so is a link that leads to none.
            if is_link && path.is_file() {
                self.links.insert(path.clone());
                self.files.push(path);
            } else if is_file {
                self.files.push(path);
            }
        }
    }
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|it| it.is_dir())
}

/// A folder that cannot be listed. What goes while the walk passes by is no failure, and neither is a
/// rule of `.gitignore` that cannot be read.
fn failure(from: &Utf8Path, error: ignore::Error) -> Option<Failure> {
    let path = path_of(&error).unwrap_or(from).to_owned();
    let error = error.into_io_error()?;
    if error.kind() == std::io::ErrorKind::NotFound {
        return None;
    }
    // What walked says the path once more.
    let text = error.to_string();
    let said = text.strip_prefix(&format!("IO error for operation on {path}: "));
    let said = said.map(|it| std::io::Error::new(error.kind(), it));
    Some(Failure::new(&path, said.unwrap_or(error)))
}

fn path_of(error: &ignore::Error) -> Option<&Utf8Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Utf8Path::from_path(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}
