//! What a rule sees, and how it reports.

use std::sync::Arc;

use specql_model::{
    Action, ActionId, Cdc, Entity, EntityId, FileId, Impact, ImpactEntry, Name, Resolution,
    SourceFile, Type, Workspace, Write, keys,
};
use specql_syntax::{expression::EntityReference, yaml::Node};
use specql_text::{TextEdit, TextRange};

use crate::{Diagnostic, Fix, Level, Rule, facts::Facts, index::Index, levels::configured};

/// The file that is checked, in its workspace.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// All files.
    pub workspace: &'a Workspace,
    /// The file that is checked.
    pub file: &'a SourceFile,
    /// What is gathered once for all files.
    pub(crate) index: &'a Index,
    /// What several rules ask of the file.
    pub(crate) facts: &'a Facts<'a>,
    /// Every rule: their codes are words of comments and of the configuration.
    pub(crate) rules: &'static [Rule],
    /// Whether advice is wanted.
    pub(crate) advice: bool,
}

impl<'a> Context<'a> {
    /// Whether a rule is asked: one that advises only where advice is wanted, where the configuration gives
    /// it a level, and where topics of state are kept, for which some advice is a warning.
    pub(crate) fn looks_for(&self, rule: &Rule) -> bool {
        let config = self.workspace.config();
        rule.level != Level::Hint
            || self.advice
            || config.kafka.keeps_state()
            || configured(config, rule.code, &self.file.path).is_some()
    }

