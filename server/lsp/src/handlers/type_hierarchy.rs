//! `textDocument/prepareTypeHierarchy`, `typeHierarchy/supertypes` and `…/subtypes`.
//!
//! An item is known by its file, which declares one entity, so it carries no data.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::TypeItem;

pub(crate) fn prepare_type_hierarchy(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<Vec<lsp::TypeHierarchyItem>> {
    let found = view.analysis().type_item(view.file, view.offset(position))?;
    Some(items(view, vec![found]))
}

pub(crate) fn supertypes(view: &View<'_>) -> Option<Vec<lsp::TypeHierarchyItem>> {
    Some(items(view, view.analysis().supertypes(view.file)))
}

pub(crate) fn subtypes(view: &View<'_>) -> Option<Vec<lsp::TypeHierarchyItem>> {
    Some(items(view, view.analysis().subtypes(view.file)))
}

fn items(view: &View<'_>, found: Vec<TypeItem>) -> Vec<lsp::TypeHierarchyItem> {
    let item = |it: TypeItem| {
        let file = view.snapshot.view(it.file)?;
        let range = file.range(it.name_range);
        Some(lsp::TypeHierarchyItem {
            name: it.name,
            kind: lsp::SymbolKind::Class,
            tags: None,
            detail: Some(it.detail),
            uri: file.uri(),
            range,
            selection_range: range,
            data: None,
        })
    };
    found.into_iter().filter_map(item).collect()
}
