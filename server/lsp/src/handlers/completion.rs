//! `textDocument/completion` and `completionItem/resolve`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use serde::{Deserialize, Serialize};
use specql_ide::{CompletionItem, CompletionKind};

pub(crate) fn completion(
    view: &View<'_>,
    position: lsp::Position,
    context: Option<&lsp::CompletionContext>,
) -> Option<lsp::CompletionResponse> {
    let trigger = context.and_then(|it| it.trigger_character.as_deref()?.chars().next());
    let (analysis, offset) = (view.analysis(), view.offset(position));
    let is_resolved = view.snapshot.config.resolves_documentation;
    let found = if is_resolved {
        analysis.undocumented_completions(view.file, offset, trigger)
    } else {
        analysis.completions(view.file, offset, trigger)
    };
    let place = is_resolved.then(|| Place { uri: view.uri(), position });
    let place = place.and_then(|it| serde_json::to_value(it).ok());
    let items = found.items.into_iter().map(|it| item(view, it, place.as_ref())).collect();
    // A list of the names that are known so far does not wait for the others.
    let is_incomplete = found.is_incomplete || view.snapshot.is_partial;
    let list = lsp::CompletionList { is_incomplete, items, ..Default::default() };
    Some(list.into())
}

/// Where a list was asked for: its items get their documentation later.
#[derive(Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) uri: lsp::Uri,
    pub(crate) position: lsp::Position,
}

/// The documentation of a proposal, when it is offered at that place still.
pub(crate) fn completion_documentation(
    view: &View<'_>,
    position: lsp::Position,
    label: &str,
) -> Option<lsp::Documentation> {
    let found = view.analysis().completions(view.file, view.offset(position), None);
    let item = found.items.into_iter().find(|it| it.label == label)?;
    item.documentation.map(|it| documentation(view, it))
}

fn documentation(view: &View<'_>, value: String) -> lsp::Documentation {
    let kind = if view.snapshot.config.markdown_in_lists {
        lsp::MarkupKind::Markdown
    } else {
        lsp::MarkupKind::PlainText
    };
    lsp::MarkupContent { kind, value }.into()
}

fn item(view: &View<'_>, item: CompletionItem, place: Option<&lsp::LspAny>) -> lsp::CompletionItem {
    let (format, new_text) = match (item.snippet, view.snapshot.config.snippets) {
        (true, true) => (lsp::InsertTextFormat::Snippet, item.edit.text),
        (true, false) => (lsp::InsertTextFormat::PlainText, without_places(&item.edit.text)),
        (false, _) => (lsp::InsertTextFormat::PlainText, item.edit.text),
    };
    let edit = lsp::TextEdit { range: view.range(item.edit.range), new_text };
    lsp::CompletionItem {
        label: item.label,
        kind: Some(kind(item.kind)),
        detail: item.detail,
        documentation: item
            .documentation
            .filter(|_| place.is_none())
            .map(|it| documentation(view, it)),
        sort_text: Some(item.sort_text),
        insert_text_format: Some(format),
        // Further lines are indented relative to the cursor's.
        insert_text_mode: Some(lsp::InsertTextMode::AdjustIndentation),
        text_edit: Some(edit.into()),
        commit_characters: (item.goes_on && view.snapshot.config.commit_characters)
            .then(|| vec![".".to_owned()]),
        data: place.cloned(),
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

/// A snippet as text: `$0` and `${1}` are nothing, `${1:name}` is `name`, `\$` is `$`.
fn without_places(snippet: &str) -> String {
    let mut res = String::with_capacity(snippet.len());
    let mut open_places = 0_u32;
    let mut rest = snippet.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => res.extend(rest.next()),
            '$' => {
                let braced = rest.next_if_eq(&'{').is_some();
                while rest.next_if(char::is_ascii_digit).is_some() {}
                if braced {
                    rest.next_if_eq(&':');
                    open_places += 1;
                }
            }
            '}' if open_places > 0 => open_places -= 1,
            it => res.push(it),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_without_its_places_is_plain_text() {
        for (snippet, text) in [
            ("name: $0", "name: "),
            ("${1:User} SET ${2:field} = ${3}$0", "User SET field = "),
            ("a: \\$x {}${1:{b\\}}", "a: $x {}{b}"),
            ("é", "é"),
        ] {
            assert_eq!(without_places(snippet), text, "{snippet}");
        }
    }
}
