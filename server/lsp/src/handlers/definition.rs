//! `textDocument/definition`, `textDocument/declaration` and `textDocument/typeDefinition`.

use crate::convert::built_ins;
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::Target;

pub(crate) fn definition(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::DefinitionResponse> {
    let offset = view.offset(position);
    let targets = view.analysis().goto_definition(view.file, offset);
    let as_links = view.snapshot.config.definition_links;
    if targets.is_empty() {
        let place = view.analysis().built_in_at(view.file, offset)?;
        let lsp::Location { uri, range } = built_ins::location(view, place)?;
        return Some(if as_links {
            lsp::DefinitionResponse::DefinitionLinkList(vec![link_to(uri, range, range)])
        } else {
            lsp::DefinitionResponse::Definition(vec![lsp::Location { uri, range }].into())
        });
    }
    let targets = targets.iter().filter_map(|it| Some((view.snapshot.view(it.file)?, it)));
    Some(if as_links {
        let links: Vec<_> = targets.map(|(file, it)| link(&file, it)).collect();
        lsp::DefinitionResponse::DefinitionLinkList(links)
    } else {
        let locations: Vec<_> = targets.map(|(file, it)| file.location(it.name_range)).collect();
        lsp::DefinitionResponse::Definition(locations.into())
    })
}

/// `textDocument/declaration`: SpecQL declares a thing where it defines it.
pub(crate) fn declaration(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::DeclarationResponse> {
    let offset = view.offset(position);
    let targets = view.analysis().goto_definition(view.file, offset);
    let built_in = || built_ins::location(view, view.analysis().built_in_at(view.file, offset)?);
    let found = locations(view, &targets, built_in)?;
    Some(lsp::DeclarationResponse::Declaration(found.into()))
}

/// `textDocument/typeDefinition`.
pub(crate) fn type_definition(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::TypeDefinitionResponse> {
    let offset = view.offset(position);
    let targets = view.analysis().goto_type_definition(view.file, offset);
    let built_in =
        || built_ins::location(view, view.analysis().built_in_type_at(view.file, offset)?);
    let found = locations(view, &targets, built_in)?;
    Some(lsp::TypeDefinitionResponse::Definition(found.into()))
}

/// Where targets are declared; without any, the place in the document of built-ins.
fn locations(
    view: &View<'_>,
    targets: &[Target],
    built_in: impl FnOnce() -> Option<lsp::Location>,
) -> Option<Vec<lsp::Location>> {
    let found = targets.iter().filter_map(|it| Some((view.snapshot.view(it.file)?, it)));
    let mut found: Vec<_> = found.map(|(file, it)| file.location(it.name_range)).collect();
    if found.is_empty() {
        found.push(built_in()?);
    }
    Some(found)
}

fn link(file: &View<'_>, target: &Target) -> lsp::LocationLink {
    link_to(file.uri(), file.range(target.range), file.range(target.name_range))
}

fn link_to(uri: lsp::Uri, whole: lsp::Range, name: lsp::Range) -> lsp::LocationLink {
    lsp::LocationLink {
        origin_selection_range: None,
        target_uri: uri,
        target_range: whole,
        target_selection_range: name,
    }
}
