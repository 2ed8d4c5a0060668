//! Everything that paths lead to, read once: for those who ask a question and end.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_ide::{Analysis, AnalysisHost, FileId};

use crate::{
    CONFIG_NAMES, Encoding, Failure, Root, Scan, Scope, Spelling, Text, Workspace,
    file::read,
    real::{real_file, real_folder},
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
    /// Its files, in the order of their paths.
    pub files: Vec<LoadedFile>,
}

impl LoadedWorkspace {
    /// A file by its number.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&LoadedFile> {
        // They were numbered in their order.
        let at = self.files.binary_search_by_key(&id, |it| it.id).ok()?;
        self.files.get(at)
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
    let mut request = Request::default();
    if options.ignored {
        request.scope.look_at_ignored();
    }
    if let Some(here) = std::env::current_dir().ok().and_then(|it| Utf8PathBuf::try_from(it).ok()) {
        request.spelling.add(real_folder(&here), "".into());
    }
    paths.iter().for_each(|it| request.add(it));
    if let Some((path, text)) = &options.unsaved {
        request.add_unsaved(path, text);
    }
    if let Some(path) = &options.config {
        request.set_config(path);
    }
    request.load(observe)
}

/// What was named.
#[derive(Default)]
struct Request {
    scope: Scope,
    files: Vec<Utf8PathBuf>,
    spelling: Spelling,
    failures: Vec<Failure>,
    unsaved: Option<(Utf8PathBuf, Text)>,
    config: Option<(Utf8PathBuf, Text)>,
}

/// A file to read.
struct Wanted {
    workspace: usize,
    path: Utf8PathBuf,
    asked: Asked,
}

impl Request {
    fn add(&mut self, path: &Path) {
        let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
        let Some(path) = Utf8Path::from_path(path) else {
            let error = io::Error::other("its name is not UTF-8; rename it");
            return self.failures.push(Failure::new(&shown, error));
        };
        match std::fs::metadata(path) {
            Ok(it) if it.is_dir() => {
                let real = real_folder(path);
                self.spelling.add(real.clone(), called(path));
                self.scope.add(real);
            }
            Ok(_) => {
                let real = real_file(path);
                self.spelling.add(real.clone(), called(path));
                self.files.push(real);
            }
            Err(error) => self.failures.push(Failure::new(path, error)),
        }
    }

    /// A file that may not be there, with its text.
    fn add_unsaved(&mut self, path: &Path, text: &Arc<str>) {
        let Some(called_so) = Utf8Path::from_path(path) else {
            let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
            let error = io::Error::other("its name is not UTF-8; rename it");
            return self.failures.push(Failure::new(&shown, error));
        };
        let real = match (called_so.parent(), called_so.file_name()) {
            _ if called_so.is_file() => real_file(called_so),
            (Some(folder), Some(name)) if folder.as_str().is_empty() => {
                real_folder(".".into()).join(name)
            }
            (Some(folder), Some(name)) => real_folder(folder).join(name),
            _ => return,
        };
        self.spelling.add(real.clone(), called(called_so));
        self.files.push(real.clone());
        self.unsaved = Some((real, Text::unsaved(Arc::clone(text))));
    }

    fn set_config(&mut self, path: &Path) {
        let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
        match read(&shown) {
            Ok(text) => {
                let real = real_file(&shown);
                self.spelling.add(real.clone(), called(&shown));
                self.config = Some((real, text));
            }
            Err(error) => self.failures.push(Failure::new(&shown, error)),
        }
    }

    /// Puts what is taken otherwise in its place: an unsaved file into its workspace, the given
    /// configuration into all.
    fn instead(&mut self, scan: &mut Scan) {
        if let Some((path, _)) = &self.unsaved {
            let root = self.scope.root_of_file(path);
            if let Some(it) = scan.workspaces.iter_mut().find(|it| it.root.path == root.path) {
                it.files.insert(path.clone());
            }
        }
        if let Some((path, _)) = &self.config {
            for it in &mut scan.workspaces {
                it.files.retain(|file| !is_config_of(&it.root, file));
                it.files.insert(path.clone());
            }
        }
    }

    /// The text of a file: the given one, else that of the disk.
    fn read(&self, path: &Utf8Path) -> io::Result<Text> {
        let given = [&self.unsaved, &self.config].into_iter().flatten();
        given.filter(|it| it.0 == path).map(|it| it.1.clone()).next().map_or_else(|| read(path), Ok)
    }

