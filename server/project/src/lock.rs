//! The lock file of a workspace: what its events and cascades promised when it was last written.

use std::{fs, io};

use camino::Utf8PathBuf;

use crate::{LoadedWorkspace, Staged};

impl LoadedWorkspace {
    /// Where the lock file is, or will be.
    #[must_use]
    pub fn lock_path(&self) -> Utf8PathBuf {
        self.root.path.join(self.analysis.lock_file())
    }

    /// How the lock file is shown.
    #[must_use]
    pub fn lock_shown(&self) -> String {
        let name = self.analysis.lock_file();
        if matches!(self.shown.as_str(), "" | ".") {
            name
        } else {
            format!("{}/{name}", self.shown)
        }
    }

    /// What the lock file holds; `None` where there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read_lock(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.lock_path()) {
            Ok(it) => Ok(Some(it)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the lock file whole: a run that is interrupted leaves the one before.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_lock(&self, text: &str) -> io::Result<()> {
        Staged::beside(self.lock_path().as_std_path(), text.as_bytes())?.put()
    }
}
