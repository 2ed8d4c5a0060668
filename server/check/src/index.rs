//! Events of all files by their types, gathered once for a run.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use smol_str::SmolStr;
use specql_model::{
    Action, ActionId, EffectFields, EntityId, Operation, Workspace, characters,
    entity::graphql_name,
};

use crate::events::primary_operation;

type Events = HashMap<(SmolStr, u32), Vec<ActionId>>;

/// What several rules ask of the whole workspace.
#[derive(Debug, Default)]
pub struct Index {
    events: OnceLock<Events>,
    has_unnamed_entity: OnceLock<bool>,
    disguised: OnceLock<HashSet<String>>,
    stems: OnceLock<HashMap<String, Vec<EntityId>>>,
    updaters: OnceLock<HashMap<EntityId, Vec<(ActionId, EffectFields)>>>,
    mutations: OnceLock<HashMap<String, Vec<ActionId>>>,
}

impl Index {
    /// Whether a file does not name its entity yet: any unknown name may become its.
    pub(crate) fn has_unnamed_entity(&self, workspace: &Workspace) -> bool {
        let find = || workspace.entities().any(|it| it.name.text.is_empty());
        *self.has_unnamed_entity.get_or_init(find)
    }

    /// Whether an entity looks as if it had a name, and has another one for a character in it that is
    /// not what it looks like. Its declaration is reported.
    pub(crate) fn is_disguised(&self, workspace: &Workspace, name: &str) -> bool {
        let find = || {
            let names = workspace.entities().map(|it| &it.name.text).filter(|it| !it.is_ascii());
            let shown = names.map(|it| (characters::as_it_looks(it), it));
            shown.filter(|(shown, it)| shown != it.as_str()).map(|it| it.0).collect()
        };
        self.disguised.get_or_init(find).contains(name)
    }

    /// The entities whose tables have a name in common, by its part that comes from the entity, in the
    /// order of the files' paths.
    pub(crate) fn entities_of_stem(&self, workspace: &Workspace, stem: &str) -> &[EntityId] {
        let named = || workspace.entities().filter(|it| !it.name.text.is_empty());
        let find = || gathered(named().map(|it| (it.snake_name(), it.id)));
        self.stems.get_or_init(find).get(stem).map_or(&[], Vec::as_slice)
    }

    /// The actions that are one mutation in GraphQL, in the order of the files' paths.
    pub(crate) fn actions_of_mutation(&self, workspace: &Workspace, name: &str) -> &[ActionId] {
        let find =
            || gathered(workspace.actions().map(|(id, it)| (graphql_name(&it.name.text), id)));
        self.mutations.get_or_init(find).get(name).map_or(&[], Vec::as_slice)
    }

    /// What the actions' own steps change of rows that are there, by entity.
    pub(crate) fn updaters(
        &self,
        workspace: &Workspace,
        entity: EntityId,
    ) -> &[(ActionId, EffectFields)] {
        let found = self.updaters.get_or_init(|| {
            let mut res: HashMap<EntityId, Vec<(ActionId, EffectFields)>> = HashMap::new();
            for (id, _) in workspace.actions() {
                let own = workspace.effects(id).iter().filter(|it| it.action == id);
                let updates =
                    own.filter(|it| matches!(it.operation, Operation::Update | Operation::Upsert));
                for effect in updates {
                    let Some(entity) = effect.entity else { continue };
                    res.entry(entity).or_default().push((id, effect.fields.clone()));
                }
            }
            res
        });
        found.get(&entity).map_or(&[], Vec::as_slice)
    }

    /// The actions that publish an event type in a version, in the order of the files' paths.
    pub(crate) fn publishers(&self, workspace: &Workspace, event: &(SmolStr, u32)) -> &[ActionId] {
        let events = self.events.get_or_init(|| {
            let mut events = Events::new();
            for (id, action) in workspace.actions().filter(|(_, it)| it.cdc.is_some()) {
                if let Some(it) = event_of(workspace, id, action) {
                    events.entry(it).or_default().push(id);
                }
            }
            events
        });
        events.get(event).map_or(&[], Vec::as_slice)
    }
}

fn gathered<T>(items: impl Iterator<Item = (String, T)>) -> HashMap<String, Vec<T>> {
    let mut res: HashMap<String, Vec<T>> = HashMap::new();
    for (key, item) in items {
        res.entry(key).or_default().push(item);
    }
    res
}

/// The type and the version of the event that an action publishes.
pub(crate) fn event_of(
    workspace: &Workspace,
    id: ActionId,
    action: &Action,
) -> Option<(SmolStr, u32)> {
    let cdc = action.cdc.as_ref().filter(|it| it.is_enabled())?;
    let impact = action.impact.as_ref()?;
    let event = match &cdc.event_type {
        Some(it) => it.text.clone(),
        None => {
            let written = impact.primary.as_ref().and_then(|it| it.entity.as_ref());
            let entity = match written {
                Some(name) => workspace.resolve_name(id.entity, &name.text).found()?,
                None => id.entity,
            };
            let name = &workspace.entity(entity)?.name.text;
            cdc.event_type_or_default(name, primary_operation(action)?)
        }
    };
    Some((event, cdc.version.map_or(1, |it| it.0)))
}
