//! A file or folder that cannot be read. It is said, and stops no other.

use std::{fmt, io};

use camino::{Utf8Path, Utf8PathBuf};

/// What could not be read, and why.
#[derive(Debug)]
pub struct Failure {
    /// The path, as it was given or found.
    pub path: Utf8PathBuf,
    /// The system's reason.
    pub error: io::Error,
}

impl Failure {
    pub(crate) fn new(path: &Utf8Path, error: io::Error) -> Self {
        Self { path: path.to_owned(), error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read `{}`: {}", self.path, self.error)
    }
}
