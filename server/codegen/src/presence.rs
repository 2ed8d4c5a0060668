//! Whether a target has an artifact, without writing it: an artifact of the workspace can be as large as
//! the workspace, and who lists artifacts wants the text of none.
//!
//! Invariant: the answer is whether [`render`] gives a text.

use specql_contract::Contract;
use specql_model::{ActionId, Workspace};

use crate::{
    artifact::{Artifact, Target},
    artifacts::outbox,
    catalog::{Catalog, Contracts},
    render,
};

/// Whether a target has an artifact.
#[must_use]
pub fn is_there(workspace: &Workspace, artifact: Artifact, target: Target) -> bool {
    let contracts = Contracts::default();
    let catalog = Catalog::new(workspace, &contracts);
    if let (Target::Action(id), Some(has)) = (target, of_contract(artifact)) {
        return is_named(workspace, id) && Contract::of(workspace, id).is_some_and(|it| has(&it));
    }
    let any = |has: fn(&Contract) -> bool| Contract::all(workspace).any(|it| has(&it));
    match artifact {
        Artifact::Foundation | Artifact::Outbox | Artifact::Roles | Artifact::FraiseqlAdapter => {
            true
        }
        Artifact::Debezium | Artifact::DebeziumProperties => catalog.publishes(),
        Artifact::DebeziumState => outbox::keeps_state(catalog) && catalog.publishes(),
        Artifact::KafkaTopics
        | Artifact::KafkaTopicsScript
        | Artifact::SchemaRegistry
        | Artifact::SchemaRegistryScript
        | Artifact::AsyncApi
        | Artifact::ConsumerTypeScript
        | Artifact::ConsumerPython => catalog.publishes() && any(|it| !it.events.is_empty()),
        Artifact::EventFlow | Artifact::EventFlowDot => {
            any(|it| !(it.changes.is_empty() && it.calls.is_empty() && it.events.is_empty()))
        }
        Artifact::Client
        | Artifact::ClientApollo
        | Artifact::ClientUrql
        | Artifact::ClientRelay
        | Artifact::ClientTanstack => any(|it| it.cascade.is_some()),
        _ => !render(workspace, artifact, target).text.is_empty(),
    }
}

/// What an action's contract has where the action has a sample.
const fn of_contract(artifact: Artifact) -> Option<fn(&Contract) -> bool> {
    match artifact {
        Artifact::CascadeSample => Some(|it| it.cascade.is_some()),
        Artifact::EventSample | Artifact::EventSchema => Some(|it| !it.events.is_empty()),
        Artifact::AuditSample => Some(|it| !it.audit.trails.is_empty()),
        _ => None,
    }
}

fn is_named(workspace: &Workspace, id: ActionId) -> bool {
    let found = workspace.entity(id.entity).zip(workspace.action(id));
    found.is_some_and(|(entity, it)| !entity.name.text.is_empty() && !it.name.text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::workspace;

    const FILES: &[&str] = &[
        "entity: Post\nfields:\n  title: text\n",
        "entity: User\nactions:\n  - name: a\n    steps: [{insert: User}]\n    impact: {primary: {entity: User, operation: CREATE}}\n",
        "entity: Tag\nactions:\n  - name: b\n    steps: [{insert: Tag}]\n    cdc: {enabled: true, event_type: TagCreated}\n",
        "entity: Old\nactions:\n  - name: c\n    steps: [{validate: true}]\n    cdc: true\n",
        "entity: Odd\nactions:\n  - cdc: true\n",
        "entity: Calls\nactions:\n  - name: d\n    steps: [{call: a}]\n  - name:\n",
        "actions:\n  - name: e\n",
    ];

    #[test]
    fn what_is_there_has_a_text() {
        let all: Vec<Vec<&str>> = (0..1_usize << FILES.len())
            .map(|set| {
                let is_in = |at: &usize| set >> at & 1 == 1;
                (0..FILES.len()).filter(is_in).map(|it| FILES[it]).collect()
            })
            .collect();
        for files in all {
            let workspace = workspace(&files);
            let entities = workspace.entities().map(|it| Target::Entity(it.id));
            let actions = workspace.actions().map(|it| Target::Action(it.0));
            let targets: Vec<Target> =
                [Target::Project].into_iter().chain(entities).chain(actions).collect();
            for artifact in Artifact::ALL {
                for target in &targets {
                    let text = render(&workspace, artifact, *target).text;
                    let is_there = is_there(&workspace, artifact, *target);
                    assert_eq!(is_there, !text.is_empty(), "{artifact:?} {target:?} {files:?}");
                }
            }
        }
    }
}
