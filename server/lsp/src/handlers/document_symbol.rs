//! `textDocument/documentSymbol`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::{Symbol, SymbolKind};

pub(crate) fn document_symbol(view: &View<'_>) -> Option<lsp::DocumentSymbolResponse> {
    let symbols = view.analysis().document_symbols(view.file);
    Some(if view.snapshot.config.nested_symbols {
        symbols.into_iter().map(|it| nested(view, it)).collect::<Vec<_>>().into()
    } else {
        let mut acc = Vec::new();
        flatten(view, symbols, None, &mut acc);
        acc.into()
    })
}

#[expect(deprecated, reason = "the struct has the field still")]
fn nested(view: &View<'_>, symbol: Symbol) -> lsp::DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|it| nested(view, it)).collect();
    lsp::DocumentSymbol {
        name: named(symbol.name),
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: view.range(symbol.range),
        selection_range: view.range(symbol.name_range),
        children: Some(children),
    }
}

#[expect(deprecated, reason = "the struct has the field still")]
fn flatten(
    view: &View<'_>,
    symbols: Vec<Symbol>,
    container: Option<&str>,
    acc: &mut Vec<lsp::SymbolInformation>,
) {
    for symbol in symbols {
        let name = named(symbol.name);
        acc.push(lsp::SymbolInformation {
            deprecated: None,
            location: view.location(symbol.range),
            base_symbol_information: lsp::BaseSymbolInformation {
                name: name.clone(),
                kind: kind(symbol.kind),
                tags: None,
                container_name: container.map(str::to_owned),
            },
        });
        flatten(view, symbol.children, Some(&name), acc);
    }
}

/// Clients refuse a whole outline for one empty name, and half-typed files have them.
fn named(name: String) -> String {
    if name.trim().is_empty() { "…".to_owned() } else { name }
}

pub(super) fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Entity => lsp::SymbolKind::Class,
        SymbolKind::Field => lsp::SymbolKind::Field,
        SymbolKind::EnumMember => lsp::SymbolKind::EnumMember,
        SymbolKind::Action => lsp::SymbolKind::Method,
        SymbolKind::Step => lsp::SymbolKind::Operator,
        SymbolKind::Block => lsp::SymbolKind::Object,
        SymbolKind::Event => lsp::SymbolKind::Event,
    }
}
