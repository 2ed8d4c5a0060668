//! What the client can do.

use crate::convert::file_key::FileKey;
use crate::convert::settings::Settings;
use crate::protocol::{lsp, method};
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
    /// What the person at the client has set.
    pub(crate) settings: Settings,
    /// What of it came when the session began, and counts where nothing else is set.
    pub(crate) settings_at_start: Settings,
    /// Can be asked what is set.
    pub(crate) gives_settings: bool,
    /// Can be asked to tell when something else is set.
    pub(crate) watches_settings: bool,
    /// The process of the client, when it says.
    pub(crate) process: Option<i32>,
    /// Opens a document that the server names.
    pub(crate) shows_documents: bool,
    /// Shows progress that the server begins.
    pub(crate) shows_progress: bool,
    /// Takes edits that name the version they were made for.
    pub(crate) document_changes: bool,
    /// Asks the user about edits that are to be confirmed.
    pub(crate) confirms_changes: bool,
    /// Shows places beside a diagnostic.
    pub(crate) related_information: bool,
    /// Opens the page of a diagnostic's code.
    pub(crate) code_description: bool,
    /// Takes data with a diagnostic.
    pub(crate) diagnostic_data: bool,
    /// Asks for diagnostics instead of being told: it says so in `initializationOptions`, or cannot be
    /// told.
    pub(crate) pulls_diagnostics: bool,
    /// Takes the findings of other files with those that it asks for.
    pub(crate) related_documents: bool,
    /// Asks again when it is told to.
    pub(crate) refreshes_diagnostics: bool,
    /// Asks again for colours.
    pub(crate) refreshes_tokens: bool,
    /// Asks again for lenses.
    pub(crate) refreshes_lenses: bool,
    /// Asks again for hints.
    pub(crate) refreshes_hints: bool,
    /// Tells the target's name from its whole.
    pub(crate) definition_links: bool,
    /// Nests symbols.
    pub(crate) nested_symbols: bool,
    /// Expands `$0` in what a completion inserts.
    pub(crate) snippets: bool,
    /// Accepts a proposal when a character is typed that the proposal names.
    pub(crate) commit_characters: bool,
    /// Asks for the documentation of a proposal when it is looked at.
    pub(crate) resolves_documentation: bool,
    /// Shows Markdown in hovers.
    pub(crate) markdown: bool,
    /// Shows Markdown beside proposals.
    pub(crate) markdown_in_lists: bool,
    /// Asks for the text of documents that exist only here.
    pub(crate) text_document_content: bool,
    /// Wants to be told how the server is.
    pub(crate) takes_status: bool,
    /// Handles a click on the lens of a preview itself.
    pub(crate) own_preview_command: bool,
    /// Handles a click on a lens of uses itself.
    pub(crate) own_uses_command: bool,
    /// Follows links to commands, and to no documents of other schemes.
    pub(crate) command_links: bool,
}

impl ClientConfig {
    pub(crate) fn new(params: &lsp::InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let mut res = Self { roots: roots(params), markdown_in_lists: true, ..Self::default() };
        res.read_workspace(capabilities);
        res.read_text_document(capabilities);
        let wanted = params.initialization_options.as_ref();
        if let Some(wanted) = wanted {
            res.settings_at_start = Settings::read(wanted, Settings::default());
        }
        res.settings = res.settings_at_start;
        if wanted.is_some_and(|it| it.get("pullDiagnostics") == Some(&true.into())) {
            res.pulls_diagnostics = true;
        }
        let general = capabilities.general.as_ref();
        res.encoding = encoding(general.and_then(|it| it.position_encodings.as_deref()));
        res.shows_progress =
            capabilities.window.as_ref().is_some_and(|it| it.work_done_progress == Some(true));
        res.shows_documents = capabilities
            .window
            .as_ref()
            .and_then(|it| it.show_document.as_ref())
            .is_some_and(|it| it.support);
        res.process = params.process_id;
        let own = capabilities.experimental.as_ref();
        let status = own.and_then(|it| it.get("serverStatusNotification"));
        res.takes_status = status == Some(&true.into());
        let links = own.and_then(|it| it.get("commandLinks"));
        res.command_links = links == Some(&true.into());
        let own = own.and_then(|it| it.pointer("/commands/commands")?.as_array());
        let has = |name: &str| own.is_some_and(|it| it.iter().any(|it| it == name));
        res.own_preview_command = has(method::PREVIEW_COMMAND);
        res.own_uses_command = has(method::USES_COMMAND);
        res
    }

