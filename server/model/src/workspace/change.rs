//! Building a workspace, and changing one file of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ecow::EcoString;
use rustc_hash::FxHashSet;
use smallvec::{Array, SmallVec};

use super::{
    FileList, MentionKind, Read, Workspace,
    file_map::FileMap,
    mentions,
    name_list::NameLists,
    resolve::{fold, fold_reference, is_plain_reference},
    shards::Shards,
};
use crate::{ActionId, Entity, EntityId, FileId, FileKind, SourceFile};

impl Workspace {
    /// A workspace of these files; of several with one number the last.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = Arc<SourceFile>>) -> Self {
        Self::of_listed(files.into_iter().map(ListedFile::from))
    }

    /// The same of files whose names were looked for.
    #[must_use]
    pub fn of_listed(files: impl IntoIterator<Item = ListedFile>) -> Self {
        let by_number: BTreeMap<_, _> = files.into_iter().map(|it| (it.file.id, it)).collect();
        let mut files: Vec<_> = by_number.into_values().collect();
        files.sort_by(|left, right| {
            (&left.file.path, left.file.id).cmp(&(&right.file.path, right.file.id))
        });
        let (stored, listed) = rayon::join(|| Self::stored(&files), || Self::listed(&files));
        let Self { files, order, entities, configs, effects, .. } = stored;
        let mut workspace = Self { files, order, entities, configs, effects, ..listed };
        workspace.config = workspace.read_config();
        workspace
    }

    fn empty() -> Self {
        Self {
            files: FileMap::default(),
            order: Arc::default(),
            entities: Arc::default(),
            config: Arc::default(),
            configs: Arc::default(),
            by_name: Shards::default(),
            by_action: Shards::default(),
            entity_mentions: Shards::default(),
            action_mentions: Shards::default(),
            calls: Shards::default(),
            lost_actions: Shards::default(),
            names: NameLists::default(),
            effects: FileMap::default(),
        }
    }

    /// Files in the order of their paths, as they are kept.
    fn stored(files: &[ListedFile]) -> Self {
        let files = files.iter().map(|it| &it.file);
        let configs = files.clone().filter(|it| matches!(it.kind, FileKind::Config(_)));
        let entities = files.clone().filter_map(|it| it.entity()).map(|it| it.id);
        let mut stored = Self {
            order: Arc::new(files.clone().map(|it| it.id).collect()),
            configs: Arc::new(configs.map(|it| it.id).collect()),
            entities: Arc::new(entities.collect()),
            ..Self::empty()
        };
        for file in files {
            stored.files.insert(file.id, Arc::clone(file));
            if file.entity().is_some() {
                stored.effects.insert(file.id, Arc::default());
            }
        }
        stored
    }

    /// The lists in which files are found by names. In the order of paths every list grows at its end.
    fn listed(files: &[ListedFile]) -> Self {
        let mut listed = Self::empty();
        let Self {
            by_name, by_action, entity_mentions, action_mentions, calls, lost_actions, ..
        } = &mut listed;
        let each = || files.iter().filter_map(|it| Some((it.file.entity()?.id, &it.names)));
        rayon::scope(|scope| {
            scope.spawn(|_| {
                for (id, name) in each().filter_map(|(id, it)| Some((id, it.name.as_ref()?))) {
                    by_name.change(name, |it| Some(with(it, usize::MAX, id)));
                }
            });
            scope.spawn(|_| {
                for (name, action) in each().flat_map(|it| &it.1.actions) {
                    by_action.change(name, |it| Some(with(it, usize::MAX, *action)));
                }
            });
            for (lists, of) in [
                (entity_mentions, (|it| &it.mentions) as fn(&Listed) -> &BTreeSet<EcoString>),
                (action_mentions, |it| &it.in_actions),
                (calls, |it| &it.calls),
                (lost_actions, |it| &it.lost_actions),
            ] {
                scope.spawn(move |_| {
                    each()
                        .for_each(|(id, it)| change_listed(lists, id.0, &BTreeSet::new(), of(it)));
                });
            }
        });
        listed
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
    pub fn set(&mut self, file: Arc<SourceFile>) -> Touched {
        let old = self.files.get(file.id).cloned();
        let touched = self.touched(old.as_deref(), Some(&file), file.id);
        match old {
            Some(old) if old.path == file.path => self.replace(&old, file),
            Some(old) => {
                self.take_out(&old);
                self.put_in(file);
            }
            None => self.put_in(file),
        }
        self.forget(&touched);
        touched
    }

    /// Removes a file.
    pub fn remove(&mut self, id: FileId) -> Touched {
        let Some(old) = self.files.get(id).cloned() else { return Touched::default() };
        let touched = self.touched(Some(&old), None, id);
        self.take_out(&old);
        self.forget(&touched);
        touched
    }

    /// Takes a file for one that is the same but for what is at hand of it.
    pub fn swap(&mut self, file: Arc<SourceFile>) {
        let id = file.id;
        self.files.insert(id, file);
    }

    fn put_in(&mut self, file: Arc<SourceFile>) {
        let id = file.id;
        let kind = file.kind.clone();
        self.files.insert(id, file);
        let place = self.place(&self.order, id, |it| it);
        Arc::make_mut(&mut self.order).insert(place, id);
        match &kind {
            FileKind::Config(_) => {
                let place = self.place(&self.configs, id, |it| it);
                Arc::make_mut(&mut self.configs).insert(place, id);
            }
            FileKind::Entity(entity) => {
                let place = self.place(&self.entities, id, |it| it.0);
                Arc::make_mut(&mut self.entities).insert(place, entity.id);
                self.effects.insert(id, Arc::default());
                self.list(entity.id, None, Some(entity));
            }
            FileKind::Other => {}
        }
    }

    fn take_out(&mut self, file: &SourceFile) {
        let id = file.id;
        Arc::make_mut(&mut self.order).retain(|it| *it != id);
        match &file.kind {
            FileKind::Config(_) => Arc::make_mut(&mut self.configs).retain(|it| *it != id),
            FileKind::Entity(entity) => {
                Arc::make_mut(&mut self.entities).retain(|it| it.0 != id);
                self.effects.remove(id);
                self.list(entity.id, Some(entity), None);
            }
            FileKind::Other => {}
        }
        self.files.remove(id);
    }

    /// Takes a file for another of the same name. What a keystroke leaves as it was is not touched.
    fn replace(&mut self, old: &SourceFile, new: Arc<SourceFile>) {
        match (&old.kind, &new.kind) {
            (FileKind::Entity(before), FileKind::Entity(entity)) => {
                self.list(entity.id, Some(before), Some(entity));
                self.files.insert(old.id, Arc::clone(&new));
            }
            (FileKind::Config(_), FileKind::Config(_)) | (FileKind::Other, FileKind::Other) => {
                self.files.insert(old.id, new);
            }
            _ => {
                self.take_out(old);
                self.put_in(new);
            }
        }
    }

    /// Lists the names in an entity's file instead of those that were there.
    fn list(&mut self, id: EntityId, old: Option<&Entity>, new: Option<&Entity>) {
        self.names.change(old, new);
        self.list_names(id, &Listed::of(old), &Listed::of(new));
    }

    /// The same for names that were looked for.
    fn list_names(&mut self, id: EntityId, old: &Listed, new: &Listed) {
        if old.name != new.name {
            if let Some(name) = &old.name {
                self.by_name.change(name, |it| without(it, |it| *it == id));
            }
            if let Some(name) = &new.name {
                let same = self.by_name.get(name).map_or(&[][..], |it| it.as_slice());
                let place = self.place(same, id.0, |it| it.0);
                self.by_name.change(name, |it| Some(with(it, place, id)));
            }
        }
        if old.actions != new.actions {
            for (name, _) in &old.actions {
                self.by_action.change(name, |it| without(it, |it| it.entity == id));
            }
            for (name, action) in &new.actions {
                let same = self.by_action.get(name).map_or(&[][..], |it| it.as_slice());
                let place = self.place(same, id.0, |it| it.entity.0);
                self.by_action.change(name, |it| Some(with(it, place, *action)));
            }
        }
        change_listed(&mut self.entity_mentions, id.0, &old.mentions, &new.mentions);
        change_listed(&mut self.action_mentions, id.0, &old.in_actions, &new.in_actions);
        change_listed(&mut self.calls, id.0, &old.calls, &new.calls);
        change_listed(&mut self.lost_actions, id.0, &old.lost_actions, &new.lost_actions);
    }

    /// Where a file belongs in a list that is ordered by path: behind its equals.
    fn place<T: Copy>(&self, list: &[T], id: FileId, file_of: impl Fn(T) -> FileId) -> usize {
        let key = (self.path(id), id);
        list.partition_point(|it| (self.path(file_of(*it)), file_of(*it)) <= key)
    }

    fn forget(&mut self, touched: &Touched) {
        for file in &touched.files {
            if self.effects.get(*file).is_some() {
                self.effects.insert(*file, Arc::default());
            }
        }
        if touched.config {
            self.config = self.read_config();
        }
    }

    /// What a change touches, asked before it is made.
    fn touched(&self, old: Option<&SourceFile>, new: Option<&SourceFile>, id: FileId) -> Touched {
        let files = self.affected(&Changes::between(old, new), id);
        let mut reads: BTreeSet<Read> = files.iter().map(|it| Read::Body(*it)).collect();
        reads.insert(Read::All);
        let entities = [old, new].map(|it| it.and_then(SourceFile::entity));
        if !matches!(entities, [Some(old), Some(new)] if old.declares_same(new)) {
            reads.insert(Read::Shape(id));
        }
        let [before, after] = entities.map(|it| Listed::of(it.map(AsRef::as_ref)));
        let schema = |it: Option<&Arc<Entity>>| it.map(|it| it.schema_name().to_owned());
        let moved = schema(entities[0]) != schema(entities[1]);
        if is_another(entities[0].map(AsRef::as_ref), entities[1].map(AsRef::as_ref)) {
            reads.insert(Read::Names);
            reads.extend([before.name, after.name].into_iter().flatten().map(Read::Entities));
        }
        let mentions = before.mentions.symmetric_difference(&after.mentions);
        reads.extend(mentions.cloned().map(Read::Mentions));
        let calls = before.calls.symmetric_difference(&after.calls);
        reads.extend(calls.cloned().map(Read::Calls));
        let lost = before.lost_actions.symmetric_difference(&after.lost_actions);
        reads.extend(lost.cloned().map(Read::Actions));
        if moved || before.actions != after.actions {
            reads.insert(Read::ActionNames);
        }
        if before.actions != after.actions {
            let names = before.actions.into_iter().chain(after.actions);
            reads.extend(names.map(|it| Read::Actions(it.0)));
        }
        let is_config = |it: &SourceFile| matches!(it.kind, FileKind::Config(_));
        Touched { config: old.into_iter().chain(new).any(is_config), files, reads }
    }

    /// The files whose effects may depend on what changes: those that mention the entity when it is
    /// another one, those whose actions do when its fields are others, and all that call its actions or
    /// theirs. The same before and after the change, because only the changed file's own mentions and
    /// calls differ.
    fn affected(&self, changes: &Changes, id: FileId) -> BTreeSet<FileId> {
        let mut found = BTreeSet::from([id]);
        let lists = if changes.is_another { &self.entity_mentions } else { &self.action_mentions };
        let mentions = changes.entities.iter().filter_map(|it| lists.get(it));
        found.extend(mentions.flatten());
        self.with_callers(found, changes.actions.clone())
    }

    /// Some files, and all that call actions of theirs or of some names, directly or not.
    pub(super) fn with_callers(
        &self,
        mut found: BTreeSet<FileId>,
        mut names: Vec<EcoString>,
    ) -> BTreeSet<FileId> {
        let mut seen: FxHashSet<EcoString> = FxHashSet::default();
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

    fn declared_actions(&self, file: FileId) -> impl Iterator<Item = EcoString> + '_ {
        let entity = self.entity(EntityId(file));
        entity.into_iter().flat_map(|it| it.actions.iter().map(|it| it.name.text.clone()))
    }
}

