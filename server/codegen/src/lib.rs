//! Artifacts from the model: SQL that runs as it is, and JSON samples of what it gives.
//!
//! Pure and deterministic: equal workspaces give equal bytes. What has no translation is a
//! [`Problem`], returned and written into the text as a comment, never left out in silence.

mod artifact;
mod artifacts;
mod catalog;
mod constraint;
mod emit;
mod expression;
mod names;
mod problem;
mod source_map;
mod sql;
mod taken;
#[cfg(test)]
mod tests;

use specql_model::Workspace;

pub use artifact::{Artifact, Scope, Target};
pub use emit::{EmitOptions, EmittedFile, emit, problems};
pub use problem::{Problem, ProblemKind};
pub use source_map::{Mapping, Origin, SourceMap};

use artifacts::{
    action, audit, cascade_sample, event_sample, foundation, header, notes, outbox, roles, table,
};
use catalog::Catalog;
use sql::Script;
use taken::Owners;

/// An artifact as text.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The text; empty when the target has nothing of the kind.
    pub text: String,
    /// `sql` or `json`.
    pub language: &'static str,
    /// Which ranges of the files became which ranges of the text; empty for JSON.
    pub source_map: SourceMap,
    /// What could not be generated.
    pub problems: Vec<Problem>,
}

/// Writes an artifact for a target. A wider target than the artifact's scope gives that of everything
/// in it, a narrower one that of what it belongs to: the table of an action's entity, the functions
/// of all actions of an entity.
#[must_use]
pub fn render(workspace: &Workspace, artifact: Artifact, target: Target) -> Rendered {
    let owners = Owners::default();
    let catalog = Catalog::new(workspace, &owners);
    let targets = targets(catalog, artifact, target);
    if artifact.language() == "json" {
        return json(catalog, artifact, &targets);
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
        (Artifact::Outbox, _) => vec![outbox::outbox(catalog, problems)],
        (Artifact::Roles, _) => vec![roles::roles(catalog, emit::publishes(catalog))],
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

fn json(catalog: Catalog<'_>, artifact: Artifact, targets: &[Target]) -> Rendered {
    let mut samples = Vec::new();
    for target in targets {
        let Target::Action(id) = target else { continue };
        let Some((_, action)) = catalog.action(*id) else { continue };
        let sample = match artifact {
            Artifact::CascadeSample => cascade_sample::cascade_sample(catalog, *id),
            _ => event_sample::event_sample(catalog, *id),
        };
        samples.extend(sample.map(|it| (action.name.text.to_string(), it)));
    }
    let value = match (samples.len(), targets.len()) {
        (0, _) => None,
        (_, 1) => samples.pop().map(|it| it.1),
        _ => Some(serde_json::Value::Object(samples.into_iter().collect())),
    };
    let text = value.and_then(|it| serde_json::to_string_pretty(&it).ok());
    let text = text.map(|it| format!("{it}\n")).unwrap_or_default();
    Rendered { text, language: artifact.language(), ..Rendered::default() }
}
