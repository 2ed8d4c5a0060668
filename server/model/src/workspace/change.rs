//! Building a workspace, and changing one file of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    Workspace, mentions,
    resolve::{fold, fold_reference},
    shards::Shards,
};
use crate::{Entity, EntityId, FileId, FileKind, SourceFile, effect::FileEffects};

impl Workspace {
    /// A workspace of these files; of several with one number the last.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = Arc<SourceFile>>) -> Self {
        let mut workspace = Self {
            files: Shards::default(),
            order: Arc::default(),
            entities: Arc::default(),
            config: Arc::default(),
            configs: Arc::default(),
            by_name: Shards::default(),
            by_action: Shards::default(),
            entity_mentions: Shards::default(),
            calls: Shards::default(),
            effects: Shards::default(),
        };
        let by_number: BTreeMap<_, _> = files.into_iter().map(|it| (it.id, it)).collect();
        let mut files: Vec<_> = by_number.into_values().collect();
        // In the order of paths every list grows at its end.
        files.sort_by(|left, right| (&left.path, left.id).cmp(&(&right.path, right.id)));
        files.into_iter().for_each(|it| workspace.put_in(it));
        workspace.config = workspace.read_config();
        workspace
    }

    /// This workspace with a file added or replaced.
    #[must_use]
    pub fn with_file(&self, file: Arc<SourceFile>) -> Self {
        let mut changed = self.clone();
        changed.set(file);
        changed
    }

    /// This workspace without a file.
    #[must_use]
    pub fn without_file(&self, id: FileId) -> Self {
        let mut changed = self.clone();
        changed.remove(id);
        changed
    }

    /// Adds or replaces a file.
    pub fn set(&mut self, file: Arc<SourceFile>) {
        let old = self.files.get(&file.id).cloned();
        let changes = Changes::between(old.as_deref(), Some(&file));
        let affected = self.affected(&changes, file.id);
        if let Some(old) = &old {
            self.take_out(old);
        }
        self.put_in(file);
        self.forget(&affected);
        self.config = self.read_config();
    }

    /// Removes a file.
    pub fn remove(&mut self, id: FileId) {
        let Some(old) = self.files.get(&id).cloned() else { return };
        let affected = self.affected(&Changes::between(Some(&old), None), id);
        self.take_out(&old);
        self.forget(&affected);
        self.config = self.read_config();
    }

    fn put_in(&mut self, file: Arc<SourceFile>) {
        let id = file.id;
        let kind = file.kind.clone();
        self.files.insert(&id, file);
        let place = self.place(&self.order, id, |it| it);
        Arc::make_mut(&mut self.order).insert(place, id);
        match &kind {
            FileKind::Config(_) => {
                let place = self.place(&self.configs, id, |it| it);
                Arc::make_mut(&mut self.configs).insert(place, id);
            }
            FileKind::Entity(entity) => self.put_in_entity(entity),
            FileKind::Other => {}
        }
    }

    fn put_in_entity(&mut self, entity: &Entity) {
        let id = entity.id;
        self.effects.insert(&id.0, Arc::new(FileEffects::default()));
        let place = self.place(&self.entities, id.0, |it| it.0);
        Arc::make_mut(&mut self.entities).insert(place, id);
        let name = fold(&entity.name.text);
        let same = self.by_name.get(&name).map_or(&[][..], Vec::as_slice);
        let place = self.place(same, id.0, |it| it.0);
        self.by_name.change(&name, |it| Some(with(it, place, id)));
        for (action, declared) in entity.action_ids() {
            let same = self.actions_named(&declared.name.text);
            let place = self.place(same, id.0, |it| it.entity.0);
            self.by_action.change(&declared.name.text, |it| Some(with(it, place, action)));
        }
        for name in mentioned_entities(entity) {
            self.entity_mentions.change(&name, |it| Some(with_file(it, id.0)));
        }
        for name in called_actions(entity) {
            self.calls.change(&name, |it| Some(with_file(it, id.0)));
        }
    }

    fn take_out(&mut self, file: &SourceFile) {
        let id = file.id;
        Arc::make_mut(&mut self.order).retain(|it| *it != id);
        match &file.kind {
            FileKind::Config(_) => Arc::make_mut(&mut self.configs).retain(|it| *it != id),
            FileKind::Entity(entity) => self.take_out_entity(entity),
            FileKind::Other => {}
        }
        self.files.remove(&id);
    }

    fn take_out_entity(&mut self, entity: &Entity) {
        let id = entity.id;
        Arc::make_mut(&mut self.entities).retain(|it| *it != id);
        self.effects.remove(&id.0);
        self.by_name.change(&fold(&entity.name.text), |it| without(it, |it| *it == id));
        for action in &entity.actions {
            self.by_action.change(&action.name.text, |it| without(it, |it| it.entity == id));
        }
        for name in mentioned_entities(entity) {
            self.entity_mentions.change(&name, |it| without(it, |it| *it == id.0));
        }
        for name in called_actions(entity) {
            self.calls.change(&name, |it| without(it, |it| *it == id.0));
        }
    }

    /// Where a file belongs in a list that is ordered by path: behind its equals.
    fn place<T: Copy>(&self, list: &[T], id: FileId, file_of: impl Fn(T) -> FileId) -> usize {
        let key = (self.path(id), id);
        list.partition_point(|it| (self.path(file_of(*it)), file_of(*it)) <= key)
    }

    fn forget(&mut self, files: &BTreeSet<FileId>) {
        for file in files {
            if self.effects.get(file).is_some() {
                self.effects.insert(file, Arc::new(FileEffects::default()));
            }
        }
    }

    /// The files whose effects may depend on what changes: those that mention the entity when more
    /// than its actions changes, and all that call its actions or theirs. The same before and after
    /// the change, because only the changed file's own mentions and calls differ.
    fn affected(&self, changes: &Changes, id: FileId) -> BTreeSet<FileId> {
        let mut found = BTreeSet::from([id]);
        let mentions = changes.entities.iter().filter_map(|it| self.entity_mentions.get(it));
        found.extend(mentions.flatten());
        let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
        let mut names: Vec<SmolStr> = changes.actions.clone();
        names.extend(found.iter().flat_map(|it| self.declared_actions(*it)));
        while let Some(name) = names.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            for file in self.calls.get(&name).into_iter().flatten() {
                if found.insert(*file) {
                    names.extend(self.declared_actions(*file));
                }
            }
        }
        found
    }

    /// The files whose findings may differ from those in an earlier state that differs in one file:
    /// those that name its entity, or lead over such a one to it, when more than its actions changed;
    /// and all that call its actions, or declare one of the same name. In the order of paths.
    #[must_use]
    pub fn affected_since(&self, before: &Self, file: FileId) -> Vec<FileId> {
        let changes = Changes::between(
            before.file(file).map(AsRef::as_ref),
            self.file(file).map(AsRef::as_ref),
        );
        let mut found = BTreeSet::new();
        for state in [before, self] {
            found.extend(state.affected(&changes, file));
            found.extend(state.leading_to(&changes.entities));
            let same_name = changes.actions.iter().flat_map(|it| state.actions_named(it));
            found.extend(same_name.map(|it| it.entity.0));
        }
        found.retain(|it| self.files.get(it).is_some());
        self.in_order(found)
    }

    /// The files that name one of several entities, or one that leads to them.
    fn leading_to(&self, entities: &BTreeSet<SmolStr>) -> BTreeSet<FileId> {
        let mut found = BTreeSet::new();
        let mut seen = entities.clone();
        let mut names: Vec<SmolStr> = seen.iter().cloned().collect();
        while let Some(name) = names.pop() {
            for file in self.entity_mentions.get(&name).into_iter().flatten() {
                found.insert(*file);
                let next = self.entity(EntityId(*file)).map(|it| fold(&it.name.text));
                names.extend(next.filter(|it| seen.insert(it.clone())));
            }
        }
        found
    }

    fn declared_actions(&self, file: FileId) -> impl Iterator<Item = SmolStr> + '_ {
        let entity = self.entity(EntityId(file));
        entity.into_iter().flat_map(|it| it.actions.iter().map(|it| it.name.text.clone()))
    }
}

