//! Where an entity or an action is named.

use specql_text::TextRange;

use super::{MentionKind, Read, Workspace, mentions, note, resolve::fold};
use crate::{ActionId, EntityId, FileId};

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
        note(|| Read::All);
        let Some(declared) = self.entity(entity) else { return Vec::new() };
        let mut found = Vec::new();
        for file in self.mentioning(&fold(&declared.name.text)) {
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

    /// Every `call` that leads to an action, and the action's own name first.
    #[must_use]
    pub fn callers(&self, action: ActionId) -> Vec<(FileId, TextRange)> {
        note(|| Read::All);
        let Some(declared) = self.action(action) else { return Vec::new() };
        let own = (action.entity.0, declared.name.range);
        let mut found = vec![own];
        let files = self.calls.get(&declared.name.text).into_iter().flatten();
        for file in self.in_order(files.copied()) {
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
        note(|| Read::All);
        self.mentioning(&fold(&declared.name.text))
    }

    /// The files that may call an action: all that do are among them.
    #[must_use]
    pub fn files_calling(&self, action: ActionId) -> Vec<FileId> {
        let Some(declared) = self.action(action) else { return Vec::new() };
        note(|| Read::All);
        self.in_order(self.calls.get(&declared.name.text).into_iter().flatten().copied())
    }

    fn mentioning(&self, folded: &str) -> Vec<FileId> {
        self.in_order(self.entity_mentions.get(folded).into_iter().flatten().copied())
    }

    /// Files in the order of their paths.
    #[must_use]
    pub fn in_order(&self, files: impl IntoIterator<Item = FileId>) -> Vec<FileId> {
        let mut files: Vec<FileId> = files.into_iter().collect();
        files.sort_by(|left, right| (self.path(*left), left).cmp(&(self.path(*right), right)));
        files
    }
}