    /// Whether a document with a preview's URI has a text there.
    pub(crate) const fn shows_previews(&self) -> bool {
        self.text_document_content || self.own_preview_command
    }

    fn read_workspace(&mut self, capabilities: &lsp::ClientCapabilities) {
        let Some(workspace) = &capabilities.workspace else { return };
        self.watches_files = workspace
            .did_change_watched_files
            .as_ref()
            .is_some_and(|it| it.dynamic_registration == Some(true));
        self.gives_settings = workspace.configuration == Some(true);
        self.watches_settings = workspace
            .did_change_configuration
            .as_ref()
            .is_some_and(|it| it.dynamic_registration == Some(true));
        let edits = workspace.workspace_edit.as_ref();
        self.document_changes = edits.is_some_and(|it| it.document_changes == Some(true));
        self.confirms_changes =
            self.document_changes && edits.is_some_and(|it| it.change_annotation_support.is_some());
        self.refreshes_diagnostics =
            workspace.diagnostics.as_ref().is_some_and(|it| it.refresh_support == Some(true));
        let tokens = workspace.semantic_tokens.as_ref();
        self.refreshes_tokens = tokens.is_some_and(|it| it.refresh_support == Some(true));
        let lenses = workspace.code_lens.as_ref();
        self.refreshes_lenses = lenses.is_some_and(|it| it.refresh_support == Some(true));
        let hints = workspace.inlay_hint.as_ref();
        self.refreshes_hints = hints.is_some_and(|it| it.refresh_support == Some(true));
        self.text_document_content = workspace.text_document_content.is_some();
    }

    fn read_text_document(&mut self, capabilities: &lsp::ClientCapabilities) {
        let Some(document) = &capabilities.text_document else { return };
        if let Some(it) = &document.publish_diagnostics {
            let it = &it.diagnostics_capabilities;
            self.related_information = it.related_information == Some(true);
            self.code_description = it.code_description_support == Some(true);
            self.diagnostic_data = it.data_support == Some(true);
        }
        if let Some(it) = &document.diagnostic {
            self.pulls_diagnostics = document.publish_diagnostics.is_none();
            self.related_documents = it.related_document_support == Some(true);
        }
        self.definition_links =
            document.definition.as_ref().is_some_and(|it| it.link_support == Some(true));
        self.nested_symbols = document
            .document_symbol
            .as_ref()
            .is_some_and(|it| it.hierarchical_document_symbol_support == Some(true));
        if let Some(it) = document.completion.as_ref().and_then(|it| it.completion_item.as_ref()) {
            self.snippets = it.snippet_support == Some(true);
            self.commit_characters = it.commit_characters_support == Some(true);
            let resolved = it.resolve_support.as_ref();
            self.resolves_documentation =
                resolved.is_some_and(|it| it.properties.iter().any(|it| it == "documentation"));
        }
        self.markdown =
            prefers_markdown(document.hover.as_ref().and_then(|it| it.content_format.as_deref()));
        let items = document.completion.as_ref().and_then(|it| it.completion_item.as_ref());
        self.markdown_in_lists =
            prefers_markdown(items.and_then(|it| it.documentation_format.as_deref()));
    }
}

/// Whether Markdown comes first among what a client shows. Who says nothing is given it, as older clients
/// were.
fn prefers_markdown(formats: Option<&[lsp::MarkupKind]>) -> bool {
    formats.is_none_or(|it| it.first() != Some(&lsp::MarkupKind::PlainText))
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
