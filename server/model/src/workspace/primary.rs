//! What an action is about: the declared primary entity, or the one that follows from the steps.

use super::Workspace;
use crate::{ActionId, Certainty, Effect, EntityId, ImpactEntry, Operation};

/// The primary entity of an action and what happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Primary {
    /// The entity; absent when the declared name resolves to nothing or to several.
    pub entity: Option<EntityId>,
    /// The operation.
    pub operation: Operation,
    /// The entity or its operation is declared in `impact`; otherwise all follows from the steps.
    pub declared: bool,
}

impl Workspace {
    /// The primary of an action: what `impact.primary` says, and what it leaves open from the steps:
    /// the file's entity, else the first that is written. None for an action that declares none and
    /// writes nothing.
    #[must_use]
    pub fn effective_primary(&self, action: ActionId) -> Option<Primary> {
        let declared = self.action(action)?.impact.as_deref().and_then(|it| it.primary.as_ref());
        let Some(declared) = declared else {
            let effects = self.effects(action);
            let effect = first(effects, Some(action.entity)).or_else(|| sure_first(effects))?;
            let (entity, operation) = (effect.entity, effect.operation);
            return Some(Primary { entity, operation, declared: false });
        };
        let entity = match &declared.entity {
            Some(name) => self.resolve_name(action.entity, &name.text).found(),
            None => Some(action.entity),
        };
        let operation = declared_operation(declared)
            .or_else(|| Some(first(self.effects(action), entity)?.operation))
            .or_else(|| self.operation_by_name(action))
            .unwrap_or(Operation::Update);
        Some(Primary { entity, operation, declared: true })
    }

    /// The entity whose row a call of an action gives: what the action is about, else the entity of its file.
    #[must_use]
    pub fn row_of_call(&self, action: ActionId) -> Option<EntityId> {
        let primary = self.effective_primary(action).and_then(|it| it.entity);
        let is_there = |it: &EntityId| self.entity(*it).is_some();
        primary.filter(is_there).or_else(|| Some(action.entity).filter(is_there))
    }

    /// What the name of an action says: `create_post` creates.
    fn operation_by_name(&self, action: ActionId) -> Option<Operation> {
        const PREFIXES: [(&str, Operation); 4] = [
            ("create", Operation::Create),
            ("update", Operation::Update),
            ("delete", Operation::Delete),
            ("upsert", Operation::Upsert),
        ];
        let name = &self.action(action)?.name.text;
        PREFIXES.iter().find(|it| name.starts_with(it.0)).map(|it| it.1)
    }
}

fn declared_operation(entry: &ImpactEntry) -> Option<Operation> {
    entry.operation.as_ref()?.value
}

/// The effect on an entity that says most: the row is made, else what surely happens first.
fn first(effects: &[Effect], entity: Option<EntityId>) -> Option<&Effect> {
    let on = |it: &&Effect| entity.is_some() && it.entity == entity;
    let own = || effects.iter().filter(on);
    let creates = own().find(|it| matches!(it.operation, Operation::Create | Operation::Upsert));
    let sure = |it: &&Effect| it.certainty == Certainty::Always;
    creates.filter(sure).or_else(|| own().find(sure)).or(creates).or_else(|| own().next())
}

fn sure_first(effects: &[Effect]) -> Option<&Effect> {
    let sure = effects.iter().find(|it| it.certainty == Certainty::Always);
    sure.or(effects.first())
}
