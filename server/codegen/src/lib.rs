//! Artifacts from contract and model: SQL that runs as it is, samples and schemas of what it gives, and
//! the contract itself as data and in words.
//!
//! Pure and deterministic: equal workspaces give equal bytes. What has no translation is a
//! [`Problem`], returned and written into the text as a comment, never left out in silence.

mod artifact;
mod artifacts;
mod catalog;
mod constraint;
mod emit;
mod expression;
mod migration;
mod names;
mod owners;
mod presence;
mod problem;
mod source_map;
mod sql;
mod taken;
#[cfg(test)]
mod tests;

use serde_json::Value;
use specql_contract::Contract;
use specql_model::Workspace;

pub use artifact::{Artifact, Scope, Target};
pub use artifacts::streams::{EventFlow, FlowEdge, FlowKind, FlowNode};
pub use emit::{EmitOptions, EmittedFile, emit, problems};
pub use migration::{Migration, migration};
pub use presence::is_there;
pub use problem::{Problem, ProblemKind};
pub use source_map::{Mapping, Origin, SourceMap};

use artifacts::{
    action, audit, audit_sample, cascade_sample, client, consumer, contract_json, effects,
    event_sample, event_schema, foundation, fraiseql, header, notes, outbox, roles, streams, table,
    upcast,
};
use catalog::{Catalog, Contracts};
use sql::Script;

/// An artifact as text.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The text; empty when the target has nothing of the kind.
    pub text: String,
    /// Its language, as editors name it.
    pub language: &'static str,
    /// Which ranges of the files became which ranges of the text; empty for anything but SQL.
    pub source_map: SourceMap,
    /// What could not be generated.
    pub problems: Vec<Problem>,
}

/// Who writes what and publishes what in a workspace; absent where no action does anything.
#[must_use]
pub fn event_flow(workspace: &Workspace) -> Option<EventFlow> {
    streams::flow(Catalog::new(workspace, &Contracts::of_all()))
}

/// The part of the foundation that writes the rows of the outbox: SQL.
#[must_use]
pub fn outbox_rows(workspace: &Workspace) -> String {
    foundation::outbox_rows(Catalog::new(workspace, &Contracts::default())).finish().0
}

/// Writes an artifact for a target. A wider target than the artifact's scope gives that of everything
/// in it, a narrower one that of what it belongs to: the table of an action's entity, the functions
/// of all actions of an entity.
#[must_use]
pub fn render(workspace: &Workspace, artifact: Artifact, target: Target) -> Rendered {
    let contracts = match target {
        Target::Project => Contracts::of_all(),
        Target::Entity(_) | Target::Action(_) => Contracts::default(),
    };
    rendered(Catalog::new(workspace, &contracts), artifact, target)
}

fn rendered(catalog: Catalog<'_>, artifact: Artifact, target: Target) -> Rendered {
    let targets = targets(catalog, artifact, target);
    let text = streams::text(catalog, artifact)
        .or_else(|| client::text(catalog, artifact))
        .or_else(|| consumer::text(catalog, artifact))
        .or_else(|| upcast::text(catalog, artifact));
    if let Some(text) = text {
        return Rendered { text, language: artifact.language(), ..Rendered::default() };
    }
    match artifact.language() {
        "sql" => {}
        "json" => return json(catalog, artifact, &targets),
        _ => return words(catalog, artifact, &targets),
    }
    let mut problems = Vec::new();
    let mut script = Script::new();
    for (index, target) in targets.into_iter().enumerate() {
        for part in parts(catalog, artifact, target, index == 0, &mut problems) {
            script.append(part);
        }
    }
    let (text, source_map) = script.finish();
    Rendered { text, language: artifact.language(), source_map, problems }
}

/// The targets of the artifact's own scope.
fn targets(catalog: Catalog<'_>, artifact: Artifact, target: Target) -> Vec<Target> {
    match (artifact.scope(), target) {
        (Scope::Project, _) => vec![Target::Project],
        (Scope::Entity, Target::Project) => {
            catalog.entities().map(|it| Target::Entity(it.id)).collect()
        }
        (Scope::Entity, Target::Entity(_)) | (Scope::Action, Target::Action(_)) => vec![target],
        (Scope::Entity, Target::Action(id)) => vec![Target::Entity(id.entity)],
        (Scope::Action, Target::Entity(id)) => catalog
            .entity(id)
            .map(|it| catalog.actions(it).map(|it| Target::Action(it.0)).collect())
            .unwrap_or_default(),
        (Scope::Action, Target::Project) => catalog
            .entities()
            .flat_map(|it| catalog.actions(it).map(|it| Target::Action(it.0)).collect::<Vec<_>>())
            .collect(),
    }
}

