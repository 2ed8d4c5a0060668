//! How the client spells the files it has open.

use crate::convert::file_key::FileKey;
use crate::protocol::lsp;
use rustc_hash::FxHashMap;

/// How the client spells the files it has open, and their versions.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenFiles(FxHashMap<FileKey, (lsp::Uri, i32)>);

impl OpenFiles {
    pub(crate) fn insert(&mut self, key: FileKey, uri: lsp::Uri, version: i32) {
        self.0.insert(key, (uri, version));
    }

    pub(crate) fn remove(&mut self, key: &FileKey) {
        self.0.remove(key);
    }

    pub(crate) fn contains(&self, key: &FileKey) -> bool {
        self.0.contains_key(key)
    }

    /// The URI of any file: the client's when it is open.
    pub(crate) fn uri(&self, key: &FileKey) -> lsp::Uri {
        self.0.get(key).map_or_else(|| key.uri(), |(uri, _)| uri.clone())
    }

    /// The version the client gave an open file.
    pub(crate) fn version(&self, key: &FileKey) -> Option<i32> {
        self.0.get(key).map(|(_, version)| *version)
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
    }
}
