//! `textDocument/definition` and `textDocument/typeDefinition`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::Target;

pub(crate) fn definition(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::DefinitionResponse> {
    let targets = view.analysis().goto_definition(view.file, view.offset(position));
    if targets.is_empty() {
        return None;
    }
    let targets = targets.iter().filter_map(|it| Some((view.snapshot.view(it.file)?, it)));
    Some(if view.snapshot.config.definition_links {
        let links: Vec<_> = targets.map(|(file, it)| link(&file, it)).collect();
        lsp::DefinitionResponse::DefinitionLinkList(links)
    } else {
        let locations: Vec<_> = targets.map(|(file, it)| file.location(it.name_range)).collect();
        lsp::DefinitionResponse::Definition(locations.into())
    })
}

/// `textDocument/typeDefinition`.
pub(crate) fn type_definition(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::TypeDefinitionResponse> {
    let targets = view.analysis().goto_type_definition(view.file, view.offset(position));
    let targets = targets.iter().filter_map(|it| Some((view.snapshot.view(it.file)?, it)));
    let locations: Vec<_> = targets.map(|(file, it)| file.location(it.name_range)).collect();
    (!locations.is_empty()).then(|| lsp::TypeDefinitionResponse::Definition(locations.into()))
}

fn link(file: &View<'_>, target: &Target) -> lsp::LocationLink {
    lsp::LocationLink {
        origin_selection_range: None,
        target_uri: file.uri(),
        target_range: file.range(target.range),
        target_selection_range: file.range(target.name_range),
    }
}
