//! A file replaced in one step: its new bytes stand beside it before they take its place.
//!
//! Invariant: who may read and write a file, and whose it is, stays as far as the system lets it; and a file
//! that nobody may write is not replaced, though its folder would let it happen.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{NamedTempFile, TempPath};

/// New bytes that stand beside the file that they are for.
#[derive(Debug)]
pub struct Staged {
    beside: TempPath,
    target: PathBuf,
}

impl Staged {
    /// Writes the new bytes of a file beside it. Through a link the file that it leads to is meant; a file that
    /// is not there yet will be readable to all.
    ///
    /// # Errors
    /// When the file must not be written, or the disk refuses.
    pub fn beside(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let (target, before) = match fs::canonicalize(path) {
            Ok(target) => {
                let before = writable(&target)?;
                (target, Some(before))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
            Err(error) => return Err(error),
        };
        let folder = target.parent().filter(|it| !it.as_os_str().is_empty());
        let made = tempfile::Builder::new()
            .prefix(".specql-")
            .tempfile_in(folder.unwrap_or(Path::new(".")));
        let mut file: NamedTempFile = made.map_err(|it| of_the_system(&it))?;
        file.write_all(bytes)?;
        match before {
            Some(before) => keep_owner(file.path(), &before)?,
            None => readable(file.path())?,
        }
        Ok(Self { beside: file.into_temp_path(), target })
    }

    /// Puts them in its place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(self) -> io::Result<()> {
        self.beside.persist(&self.target).map_err(|it| it.error)
    }
}

/// What the system said, without the name of the file beside the one that is meant.
fn of_the_system(error: &io::Error) -> io::Error {
    let text = error.to_string();
    let said = text.split_once(" at path ").map_or(text.as_str(), |it| it.0);
    io::Error::new(error.kind(), said)
}

/// What the system says of a file that may be written. Root may write everything, so the file is asked too.
fn writable(path: &Path) -> io::Result<fs::Metadata> {
    let metadata = fs::metadata(path)?;
    if metadata.permissions().readonly() {
        let reason = "it is read-only, so it is left as it is";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    let _: File = OpenOptions::new().write(true).open(path)?;
    Ok(metadata)
}

#[cfg(unix)]
fn keep_owner(path: &Path, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let own = fs::metadata(path)?;
    if (own.uid(), own.gid()) != (before.uid(), before.gid()) {
        // Who is not root cannot give a file away, but may be in its group.
        let both = chown(path, Some(before.uid()), Some(before.gid()));
        let _ = both.or_else(|_| chown(path, None, Some(before.gid())));
    }
    // After the owner: a new one takes rights away.
    fs::set_permissions(path, before.permissions())
}

#[cfg(not(unix))]
fn keep_owner(path: &Path, before: &fs::Metadata) -> io::Result<()> {
    fs::set_permissions(path, before.permissions())
}

/// A temporary file is its owner's alone; this one is for everybody who reads the repository.
#[cfg(unix)]
fn readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    use super::*;
    use crate::test_support::Tree;

    #[test]
    fn a_folder_that_is_not_there_is_told_in_the_words_of_the_system() {
        let tree = Tree::new(&["a.yaml=one"]);
        let error = Staged::beside(tree.at("no/b.yaml").as_std_path(), b"two").unwrap_err();
        assert_eq!(error.to_string(), "No such file or directory (os error 2)");
    }

    #[test]
    fn rights_and_owner_stay() {
        let tree = Tree::new(&["a.yaml=one", "link.yaml->a.yaml"]);
        let path = tree.at("a.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        // Without the right to give it away it is ours, before and after.
        let given = chown(&path, Some(65534), Some(65534)).is_ok();
        Staged::beside(tree.at("link.yaml").as_std_path(), b"two").unwrap().put().unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(after.mode() & 0o777, 0o640);
        assert_eq!(given, (after.uid(), after.gid()) == (65534, 65534));
        assert!(tree.at("link.yaml").is_symlink());
    }

    #[test]
    fn what_is_read_only_stays() {
        let tree = Tree::new(&["a.yaml=one"]);
        let path = tree.at("a.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let error = Staged::beside(path.as_std_path(), b"two").unwrap_err();
        assert!(error.to_string().contains("read-only"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(tree.root()).unwrap().count(), 1);
    }
}
