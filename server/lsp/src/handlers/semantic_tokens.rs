//! `textDocument/semanticTokens/full`, `…/full/delta` and `…/range`.

use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::TokenKind;
use std::sync::{Arc, Mutex, PoisonError};

/// Documents whose tokens are remembered.
const REMEMBERED: usize = 32;

/// What a token is on the wire.
const NUMBERS: usize = 5;

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

/// The tokens that the client has, by document, so that it can be told what differs.
#[derive(Clone, Default)]
pub(crate) struct Given(Arc<Mutex<Remembered>>);

#[derive(Default)]
struct Remembered {
    last_id: u64,
    tokens: Vec<(lsp::Uri, lsp::SemanticTokens)>,
}

impl Given {
    /// All tokens of a file, with an id by which the client can ask for what differs from them.
    pub(crate) fn full(&self, view: &View<'_>) -> Option<lsp::SemanticTokens> {
        Some(self.remember(view, semantic_tokens(view, None)?).1)
    }

    /// What differs from the tokens of an id; all of them when the client has others.
    pub(crate) fn delta(
        &self,
        view: &View<'_>,
        previous: &str,
    ) -> Option<lsp::SemanticTokensDeltaResponse> {
        let (old, new) = self.remember(view, semantic_tokens(view, None)?);
        let old = old.filter(|it| it.result_id.as_deref() == Some(previous));
        Some(match old {
            Some(old) => {
                let edits = edits(&old.data, &new.data);
                lsp::SemanticTokensDelta { result_id: new.result_id, edits }.into()
            }
            None => new.into(),
        })
    }

    /// Notes what the client will have; gives what it had.
    fn remember(
        &self,
        view: &View<'_>,
        new: lsp::SemanticTokens,
    ) -> (Option<lsp::SemanticTokens>, lsp::SemanticTokens) {
        // Entries are whole at every moment, so a panic elsewhere spoils nothing.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.last_id += 1;
        let new = lsp::SemanticTokens { result_id: Some(known.last_id.to_string()), ..new };
        let uri = view.uri();
        let place = known.tokens.iter().position(|it| it.0 == uri);
        let old = place.map(|it| known.tokens.remove(it).1);
        known.tokens.push((uri, new.clone()));
        if known.tokens.len() > REMEMBERED {
            known.tokens.remove(0);
        }
        (old, new)
    }
}

/// The one edit between what two lists of tokens have in common at their ends.
fn edits(old: &[lsp::SemanticToken], new: &[lsp::SemanticToken]) -> Vec<lsp::SemanticTokensEdit> {
    let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(begin..).unwrap_or_default(), new.get(begin..).unwrap_or_default());
    let same = old.iter().rev().zip(new.iter().rev());
    let end = same.take_while(|(old, new)| old == new).count();
    let (gone, come) = (old.len() - end, new.get(..new.len() - end).unwrap_or_default());
    if gone == 0 && come.is_empty() {
        return Vec::new();
    }
    let data = come.iter().flat_map(|it| {
        [it.delta_line, it.delta_start, it.length, it.token_type, it.token_modifiers_bitset]
    });
    let count = |tokens: usize| u32::try_from(tokens * NUMBERS).unwrap_or(u32::MAX);
    let data = Some(data.collect());
    vec![lsp::SemanticTokensEdit { start: count(begin), delete_count: count(gone), data }]
}

fn number(kind: TokenKind) -> u32 {
    let at = TYPES.iter().position(|it| it.0 == kind);
    at.and_then(|it| u32::try_from(it).ok()).unwrap_or_default()
}
