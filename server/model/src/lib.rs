//! The resolved workspace: entities, fields, types, actions, what their steps write, impact, cdc.
//!
//! Invariant: a name that resolves to nothing stays in the model as text with its range; no step and
//! no entry is dropped because a part of it is wrong.

pub mod action;
pub mod characters;
pub mod config;
pub mod effect;
pub mod entity;
pub mod functions;
pub mod impact;
pub mod infer;
pub mod keys;
pub mod names;
pub mod query_row;
pub mod scope;
pub mod step;
pub mod types;
pub mod verbs;
pub mod views;

mod damage;
mod duration;
mod lower;
mod source;
mod suggest;
mod workspace;

#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;

pub use action::{Action, ActionId, Parameter};
pub use config::Config;
pub use duration::{interval, interval_millis};
pub use effect::{
    Call, Certainty, Effect, EffectFields, EffectGroup, OwnRow, RowFilter, RowSource, grouped,
};
pub use entity::{Bounds, BuiltIn, Declared, Default, Entity, EntityId, Field};
pub use impact::{
    Audit, Cascade, Cdc, Impact, ImpactEntry, Invalidation, Operation, Spelled, Strategy,
};
pub use lower::{
    Nameless, OTHER_ROOTS, OWN_KEYS, Slip, SlipLine, is_of_entity_file, listed_entity,
    name_of_file, nameless, slip, slip_line,
};
pub use scope::{Held, PathResolution, Row, Scope, Variable};
pub use source::{FileId, FileKind, SourceFile};
pub use specql_syntax::{Name, expression, passed_on, statement};
pub use step::{Step, StepKind, Write};
pub use suggest::{one_slip_from, said_twice, suggest};
pub use types::{BasicType, Composite, RichScalar, Type};
pub use workspace::{
    ActionList, Column, ListedFile, ListedName, MentionKind, NameKind, NameList, NamedPart,
    PartKind, PathEnd, PathStep, PathSteps, Primary, Read, Reference, Resolution, ResolvedPath,
    Shards, Touched, Workspace, letters_of, note, recorded, segments, type_stem, unrecorded,
};
