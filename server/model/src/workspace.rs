//! All files together: names resolved across them, effects inferred once.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use specql_syntax::expression::EntityReference;

use crate::{Action, ActionId, Config, Effect, Entity, EntityId, FileId, SourceFile};

/// An immutable state of the workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    files: BTreeMap<FileId, Arc<SourceFile>>,
    config: Arc<Config>,
    /// Entities in the order of their paths.
    entities: Vec<EntityId>,
    by_name: FxHashMap<SmolStr, Vec<EntityId>>,
    effects: FxHashMap<ActionId, Arc<[Effect]>>,
}

/// What a reference to an entity leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// One entity.
    Found(EntityId),
    /// Several, in the order of their paths.
    Ambiguous(Vec<EntityId>),
    /// None.
    Unknown,
}
