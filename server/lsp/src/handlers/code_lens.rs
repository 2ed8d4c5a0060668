//! `textDocument/codeLens` and `codeLens/resolve`.

use super::uses::{UsesParams, of_uses};
use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use crate::protocol::{lsp, method};
use specql_ide::LensKind;

pub(crate) fn code_lens(view: &View<'_>) -> Option<Vec<lsp::CodeLens>> {
    if !view.snapshot.config.settings.code_lens {
        return Some(Vec::new());
    }
    let lens = |it: specql_ide::CodeLens| {
        let range = view.range(it.range);
        let command = |title, target: &_| {
            let argument = serde_json::json!(PreviewParams::new(view, target));
            command(title, method::PREVIEW_COMMAND, argument)
        };
        match it.kind {
            LensKind::Preview(title, target) => {
                lsp::CodeLens { range, command: Some(command(title, &target)), data: None }
            }
            LensKind::Uses(of) => {
                let data = UsesParams { uri: view.uri(), position: range.start, of: of_uses(of) };
                lsp::CodeLens { range, command: None, data: serde_json::to_value(data).ok() }
            }
        }
    };
    Some(view.analysis().code_lenses(view.file).into_iter().map(lens).collect())
}

/// The uses that a lens counts; nothing for a lens that is whole.
pub(crate) fn uses_of(lens: &lsp::CodeLens) -> Option<UsesParams> {
    serde_json::from_value(lens.data.clone()?).ok()
}

/// How many uses there are; a click shows them.
pub(crate) fn uses_command(view: &View<'_>, params: &UsesParams) -> lsp::Command {
    let uses = params.find(view);
    let title = specql_ide::uses_title(params.of(), &uses);
    command(title, method::USES_COMMAND, serde_json::json!(params))
}

fn command(title: String, name: &str, argument: lsp::LspAny) -> lsp::Command {
    let arguments = Some(vec![argument]);
    lsp::Command { title, command: name.to_owned(), arguments, ..Default::default() }
}
