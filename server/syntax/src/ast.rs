//! Typed access to the blocks of an entity file: which key holds what, in whatever style it is written.
//!
//! Invariant: accessors look and never judge. What is not there, or has another shape than its key
//! takes, is absent; whether that is a mistake is for others to say. A list of one may be written
//! without its dash, and a key may have older spellings: the first of them that is there counts.

mod access;
mod action;
mod entity;
mod impact;
mod step;
#[cfg(test)]
mod tests;

pub use access::{AstNode, entries, entry, integer, items, name, names, value};
pub use action::{Action, ActionBody, Cascade, Cdc};
pub use entity::{
    Audit, Declaration, EntityFile, Field, FieldOptions, FilterColumn, TableViews, ViewRelation,
};
pub use impact::{Effect, Impact, Invalidation};
pub use step::{Case, Step, StepOptions};
