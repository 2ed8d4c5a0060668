//! What is offered to the client.

use crate::convert::client_config::ClientConfig;
use crate::protocol::{lsp, method};
use specql_text::PositionEncoding;

/// What the server offers.
pub(crate) fn offered(config: &ClientConfig) -> lsp::ServerCapabilities {
    let kind = match config.encoding {
        PositionEncoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        PositionEncoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        PositionEncoding::Utf32 => lsp::PositionEncodingKind::UTF32,
    };
    lsp::ServerCapabilities {
        position_encoding: Some(kind),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Incremental),
            save: Some(lsp::Save::SaveOptions(lsp::SaveOptions { include_text: Some(false) })),
            ..Default::default()
        })),
        completion_provider: Some(lsp::CompletionOptions {
            resolve_provider: Some(true),
            // Not the colon, the dash and the comma: behind them a person may press Enter, which would
            // take the first proposal.
            trigger_characters: Some([" ", ".", "(", "$", "'"].map(String::from).into()),
            ..Default::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        declaration_provider: Some(true.into()),
        type_definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_owned(),
            more_trigger_character: None,
        }),
        inlay_hint_provider: Some(true.into()),
        document_link_provider: Some(lsp::DocumentLinkOptions::default()),
        linked_editing_range_provider: Some(true.into()),
        diagnostic_provider: config.pulls_diagnostics.then(|| {
            lsp::DiagnosticOptions {
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..Default::default()
            }
            .into()
        }),
        implementation_provider: Some(true.into()),
        call_hierarchy_provider: Some(true.into()),
        type_hierarchy_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        rename_provider: Some(
            lsp::RenameOptions { prepare_provider: Some(true), ..Default::default() }.into(),
        ),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: super::legend(),
                range: Some(true.into()),
                full: Some(lsp::SemanticTokensFullDelta { delta: Some(true) }.into()),
                ..Default::default()
            }
            .into(),
        ),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![
                    lsp::CodeActionKind::QuickFix,
                    lsp::CodeActionKind::RefactorRewrite,
                    lsp::CodeActionKind::RefactorExtract,
                    lsp::CodeActionKind::RefactorInline,
                    super::code_action::fix_all_kind(),
                ]),
                ..Default::default()
            }
            .into(),
        ),
        code_lens_provider: Some(lsp::CodeLensOptions {
            resolve_provider: Some(true),
            ..Default::default()
        }),
        execute_command_provider: commands(config),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            file_operations: Some(lsp::FileOperationOptions {
                will_rename: Some(super::file_rename::registration()),
                ..Default::default()
            }),
            text_document_content: Some(
                lsp::TextDocumentContentOptions {
                    schemes: [method::PREVIEW_SCHEME, method::BUILT_INS_SCHEME]
                        .map(String::from)
                        .into(),
                }
                .into(),
            ),
        }),
        ..Default::default()
    }
}

/// The commands that the server executes. Clients register what is listed here as commands of their own,
/// so one that has a command already must not be told of it.
fn commands(config: &ClientConfig) -> Option<lsp::ExecuteCommandOptions> {
    let own = [
        (method::PREVIEW_COMMAND, config.own_preview_command),
        (method::USES_COMMAND, config.own_uses_command),
    ];
    let commands = own.into_iter().filter(|it| !it.1).map(|it| it.0.to_owned());
    let commands: Vec<String> = commands.collect();
    (!commands.is_empty()).then(|| lsp::ExecuteCommandOptions { commands, ..Default::default() })
}
