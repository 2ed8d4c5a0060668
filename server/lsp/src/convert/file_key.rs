//! How a file is called: by the client, in its workspace, on disk.

use crate::convert::uri;
use crate::protocol::lsp;
use crate::session::files::Depth;
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// What identifies a file, however its URI is spelled: its absolute path, else its URI.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FileKey(Arc<str>);

impl FileKey {
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

    /// The URI that a client has not spelled yet.
    pub(crate) fn uri(&self) -> lsp::Uri {
        self.path().map_or_else(|| lsp::Uri::from(&*self.0), |it| uri::from_path(it).into())
    }
}

/// Where a project is. Files below a root are named relative to it, so that settings which name
/// files mean the same here and on the command line; others by their key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Root {
    pub(crate) path: Option<Utf8PathBuf>,
    pub(crate) depth: Depth,
}

impl Root {
    /// Whether a file lies below the root.
    pub(crate) fn contains(&self, key: &FileKey) -> bool {
        self.relative(key).is_some_and(|it| self.depth == Depth::All || !it.contains('/'))
    }

    fn relative<'a>(&self, key: &'a FileKey) -> Option<&'a str> {
        Some(key.path()?.strip_prefix(self.path.as_ref()?).ok()?.as_str())
    }

    /// The name in the workspace.
    pub(crate) fn name<'a>(&self, key: &'a FileKey) -> &'a str {
        self.relative(key).unwrap_or(&key.0)
    }

    /// The file that has a name.
    pub(crate) fn key(&self, name: &str) -> FileKey {
        match &self.path {
            Some(root) => FileKey::of_path(&root.join(name)),
            None => FileKey(name.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_files() {
        let rooted = Root { path: Some("/a/b".into()), depth: Depth::All };
        for (root, uri, name) in [
            (&rooted, "file:///a/b/c/d.yaml", "c/d.yaml"),
            (&rooted, "file:///a/b/cc:d.yaml", "cc:d.yaml"),
            (&Root::default(), "file:///a/b/c/d.yaml", "/a/b/c/d.yaml"),
            (&Root::default(), "untitled:Untitled-1", "untitled:Untitled-1"),
        ] {
            let key = FileKey::of_uri(&uri.into());
            assert_eq!(root.name(&key), name);
            assert_eq!(root.key(name), key);
        }
        let below = |root: &Root, uri: &str| root.contains(&FileKey::of_uri(&uri.into()));
        assert!(!below(&rooted, "file:///a/bc/d.yaml"));
        let flat = Root { depth: Depth::One, ..rooted };
        assert!(below(&flat, "file:///a/b/d.yaml") && !below(&flat, "file:///a/b/c/d.yaml"));
    }
}
