//! One state of a project, as requests see it: what `ide` knows, and what the client calls it.

use crate::convert::client_config::ClientConfig;
use crate::convert::file_key::{FileKey, Root};
use crate::convert::line_indexes::LineIndexes;
use crate::convert::open_files::OpenFiles;
use crate::protocol::lsp;
use rustc_hash::FxHashSet;
use specql_ide::{Analysis, Asked, FileId};
use specql_text::{LineIndex, Position, PositionEncoding, TextRange};
use std::sync::{Arc, Mutex, PoisonError};

/// An immutable state; cheap to clone.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// Of two states the later one has the greater number, whatever project they are of; one that nothing
    /// has changed keeps its number.
    pub(crate) number: u64,
    pub(crate) analysis: Analysis,
    pub(crate) config: Arc<ClientConfig>,
    pub(crate) root: Arc<Root>,
    pub(crate) open: Arc<OpenFiles>,
    pub(crate) indexes: LineIndexes,
    /// Not all files of the project are known.
    pub(crate) is_partial: bool,
    /// Files whose places were spoken of.
    pub(crate) seen: Seen,
}

/// A file that an answer was made from.
pub(crate) struct Source {
    pub(crate) key: FileKey,
    pub(crate) text: Arc<str>,
}

/// Files, noted by whoever answers from them.
pub(crate) type Seen = Arc<Mutex<FxHashSet<FileId>>>;

impl Snapshot {
    /// A file with everything needed to speak of its places.
    pub(crate) fn view(&self, file: FileId) -> Option<View<'_>> {
        let key = self.key(file)?;
        let index = self.indexes.get(&self.analysis, file)?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        Some(View { snapshot: self, file, key, index })
    }

    /// The files that are not open and whose places were spoken of, but for one.
    pub(crate) fn sources(&self, but: FileId) -> Vec<Source> {
        self.sources_where(|it| it != but)
    }

    /// The same of an answer that is about no file.
    pub(crate) fn all_sources(&self) -> Vec<Source> {
        self.sources_where(|_| true)
    }

    fn sources_where(&self, is_asked: impl Fn(FileId) -> bool) -> Vec<Source> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let source = |it: &FileId| {
            let (key, text) = (self.key(*it)?, Arc::clone(self.analysis.text(*it)?));
            (!self.open.contains(&key)).then_some(Source { key, text })
        };
        seen.iter().filter(|it| is_asked(**it)).filter_map(source).collect()
    }

    /// What identifies a file.
    pub(crate) fn key(&self, file: FileId) -> Option<FileKey> {
        self.analysis.path(file).map(|it| self.root.key(it))
    }
}

/// A file of a snapshot; converts between the client's places and the program's.
pub(crate) struct View<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) file: FileId,
    pub(crate) key: FileKey,
    index: Arc<LineIndex>,
}

impl View<'_> {
    pub(crate) fn analysis(&self) -> &Analysis {
        &self.snapshot.analysis
    }

    pub(crate) fn uri(&self) -> lsp::Uri {
        self.snapshot.open.uri(&self.key)
    }

    pub(crate) fn version(&self) -> Option<i32> {
        self.snapshot.open.version(&self.key)
    }

    /// How its findings are asked for: advice is for who works on a file, and closed ones have what `check` says
    /// of them.
    pub(crate) fn asked(&self) -> Asked {
        Asked { named: false, advice: self.snapshot.open.contains(&self.key) }
    }

    /// The byte at a position, clamped to the text.
    pub(crate) fn offset(&self, position: lsp::Position) -> u32 {
        self.index.offset(from_protocol(position), self.encoding())
    }

    /// The bytes between two positions, clamped to the text.
    pub(crate) fn text_range(&self, range: lsp::Range) -> TextRange {
        self.index.range(from_protocol(range.start), from_protocol(range.end), self.encoding())
    }

    /// The positions of a range of bytes.
    pub(crate) fn range(&self, range: TextRange) -> lsp::Range {
        let (start, end) = self.index.positions(range, self.encoding());
        lsp::Range { start: to_protocol(start), end: to_protocol(end) }
    }

    /// The positions of ranges of another text.
    pub(crate) fn ranges_in(&self, text: &str, ranges: &[TextRange]) -> Vec<lsp::Range> {
        let index = LineIndex::new(text);
        let positions = ranges.iter().map(|it| index.positions(*it, self.encoding()));
        positions
            .map(|(start, end)| lsp::Range { start: to_protocol(start), end: to_protocol(end) })
            .collect()
    }

    pub(crate) fn location(&self, range: TextRange) -> lsp::Location {
        lsp::Location { uri: self.uri(), range: self.range(range) }
    }

    pub(crate) fn encoding(&self) -> PositionEncoding {
        self.snapshot.config.encoding
    }
}

/// A position of the client's, in its encoding.
pub(crate) fn from_protocol(position: lsp::Position) -> Position {
    Position { line: position.line, character: position.character }
}

fn to_protocol(position: Position) -> lsp::Position {
    lsp::Position { line: position.line, character: position.character }
}
