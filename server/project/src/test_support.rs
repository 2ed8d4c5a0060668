//! Folders of files for tests.

use camino::{Utf8Path, Utf8PathBuf};

/// A folder, gone with the value. Its path has no links in it.
pub(crate) struct Tree(
    Utf8PathBuf,
    #[expect(dead_code, reason = "its drop removes it")] tempfile::TempDir,
);

impl Tree {
    /// Writes files: `path=text`, or `path` alone for a text that says nothing, or `path->target` for a
    /// link.
    pub(crate) fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        let res = Self(root, folder);
        files.iter().for_each(|it| res.write(it));
        res
    }

    pub(crate) fn write(&self, file: &str) {
        let (path, text) = file.split_once('=').unwrap_or((file, "entity: A"));
        let (path, target) = match path.split_once("->") {
            Some((path, target)) => (path, Some(target)),
            None => (path, None),
        };
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match target {
            #[cfg(unix)]
            Some(target) => std::os::unix::fs::symlink(target, path).unwrap(),
            #[cfg(not(unix))]
            Some(_) => {}
            None => std::fs::write(path, text).unwrap(),
        }
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        &self.0
    }

    pub(crate) fn at(&self, path: &str) -> Utf8PathBuf {
        if path.is_empty() { self.0.clone() } else { self.0.join(path) }
    }
}