/// What a change of one file touches.
#[derive(Debug, Default)]
pub struct Touched {
    /// The files whose own actions may write something else: the changed one and those that mention
    /// what it declares.
    pub files: BTreeSet<FileId>,
    /// Whoever has read one of these may answer differently.
    pub reads: BTreeSet<Read>,
    /// The settings are others.
    pub config: bool,
}

/// Names whose meaning a change of a file touches.
struct Changes {
    /// Folded names of entities.
    entities: BTreeSet<EcoString>,
    /// They mean another entity, or none; else its fields are others.
    is_another: bool,
    actions: Vec<EcoString>,
}

impl Changes {
    fn between(old: Option<&SourceFile>, new: Option<&SourceFile>) -> Self {
        let both = [old, new].map(|it| it.and_then(SourceFile::entity));
        let same = matches!(both, [Some(old), Some(new)] if has_same_shape(old, new));
        let entities = both.iter().flatten();
        Self {
            entities: entities.clone().filter(|_| !same).map(|it| fold(&it.name.text)).collect(),
            is_another: is_another(both[0].map(AsRef::as_ref), both[1].map(AsRef::as_ref)),
            actions: entities
                .flat_map(|it| it.actions.iter().map(|it| it.name.text.clone()))
                .collect(),
        }
    }
}