    /// The entity that the file declares.
    #[must_use]
    pub fn entity(&self) -> Option<&'a Entity> {
        self.file.entity().map(AsRef::as_ref)
    }

    /// The actions that the file declares.
    pub(crate) fn actions(&self) -> impl Iterator<Item = (ActionId, &'a Action)> + use<'a> {
        self.entity().into_iter().flat_map(Entity::action_ids)
    }

    /// The actions with an `impact`.
    pub(crate) fn impacts(&self) -> impl Iterator<Item = (ActionId, &'a Action, &'a Impact)> {
        self.actions().filter_map(|(id, it)| Some((id, it, it.impact.as_deref()?)))
    }

    /// The entries of every `impact` with the entities that they are about.
    pub(crate) fn all_entries(&self) -> impl Iterator<Item = (&'a ImpactEntry, &'a Arc<Entity>)> {
        self.impacts().flat_map(|(_, _, it)| self.entries(it))
    }

    /// The actions that publish, with their `cdc`.
    pub(crate) fn publishers(&self) -> impl Iterator<Item = (ActionId, &'a Action, &'a Cdc)> {
        let enabled = |it: &'a Action| it.cdc.as_deref().filter(|it| it.is_enabled());
        self.actions().filter_map(move |(id, it)| Some((id, it, enabled(it)?)))
    }

    /// A finding of a rule in this file.
    pub(crate) fn finding(&self, rule: &Rule, range: TextRange, message: String) -> Diagnostic {
        Diagnostic::new(rule, self.file.id, range, message)
    }

    /// Whether something on the lines of a range cannot be read.
    pub(crate) fn is_damaged(&self, range: TextRange) -> bool {
        self.file.is_damaged(range)
    }

    /// The same for an action with all that stands before the next one.
    pub(crate) fn is_damaged_action(&self, id: ActionId) -> bool {
        let Some(entity) = self.entity() else { return false };
        let at = id.index as usize;
        let Some(action) = entity.actions.get(at) else { return false };
        let end = TextRange::from(0..self.file.text().len()).end();
        let next = entity.actions.get(at + 1).map_or(end, |it| it.range.start());
        self.is_damaged(TextRange::new(action.range.start(), next))
    }

    /// The same for the action around a place.
    pub(crate) fn is_damaged_around(&self, range: TextRange) -> bool {
        let mut actions = self.actions();
        let around = actions.find(|(_, it)| it.range.contains_range(range));
        around
            .is_some_and(|(id, action)| self.is_damaged_action(id) || self.has_unknown_keys(action))
    }

    /// Whether a key of an action means nothing, so that what it declares is not known.
    fn has_unknown_keys(&self, action: &Action) -> bool {
        let node = self.node_at(action.range).and_then(Node::as_mapping);
        node.is_some_and(|it| it.entries.iter().any(|it| keys::ACTION.key(&it.key.text).is_none()))
    }

    /// Whether a part of the file belongs to an `impact` in a shape of older files, which has a rule of
    /// its own.
    pub(crate) fn is_older_impact(&self, range: TextRange) -> bool {
        let impacts = self.entity().into_iter().flat_map(|it| &it.actions);
        let older = impacts.filter_map(|it| it.impact.as_deref()).filter(|it| it.legacy);
        older.into_iter().any(|it| it.range.contains_range(range) && it.side_effects_key.is_none())
    }

    /// A fix that writes another name, in quotes when it was quoted.
    pub(crate) fn rename(&self, name: &Name, to: &str) -> Fix {
        let written = self.slice(name.range);
        let is_quoted = |quote: char| {
            written.len() > 1 && written.starts_with(quote) && written.ends_with(quote)
        };
        let quote =
            ['"', '\''].into_iter().find(|it| is_quoted(*it)).map(String::from).unwrap_or_default();
        self.change(name.range, &format!("{quote}{to}{quote}"), to)
    }

    /// A fix that writes `text` at a place, where `to` is what the author sees of it.
    fn change(&self, range: TextRange, text: &str, to: &str) -> Fix {
        Fix::review(format!("Change to `{to}`"), self.id(), self.write_part(range, text))
    }

    /// A fix that writes a text at a place.
    pub(crate) fn change_to(&self, range: TextRange, to: &str) -> Fix {
        self.change(range, to, to)
    }

    /// A fix that writes what a message proposes in the place of a range, as it stands.
    pub(crate) fn write(&self, range: TextRange, better: &str) -> Fix {
        let edit = TextEdit::replace(range, better);
        Fix::review(format!("Write `{better}`"), self.id(), vec![edit])
    }

    /// The text of a range of this file.
    pub(crate) fn slice(&self, range: TextRange) -> &'a str {
        range.slice(self.file.text())
    }

    /// The number of this file.
    pub(crate) fn id(&self) -> FileId {
        self.file.id
    }

    /// What a name of this file leads to, with or without a schema before a dot.
    pub(crate) fn resolve(&self, name: &str) -> Resolution {
        self.workspace.resolve_name(EntityId(self.file.id), name)
    }

    /// What a reference of this file leads to.
    pub(crate) fn resolve_reference(&self, to: &EntityReference) -> Resolution {
        self.workspace.resolve(EntityId(self.file.id), to)
    }

    /// The entity that a step of this file reads or writes; without a name the file's.
    pub(crate) fn written(&self, write: &Write) -> Option<&'a Arc<Entity>> {
        match &write.entity {
            Some(it) => self.workspace.entity(self.resolve_reference(it).found()?),
            None if write.is_of_own() => self.file.entity(),
            None => None,
        }
    }

    /// The entity that a side effect is about.
    pub(crate) fn entity_of(&self, entry: &ImpactEntry) -> Option<&'a Arc<Entity>> {
        self.workspace.entity(self.resolve(&entry.entity.as_ref()?.text).found()?)
    }

    /// The entity that the primary entry of `impact` is about: the file's, when it names none.
    pub(crate) fn primary_of(&self, entry: &ImpactEntry) -> Option<&'a Arc<Entity>> {
        match &entry.entity {
            Some(_) => self.entity_of(entry),
            None => self.file.entity(),
        }
    }

    /// The entries of an `impact` with the entities that they are about, the primary one first.
    pub(crate) fn entries<'i>(
        &self,
        impact: &'i Impact,
    ) -> impl Iterator<Item = (&'i ImpactEntry, &'a Arc<Entity>)> {
        let primary = impact.primary.iter().map(|it| (it, self.primary_of(it)));
        let others = impact.side_effects.iter().map(|it| (it, self.entity_of(it)));
        primary.chain(others).filter_map(|(entry, entity)| Some((entry, entity?)))
    }

    /// Whether the `ref` fields of an entity are all known: any type that is not may be one.
    pub(crate) fn knows_references(&self, entity: &Entity) -> bool {
        let leads =
            |it: &EntityReference| self.workspace.resolve(entity.id, it) != Resolution::Unknown;
        let is_known = |ty: &Type| match ty {
            Type::Ref(targets) => targets.iter().all(leads),
            _ => !matches!(ty, Type::Unknown(_) | Type::Missing),
        };
        self.knows_fields(entity) && entity.fields.iter().all(|it| is_known(&it.ty))
    }

    /// Whether the columns of an entity are all in its file, and can be read there. Others may come from
    /// what it extends, from patterns, or are still typed.
    pub(crate) fn knows_fields(&self, entity: &Entity) -> bool {
        !entity.fields.is_empty()
            && !entity.has_disguised_fields
            && !entity.has_other_columns
            && !entity.has_damaged_fields
    }
}

/// The end of a message that proposes a name; empty when there is none.
pub(crate) fn did_you_mean(name: Option<&str>) -> String {
    name.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}

/// Values of a message: `` `a`, `b` and `c` ``.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|it| format!("`{it}`")).collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} and {last}", quoted.join(", ")) }
}
