//! How the client spells files: those it has open as it opened them, the others by its folders.

use crate::convert::file_key::FileKey;
use crate::convert::uri;
use crate::protocol::lsp;
use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;
use specql_project::Spelling;

/// The open files with their versions, and the names of folders.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenFiles {
    open: FxHashMap<FileKey, (lsp::Uri, i32)>,
    /// What an open file was found to be, by its name as the client spells it: links may lead to it.
    keys: FxHashMap<FileKey, FileKey>,
    /// Folders by their real paths.
    spelling: Spelling,
    /// The folders of the client.
    folders: Vec<Utf8PathBuf>,
}

impl OpenFiles {
    pub(crate) fn insert(&mut self, key: FileKey, uri: lsp::Uri, version: i32) {
        if let Some((old, _)) = self.open.get(&key) {
            self.keys.remove(&FileKey::of_uri(old));
        }
        self.keys.insert(FileKey::of_uri(&uri), key.clone());
        self.open.insert(key, (uri, version));
    }

    pub(crate) fn remove(&mut self, key: &FileKey) {
        if let Some((uri, _)) = self.open.remove(key) {
            self.keys.remove(&FileKey::of_uri(&uri));
        }
    }

    /// Notes how the client spells one of its folders, by its real path.
    pub(crate) fn open_folder(&mut self, real: Utf8PathBuf, spelled: Utf8PathBuf) {
        self.spelling.add(real.clone(), spelled);
        self.folders.push(real);
    }

    /// Forgets a folder.
    pub(crate) fn close_folder(&mut self, real: &Utf8Path) {
        self.spelling.remove(real);
        self.folders.retain(|it| it != real);
    }

    /// Whether the client is told of the findings of a file: of those that are open, and of those in
    /// its folders, as the command line tells of those that were named.
    pub(crate) fn shows(&self, key: &FileKey) -> bool {
        let in_folder = |path: &Utf8Path| self.folders.iter().any(|it| path.starts_with(it));
        self.contains(key) || key.path().is_some_and(in_folder)
    }

    /// The key of a file that was opened under this URI, however its escapes are spelled. Asks no disk.
    pub(crate) fn key(&self, uri: &lsp::Uri) -> Option<&FileKey> {
        self.keys.get(&FileKey::of_uri(uri))
    }

    /// The open files.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &FileKey> {
        self.open.keys()
    }

    pub(crate) fn contains(&self, key: &FileKey) -> bool {
        self.open.contains_key(key)
    }

    /// The URI of any file: the client's when it is open.
    pub(crate) fn uri(&self, key: &FileKey) -> lsp::Uri {
        match (self.open.get(key), key.path()) {
            (Some((uri, _)), _) => uri.clone(),
            (None, Some(path)) => uri::from_path(&self.spelling.of(path)).into(),
            (None, None) => key.as_uri(),
        }
    }

    /// The version the client gave an open file.
    pub(crate) fn version(&self, key: &FileKey) -> Option<i32> {
        self.open.get(key).map(|(_, version)| *version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_file_has_the_uri_of_its_client() {
        let key = FileKey::of_uri(&"file:///a%2Db.yaml".into());
        let mut open = OpenFiles::default();
        assert_eq!(open.uri(&key).as_ref(), "file:///a-b.yaml");
        open.insert(key.clone(), "file:///a%2Db.yaml".into(), 3);
        assert_eq!(open.uri(&key).as_ref(), "file:///a%2Db.yaml");
        assert_eq!(open.key(&"file:///a-b.yaml".into()), Some(&key));
        open.remove(&key);
        assert_eq!(open.key(&"file:///a%2Db.yaml".into()), None);
    }

    #[test]
    fn a_closed_file_lies_in_the_folder_that_its_client_opened() {
        let mut open = OpenFiles::default();
        open.open_folder("/real/place".into(), "/link".into());
        let key = FileKey::of_path("/real/place/a.yaml".into());
        assert_eq!(open.uri(&key).as_ref(), "file:///link/a.yaml");
        assert!(open.shows(&key));
        open.close_folder("/real/place".into());
        assert_eq!(open.uri(&key).as_ref(), "file:///real/place/a.yaml");
        assert!(!open.shows(&key));
    }
}
