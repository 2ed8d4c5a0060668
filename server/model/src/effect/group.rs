//! Effects by what is written: one group for each entity and operation.

use ecow::EcoString;
use specql_syntax::Name;

use super::{Certainty, Effect, EffectFields};
use crate::{EntityId, Operation};

/// All effects of an action with one operation on one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectGroup<'a> {
    /// The entity; absent when its name resolves to nothing or to several.
    pub entity: Option<EntityId>,
    /// The name as written in the first of the steps.
    pub target: &'a Name,
    /// The operation.
    pub operation: Operation,
    /// The fields that one of the effects writes.
    pub fields: EffectFields,
    /// Whether one of the effects surely happens.
    pub certainty: Certainty,
    /// The effects, in the order of the text; never empty.
    pub effects: Vec<&'a Effect>,
}

/// Groups effects by entity and operation, in the order in which each is first met. Effects on names
/// that resolve to nothing are grouped by the name.
#[must_use]
pub fn grouped(effects: &[Effect]) -> Vec<EffectGroup<'_>> {
    let mut groups: Vec<EffectGroup<'_>> = Vec::new();
    for effect in effects {
        let group = groups.iter_mut().find(|it| {
            let same_name = it.entity.is_some() || it.target.text == effect.target.text;
            it.operation == effect.operation && it.entity == effect.entity && same_name
        });
        match group {
            Some(group) => {
                group.fields.add(&effect.fields);
                if effect.certainty == Certainty::Always {
                    group.certainty = Certainty::Always;
                }
                group.effects.push(effect);
            }
            None => groups.push(EffectGroup {
                entity: effect.entity,
                target: &effect.target,
                operation: effect.operation,
                fields: effect.fields.clone(),
                certainty: effect.certainty,
                effects: vec![effect],
            }),
        }
    }
    groups
}

impl EffectFields {
    /// The fields that are surely written; none for a row as a whole.
    #[must_use]
    pub fn names(&self) -> &[EcoString] {
        match self {
            Self::Named(names) | Self::Input(names) => names,
            Self::Row => &[],
        }
    }

    /// Adds what another write sets.
    pub fn add(&mut self, more: &Self) {
        let mut names: Vec<EcoString> = self.names().to_vec();
        let new = more.names().iter().filter(|it| !self.names().contains(it));
        names.extend(new.cloned());
        *self = match (&*self, more) {
            (Self::Row, Self::Row) => Self::Row,
            (Self::Input(_), _) | (_, Self::Input(_)) => Self::Input(names),
            _ => Self::Named(names),
        };
    }
}