/// Names whose meaning a change of a file touches.
struct Changes {
    /// Folded names of entities.
    entities: BTreeSet<SmolStr>,
    actions: Vec<SmolStr>,
}

impl Changes {
    fn between(old: Option<&SourceFile>, new: Option<&SourceFile>) -> Self {
        let both = [old, new].map(|it| it.and_then(SourceFile::entity));
        let same = matches!(both, [Some(old), Some(new)] if has_same_shape(old, new));
        let entities = both.iter().flatten();
        Self {
            entities: entities.clone().filter(|_| !same).map(|it| fold(&it.name.text)).collect(),
            actions: entities
                .flat_map(|it| it.actions.iter().map(|it| it.name.text.clone()))
                .collect(),
        }
    }
}

/// Whether two states of an entity are the same to every other file, but for their actions.
fn has_same_shape(old: &Entity, new: &Entity) -> bool {
    let fields = old.fields.iter().zip(&new.fields);
    old.name.text == new.name.text
        && old.schema_name() == new.schema_name()
        && old.fields.len() == new.fields.len()
        && fields.into_iter().all(|(old, new)| {
            old.name.text == new.name.text
                && old.nullable == new.nullable
                && old.default.is_some() == new.default.is_some()
                && old.ty.means_same(&new.ty)
        })
}

fn mentioned_entities(entity: &Entity) -> BTreeSet<SmolStr> {
    let mut found = BTreeSet::new();
    mentions::entities(entity, &mut |it| {
        found.insert(fold(&it.name.text));
        found.insert(fold_reference(&it.name.text));
    });
    found
}

fn called_actions(entity: &Entity) -> BTreeSet<SmolStr> {
    let mut found = BTreeSet::new();
    mentions::calls(entity, &mut |it| {
        found.insert(it.text.clone());
        found.extend(it.text.strip_prefix("fn_").map(SmolStr::from));
    });
    found
}

fn with<T>(list: Option<Vec<T>>, place: usize, item: T) -> Vec<T> {
    let mut list = list.unwrap_or_default();
    list.insert(place.min(list.len()), item);
    list
}

fn with_file(list: Option<Vec<FileId>>, id: FileId) -> Vec<FileId> {
    match list.as_deref().unwrap_or_default().binary_search(&id) {
        Ok(_) => list.unwrap_or_default(),
        Err(place) => with(list, place, id),
    }
}

fn without<T>(list: Option<Vec<T>>, is: impl Fn(&T) -> bool) -> Option<Vec<T>> {
    let mut list = list?;
    list.retain(|it| !is(it));
    (!list.is_empty()).then_some(list)
}
