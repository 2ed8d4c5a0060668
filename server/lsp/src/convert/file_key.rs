//! How a file is called: by the client, in its workspace, on disk.

use crate::convert::uri;
use crate::protocol::lsp;
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// What identifies a file, however its URI is spelled: its absolute path, else its URI.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FileKey(Arc<str>);

/// The scheme of documents that are not saved yet.
const UNTITLED: &str = "untitled:";

impl FileKey {
    /// The key of a URI as it stands: where links lead is not asked.
    pub(crate) fn of_uri(uri: &lsp::Uri) -> Self {
        let uri = uri.as_ref();
        Self(uri::to_path(uri).map_or_else(|| uri.into(), |it| it.into_string().into()))
    }

    pub(crate) fn of_path(path: &Utf8Path) -> Self {
        if cfg!(windows) {
            return Self(path.as_str().replace('\\', "/").into());
        }
        Self(path.as_str().into())
    }

    /// The path, unless the file has none.
    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        (!uri::is_uri(&self.0)).then(|| Utf8Path::new(&*self.0))
    }

    /// Whether this is a document that is not saved yet.
    pub(crate) fn is_untitled(&self) -> bool {
        self.0.starts_with(UNTITLED)
    }

    /// The URI of a file without a path.
    pub(crate) fn as_uri(&self) -> lsp::Uri {
        lsp::Uri::from(&*self.0)
    }
}

/// Where a project is. Files below it are named relative to it, so that settings which name files mean
/// the same here and on the command line; others by their key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Root(Option<Utf8PathBuf>);

impl Root {
    pub(crate) fn new(path: Utf8PathBuf) -> Self {
        Self(Some(path))
    }

    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        self.0.as_deref()
    }

    /// The name in the workspace.
    pub(crate) fn name<'a>(&self, key: &'a FileKey) -> &'a str {
        let relative = || Some(key.path()?.strip_prefix(self.path()?).ok()?.as_str());
        relative().unwrap_or(&key.0)
    }

    /// The file that has a name.
    pub(crate) fn key(&self, name: &str) -> FileKey {
        match &self.0 {
            Some(root) if !name.starts_with(UNTITLED) => FileKey::of_path(&root.join(name)),
            _ => FileKey(name.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_files() {
        let rooted = Root::new("/a/b".into());
        for (root, uri, name) in [
            (&rooted, "file:///a/b/c/d.yaml", "c/d.yaml"),
            (&rooted, "file:///a/b/cc:d.yaml", "cc:d.yaml"),
            (&rooted, "untitled:Untitled-1", "untitled:Untitled-1"),
            (&Root::default(), "file:///a/b/c/d.yaml", "/a/b/c/d.yaml"),
            (&Root::default(), "untitled:Untitled-1", "untitled:Untitled-1"),
        ] {
            let key = FileKey::of_uri(&uri.into());
            assert_eq!(root.name(&key), name);
            assert_eq!(root.key(name), key);
        }
    }
}
