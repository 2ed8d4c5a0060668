//! A file of the workspace: its text, its values and what it declares. Depends on no other file, so it
//! is memoised by the revision of its text.

use std::sync::Arc;

use specql_syntax::Parse;

use crate::{Config, Entity, lower};

/// A file, by the number its host gave it. Numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What a file is, by its name and its root.
#[derive(Debug, Clone)]
pub enum FileKind {
    /// The root is a mapping with a key `entity`, or the name ends in `.specql`, `.specql.yaml` or
    /// `.specql.yml`.
    Entity(Arc<Entity>),
    /// `specql.config.yaml`.
    Config(Arc<Config>),
    /// Any other YAML: passed over in silence.
    Other,
}

/// A file with what was read from it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The file's number.
    pub id: FileId,
    /// The name its host gave it: a path with `/`, or a URI. Orders files and is shown to users.
    pub path: Arc<str>,
    /// Text, tree and values.
    pub parse: Arc<Parse>,
    /// What it declares.
    pub kind: FileKind,
}

impl SourceFile {
    /// Parses and lowers a text.
    #[must_use]
    pub fn new(id: FileId, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        let parse = Arc::new(specql_syntax::parse(text.into()));
        let kind = lower::file(id, &path, &parse);
        Self { id, path, parse, kind }
    }

    /// This file with another text, which is parsed with what its old text and the new one share.
    #[must_use]
    pub fn with_text(&self, text: impl Into<Arc<str>>) -> Self {
        let parse = Arc::new(self.parse.reparse(text.into()));
        let kind = lower::file(self.id, &self.path, &parse);
        Self { id: self.id, path: Arc::clone(&self.path), parse, kind }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        self.parse.text()
    }

    /// The entity that the file declares.
    #[must_use]
    pub fn entity(&self) -> Option<&Arc<Entity>> {
        match &self.kind {
            FileKind::Entity(it) => Some(it),
            FileKind::Config(_) | FileKind::Other => None,
        }
    }
}
