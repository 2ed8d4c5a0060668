//! The block `audit`: the columns that are kept, the trigger that keeps them, and where to see a sample.

use specql_codegen::Artifact;
use specql_contract::{Contract, audit_image, is_audited};
use specql_model::{ActionId, Entity, EntityId, Workspace};

use super::part::{Said, part, whole, whole_of_entity};
use crate::Whole;

/// Of an entity that more files name no action elsewhere is looked for.
const FILES: usize = 50;

/// The most actions whose samples are named.
const SAMPLES: usize = 3;

pub(super) fn audit(workspace: &Workspace, entity: &Entity) -> Option<Said> {
    let key = entity.audit.as_ref()?.key;
    if !is_audited(workspace.config(), entity) {
        return Some("\nNo change of this entity is recorded.\n".to_owned().into());
    }
    let image = audit_image(workspace, entity);
    let columns: Vec<String> = image.members.iter().map(|it| format!("`{}`", it.name)).collect();
    let mut res = format!(
        "\n| what | when | which rows |\n|---|---|---|\n| the row before and after: {} | every insert, update, deletion | each row that a statement touches |\n",
        columns.join(", ")
    );
    let id = ActionId { entity: entity.id, index: 0 };
    part(workspace, id, Artifact::Audit, &[key], &mut res);
    let mut whole = vec![whole_of_entity(entity, Artifact::Audit)];
    whole.extend(samples(workspace, entity.id));
    Some(Said { markdown: res, whole })
}

/// Samples of what is kept of the entity's rows: those of its own actions, else of others.
fn samples(workspace: &Workspace, entity: EntityId) -> Vec<Whole> {
    let of_file = |owner: EntityId| {
        let actions = workspace.entity(owner).into_iter().flat_map(|it| it.action_ids());
        let writes = move |id: &ActionId| {
            let contract = Contract::of(workspace, *id);
            contract.is_some_and(|it| it.audit.trails.iter().any(|it| it.entity == entity))
        };
        actions.map(|it| it.0).filter(writes).collect::<Vec<_>>()
    };
    let mut found = of_file(entity);
    if found.is_empty() && workspace.naming_count(entity) <= FILES {
        let others = workspace.files_naming(entity).into_iter().map(EntityId);
        found = others.filter(|it| *it != entity).flat_map(of_file).take(SAMPLES).collect();
    }
    let samples = found.into_iter().take(SAMPLES);
    samples.flat_map(|it| whole(workspace, it, &[Artifact::AuditSample])).collect()
}
