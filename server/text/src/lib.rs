//! Text: offsets, ranges, line index, position encodings, edits. Knows nothing of SpecQL.

mod edit;
mod range;

pub use edit::{TextEdit, apply_edits};
pub use range::TextRange;
