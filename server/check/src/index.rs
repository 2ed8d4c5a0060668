//! Lists over all files that rules ask for, kept up to date file by file.
//!
//! Invariant: an index that was brought up to date with each change equals one of the whole workspace.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, OnceLock},
};

use ecow::EcoString;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_contract::{is_lock_file, metric_name, primary_event};
use specql_model::{
    Action, ActionId, ActionList, EntityId, FileId, Name, Read, Shards, Workspace, characters,
    entity::graphql_name, note, unrecorded,
};

use crate::{events::primary_operation, lock_file::LockFile};

/// A type of event in a version.
type Event = (EcoString, u32);

/// An action, or an entity as its first one, and what it has in common with others.
type Entry = (ActionId, Read);

/// What rules ask of the whole workspace. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Actions, and entities as their first action, by what they have in common, in the order of the
    /// files' paths.
    listed: Shards<Read, ActionList>,
    /// The entries of a file.
    entries: Shards<FileId, Arc<[Entry]>>,
    rare: Arc<Rare>,
    /// What events promised when it was recorded.
    lock: Option<Arc<LockFile>>,
}

/// What few files ask for: gathered when it is first asked after a change.
#[derive(Debug, Default)]
struct Rare {
    disguised: OnceLock<HashSet<String>>,
    schemas: OnceLock<FxHashMap<String, usize>>,
}

impl Index {
    /// The index of a workspace.
    #[must_use]
    pub fn new(workspace: &Workspace) -> Self {
        let mut index = Self { lock: LockFile::of(workspace), ..Self::default() };
        let files = workspace.entities().map(|it| it.id.0).collect();
        let all = entries_of_all(workspace, files);
        let (listed, entries) = (&mut index.listed, &mut index.entries);
        // In the order of paths every list grows at its end.
        let list = || {
            for (id, key) in all.iter().flat_map(|it| &*it.1) {
                listed.change(key, |it| Some(with(it, usize::MAX, *id)));
            }
        };
        let keep = || {
            for (file, of_it) in all.iter().filter(|it| !it.1.is_empty()) {
                entries.insert(file, Arc::clone(of_it));
            }
        };
        rayon::join(list, keep);
        index
    }

    /// Reads some files again. Gives the lists that are others than before.
    pub fn update<'a>(
        &mut self,
        workspace: &Workspace,
        files: impl IntoIterator<Item = &'a FileId>,
    ) -> Vec<Read> {
        self.rare = Arc::default();
        let mut changed = BTreeSet::new();
        for (file, new) in entries_of_all(workspace, files.into_iter().copied().collect()) {
            let old = self.entries.get(&file).cloned().unwrap_or_default();
            if old == new {
                continue;
            }
            let of_schema = old.iter().chain(&*new).filter(|it| matches!(it.1, Read::Schema(_)));
            let schemas: Vec<(Read, usize)> =
                of_schema.map(|it| (it.1.clone(), self.few(&it.1))).collect();
            for (id, key) in &*old {
                self.listed.change(key, |it| without(it, *id));
            }
            for (id, key) in &*new {
                let path = |it: &ActionId| (workspace.file(it.entity.0).map(|it| &it.path), *it);
                let same = self.listed.get(key).map_or(&[][..], |it| it.as_slice());
                let place = same.partition_point(|it| path(it) < path(id));
                self.listed.change(key, |it| Some(with(it, place, *id)));
            }
            let keys = old.iter().chain(&*new).map(|it| it.1.clone());
            changed.extend(keys.filter(|it| !matches!(it, Read::Schema(_))));
            let others = schemas.into_iter().filter(|(key, before)| self.few(key) != *before);
            changed.extend(others.map(|it| it.0));
            self.entries.change(&file, |_| (!new.is_empty()).then_some(new));
        }
        changed.into_iter().collect()
    }

    /// The actions that publish an event, in the order of the files' paths.
    pub(crate) fn publishers(&self, event: &Event) -> &[ActionId] {
        self.list(Read::Event(event.0.clone(), event.1))
    }

    /// The actions that publish a type of event, in whatever version, of the primary entity or of a side
    /// effect, in the order of the files' paths.
    #[must_use]
    pub fn actions_publishing(&self, event_type: &str) -> &[ActionId] {
        self.list(Read::Published(event_type.into()))
    }

    /// The entities whose tables have a name in common, by its part that comes from the entity, in the
    /// order of the files' paths.
    pub(crate) fn entities_of_stem(&self, stem: &str) -> Vec<EntityId> {
        self.list(Read::Stem(stem.into())).iter().map(|it| it.entity).collect()
    }

    /// The actions that are one mutation in GraphQL, in the order of the files' paths.
    pub(crate) fn actions_of_mutation(&self, name: &str) -> &[ActionId] {
        self.list(Read::Mutation(name.into()))
    }

    /// The actions with a topic of their own that a broker takes for one with another: their figures have
    /// the same name. In the order of the files' paths.
    pub(crate) fn actions_of_topic(&self, topic: &str) -> &[ActionId] {
        self.list(Read::Topic(metric_name(topic).into()))
    }

    /// The lock file, where there is one. A change of it is one of every file.
    pub(crate) fn lock(&self) -> Option<&LockFile> {
        self.lock.as_deref()
    }

    /// Looks for the lock file again, which may have come, gone or changed, after a change of some files
    /// or of the configuration that names it. Whether it is another.
    pub fn look_for_lock<'a>(
        &mut self,
        workspace: &Workspace,
        files: impl IntoIterator<Item = &'a FileId>,
        config: bool,
    ) -> bool {
        let known = self.lock.as_ref().map(|it| it.file);
        let mut files = files.into_iter();
        let is_it = |it: &FileId| {
            let path = workspace.file(*it).map(|it| &it.path);
            known == Some(*it) || path.is_some_and(|it| is_lock_file(workspace, it))
        };
        if !config && !files.any(is_it) {
            return false;
        }
        let now = LockFile::of(workspace);
        let is_other = now != self.lock;
        self.lock = now;
        is_other
    }

    fn list(&self, key: Read) -> &[ActionId] {
        let found = self.listed.get(&key).map_or(&[][..], |it| it.as_slice());
        note(|| key);
        found
    }

    /// How many entries a list has, of more than one two.
    fn few(&self, key: &Read) -> usize {
        self.listed.get(key).map_or(0, ActionList::len).min(2)
    }

    /// Whether one entity alone is in a schema.
    pub(crate) fn has_one_entity(&self, schema: &str) -> bool {
        self.list(Read::Schema(schema.into())).len() == 1
    }

    /// How many entities are in each schema. Who asks is asked again with each entity that comes or goes.
    pub(crate) fn schemas(&self, workspace: &Workspace) -> &FxHashMap<String, usize> {
        note(|| Read::Names);
        let count = || {
            let mut counts = FxHashMap::default();
            for entity in workspace.entities() {
                *counts.entry(entity.schema_name().to_owned()).or_default() += 1;
            }
            counts
        };
        self.rare.schemas.get_or_init(|| unrecorded(count))
    }

    /// Whether an entity looks as if it had a name, and has another one for a character in it that is
    /// not what it looks like. Its declaration is reported.
    pub(crate) fn is_disguised(&self, workspace: &Workspace, name: &str) -> bool {
        note(|| Read::Names);
        let find = || {
            let names = workspace.entity_names().map(|it| it.1).filter(|it| !it.is_ascii());
            let shown = names.map(|it| (characters::as_it_looks(it), it));
            shown.filter(|(shown, it)| shown != it).map(|it| it.0).collect()
        };
        self.rare.disguised.get_or_init(|| unrecorded(find)).contains(name)
    }
}

