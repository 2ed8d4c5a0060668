//! What requests about a file answer: each converts, asks `ide`, and converts back.

mod code_action;
mod code_lens;
mod completion;
mod definition;
mod document_symbol;
mod hover;

pub(crate) use code_action::code_action;
pub(crate) use code_lens::code_lens;
pub(crate) use completion::completion;
pub(crate) use definition::definition;
pub(crate) use document_symbol::document_symbol;
pub(crate) use hover::hover;
