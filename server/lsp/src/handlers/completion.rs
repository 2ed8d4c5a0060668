//! `textDocument/completion`.

use crate::protocol::lsp;
use crate::snapshot::View;
use specql_ide::{CompletionItem, CompletionKind};

pub(crate) fn completion(
    view: &View<'_>,
    position: lsp::Position,
) -> Option<lsp::CompletionResponse> {
    let items = view.analysis().completions(view.file, view.offset(position));
    // An item that cannot be inserted as it is meant is better not offered.
    let snippets = view.snapshot.config.snippets;
    let offered = items.into_iter().filter(|it| snippets || !it.snippet);
    Some(offered.map(|it| item(view, it)).collect::<Vec<_>>().into())
}

fn item(view: &View<'_>, item: CompletionItem) -> lsp::CompletionItem {
    let format = if item.snippet {
        lsp::InsertTextFormat::Snippet
    } else {
        lsp::InsertTextFormat::PlainText
    };
    let edit = lsp::TextEdit { range: view.range(item.edit.range), new_text: item.edit.text };
    let markdown = |value| lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value };
    lsp::CompletionItem {
        label: item.label,
        kind: Some(kind(item.kind)),
        detail: item.detail,
        documentation: item.documentation.map(|it| markdown(it).into()),
        sort_text: Some(item.sort_text),
        insert_text_format: Some(format),
        // Lines of a snippet carry their own indentation.
        insert_text_mode: Some(lsp::InsertTextMode::AsIs),
        text_edit: Some(edit.into()),
        ..Default::default()
    }
}

fn kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    match kind {
        CompletionKind::Key => lsp::CompletionItemKind::Property,
        CompletionKind::Entity => lsp::CompletionItemKind::Class,
        CompletionKind::Field => lsp::CompletionItemKind::Field,
        CompletionKind::Type => lsp::CompletionItemKind::TypeParameter,
        CompletionKind::Value => lsp::CompletionItemKind::EnumMember,
        CompletionKind::Action | CompletionKind::Function => lsp::CompletionItemKind::Function,
        CompletionKind::Keyword => lsp::CompletionItemKind::Keyword,
        CompletionKind::Variable => lsp::CompletionItemKind::Variable,
    }
}
