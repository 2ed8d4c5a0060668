//! The record of what a command wrote to a folder, `.specql-emit.json` of `emit`: paths with checksums.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Component, Path},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specql_ide::EmittedFile;

use crate::Error;

/// Changes when an older program would misread the record.
const VERSION: u32 = 1;

/// What was written, by path with `/` relative to the folder.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    /// SHA-256 in hexadecimal digits; while files are moved into place both, of the old and the new text.
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// The record at a path; empty when there is none.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = match fs::read(path) {
            Ok(it) => it,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::empty()),
            Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
        };
        let manifest: Option<Self> = serde_json::from_slice(&bytes).ok();
        // Files are removed by this record: one that names a place outside of the folder is not ours.
        let is_ours = |it: &Self| it.version == VERSION && it.paths().all(is_inside);
        manifest.filter(is_ours).ok_or_else(|| {
            Error::Usage(format!(
                "`{}` cannot be read, so it is not known which files are generated: remove it and \
                 the generated files, or choose another folder",
                path.display()
            ))
        })
    }

    /// What these files make.
    pub(super) fn of(files: &[EmittedFile]) -> Self {
        let entry = |it: &EmittedFile| (it.path.clone(), checksum(it.text.as_bytes()));
        Self { version: VERSION, files: files.iter().map(entry).collect() }
    }

    /// What either wrote.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut files = self.files.clone();
        for (path, new) in &other.files {
            let sums = files.entry(path.clone()).or_default();
            if sums.is_empty() {
                sums.clone_from(new);
            } else if !sums.split(' ').any(|it| it == new) {
                sums.push(' ');
                sums.push_str(new);
            }
        }
        Self { version: VERSION, files }
    }

    /// What the record holds.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Error> {
        let mut res = serde_json::to_vec_pretty(self).map_err(io::Error::from)?;
        res.push(b'\n');
        Ok(res)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether a file was written, whatever is in it now.
    pub(super) fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a file was written with this text.
    pub(super) fn wrote(&self, path: &str, text: &[u8]) -> bool {
        let sum = checksum(text);
        self.files.get(path).is_some_and(|it| it.split(' ').any(|it| it == sum))
    }

    fn empty() -> Self {
        Self { version: VERSION, files: BTreeMap::new() }
    }
}

/// Whether a path leads to a place below the folder that it is relative to.
fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|it| matches!(it, Component::Normal(_)))
}

/// SHA-256 in hexadecimal digits.
fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}
