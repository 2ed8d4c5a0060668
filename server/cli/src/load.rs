//! From paths to texts: which files make up the workspace, and which of them were asked for.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::WalkBuilder;
use rayon::prelude::*;
use specql_ide::{Analysis, AnalysisHost, FileId};
use specql_server::read_head;

use crate::{Error, report::Progress};

/// A workspace that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The state.
    pub(crate) analysis: Analysis,
    /// The files to report on, in the order of their paths; the others only give names a meaning.
    pub(crate) reported: Vec<FileId>,
}

/// A file as found on disk: how it is shown, and whether it was asked for.
struct Found {
    path: PathBuf,
    reported: bool,
}

/// Reads the workspaces of the paths.
///
/// A folder is a workspace, together with all under the nearest folder above it that has a
/// `specql.config.yaml`. A file brings the workspace an editor would open for it: the nearest folder
/// above it that has a `specql.config.yaml`, else a `.git`, else its own folder.
pub(crate) fn load(paths: &[PathBuf], progress: &Progress) -> Result<Loaded, Error> {
    let mut found = BTreeMap::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|it| read_error(path, it))?;
        let root = root_of(path, metadata.is_dir());
        if let Some(root) = &root {
            walk(root, false, &mut found)?;
        }
        if metadata.is_dir() {
            walk(path, true, &mut found)?;
        } else {
            insert(&mut found, path, true);
        }
    }
    progress.begin(found.len());
    let texts: Vec<(String, Arc<str>, bool)> = found
        .into_par_iter()
        .filter_map(|(_, file)| {
            let text = read(&file);
            progress.step();
            text.transpose().map(|it| it.map(|text| (display(&file.path), text, file.reported)))
        })
        .collect::<Result<_, Error>>()?;
    progress.end();
    let mut host = AnalysisHost::new();
    let reported: Vec<bool> = texts.iter().map(|it| it.2).collect();
    let ids = host.set_files(texts.into_iter().map(|(path, text, _)| (path, text)).collect());
    let reported = ids.into_iter().zip(reported).filter_map(|(id, it)| it.then_some(id)).collect();
    Ok(Loaded { analysis: host.analysis(), reported })
}

/// The text of a file; `None` for one that was not asked for and is no text.
fn read(file: &Found) -> Result<Option<Arc<str>>, Error> {
    match read_head(&file.path) {
        // Bytes that are no UTF-8 become U+FFFD, so that the rest of the file is still checked.
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.into())),
            Err(_) if !file.reported => Ok(None),
            Err(error) => Ok(Some(String::from_utf8_lossy(error.as_bytes()).into())),
        },
        Err(_) if !file.reported => Ok(None),
        Err(error) => Err(read_error(&file.path, error)),
    }
}

fn walk(root: &Path, reported: bool, found: &mut BTreeMap<PathBuf, Found>) -> Result<(), Error> {
    // `.gitignore` counts outside of repositories too: an export of one is no other workspace.
    for entry in WalkBuilder::new(root).require_git(false).build() {
        let entry = match entry {
            Ok(it) => it,
            Err(error) if error.depth() == Some(0) => {
                return Err(read_error(root, io::Error::other(error)));
            }
            // A folder below that may not be listed holds nothing that could be checked.
            Err(_) => continue,
        };
        if entry.file_type().is_some_and(|it| it.is_file()) && is_candidate(entry.path()) {
            insert(found, entry.path(), reported);
        }
    }
    Ok(())
}

/// One file counts once, however many paths lead to it.
fn insert(found: &mut BTreeMap<PathBuf, Found>, path: &Path, reported: bool) {
    let key = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = path.strip_prefix(".").unwrap_or(path).to_owned();
    let file = found.entry(key).or_insert(Found { path: path.clone(), reported });
    if reported {
        *file = Found { path, reported };
    }
}

fn is_candidate(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "specql")
}

fn root_of(path: &Path, is_folder: bool) -> Option<PathBuf> {
    let absolute = fs::canonicalize(path).ok()?;
    let above = |name: &str| absolute.ancestors().find(|it| it.join(name).exists());
    let root = match above("specql.config.yaml") {
        Some(it) => Some(it),
        None if is_folder => None,
        None => above(".git").or_else(|| absolute.parent()),
    };
    root.map(shortened)
}

/// Relative to the current folder where that is shorter to read.
fn shortened(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    match here.ok().and_then(|it| path.strip_prefix(it).ok().map(Path::to_owned)) {
        Some(it) if it.as_os_str().is_empty() => PathBuf::from("."),
        Some(it) => it,
        None => path.to_owned(),
    }
}

/// A path as reports show it, with `/` on every system.
fn display(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}

fn read_error(path: &Path, source: io::Error) -> Error {
    Error::Read { path: path.to_owned(), source }
}
