//! Which range of a SpecQL file became which range of an artifact.

use specql_model::FileId;
use specql_text::TextRange;

/// A place in a SpecQL file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: FileId,
    /// The range in the file, in bytes.
    pub range: TextRange,
}

/// One entry of a source map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapping {
    /// Where it was written.
    pub origin: Origin,
    /// What it became: a range of the artifact's text, in bytes; never empty.
    pub sql: TextRange,
}

/// The entries in the order of the artifact's text. Several can come from one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    mappings: Vec<Mapping>,
}

impl SourceMap {
    /// The entries in the order of the artifact's text.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// The ranges of the artifact that come from a place: those whose origin covers the offset, of
    /// the narrowest origin that does.
    #[must_use]
    pub fn from_source(&self, file: FileId, offset: u32) -> Vec<TextRange> {
        let covering = |it: &&Mapping| it.origin.file == file && it.origin.range.touches(offset);
        let narrowest = self.mappings.iter().filter(covering).map(|it| it.origin.range.len()).min();
        let hits = self.mappings.iter().filter(covering);
        hits.filter(|it| Some(it.origin.range.len()) == narrowest).map(|it| it.sql).collect()
    }

    /// The ranges of the artifact that come from inside a range, else what the narrowest place around
    /// its beginning became.
    #[must_use]
    pub fn from_range(&self, file: FileId, range: TextRange) -> Vec<TextRange> {
        let inside =
            |it: &&Mapping| it.origin.file == file && range.contains_range(it.origin.range);
        let found: Vec<TextRange> = self.mappings.iter().filter(inside).map(|it| it.sql).collect();
        if found.is_empty() { self.from_source(file, range.start()) } else { found }
    }

    /// Where the text at an offset of the artifact was written.
    #[must_use]
    pub fn to_source(&self, offset: u32) -> Option<Origin> {
        let hits = self.mappings.iter().filter(|it| it.sql.touches(offset));
        hits.min_by_key(|it| it.sql.len()).map(|it| it.origin)
    }

    /// Joins lines that follow each other and come from one place into one entry.
    pub(crate) fn push(&mut self, mapping: Mapping) {
        if mapping.sql.is_empty() {
            return;
        }
        match self.mappings.last_mut() {
            Some(last)
                if last.origin == mapping.origin && last.sql.end() + 1 == mapping.sql.start() =>
            {
                last.sql = last.sql.cover(mapping.sql);
            }
            _ => self.mappings.push(mapping),
        }
    }

    pub(crate) fn extend_shifted(&mut self, other: Self, by: usize) {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        let shift = |it: u32| it.saturating_add(by);
        self.mappings.extend(other.mappings.into_iter().map(|it| Mapping {
            sql: TextRange::new(shift(it.sql.start()), shift(it.sql.end())),
            ..it
        }));
    }
}
