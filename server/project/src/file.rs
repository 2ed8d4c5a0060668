//! One file: whether it is looked at, its text, and whether it is still the one that was read.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    sync::Arc,
    time::{Duration, SystemTime},
};

use camino::Utf8Path;

use crate::{Encoding, encoding};

/// Of larger files only this much is read, which says that they are too large.
const MAX_SIZE: u64 = specql_ide::MAX_LEN as u64 + 1;

/// Whether a file's name is that of a file to look at.
#[must_use]
pub fn is_source(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("yaml" | "yml" | "specql")) || is_lock(path)
}

/// Whether a file's name is that of a lock file, which is read beside the files that people write.
#[must_use]
pub fn is_lock(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|it| it.ends_with("events.lock"))
}

/// What a file held when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its text, without a byte order mark.
    pub text: Arc<str>,
    /// How it is written.
    pub encoding: Encoding,
    /// The file that was read.
    pub stamp: Stamp,
    settled: bool,
}

/// What the system says of a file; another one means that the file may hold another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
    /// The file itself and the time of its last change of any kind, where the system knows them: an
    /// older file moved over this one has them different.
    identity: (u64, i64, i64),
}

impl Stamp {
    /// The stamp of a file; none of what is no regular file.
    #[must_use]
    pub fn of(path: &Utf8Path) -> Option<Self> {
        fs::metadata(path).ok().filter(Metadata::is_file).map(|it| Self::new(&it))
    }

    fn new(metadata: &Metadata) -> Self {
        let identity = identity(metadata);
        Self { modified: metadata.modified().ok(), len: metadata.len(), identity }
    }
}

impl Text {
    /// A text that is not on the disk.
    #[must_use]
    pub fn unsaved(text: Arc<str>) -> Self {
        let stamp = Stamp { modified: None, len: text.len() as u64, identity: (0, 0, 0) };
        Self { text, encoding: Encoding::Utf8, stamp, settled: false }
    }

    /// Whether the file is known to hold another text when its stamp is another. File systems count
    /// time in steps, and a write within the same one as the last is not seen.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.settled
    }
}

/// The coarsest step of time of the file systems in use (FAT has two seconds, and is rare).
const STEP: Duration = Duration::from_millis(50);

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, i64, i64) {
    Default::default()
}

/// Reads a file; of one that is larger than what is parsed, as much as says so.
///
/// # Errors
/// When it is no regular file, or cannot be opened or read.
pub fn read(path: &Utf8Path) -> io::Result<Text> {
    read_head(path, MAX_SIZE)
}

/// A file that is not there is none; a link to one is there, and leads nowhere.
pub(crate) fn nowhere(path: &Utf8Path, error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::NotFound && path.is_symlink() {
        return io::Error::new(io::ErrorKind::InvalidInput, "it is a link that leads nowhere");
    }
    error
}

fn read_head(path: &Utf8Path, most: u64) -> io::Result<Text> {
    // Asked before it is opened: a pipe of that name would wait for its writer.
    let metadata = fs::metadata(path).map_err(|error| nowhere(path, error))?;
    if !metadata.is_file() {
        let reason = if metadata.is_dir() { "it is a folder" } else { "it is no regular file" };
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let stamp = Stamp::new(&metadata);
    let age = stamp.modified.and_then(|it| it.elapsed().ok());
    let settled = age.is_some_and(|it| it > STEP);
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(most)).unwrap_or(0));
    let mut file = File::open(path)?;
    file.by_ref().take(most).read_to_end(&mut bytes)?;
    if Encoding::is_utf16(&bytes) {
        file.by_ref().take(most).read_to_end(&mut bytes)?;
    }
    let cut = bytes.len() as u64 >= most;
    let (text, encoding) = encoding::decode(&bytes, cut);
    Ok(Text { text: text.into(), encoding, stamp, settled })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    #[test]
    fn a_file_that_is_too_large_is_read_as_far_as_says_so() {
        let tree = Tree::new(&[]);
        for encoding in [Encoding::Utf8, Encoding::Utf16Be] {
            fs::write(tree.at("a.yaml"), encoding.encode(&"é".repeat(100))).unwrap();
            let read = read_head(&tree.at("a.yaml"), 101).unwrap();
            assert_eq!(read.encoding, encoding);
            assert!((100..=200).contains(&read.text.len()), "{}", read.text.len());
            assert!(!read.text.contains(char::REPLACEMENT_CHARACTER));
        }
    }

    #[test]
    fn another_file_has_another_stamp() {
        let tree = Tree::new(&["a.yaml=one", "b.yaml=two"]);
        let before = read(&tree.at("a.yaml")).unwrap().stamp;
        assert_eq!(Stamp::of(&tree.at("a.yaml")), Some(before));
        fs::rename(tree.at("b.yaml"), tree.at("a.yaml")).unwrap();
        assert_ne!(Stamp::of(&tree.at("a.yaml")), Some(before));
        assert_eq!(Stamp::of(&tree.at("b.yaml")), None);
        assert_eq!(Stamp::of(tree.root()), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_no_file_to_wait_for() {
        let tree = Tree::new(&[]);
        let pipe = tree.at("b.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(read(&pipe).is_err());
        assert!(read(tree.root()).is_err());
    }
}
