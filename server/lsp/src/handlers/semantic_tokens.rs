//! `textDocument/semanticTokens/full` and `…/range`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::TokenKind;

/// The names of kinds by their number.
const TYPES: [(TokenKind, &str); 9] = [
    (TokenKind::Class, "class"),
    (TokenKind::Type, "type"),
    (TokenKind::Property, "property"),
    (TokenKind::EnumMember, "enumMember"),
    (TokenKind::Function, "function"),
    (TokenKind::Parameter, "parameter"),
    (TokenKind::Variable, "variable"),
    (TokenKind::Event, "event"),
    (TokenKind::Keyword, "keyword"),
];

/// The names of modifiers by their bit.
const MODIFIERS: [&str; 2] = ["declaration", "defaultLibrary"];

pub(crate) fn legend() -> lsp::SemanticTokensLegend {
    lsp::SemanticTokensLegend {
        token_types: TYPES.map(|it| it.1.to_owned()).into(),
        token_modifiers: MODIFIERS.map(str::to_owned).into(),
    }
}

/// The tokens of a range, of the whole file without one.
pub(crate) fn semantic_tokens(
    view: &View<'_>,
    range: Option<lsp::Range>,
) -> Option<lsp::SemanticTokens> {
    let text = view.analysis().text(view.file)?;
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let within = range.map_or_else(|| (0..len as usize).into(), |it| view.text_range(it));
    let mut last = lsp::Position::default();
    let mut data = Vec::new();
    for it in view.analysis().semantic_tokens(view.file, within) {
        let lsp::Range { start, end } = view.range(it.range);
        let same_line = start.line == last.line;
        data.push(lsp::SemanticToken {
            delta_line: start.line - last.line,
            delta_start: if same_line { start.character - last.character } else { start.character },
            length: end.character - start.character,
            token_type: number(it.kind),
            token_modifiers_bitset: u32::from(it.declares) | u32::from(it.built_in) << 1,
        });
        last = start;
    }
    Some(lsp::SemanticTokens { result_id: None, data })
}

fn number(kind: TokenKind) -> u32 {
    let at = TYPES.iter().position(|it| it.0 == kind);
    at.and_then(|it| u32::try_from(it).ok()).unwrap_or_default()
}
