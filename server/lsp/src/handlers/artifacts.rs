//! The request `specql/artifacts`: what can be shown of a place, for a client that lets its user choose.

use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use serde::Serialize;

/// A line of the choice. With `artifact`, the request `specql/preview` of the same place shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ArtifactChoice {
    artifact: &'static str,
    /// What it is, in some words.
    summary: &'static str,
    /// What it is made for: the action, else the entity, else the workspace.
    scope: &'static str,
    language: &'static str,
}

/// What a place has, in the order of documentation.
pub(crate) fn artifacts(view: &View<'_>, params: &PreviewParams) -> Vec<ArtifactChoice> {
    let offset = params.position.map_or(0, |it| view.offset(it));
    let targets = view.analysis().artifacts_at(view.file, offset);
    let choice = |it: specql_ide::PreviewTarget| ArtifactChoice {
        artifact: it.artifact.name(),
        summary: it.artifact.summary(),
        scope: match (&it.file, &it.action) {
            (_, Some(_)) => "action",
            (Some(_), None) => "entity",
            (None, None) => "workspace",
        },
        language: it.artifact.language(),
    };
    targets.into_iter().map(choice).collect()
}
