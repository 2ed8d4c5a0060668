//! What the client can do, and what is offered to it.

use crate::handlers;
use crate::names::FileKey;
use crate::preview;
use crate::protocol::lsp;
use camino::Utf8PathBuf;
use specql_text::PositionEncoding;

/// What was agreed on when the session began.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientConfig {
    /// The unit of columns.
    pub(crate) encoding: PositionEncoding,
    /// Folders to index.
    pub(crate) roots: Vec<Utf8PathBuf>,
    /// Can be asked to watch files.
    pub(crate) watches_files: bool,
    /// Shows progress that the server begins.
    pub(crate) shows_progress: bool,
    /// Takes edits that name the version they were made for.
    pub(crate) document_changes: bool,
    /// Shows places beside a diagnostic.
    pub(crate) related_information: bool,
    /// Opens the page of a diagnostic's code.
    pub(crate) code_description: bool,
    /// Tells the target's name from its whole.
    pub(crate) definition_links: bool,
    /// Nests symbols.
    pub(crate) nested_symbols: bool,
    /// Expands `$0` in what a completion inserts.
    pub(crate) snippets: bool,
    /// Asks for the documentation of a proposal when it is looked at.
    pub(crate) resolves_documentation: bool,
    /// Shows Markdown.
    pub(crate) markdown: bool,
    /// Asks for the text of documents that exist only here.
    pub(crate) text_document_content: bool,
    /// Handles a click on a code lens itself.
    pub(crate) own_preview_command: bool,
}

impl ClientConfig {
    pub(crate) fn new(params: &lsp::InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let mut res = Self { roots: roots(params), ..Self::default() };
        res.read_workspace(capabilities);
        res.read_text_document(capabilities);
        let general = capabilities.general.as_ref();
        res.encoding = encoding(general.and_then(|it| it.position_encodings.as_deref()));
        res.shows_progress =
            capabilities.window.as_ref().is_some_and(|it| it.work_done_progress == Some(true));
        res.own_preview_command = capabilities
            .experimental
            .as_ref()
            .and_then(|it| it.pointer("/commands/commands")?.as_array())
            .is_some_and(|it| it.iter().any(|it| it == preview::COMMAND));
        res
    }

    fn read_workspace(&mut self, capabilities: &lsp::ClientCapabilities) {
        let Some(workspace) = &capabilities.workspace else { return };
        self.watches_files = workspace
            .did_change_watched_files
            .as_ref()
            .is_some_and(|it| it.dynamic_registration == Some(true));
        self.document_changes =
            workspace.workspace_edit.as_ref().is_some_and(|it| it.document_changes == Some(true));
        self.text_document_content = workspace.text_document_content.is_some();
    }

    fn read_text_document(&mut self, capabilities: &lsp::ClientCapabilities) {
        let Some(document) = &capabilities.text_document else { return };
        if let Some(it) = &document.publish_diagnostics {
            let it = &it.diagnostics_capabilities;
            self.related_information = it.related_information == Some(true);
            self.code_description = it.code_description_support == Some(true);
        }
        self.definition_links =
            document.definition.as_ref().is_some_and(|it| it.link_support == Some(true));
        self.nested_symbols = document
            .document_symbol
            .as_ref()
            .is_some_and(|it| it.hierarchical_document_symbol_support == Some(true));
        self.snippets = document
            .completion
            .as_ref()
            .and_then(|it| it.completion_item.as_ref())
            .is_some_and(|it| it.snippet_support == Some(true));
        self.resolves_documentation = document
            .completion
            .as_ref()
            .and_then(|it| it.completion_item.as_ref()?.resolve_support.as_ref())
            .is_some_and(|it| it.properties.iter().any(|it| it == "documentation"));
        self.markdown = document
            .hover
            .as_ref()
            .and_then(|it| it.content_format.as_ref())
            .is_none_or(|it| it.contains(&lsp::MarkupKind::Markdown));
    }
}

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
            // Not the colon and the dash: behind them a person may press Enter, which would take
            // the first proposal.
            trigger_characters: Some([" ", ".", "(", ",", "$", "'"].map(String::from).into()),
            ..Default::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        type_definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        rename_provider: Some(
            lsp::RenameOptions { prepare_provider: Some(true), ..Default::default() }.into(),
        ),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: handlers::legend(),
                range: Some(true.into()),
                full: Some(true.into()),
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
                ]),
                ..Default::default()
            }
            .into(),
        ),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        // Clients register what is listed here as commands of their own, so one that has the command
        // already must not be told of it.
        execute_command_provider: (!config.own_preview_command).then(|| {
            lsp::ExecuteCommandOptions {
                commands: vec![preview::COMMAND.to_owned()],
                ..Default::default()
            }
        }),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            text_document_content: Some(
                lsp::TextDocumentContentOptions { schemes: vec![preview::SCHEME.to_owned()] }
                    .into(),
            ),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// UTF-8 when the client knows it, because the program's offsets are UTF-8.
fn encoding(known: Option<&[lsp::PositionEncodingKind]>) -> PositionEncoding {
    let known = known.unwrap_or_default();
    if known.contains(&lsp::PositionEncodingKind::UTF8) {
        PositionEncoding::Utf8
    } else if !known.contains(&lsp::PositionEncodingKind::UTF16)
        && known.contains(&lsp::PositionEncodingKind::UTF32)
    {
        PositionEncoding::Utf32
    } else {
        PositionEncoding::Utf16
    }
}

/// The workspace folders, else the one folder older clients name.
#[expect(deprecated, reason = "clients without workspace folders name their root so")]
fn roots(params: &lsp::InitializeParams) -> Vec<Utf8PathBuf> {
    let folders = &params.workspace_folders_initialize_params.workspace_folders;
    if let Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) = folders {
        return folders.iter().filter_map(|it| folder_path(&it.uri)).collect();
    }
    if let Some(uri) = &params.root_uri {
        return folder_path(uri).into_iter().collect();
    }
    match &params.root_path {
        Some(lsp::RootPath::String(path)) => vec![path.into()],
        _ => Vec::new(),
    }
}

/// The path of a folder, without a slash at its end.
pub(crate) fn folder_path(uri: &lsp::Uri) -> Option<Utf8PathBuf> {
    let key = FileKey::of_uri(uri);
    let path = key.path()?;
    Some(if path.as_str() == "/" {
        path.to_owned()
    } else {
        path.as_str().trim_end_matches('/').into()
    })
}
