//! Where an entity or an action is named.

use smallvec::SmallVec;
use specql_text::TextRange;

use super::{MentionKind, Read, Workspace, mentions, note, resolve::fold};
use crate::{ActionId, EffectFields, EntityId, FileId, Operation};

/// A place that names an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The file.
    pub file: FileId,
    /// The name, without a schema before it.
    pub range: TextRange,
    /// What the name is used for.
    pub kind: MentionKind,
}

impl Workspace {
    /// Every place that names an entity, its declaration among them, in the order of files and places.
    #[must_use]
    pub fn referrers(&self, entity: EntityId) -> Vec<Reference> {
        let Some(declared) = self.entity(entity) else { return Vec::new() };
        let mut found = Vec::new();
        for file in self.mentioning(&declared.name.text) {
            note(|| Read::Body(file));
            let Some(from) = self.entity(EntityId(file)) else { continue };
            mentions::entities(from, &mut |it| {
                let leads_here = match it.kind {
                    MentionKind::Declaration => from.id == entity,
                    _ => {
                        let schema = it.schema.map(|it| it.text.as_str());
                        let resolved = match schema {
                            None => self.resolve_name(from.id, &it.name.text),
                            Some(_) => self.resolve_parts(from.id, schema, &it.name.text),
                        };
                        resolved.found() == Some(entity)
                    }
                };
                if leads_here {
                    found.push(Reference { file, range: it.name.range, kind: it.kind });
                }
            });
        }
        found
    }

    /// Whether a file names an entity in exactly this way, apart from a declaration.
    #[must_use]
    pub fn is_mentioned_as(&self, name: &str) -> bool {
        self.mentioning(name).into_iter().any(|file| {
            note(|| Read::Body(file));
            let mut found = false;
            if let Some(from) = self.entity(EntityId(file)) {
                mentions::entities(from, &mut |it| {
                    found |= it.kind != MentionKind::Declaration && it.name.text == name;
                });
            }
            found
        })
    }

    /// The actions whose own steps change rows of an entity that are there, and what they write, in the
    /// order of files and of their steps.
    pub fn updaters(&self, entity: EntityId) -> impl Iterator<Item = (ActionId, &EffectFields)> {
        let name = self.entity(entity).map(|it| it.name.as_str()).unwrap_or_default();
        let files = self.mentioning(name);
        let actions = files.into_iter().filter_map(|it| self.entity(EntityId(it)));
        let effects = actions
            .flat_map(|it| it.action_ids())
            .flat_map(|(id, _)| self.effects(id).iter().filter(move |it| it.action == id));
        effects
            .filter(move |it| it.entity == Some(entity))
            .filter(|it| matches!(it.operation, Operation::Update | Operation::Upsert))
            .map(|it| (it.action, &it.fields))
    }

    /// Every `call` that leads to an action, and the action's own name first.
    #[must_use]
    pub fn callers(&self, action: ActionId) -> Vec<(FileId, TextRange)> {
        let Some(declared) = self.action(action) else { return Vec::new() };
        let own = (action.entity.0, declared.name.range);
        let mut found = vec![own];
        for file in self.files_calling(action) {
            note(|| Read::Body(file));
            let Some(from) = self.entity(EntityId(file)) else { continue };
            for step in from.actions.iter().flat_map(|it| &it.steps) {
                step.walk(&mut |it| {
                    let Some((schema, function)) = it.called() else { return };
                    let schema = schema.map(|it| it.text.as_str());
                    if self.called(from.id, schema, &function.text) == Some(action) {
                        found.push((file, function.range));
                    }
                });
            }
        }
        found
    }

    /// The files that may name an entity: all that do are among them.
    #[must_use]
    pub fn files_naming(&self, entity: EntityId) -> Vec<FileId> {
        let Some(declared) = self.entity(entity) else { return Vec::new() };
        self.mentioning(&declared.name.text)
    }

    /// The files that may call an action: all that do are among them.
    #[must_use]
    pub fn files_calling(&self, action: ActionId) -> Vec<FileId> {
        let Some(declared) = self.action(action) else { return Vec::new() };
        note(|| Read::Calls(declared.name.text.clone()));
        self.in_order(self.calls.get(&declared.name.text).into_iter().flatten().copied())
    }

    /// How many files may name an entity.
    #[must_use]
    pub fn naming_count(&self, entity: EntityId) -> usize {
        let folded = fold(self.entity(entity).map(|it| it.name.as_str()).unwrap_or_default());
        let count = self.entity_mentions.get(&folded).map_or(0, SmallVec::len);
        note(|| Read::Mentions(folded));
        count
    }

    /// The files that may deal with rows of an entity: those that name it for more than the type of a
    /// field, and those that call actions of these, directly or not.
    #[must_use]
    pub fn files_handling(&self, entity: EntityId) -> Vec<FileId> {
        let Some(declared) = self.entity(entity) else { return Vec::new() };
        let naming = self.action_mentions.get(&fold(&declared.name.text));
        let own = std::iter::once(&entity.0);
        let files = naming.into_iter().flatten().chain(own).copied();
        let handling = self.with_callers(files.collect(), Vec::new());
        note(|| Read::All);
        self.in_order(handling)
    }

    /// Whether a file may name an entity by a name, which none needs to have.
    #[must_use]
    pub fn is_mentioned(&self, name: &str) -> bool {
        let folded = fold(name);
        let is_it = self.entity_mentions.get(&folded).is_some_and(|it| !it.is_empty());
        note(|| Read::Mentions(folded));
        is_it
    }

    /// The files that mention an entity by a name.
    fn mentioning(&self, name: &str) -> Vec<FileId> {
        let folded = fold(name);
        let files = self.entity_mentions.get(&folded).into_iter().flatten().copied();
        let files = self.in_order(files);
        note(|| Read::Mentions(folded));
        files
    }

    /// Files in the order of their paths.
    #[must_use]
    pub fn in_order(&self, files: impl IntoIterator<Item = FileId>) -> Vec<FileId> {
        let mut files: Vec<FileId> = files.into_iter().collect();
        files.sort_by(|left, right| (self.path(*left), left).cmp(&(self.path(*right), right)));
        files
    }
}
