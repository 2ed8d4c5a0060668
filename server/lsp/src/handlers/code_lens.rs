//! `textDocument/codeLens`.

use crate::convert::preview::PreviewParams;
use crate::convert::snapshot::View;
use crate::protocol::{lsp, method};

pub(crate) fn code_lens(view: &View<'_>) -> Option<Vec<lsp::CodeLens>> {
    let lens = |it: specql_ide::CodeLens| lsp::CodeLens {
        range: view.range(it.range),
        command: Some(lsp::Command {
            title: it.title,
            command: method::PREVIEW_COMMAND.to_owned(),
            arguments: Some(vec![serde_json::json!(PreviewParams::new(view, &it.target))]),
            ..Default::default()
        }),
        data: None,
    };
    Some(view.analysis().code_lenses(view.file).into_iter().map(lens).collect())
}
