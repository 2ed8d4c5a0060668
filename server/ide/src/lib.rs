//! Editor features as plain data: a state that takes changes, snapshots that answer questions.
//!
//! Invariant: everything here speaks of files by number and of places by byte offsets; protocol types,
//! disk and threads are the callers' business.

mod code_action;
mod code_lens;
mod completion;
mod goto_definition;
mod hover;
mod host;
mod preview;
mod symbols;
mod types;

pub use host::{Analysis, AnalysisHost};
pub use types::{
    Artifact, CodeAction, CodeLens, CompletionItem, CompletionKind, Hover, Preview, PreviewTarget,
    SymbolKind, Symbol, Target,
};
pub use specql_check::{Applicability, Diagnostic, FileEdit, Fix, Level, Related, Tag};
pub use specql_codegen::{Artifact as ArtifactKind, EmittedFile};
pub use specql_model::FileId;
