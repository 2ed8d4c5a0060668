//! All files together: names resolved across them, effects inferred once.
//!
//! Invariant: a workspace that was changed file by file equals one that was built from its files, and
//! answers every question in the same order.

mod change;
mod file_map;
mod mentions;
mod name_list;
mod parts;
mod path;
mod primary;
mod reads;
mod references;
mod resolve;
mod shards;
mod type_name;

use std::sync::Arc;

use ecow::EcoString;
use smallvec::SmallVec;

use crate::{
    Action, ActionId, Config, Effect, Entity, EntityId, FileId, FileKind, SourceFile,
    effect::FileEffects,
};
pub use change::{ListedFile, Touched};
pub use mentions::MentionKind;
pub(crate) use mentions::collection_entity;
pub use name_list::{ListedName, NameKind, NameList};
pub use parts::{NamedPart, PartKind, letters_of};
pub use path::{Column, PathEnd, PathStep, PathSteps, ResolvedPath, segments};
pub use primary::Primary;
pub use reads::{Read, note, recorded, unrecorded};
pub use references::Reference;
pub use resolve::Resolution;
pub use shards::Shards;
pub use type_name::type_stem;

/// Most lists are of one or two, which take no place of their own.
type FileList = SmallVec<[FileId; 4]>;

/// Actions that have something in common, mostly one.
pub type ActionList = SmallVec<[ActionId; 2]>;

/// An immutable state of the workspace. Copies share what they have in common, so a copy and a change
/// of one file cost microseconds whatever the number of files.
#[derive(Debug, Clone)]
pub struct Workspace {
    files: file_map::FileMap<Arc<SourceFile>>,
    /// All files in the order of their paths.
    order: Arc<Vec<FileId>>,
    /// Entities in the order of their paths.
    entities: Arc<Vec<EntityId>>,
    config: Arc<Config>,
    /// Configuration files in the order of their paths; the first one holds.
    configs: Arc<Vec<FileId>>,
    /// By folded name, in the order of their paths.
    by_name: Shards<EcoString, SmallVec<[EntityId; 4]>>,
    /// By name, in the order of their paths.
    by_action: Shards<EcoString, ActionList>,
    /// The files that mention an entity, by folded name, ascending.
    entity_mentions: Shards<EcoString, FileList>,
    /// The same for the files whose actions mention it.
    action_mentions: Shards<EcoString, FileList>,
    /// The files that call an action, by name, ascending.
    calls: Shards<EcoString, FileList>,
    /// The files that may declare an action where they cannot be read, by name, ascending.
    lost_actions: Shards<EcoString, FileList>,
    names: name_list::NameLists,
    /// What was inferred, forgotten when a file on which it depends changes.
    effects: file_map::FileMap<Arc<FileEffects>>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new([])
    }
}

impl Workspace {
    /// All files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        note(|| Read::All);
        self.order.iter().filter_map(|it| self.files.get(*it))
    }

    /// A file.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        note(|| Read::Body(id));
        self.files.get(id)
    }

    /// The number of files.
    #[must_use]
    pub fn file_count(&self) -> usize {
        note(|| Read::All);
        self.order.len()
    }

    /// All entities, in the order of their paths; two of one name are both here.
    pub fn entities(&self) -> impl Iterator<Item = &Arc<Entity>> {
        note(|| Read::All);
        self.entities.iter().filter_map(|it| self.entity(*it))
    }

    /// The number of entities.
    #[must_use]
    pub fn entity_count(&self) -> usize {
        note(|| Read::All);
        self.entities.len()
    }

    /// An entity: of another file than the asker's what it declares, but for its actions, which have
    /// [`Workspace::action`].
    #[must_use]
    pub fn entity(&self, id: EntityId) -> Option<&Arc<Entity>> {
        note(|| Read::Shape(id.0));
        self.files.get(id.0)?.entity()
    }

    /// An action.
    #[must_use]
    pub fn action(&self, id: ActionId) -> Option<&Action> {
        note(|| Read::Body(id.entity.0));
        self.entity(id.entity)?.actions.get(id.index as usize)
    }

    /// All actions, in the order of files and of their declarations.
    pub fn actions(&self) -> impl Iterator<Item = (ActionId, &Action)> {
        self.entities().flat_map(|it| it.action_ids())
    }

    /// The settings; defaults without a configuration file.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration files, in the order of their paths.
    pub fn config_files(&self) -> impl Iterator<Item = FileId> + '_ {
        note(|| Read::All);
        self.configs.iter().copied()
    }

    /// The file that the settings come from: of several the first by path.
    #[must_use]
    pub fn config_file(&self) -> Option<&Arc<SourceFile>> {
        self.configs.first().and_then(|it| self.files.get(*it))
    }

    /// What an action writes: its own steps in their order, each call at its place followed by what
    /// the called action writes. Nothing for an action with a `pattern`, whose steps are unknown.
    #[must_use]
    pub fn effects(&self, action: ActionId) -> &[Effect] {
        note(|| Read::Body(action.entity.0));
        let found = self.effects.get(action.entity.0);
        found.map_or(&[], |it| unrecorded(|| it.of_action(self, action)))
    }

    /// What was inferred from a file's own steps.
    pub(crate) fn file_effects(&self, file: FileId) -> Option<&FileEffects> {
        self.effects.get(file).map(AsRef::as_ref)
    }

    /// The file's path, by which files are ordered.
    fn path(&self, id: FileId) -> Option<&str> {
        self.files.get(id).map(|it| it.path.as_ref())
    }

    /// The configuration in force.
    fn read_config(&self) -> Arc<Config> {
        match self.config_file().map(|it| &it.kind) {
            Some(FileKind::Config(it)) => it.clone(),
            _ => Arc::default(),
        }
    }
}

impl Entity {
    /// The actions with their numbers, in the order of the file.
    pub fn action_ids(&self) -> impl Iterator<Item = (ActionId, &Action)> {
        let entity = self.id;
        (0..).zip(&self.actions).map(move |(index, it)| (ActionId { entity, index }, it))
    }
}

#[cfg(test)]
mod tests;