/// Whether a name or a schema differs, so that names mean something else.
fn is_another(old: Option<&Entity>, new: Option<&Entity>) -> bool {
    let told = |it: Option<&Entity>| {
        it.map(|it| (it.name.text.clone(), it.schema_name().to_owned(), it.qualified))
    };
    told(old) != told(new)
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

/// A file and the names by which others find it. They are looked for while what was read of it is at hand:
/// when all files are read, the first ones have left the processor's caches, which costs 3 % of a check.
#[derive(Debug)]
pub struct ListedFile {
    file: Arc<SourceFile>,
    names: Listed,
}

impl From<Arc<SourceFile>> for ListedFile {
    fn from(file: Arc<SourceFile>) -> Self {
        let names = Listed::of(file.entity().map(AsRef::as_ref));
        Self { file, names }
    }
}

/// The names in one file by which others are found.
#[derive(Debug, Default)]
struct Listed {
    /// Of the entity, folded.
    name: Option<EcoString>,
    actions: Vec<(EcoString, ActionId)>,
    /// Of mentioned entities, folded.
    mentions: BTreeSet<EcoString>,
    /// Of those that actions mention.
    in_actions: BTreeSet<EcoString>,
    /// Of called actions.
    calls: BTreeSet<EcoString>,
    /// Of actions that may be declared where the file cannot be read.
    lost_actions: BTreeSet<EcoString>,
}

impl Listed {
    fn of(entity: Option<&Entity>) -> Self {
        let Some(entity) = entity else { return Self::default() };
        let actions = entity.action_ids().map(|(id, it)| (it.name.text.clone(), id));
        let (mentions, in_actions) = mentioned_entities(entity);
        Self {
            name: Some(fold(&entity.name.text)),
            actions: actions.collect(),
            mentions,
            in_actions,
            calls: called_actions(entity),
            lost_actions: entity.lost_actions.iter().cloned().collect(),
        }
    }
}

/// Lists a file under some names instead of under others.
fn change_listed(
    lists: &mut Shards<EcoString, FileList>,
    id: FileId,
    old: &BTreeSet<EcoString>,
    new: &BTreeSet<EcoString>,
) {
    for name in old.difference(new) {
        lists.change(name, |it| without(it, |it| *it == id));
    }
    for name in new.difference(old) {
        lists.change(name, |it| Some(with_file(it, id)));
    }
}

/// The folded names of all entities that a file mentions, and of those that its actions do.
fn mentioned_entities(entity: &Entity) -> (BTreeSet<EcoString>, BTreeSet<EcoString>) {
    let (mut all, mut in_actions) = (BTreeSet::new(), BTreeSet::new());
    mentions::entities(entity, &mut |it| {
        let folded = fold_reference(&it.name.text);
        let is_whole = is_plain_reference(&it.name.text);
        let whole = (!is_whole).then(|| fold(&it.name.text)).filter(|it| *it != folded);
        use MentionKind::{Declaration, Field, Returned, View};
        if !matches!(it.kind, Declaration | Field | Returned | View) {
            in_actions.extend(whole.clone());
            in_actions.insert(folded.clone());
        }
        all.extend(whole);
        all.insert(folded);
    });
    (all, in_actions)
}

fn called_actions(entity: &Entity) -> BTreeSet<EcoString> {
    let mut found = BTreeSet::new();
    mentions::calls(entity, &mut |it| {
        found.insert(it.text.clone());
        found.extend(it.text.strip_prefix("fn_").map(EcoString::from));
    });
    found
}

fn with<A: Array>(list: Option<SmallVec<A>>, place: usize, item: A::Item) -> SmallVec<A> {
    let mut list = list.unwrap_or_default();
    list.insert(place.min(list.len()), item);
    list
}

fn with_file(list: Option<FileList>, id: FileId) -> FileList {
    match list.as_deref().unwrap_or_default().binary_search(&id) {
        Ok(_) => list.unwrap_or_default(),
        Err(place) => with(list, place, id),
    }
}

fn without<A: Array>(
    list: Option<SmallVec<A>>,
    is: impl Fn(&A::Item) -> bool,
) -> Option<SmallVec<A>> {
    let mut list = list?;
    list.retain(|it| !is(it));
    (!list.is_empty()).then_some(list)
}
