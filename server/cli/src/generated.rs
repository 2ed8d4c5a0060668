//! A folder that generated files go to: those of `emit`, and those of `migrate`.
//!
//! Invariant: a file that the command did not write, or that somebody edited since, is never changed or removed
//! unasked, and a run that fails leaves the folder as it was. Everything is written beside its place first;
//! then the record says what may be there, the files are moved, and the record says what is. A step that
//! fails takes back those before it.

mod journal;
mod manifest;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use specql_ide::EmittedFile;

use crate::{
    Error,
    generated::{journal::Journal, manifest::Manifest},
    report::counted,
};

/// Who writes the files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    /// The name of the command.
    pub(crate) command: &'static str,
    /// The name of the record in the folder.
    pub(crate) record: &'static str,
    /// What one does who has edited a file.
    pub(crate) instead: &'static str,
}

/// A folder and what is known of earlier runs.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    writer: Writer,
    manifest: Manifest,
}

/// What a run did beside writing.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// How many files of earlier runs were removed.
    pub(crate) removed: usize,
    /// Files of earlier runs that are not generated any more, but were edited since.
    pub(crate) kept: Vec<String>,
}

impl Folder {
    /// A folder that may not exist yet.
    pub(crate) fn open(path: &Path, writer: Writer) -> Result<Self, Error> {
        if path.is_file() {
            let path = path.display();
            return Err(Error::Usage(format!("`{path}` is a file: `--out` names a folder")));
        }
        let manifest = Manifest::read(&path.join(writer.record))?;
        Ok(Self { path: path.to_owned(), writer, manifest })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What a run would change, a line each.
    pub(crate) fn differences(&self, files: &[EmittedFile]) -> Result<Vec<String>, Error> {
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

    /// Writes the files and removes those of earlier runs that are not among them, all or none.
    /// `overwrite` gives up what somebody changed in them.
    pub(crate) fn write(&self, files: &[EmittedFile], overwrite: bool) -> Result<Done, Error> {
        self.refuse_changed(files, overwrite)?;
        let mut journal = Journal::default();
        let written = self.write_with(files, &mut journal);
        if written.is_err() {
            journal.take_back();
        }
        written
    }

    fn write_with(&self, files: &[EmittedFile], journal: &mut Journal) -> Result<Done, Error> {
        journal.make_folder(&self.path)?;
        let staged = tempfile::Builder::new().prefix(".specql-").tempdir_in(&self.path);
        // The error names the folder beside the one that is named here.
        let staged = staged.map_err(|it| failed(&self.path, it.kind().into()))?;
        // What stood there lies in it until the end, so it goes with the journal.
        let staged = journal.keep_in(staged);
        let (new, record) = (staged.join("new"), self.path.join(self.writer.record));
        let mut changed = Vec::new();
        for file in files {
            if self.text(&file.path)?.as_deref() != Some(file.text.as_bytes()) {
                write(&new.join(&file.path), file.text.as_bytes())?;
                changed.push(file);
            }
        }
        let now = Manifest::of(files);
        let records = [new.join("during"), new.join("after")];
        write(&records[0], &self.manifest.with(&now).bytes()?)?;
        write(&records[1], &now.bytes()?)?;
        let [during, after] = records;
        journal.put(&during, &record)?;
        for file in changed {
            let target = self.path.join(&file.path);
            if let Some(parent) = target.parent() {
                journal.make_folder(parent)?;
            }
            journal.put(&new.join(&file.path), &target)?;
        }
        let done = self.remove_stale(files, journal)?;
        journal.put(&after, &record)?;
        Ok(done)
    }

    /// A file of somebody else stands where one has to go, or what was written was edited since.
    fn refuse_changed(&self, files: &[EmittedFile], overwrite: bool) -> Result<(), Error> {
        let Writer { command, instead, .. } = self.writer;
        let mut edited = Vec::new();
        // A file that is not to be there any more is removed when nobody edited it, and kept otherwise.
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
                "`{}` was not written by `{command}`, so it is left alone and nothing is written: move it, \
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
            "`{}`{and_more} {was} edited since `{command}` wrote {it}, so nothing is written: {instead}, or \
             give the changes up with `--overwrite`",
            path.display()
        )))
    }

    fn stale<'a>(&'a self, files: &'a [EmittedFile]) -> impl Iterator<Item = &'a str> {
        let current: BTreeSet<&str> = files.iter().map(|it| it.path.as_str()).collect();
        self.manifest.paths().filter(move |it| !current.contains(it))
    }

    fn remove_stale(&self, files: &[EmittedFile], journal: &mut Journal) -> Result<Done, Error> {
        let mut done = Done::default();
        for path in self.stale(files) {
            let Some(text) = self.text(path)? else { continue };
            let full = self.path.join(path);
            if !self.manifest.wrote(path, &text) || !self.holds(&full) {
                done.kept.push(path.to_owned());
                continue;
            }
            journal.remove(&full)?;
            done.removed += 1;
            if let Some(parent) = full.parent().filter(|it| *it != self.path) {
                journal.remove_if_empty(parent);
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

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|it| failed(parent, it))?;
    }
    fs::write(path, bytes).map_err(|it| failed(path, it))
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}
