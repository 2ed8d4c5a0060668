//! Text: offsets, ranges, line index, position encodings, edits. Knows nothing of SpecQL.

mod document;
mod edit;
mod line_index;
mod position;
mod range;

#[cfg(test)]
mod test_support;

pub use document::{Change, Document};
pub use edit::{TextEdit, apply_edits, line_end_of};
pub use line_index::LineIndex;
pub use position::{Position, PositionEncoding};
pub use range::TextRange;
