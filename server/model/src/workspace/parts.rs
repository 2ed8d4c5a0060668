//! What of a file has a name, with the letters of each name, so that a search passes over most of them
//! at once.
//!
//! Invariant: the parts of a file are forgotten with its effects, from which names of events follow.

use ecow::EcoString;
use specql_text::TextRange;

use super::{Read, Workspace, note};
use crate::{ActionId, Entity, EntityId};

/// What has a name; the order is that of search results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The entity.
    Entity,
    /// An action.
    Action,
    /// An event that an action publishes.
    Event,
    /// A field.
    Field,
}

/// A part of a file that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPart {
    /// The letters of the name, as [`letters_of`] gives them.
    pub letters: u64,
    /// What it is.
    pub kind: PartKind,
    /// The number of the field, the action, the event's action.
    pub index: u16,
    /// The number of the event among those of its action.
    pub event: u16,
    /// The name of an event; that of anything else is the declaration's.
    pub name: Option<EcoString>,
}

/// Which letters a name has, regardless of case: a bit for each of `a` to `z`, each digit, and one for
/// all others. A name without one of the bits of a query does not have its letters.
#[must_use]
pub fn letters_of(name: &str) -> u64 {
    name.chars().flat_map(char::to_lowercase).filter(|it| *it != '_').fold(0, |mask, letter| {
        let bit = match letter {
            'a'..='z' => u32::from(letter) - u32::from('a'),
            '0'..='9' => 26 + u32::from(letter) - u32::from('0'),
            _ => 36,
        };
        mask | (1 << bit)
    })
}

impl Workspace {
    /// What has a name, file by file, in the order of their paths.
    pub fn named_parts(&self) -> impl Iterator<Item = (EntityId, &[NamedPart])> {
        note(|| Read::All);
        self.entities.iter().filter_map(|id| {
            let found = self.effects.get(id.0)?;
            Some((*id, found.named_parts(|| self.parts_of(*id))))
        })
    }

    fn parts_of(&self, id: EntityId) -> Vec<NamedPart> {
        let Some(entity) = self.entity(id) else { return Vec::new() };
        let part = |kind, name: &str, index: usize| NamedPart {
            letters: letters_of(name),
            kind,
            index: u16::try_from(index).unwrap_or(u16::MAX),
            event: 0,
            name: None,
        };
        let mut res = vec![part(PartKind::Entity, &entity.name.text, 0)];
        let fields = entity.fields.iter().enumerate();
        res.extend(fields.map(|(index, it)| part(PartKind::Field, &it.name.text, index)));
        for (index, (id, action)) in entity.action_ids().enumerate() {
            res.push(part(PartKind::Action, &action.name.text, index));
            let events = self.named_events(id);
            res.extend((0..).zip(&events).map(|(event, (name, _))| {
                let name = Some(name.clone());
                let part = part(PartKind::Event, name.as_deref().unwrap_or_default(), index);
                NamedPart { event, name, ..part }
            }));
        }
        res
    }

    /// The types of events that a file names, with their places: the key `cdc` where the name follows
    /// from the operation. Known without a look at what the steps reach, so that lists of them stay as
    /// they are.
    #[must_use]
    pub fn named_events(&self, id: ActionId) -> Vec<(EcoString, TextRange)> {
        let Some(action) = self.action(id) else { return Vec::new() };
        let Some(cdc) = action.cdc.as_deref().filter(|it| it.is_enabled()) else {
            return Vec::new();
        };
        let primary = match &cdc.event_type {
            Some(it) => Some((it.text.clone(), it.range)),
            None => self.effective_primary(id).and_then(|it| {
                let entity: &Entity = self.entity(it.entity?)?;
                let name = cdc.event_type_or_default(&entity.name.text, it.operation);
                Some((name, cdc.key))
            }),
        };
        let others = cdc.side_effect_events.iter().map(|(_, it)| (it.text.clone(), it.range));
        primary.into_iter().chain(others).filter(|it| !it.0.is_empty()).collect()
    }
}
