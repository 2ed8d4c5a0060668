//! The folder that artifacts go to.
//!
//! Invariant: a file that `emit` did not write, or that somebody edited since, is never changed or removed
//! unasked, and a run that fails before its last step leaves the folder as it was. Everything is written
//! beside its place first; then the record says what may be there, the files are moved, and the record says
//! what is.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use specql_ide::EmittedFile;

use crate::{Error, emit::manifest::Manifest, report::counted};

/// A folder and what is known of earlier runs.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    manifest: Manifest,
}

/// What a run did beside writing.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// How many files of earlier runs were removed.
    pub(super) removed: usize,
    /// Files of earlier runs that are not generated any more, but were edited since.
    pub(super) kept: Vec<String>,
}

impl Folder {
    /// A folder that may not exist yet.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        if path.is_file() {
            let path = path.display();
            return Err(Error::Usage(format!("`{path}` is a file: `--out` names a folder")));
        }
        Ok(Self { path: path.to_owned(), manifest: Manifest::read(path)? })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What a run would change, a line each.
    pub(super) fn differences(&self, files: &[EmittedFile]) -> Result<Vec<String>, Error> {
        let mut res = Vec::new();
        for file in files {
            match self.text(&file.path)? {
                None => res.push(format!("missing: {}", file.path)),
                Some(text) if text != file.text.as_bytes() => {
                    res.push(format!("differs: {}", file.path));
                }
                Some(_) => {}
            }
        }
        for path in self.stale(files) {
            if self.text(path)?.is_some() {
                res.push(format!("not generated any more: {path}"));
            }
        }
        Ok(res)
    }

    /// Writes the files and removes those of earlier runs that are not among them.
    /// `overwrite` gives up what somebody changed in them.
    pub(super) fn write(&self, files: &[EmittedFile], overwrite: bool) -> Result<Done, Error> {
        self.refuse_changed(files, overwrite)?;
        fs::create_dir_all(&self.path).map_err(|it| failed(&self.path, it))?;
        let staged = tempfile::Builder::new().prefix(".specql-emit-").tempdir_in(&self.path);
        // The error names the folder beside the one that is named here.
        let staged = staged.map_err(|it| failed(&self.path, it.kind().into()))?;
        for file in files {
            write(&staged.path().join(&file.path), &file.text)?;
        }
        let now = Manifest::of(files);
        self.manifest.with(&now).write(&self.path)?;
        for file in files {
            let target = self.path.join(&file.path);
            make_parent(&target)?;
            let source = staged.path().join(&file.path);
            fs::rename(source, &target).map_err(|it| failed(&target, it))?;
        }
        let done = self.remove_stale(files)?;
        now.write(&self.path)?;
        Ok(done)
    }

    /// A file of somebody else stands where one has to go, or what was written was edited since.
    fn refuse_changed(&self, files: &[EmittedFile], overwrite: bool) -> Result<(), Error> {
        let mut edited = Vec::new();
        for file in files {
            let text = self.text(&file.path)?.filter(|it| it != file.text.as_bytes());
            let Some(text) = text else { continue };
            if self.manifest.lists(&file.path) {
                if !overwrite && !self.manifest.wrote(&file.path, &text) {
                    edited.push(file.path.as_str());
                }
                continue;
            }
            let path = self.path.join(&file.path);
            return Err(Error::Usage(format!(
                "`{}` was not written by `emit`, so it is left alone and nothing is written: move it, \
                 or choose another folder",
                path.display()
            )));
        }
        let Some((first, others)) = edited.split_first() else { return Ok(()) };
        let path = self.path.join(first);
        let (and_more, was, it) = match others.len() {
            0 => (String::new(), "was", "it"),
            more => (format!(" and {}", counted(more, "other file")), "were", "them"),
        };
        Err(Error::Usage(format!(
            "`{}`{and_more} {was} edited since `emit` wrote {it}, so nothing is written: say in the entity \
             files what they are to do, or give the changes up with `--overwrite`",
            path.display()
        )))
    }

    fn stale<'a>(&'a self, files: &'a [EmittedFile]) -> impl Iterator<Item = &'a str> {
        let current: BTreeSet<&str> = files.iter().map(|it| it.path.as_str()).collect();
        self.manifest.paths().filter(move |it| !current.contains(it))
    }

    fn remove_stale(&self, files: &[EmittedFile]) -> Result<Done, Error> {
        let mut done = Done::default();
        for path in self.stale(files) {
            let Some(text) = self.text(path)? else { continue };
            if !self.manifest.wrote(path, &text) {
                done.kept.push(path.to_owned());
                continue;
            }
            let full = self.path.join(path);
            if !self.holds(&full) {
                done.kept.push(path.to_owned());
                continue;
            }
            fs::remove_file(&full).map_err(|it| failed(&full, it))?;
            done.removed += 1;
            // A folder that others use is not empty, and stays.
            if let Some(parent) = full.parent().filter(|it| *it != self.path) {
                let _ = fs::remove_dir(parent);
            }
        }
        Ok(done)
    }

    /// Whether a file lies in the folder, and not behind a link that leads out of it.
    fn holds(&self, file: &Path) -> bool {
        let real = |it: &Path| it.canonicalize().ok();
        let parent = file.parent().and_then(real);
        parent.zip(real(&self.path)).is_some_and(|(parent, own)| parent.starts_with(own))
    }

    fn text(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path.join(path);
        match fs::read(&path) {
            Ok(it) => Ok(Some(it)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::Read { path, source }),
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    make_parent(path)?;
    fs::write(path, text).map_err(|it| failed(path, it))
}

fn make_parent(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(|it| failed(parent, it)),
        None => Ok(()),
    }
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}
