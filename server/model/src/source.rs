//! A file of the workspace: its text, its values and what it declares. Depends on no other file, so it
//! is memoised by the revision of its text.

use std::sync::{Arc, OnceLock};

use specql_syntax::Parse;
use specql_text::TextRange;

use crate::{Config, Entity, damage::Damage, lower};

/// A file, by the number its host gave it. Numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What a file is, by its name and its root.
#[derive(Debug, Clone)]
pub enum FileKind {
    /// The root is a mapping with a key `entity`, or with a slip of that key beside the blocks of an entity,
    /// or without it but with blocks that nothing else has, or the name ends in `.specql`, `.specql.yaml` or `.specql.yml`.
    Entity(Arc<Entity>),
    /// `specql.config.yaml`.
    Config(Arc<Config>),
    /// Any other YAML: passed over in silence.
    Other,
}

/// A file with what was read from it.
///
/// Tree and values are many times the size of the text, so a file that nobody types in does without
/// them: see [`SourceFile::folded`].
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The file's number.
    pub id: FileId,
    /// The name its host gave it: a path with `/`, or a URI. Orders files and is shown to users.
    pub path: Arc<str>,
    /// What it declares.
    pub kind: FileKind,
    text: Arc<str>,
    /// Tree and values, as long as they are kept.
    parse: OnceLock<Arc<Parse>>,
    damage: Damage,
}

impl SourceFile {
    /// Parses and lowers a text.
    #[must_use]
    pub fn new(id: FileId, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self::of_parse(id, path.into(), specql_syntax::parse(text.into()))
    }

    fn of_parse(id: FileId, path: Arc<str>, parse: Parse) -> Self {
        let damage = Damage::of(&parse);
        let kind = lower::file(id, &path, &parse, &damage);
        let text = Arc::clone(parse.text());
        Self { id, path, kind, text, parse: Arc::new(parse).into(), damage }
    }

    /// This file with another text, which is parsed with what its old text and the new one share.
    #[must_use]
    pub fn with_text(&self, text: impl Into<Arc<str>>) -> Self {
        self.with_parse(self.parse_as(text))
    }

    /// Tree and values that this file would have with another text; what it would declare is not looked at.
    #[must_use]
    pub fn parse_as(&self, text: impl Into<Arc<str>>) -> Parse {
        match self.parse.get() {
            Some(old) => old.reparse(text.into()),
            None => specql_syntax::parse(text.into()),
        }
    }

    /// This file with a text that is parsed already, by [`SourceFile::parse_as`].
    #[must_use]
    pub fn with_parse(&self, parse: Parse) -> Self {
        Self::of_parse(self.id, Arc::clone(&self.path), parse)
    }

    /// This file without tree and values. Whoever asks for them gets them, by parsing the text again.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self {
            parse: OnceLock::new(),
            path: Arc::clone(&self.path),
            kind: self.kind.clone(),
            text: Arc::clone(&self.text),
            damage: self.damage.clone(),
            id: self.id,
        }
    }

    /// Whether tree and values are at hand.
    #[must_use]
    pub fn is_unfolded(&self) -> bool {
        self.parse.get().is_some()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Tree and values.
    #[must_use]
    pub fn parse(&self) -> &Parse {
        self.parse.get_or_init(|| Arc::new(specql_syntax::parse(Arc::clone(&self.text))))
    }

    /// Whether something on the lines of a range cannot be read.
    #[must_use]
    pub fn is_damaged(&self, range: TextRange) -> bool {
        self.damage.touches(&self.text, range)
    }

    /// Whether rules judge what stands in the file; for other files, and for an entity file whose declaration
    /// has to be mended first, they do not.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        match &self.kind {
            FileKind::Entity(it) => it.declared.is_judged(),
            FileKind::Config(_) => true,
            FileKind::Other => false,
        }
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