/// The scripts of one SQL artifact. What several audit tables share comes before the first of them.
fn parts(
    catalog: Catalog<'_>,
    artifact: Artifact,
    target: Target,
    is_first: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Script> {
    let taken = taken::problems_of(catalog, artifact, target);
    if !taken.is_empty() {
        let script = refused(artifact, &taken);
        problems.extend(taken);
        return vec![script];
    }
    match (artifact, target) {
        (Artifact::Foundation, _) => vec![foundation::foundation(catalog)],
        (Artifact::FraiseqlAdapter, _) => vec![fraiseql::adapter(catalog)],
        (Artifact::Outbox, _) => vec![outbox::outbox(catalog, problems)],
        (Artifact::Roles, _) => vec![roles::roles(catalog, catalog.publishes())],
        (Artifact::Table, Target::Entity(id)) => catalog
            .entity(id)
            .map(|it| {
                vec![
                    table::base_table(catalog, it, problems),
                    table::references_and_read_model(catalog, it),
                ]
            })
            .unwrap_or_default(),
        (Artifact::Audit, Target::Entity(id)) => {
            let Some(entity) = catalog.entity(id) else { return Vec::new() };
            let own = audit::audit(catalog, entity, problems);
            if is_first { vec![audit::shared(catalog), own] } else { vec![own] }
        }
        (Artifact::Action, Target::Action(id)) => vec![action::action(catalog, id, problems)],
        _ => Vec::new(),
    }
}

/// What stands in place of an artifact whose names cannot be used.
fn refused(artifact: Artifact, problems: &[Problem]) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("nothing is generated: {}", artifact.name()));
    notes(&mut script, problems);
    script
}

/// What an artifact says of one action as JSON; absent where there is nothing of the kind.
fn document(catalog: Catalog<'_>, artifact: Artifact, contract: &Contract) -> Option<Value> {
    match artifact {
        Artifact::CascadeSample => cascade_sample::cascade_sample(catalog, contract),
        Artifact::EventSample => event_sample::event_sample(catalog, contract),
        Artifact::AuditSample => audit_sample::audit_sample(catalog, contract),
        Artifact::EventSchema => event_schema::event_schema(catalog, contract),
        Artifact::Contract => contract_json::contract_json(catalog, contract),
        _ => None,
    }
}

/// The contracts of the targets that are actions, with their names.
fn contracts<'a>(catalog: Catalog<'a>, targets: &[Target]) -> Vec<&'a Contract> {
    let ids = targets.iter().filter_map(|it| match it {
        Target::Action(id) => Some(*id),
        Target::Project | Target::Entity(_) => None,
    });
    ids.filter_map(|it| catalog.contract(it)).collect()
}

fn json(catalog: Catalog<'_>, artifact: Artifact, targets: &[Target]) -> Rendered {
    let documents = contracts(catalog, targets).into_iter().filter_map(|it| {
        let document = document(catalog, artifact, it)?;
        Some((it.name.to_string(), document))
    });
    let mut documents: Vec<(String, Value)> = documents.collect();
    let value = match (documents.len(), targets.len()) {
        (0, _) => None,
        (_, 1) => documents.pop().map(|it| it.1),
        _ => Some(Value::Object(documents.into_iter().collect())),
    };
    let text = value.map(|it| pretty(&it)).unwrap_or_default();
    Rendered { text, language: artifact.language(), ..Rendered::default() }
}

/// JSON as it is emitted.
fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).map(|it| it + "\n").unwrap_or_default()
}

fn words(catalog: Catalog<'_>, artifact: Artifact, targets: &[Target]) -> Rendered {
    let all = contracts(catalog, targets);
    let texts: Vec<String> =
        all.into_iter().filter_map(|it| effects::effects(catalog, it)).collect();
    Rendered { text: texts.join("\n"), language: artifact.language(), ..Rendered::default() }
}
