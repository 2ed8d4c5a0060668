//! What was named on the command line: the paths, what is taken otherwise than it lies on the disk, and
//! which files that comes to.

use std::{
    io, mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use crate::{
    Asked, CONFIG_NAMES, Failure, Options, Root, Scan, Scope, Spelling, Text, Workspace,
    file::{nowhere, read},
    glob::is_pattern,
    real::{real_file, real_folder},
};

/// What was named.
#[derive(Debug, Default)]
pub(crate) struct Request {
    scope: Scope,
    spelling: Spelling,
    failures: Vec<Failure>,
    unsaved: Option<(Utf8PathBuf, Text)>,
    config: Option<Utf8PathBuf>,
}

/// A file to read.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) path: Utf8PathBuf,
    pub(crate) asked: Asked,
}

impl Request {
    pub(crate) fn new(paths: &[PathBuf], options: &Options) -> Self {
        let mut res = Self::default();
        if options.ignored {
            res.scope.look_at_ignored();
        }
        let here = std::env::current_dir().ok().and_then(|it| Utf8PathBuf::try_from(it).ok());
        if let Some(here) = here {
            res.spelling.add(real_folder(&here), "".into());
        }
        let mut files: Vec<_> = paths.iter().filter_map(|it| res.add(it)).collect();
        if let Some((path, text)) = &options.unsaved {
            files.extend(res.add_unsaved(path, text));
        }
        if let Some(path) = &options.config {
            res.set_config(path);
        }
        res.scope.name_files(files);
        res
    }

    /// Takes what was named. Gives a file; a folder is opened.
    fn add(&mut self, path: &Path) -> Option<Utf8PathBuf> {
        let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
        let Some(path) = Utf8Path::from_path(path) else {
            let error = io::Error::other("its name is not UTF-8; rename it");
            self.failures.push(Failure::new(&shown, error));
            return None;
        };
        match std::fs::metadata(path) {
            Ok(it) if it.is_dir() => {
                let real = real_folder(path);
                self.spelling.add(real.clone(), called(path));
                self.scope.add(real);
                None
            }
            Ok(it) if it.is_file() => {
                let real = real_file(path);
                self.spelling.add(real.clone(), called(path));
                Some(real)
            }
            Ok(_) => {
                let reason = "it is no file but a pipe or device; `-` reads what stdin gives";
                self.failures.push(Failure::new(path, io::Error::other(reason)));
                None
            }
            Err(error) => {
                let is_pattern = error.kind() == io::ErrorKind::NotFound && is_pattern(path);
                let no_match = || io::Error::other("no file matches the pattern");
                let error = if is_pattern { no_match() } else { nowhere(path, error) };
                self.failures.push(Failure::new(path, error));
                None
            }
        }
    }

    /// A file that may not be there, with its text.
    fn add_unsaved(&mut self, path: &Path, text: &Arc<str>) -> Option<Utf8PathBuf> {
        let Some(called_so) = Utf8Path::from_path(path) else {
            let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
            let error = io::Error::other("its name is not UTF-8; rename it");
            self.failures.push(Failure::new(&shown, error));
            return None;
        };
        let real = match (called_so.parent(), called_so.file_name()) {
            _ if called_so.is_file() => real_file(called_so),
            (Some(folder), Some(name)) if folder.as_str().is_empty() => {
                real_folder(".".into()).join(name)
            }
            (Some(folder), Some(name)) => real_folder(folder).join(name),
            _ => return None,
        };
        self.spelling.add(real.clone(), called(called_so));
        self.unsaved = Some((real.clone(), Text::unsaved(Arc::clone(text))));
        Some(real)
    }

    fn set_config(&mut self, path: &Path) {
        let shown = Utf8PathBuf::from(path.to_string_lossy().into_owned());
        match read(&shown) {
            Ok(_) => {
                let real = real_file(&shown);
                self.spelling.add(real.clone(), called(&shown));
                self.config = Some(real);
            }
            Err(error) => self.failures.push(Failure::new(&shown, error)),
        }
    }

    /// Finds the workspaces, with what is taken otherwise in its place: an unsaved file in its
    /// workspace, the given configuration in all.
    pub(crate) fn scan(&mut self) -> Scan {
        self.scope.look_again();
        let mut scan = self.scope.scan();
        if let Some((path, _)) = &self.unsaved {
            let root = self.scope.root_of_file(path);
            if let Some(it) = scan.workspaces.iter_mut().find(|it| it.root.path == root.path) {
                it.files.insert(path.clone());
            }
        }
        if let Some(path) = &self.config {
            // It may lie where nothing else is watched.
            scan.targets.entry(path.clone()).or_default().push(path.clone());
            for it in &mut scan.workspaces {
                it.files.retain(|file| !is_config_of(&it.root, file));
                it.files.insert(path.clone());
            }
        }
        scan
    }

    /// Whether a scan finds a file.
    pub(crate) fn finds(&self, file: &Utf8PathBuf) -> bool {
        self.scope.files().contains(file)
            || !self.scope.locate(std::slice::from_ref(file)).is_empty()
    }

    /// What could not be read of what was named, which is told once, and of what a scan found.
    pub(crate) fn failures(&mut self, of_scan: Vec<Failure>) -> Vec<Failure> {
        let mut res = mem::take(&mut self.failures);
        res.extend(
            of_scan.into_iter().map(|it| Failure { path: self.spelling.of(&it.path), ..it }),
        );
        res
    }

    /// The text of a file: the given one, else that of the disk.
    pub(crate) fn read(&self, path: &Utf8Path) -> io::Result<Text> {
        match &self.unsaved {
            Some((unsaved, text)) if unsaved == path => Ok(text.clone()),
            _ => read(path),
        }
    }

    /// Whether the text of a file was given.
    pub(crate) fn is_unsaved(&self, path: &Utf8Path) -> bool {
        self.unsaved.as_ref().is_some_and(|it| it.0 == path)
    }

    /// The name of a file in its workspace. The given configuration is named as one, wherever it lies.
    pub(crate) fn name(&self, root: &Root, file: &Utf8Path) -> String {
        let [name, _] = CONFIG_NAMES;
        let is_config = self.config.as_deref() == Some(file);
        if is_config { name.to_owned() } else { slashed(root.name(file)) }
    }

    /// How a path is shown.
    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        slashed(self.spelling.of(path).as_str())
    }

    /// The files of the workspaces and how they were asked for. A link counts for the file it leads to.
    pub(crate) fn wanted(&mut self, scan: &Scan) -> Vec<(Root, Vec<Wanted>)> {
        scan.workspaces.iter().map(|it| (it.root.clone(), self.wanted_of(it))).collect()
    }

    fn wanted_of(&mut self, found: &Workspace) -> Vec<Wanted> {
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
        let asked = |it: &Utf8PathBuf| asked.get(it).copied().unwrap_or_default();
        found.files.iter().map(|it| Wanted { path: it.clone(), asked: asked(it) }).collect()
    }

    fn asked(&self, file: &Utf8Path) -> Asked {
        if self.scope.files().iter().any(|it| it == file) {
            Asked::ByName
        } else if self.scope.contains(file) {
            Asked::InFolder
        } else {
            Asked::No
        }
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
