//! What requests about a file answer: each converts, asks `ide`, and converts back.

pub(crate) mod capabilities;
mod code_action;
mod code_lens;
mod completion;
mod definition;
mod document_symbol;
mod hover;
mod ranges;
mod references;
mod rename;
mod semantic_tokens;

pub(crate) use code_action::code_action;
pub(crate) use code_lens::code_lens;
pub(crate) use completion::{Place, completion, completion_documentation};
pub(crate) use definition::{definition, type_definition};
pub(crate) use document_symbol::document_symbol;
pub(crate) use hover::hover;
pub(crate) use ranges::{folding_range, selection_range};
pub(crate) use references::{document_highlight, references};
pub(crate) use rename::{prepare_rename, rename};
pub(crate) use semantic_tokens::{legend, semantic_tokens};
