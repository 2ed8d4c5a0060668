//! Editor features as plain data: a state that takes changes, snapshots that answer questions.
//!
//! Invariant: everything here speaks of files by number and of places by byte offsets; protocol types,
//! disk and threads are the callers' business.

mod action_place;
mod analysis;
mod block;
mod built_ins;
mod call_hierarchy;
mod candidates;
mod code_action;
mod code_lens;
mod completion;
mod describe;
mod document_link;
mod file_rename;
mod fix_all;
mod format;
mod goto_definition;
mod host;
mod hover;
mod identity;
mod implementation;
mod inlay_hint;
mod json_schema;
mod lineage;
mod linked_editing;
mod mention;
mod migration;
mod outline;
mod preview;
mod promise;
mod ranges;
mod readers;
mod references;
mod rename;
mod rules;
mod semantic_tokens;
mod source_map;
mod symbols;
mod template;
mod type_hierarchy;
mod types;
mod unified_diff;
mod uses;
mod workspace_symbols;

#[cfg(test)]
mod test_support;

pub use action_place::{ActionNow, ActionPlace};
pub use analysis::Analysis;
pub use built_ins::built_ins;
pub use call_hierarchy::{CallEdge, CallItem, CallTarget};
pub use completion::COMPLETION_LIMIT;
pub use document_link::{DocumentLink, LinkTarget};
pub use fix_all::{FixOptions, FixedAll, Looked};
pub use host::AnalysisHost;
pub use implementation::Implementation;
pub use inlay_hint::InlayHint;
pub use json_schema::{SchemaOf, json_schema};
pub use lineage::{
    LINEAGE_LIMIT, LINEAGE_VERSION, Lineage, LineageFlow, LineageFlowKind, LineageRole, LineageUse,
};
pub use migration::migration;
pub use outline::OutlineNode;
pub use promise::{
    FileChange, Lock, LockFinding, PromiseChange, PromiseDiff, change_codes, explain_change,
    promise_changes, promise_diff,
};
pub use rename::{FormerName, RenamedText, Renaming};
pub use rules::{HOME, explain, near_code, near_rule, rule_url, rules, topics};
pub use specql_check::{Applicability, Asked, Diagnostic, FileEdit, Fix, Level, Related, Tag};
pub use specql_codegen::{
    Artifact as ArtifactKind, EmittedFile, EventFlow, FlowEdge, FlowKind, FlowNode, Migration,
    Problem,
};
pub use specql_contract::Misread;
pub use specql_model::{FileId, Read};
pub use specql_syntax::MAX_LEN;
pub use template::config_template;
pub use type_hierarchy::TypeItem;
pub use types::{
    Access, Artifact, CodeAction, CodeActionKind, CodeLens, CompletionItem, CompletionKind,
    Completions, Folding, Hover, LensKind, Preview, PreviewTarget, Reference, SemanticToken,
    Symbol, SymbolKind, Target, TokenKind, UsesOf, Whole,
};
pub use unified_diff::unified_diff;
pub use uses::{Use, uses_title};
pub use workspace_symbols::{WORKSPACE_SYMBOL_LIMIT, WorkspaceSymbol};