/// An edit looks again at the files that write its entity, which can be thousands, and mostly is one:
/// for that no other thread is woken.
fn entries_of_all(workspace: &Workspace, files: Vec<FileId>) -> Vec<(FileId, Arc<[Entry]>)> {
    let entries = |it| (it, entries_of(workspace, it));
    if files.len() < 16 {
        return files.into_iter().map(entries).collect();
    }
    files.into_par_iter().map(entries).collect()
}

fn entries_of(workspace: &Workspace, file: FileId) -> Arc<[Entry]> {
    let Some(entity) = workspace.entity(EntityId(file)) else { return Arc::default() };
    let mut entries = Vec::new();
    if !entity.name.text.is_empty() {
        let id = ActionId { entity: entity.id, index: 0 };
        entries.push((id, Read::Stem(entity.snake_name().into())));
        entries.push((id, Read::Schema(entity.schema_name().into())));
    }
    for (id, action) in entity.action_ids() {
        entries.push((id, Read::Mutation(graphql_name(&action.name.text).into())));
        let topic =
            action.cdc.as_deref().filter(|it| it.is_enabled()).and_then(|it| it.topic.as_ref());
        entries.extend(topic.map(|it| (id, Read::Topic(metric_name(&it.text).into()))));
        let event = event_of(workspace, id, action);
        let types: BTreeSet<EcoString> =
            workspace.named_events(id).into_iter().map(|it| it.0).collect();
        entries.extend(types.into_iter().map(|it| (id, Read::Published(it))));
        entries.extend(event.map(|(event, version)| (id, Read::Event(event, version))));
    }
    entries.into()
}

fn with(list: Option<ActionList>, place: usize, id: ActionId) -> ActionList {
    let mut list = list.unwrap_or_default();
    list.insert(place.min(list.len()), id);
    list
}

fn without(list: Option<ActionList>, id: ActionId) -> Option<ActionList> {
    let mut list = list?;
    list.retain(|it| *it != id);
    (!list.is_empty()).then_some(list)
}

/// The type and the version of the event that an action publishes.
pub(crate) fn event_of(
    workspace: &Workspace,
    id: ActionId,
    action: &Action,
) -> Option<(EcoString, u32)> {
    let cdc = action.cdc.as_deref()?;
    let impact = action.impact.as_deref()?;
    if cdc.event_type.is_none() {
        // What is not written follows from the primary entry, where that can be read.
        primary_operation(action)?;
        let entity = impact.primary.as_ref().and_then(|it| it.entity.as_ref());
        let is_known = |it: &Name| workspace.resolve_name(id.entity, &it.text).found().is_some();
        if !entity.is_none_or(is_known) {
            return None;
        }
    }
    primary_event(workspace, id)
}