    /// The name of a file in its workspace. The given configuration is named as one, wherever it lies.
    fn name(&self, root: &Root, file: &Utf8Path) -> String {
        let [name, _] = CONFIG_NAMES;
        let is_config = self.config.as_ref().is_some_and(|it| it.0 == file);
        if is_config { name.to_owned() } else { slashed(root.name(file)) }
    }

    fn load(mut self, observe: &(dyn Fn(Step) + Sync)) -> Loaded {
        let mut scan = self.scope.scan(&self.files);
        self.instead(&mut scan);
        let wanted: Vec<Wanted> =
            (0..).zip(&scan.workspaces).flat_map(|(number, it)| self.wanted(number, it)).collect();
        let failed = scan.failures.into_iter();
        self.failures.extend(failed.map(|it| Failure { path: self.spelling.of(&it.path), ..it }));
        observe(Step::Found(wanted.len()));
        let read: Vec<(Wanted, io::Result<Text>)> = wanted
            .into_par_iter()
            .map(|it| {
                let text = self.read(&it.path);
                observe(Step::Read);
                (it, text)
            })
            .collect();
        let mut texts: Vec<Vec<(Wanted, Text)>> = scan.workspaces.iter().map(|_| vec![]).collect();
        for (wanted, text) in read {
            match text {
                Ok(text) => {
                    if let Some(it) = texts.get_mut(wanted.workspace) {
                        it.push((wanted, text));
                    }
                }
                // It went while the others were found.
                Err(it)
                    if it.kind() == io::ErrorKind::NotFound && wanted.asked != Asked::ByName => {}
                Err(error) => {
                    let path = self.spelling.of(&wanted.path);
                    self.failures.push(Failure { path, error });
                }
            }
        }
        observe(Step::Done);
        let workspaces = scan.workspaces.into_iter().zip(texts);
        let workspaces = workspaces.map(|(it, texts)| self.loaded(it.root, texts)).collect();
        Loaded { workspaces, failures: self.failures }
    }

    /// The files of a workspace and how they were asked for. A link counts for the file it leads to.
    fn wanted(&mut self, workspace: usize, found: &Workspace) -> Vec<Wanted> {
        let mut asked: FxHashMap<Utf8PathBuf, Asked> =
            found.files.iter().map(|it| (it.clone(), self.asked(it))).collect();
        let mut aliases: Vec<_> = found.aliases.iter().collect();
        aliases.sort();
        for (link, file) in aliases {
            let (by_link, own) = (self.asked(link), asked.entry(file.clone()).or_default());
            if by_link > *own {
                *own = by_link;
                self.spelling.add(file.clone(), self.spelling.of(link));
            }
        }
        let files = found.files.iter();
        files
            .map(|it| Wanted {
                workspace,
                path: it.clone(),
                asked: asked.get(it).copied().unwrap_or_default(),
            })
            .collect()
    }

    fn asked(&self, file: &Utf8Path) -> Asked {
        if self.files.iter().any(|it| it == file) {
            Asked::ByName
        } else if self.scope.contains(file) {
            Asked::InFolder
        } else {
            Asked::No
        }
    }

    fn loaded(&self, root: Root, texts: Vec<(Wanted, Text)>) -> LoadedWorkspace {
        let mut host = AnalysisHost::new();
        let named = texts.iter().map(|(it, text)| (self.name(&root, &it.path), text.text.clone()));
        let ids = host.set_files(named.collect());
        let files = ids.into_iter().zip(texts).map(|(id, (wanted, text))| LoadedFile {
            id,
            shown: slashed(self.spelling.of(&wanted.path).as_str()),
            path: wanted.path,
            encoding: text.encoding,
            asked: wanted.asked,
        });
        let shown = slashed(self.spelling.of(&root.path).as_str());
        let shown = if shown.is_empty() { ".".to_owned() } else { shown };
        LoadedWorkspace { files: files.collect(), analysis: host.analysis(), shown, root }
    }
}

fn is_config_of(root: &Root, file: &Utf8Path) -> bool {
    CONFIG_NAMES.iter().any(|it| root.path.join(it) == file)
}

/// A path as it was given, without what says nothing.
fn called(path: &Utf8Path) -> Utf8PathBuf {
    path.components().filter(|it| *it != Utf8Component::CurDir).collect()
}

/// With `/` on every system.
fn slashed(path: &str) -> String {
    if std::path::MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace('\\', "/") }
}
