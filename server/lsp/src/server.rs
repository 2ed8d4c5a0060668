//! Which message does what.
//!
//! Invariant: no handler awaits anything before its job is in the worker's queue, so jobs are in the
//! order of messages.

mod ask;
mod own;
mod parts;

use crate::convert::client_config::{ClientConfig, folder_path};
use crate::convert::snapshot::{Snapshot, from_protocol};
use crate::handlers;
use crate::handlers::capabilities::offered;
use crate::protocol::{Error, ErrorCode, LanguageServer, Result, lsp};
use crate::session::job::{Job, Jobs};
use crate::session::previews::Served;
use crate::transport::client::ClientHandle;
use crate::transport::parent::{self, Gone};
use crate::transport::trace::Trace;
use specql_text::Change;
use std::sync::{Arc, OnceLock};

/// The handlers: they turn messages into jobs.
pub(crate) struct Server {
    jobs: Jobs,
    served: Served,
    client: ClientHandle,
    /// Told when the client's process has died.
    gone: Gone,
    trace: Trace,
    /// The colours that the client has.
    tokens: handlers::Given,
    /// What was agreed on.
    config: OnceLock<ClientConfig>,
}

impl Server {
    pub(crate) fn new(
        jobs: Jobs,
        served: Served,
        client: ClientHandle,
        gone: Gone,
        trace: Trace,
    ) -> Self {
        let tokens = handlers::Given::default();
        Self { jobs, served, client, gone, trace, tokens, config: OnceLock::new() }
    }

    /// The notification `$/setTrace`.
    pub(crate) async fn set_trace(&self, params: lsp::SetTraceParams) {
        self.trace.set(&params.value);
    }

    /// The notification `window/workDoneProgress/cancel`.
    pub(crate) async fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        self.jobs.send(Job::CancelProgress(params.token));
    }
}

/// The protocol's code of a request that the server gives up.
const SERVER_CANCELLED: i64 = -32802;

/// What is given up of diagnostics because the document has another text now, the client asks for again.
fn asked_again(error: Error) -> Error {
    if error.code != ErrorCode::ContentModified {
        return error;
    }
    let data = lsp::DiagnosticServerCancellationData { retrigger_request: true };
    Error {
        code: ErrorCode::from(SERVER_CANCELLED),
        message: "the document was changed before it could be checked".into(),
        data: serde_json::to_value(data).ok(),
    }
}

/// The protocol's code of a request that was understood and cannot be done.
const REQUEST_FAILED: i64 = -32803;

fn request_failed(message: String) -> Error {
    Error { code: ErrorCode::from(REQUEST_FAILED), message: message.into(), data: None }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        if let Some(it) = &params.trace {
            self.trace.set(it);
        }
        let config = ClientConfig::new(&params);
        if let Some(process) = config.process {
            parent::watch(process, Gone::clone(&self.gone));
        }
        let capabilities = offered(&config);
        // Asked for once: the router refuses a second time.
        let _ = self.config.set(config.clone());
        self.jobs.send(Job::Initialize(config));
        let server_info = lsp::ServerInfo {
            name: "specql-lsp".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        };
        Ok(lsp::InitializeResult { capabilities, server_info: Some(server_info) })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.jobs.send(Job::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.jobs.send(Job::Open { uri, version, text });
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let version = params.text_document.version;
        let uri = params.text_document.text_document_identifier.uri;
        let changes = params.content_changes.into_iter().map(change).collect();
        self.jobs.send(Job::Change { uri, version, changes });
    }

    async fn did_save(&self, _: lsp::DidSaveTextDocumentParams) {
        self.jobs.send(Job::Save);
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        self.jobs.send(Job::Close { uri: params.text_document.uri });
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        self.jobs.send(Job::Configured(params.settings));
    }

    async fn did_change_watched_files(&self, params: lsp::DidChangeWatchedFilesParams) {
        // What happened to a file is read from the disk: events of one file overtake each other.
        let files = params.changes.into_iter().map(|it| it.uri).collect();
        self.jobs.send(Job::Watched(files));
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<lsp::WorkspaceFolder>| {
            folders.iter().filter_map(|it| folder_path(&it.uri)).collect()
        };
        let (added, removed) = (paths(params.event.added), paths(params.event.removed));
        self.jobs.send(Job::Folders { added, removed });
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::hover(view, position)).await
    }

    async fn goto_definition(
        &self,
        params: lsp::DefinitionParams,
    ) -> Result<Option<lsp::DefinitionResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::definition(view, position)).await
    }

    async fn goto_declaration(
        &self,
        params: lsp::DeclarationParams,
    ) -> Result<Option<lsp::DeclarationResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::declaration(view, position)).await
    }

    async fn goto_type_definition(
        &self,
        params: lsp::TypeDefinitionParams,
    ) -> Result<Option<lsp::TypeDefinitionResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::type_definition(view, position)).await
    }

    async fn goto_implementation(
        &self,
        params: lsp::ImplementationParams,
    ) -> Result<Option<lsp::ImplementationResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::implementation(view, position)).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: lsp::CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::prepare_call_hierarchy(view, position))
            .await
    }

    async fn incoming_calls(
        &self,
        params: lsp::CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
        let item = params.item;
        self.ask(item.uri.clone(), move |view| handlers::incoming_calls(view, &item)).await
    }

    async fn outgoing_calls(
        &self,
        params: lsp::CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
        let item = params.item;
        self.ask(item.uri.clone(), move |view| handlers::outgoing_calls(view, &item)).await
    }

    async fn prepare_type_hierarchy(
        &self,
        params: lsp::TypeHierarchyPrepareParams,
    ) -> Result<Option<Vec<lsp::TypeHierarchyItem>>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::prepare_type_hierarchy(view, position))
            .await
    }

    async fn supertypes(
        &self,
        params: lsp::TypeHierarchySupertypesParams,
    ) -> Result<Option<Vec<lsp::TypeHierarchyItem>>> {
        self.ask(params.item.uri, handlers::supertypes).await
    }

    async fn subtypes(
        &self,
        params: lsp::TypeHierarchySubtypesParams,
    ) -> Result<Option<Vec<lsp::TypeHierarchyItem>>> {
        self.ask(params.item.uri, handlers::subtypes).await
    }

    async fn symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        let query: Arc<str> = params.query.into();
        let ask = || {
            let query = Arc::clone(&query);
            self.ask_all(move |all| {
                let found = handlers::workspace_symbol(all, &query);
                (found, all.iter().flat_map(Snapshot::all_sources).collect())
            })
        };
        let (mut found, files) = ask().await?;
        if self.is_outdated(files).await {
            found = ask().await?.0;
        }
        let token = params.partial_result_params.partial_result_token;
        Ok(Some(self.in_parts(token.as_ref(), found).into()))
    }

    async fn formatting(
        &self,
        params: lsp::DocumentFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.ask_file(params.text_document.uri, handlers::formatting).await
    }

    async fn range_formatting(
        &self,
        params: lsp::DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let range = params.range;
        self.ask_file(params.text_document.uri, move |view| handlers::range_formatting(view, range))
            .await
    }

    async fn on_type_formatting(
        &self,
        params: lsp::DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<lsp::TextEdit>>> {
        let position = params.position;
        let uri = params.text_document.uri;
        self.ask_file(uri, move |view| handlers::on_type_formatting(view, position)).await
    }

    async fn inlay_hint(
        &self,
        params: lsp::InlayHintParams,
    ) -> Result<Option<Vec<lsp::InlayHint>>> {
        let range = params.range;
        self.ask(params.text_document.uri, move |view| handlers::inlay_hint(view, range)).await
    }

    async fn document_link(
        &self,
        params: lsp::DocumentLinkParams,
    ) -> Result<Option<Vec<lsp::DocumentLink>>> {
        self.ask(params.text_document.uri, handlers::document_link).await
    }

    async fn linked_editing_range(
        &self,
        params: lsp::LinkedEditingRangeParams,
    ) -> Result<Option<lsp::LinkedEditingRanges>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask_file(text_document.uri, move |view| handlers::linked_editing_range(view, position))
            .await
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReport> {
        let previous = params.previous_result_id;
        let report = self.ask(params.text_document.uri, move |view| {
            handlers::document_diagnostic(view, previous.as_deref())
        });
        Ok(report.await.map_err(asked_again)?.unwrap_or_else(|| {
            lsp::DocumentDiagnosticReport::from(lsp::RelatedFullDocumentDiagnosticReport::default())
        }))
    }

    async fn workspace_diagnostic(
        &self,
        params: lsp::WorkspaceDiagnosticParams,
    ) -> Result<lsp::WorkspaceDiagnosticReport> {
        let previous = params.previous_result_ids;
        let token = params.partial_result_params.partial_result_token;
        let client = self.client.clone();
        self.ask_all(move |all| {
            let mut items = Vec::new();
            handlers::workspace_diagnostic(all, &previous, |mut part| match &token {
                Some(it) => {
                    let part = lsp::WorkspaceDiagnosticReport { items: part };
                    parts::tell(&client, it, part);
                }
                None => items.append(&mut part),
            });
            lsp::WorkspaceDiagnosticReport { items }
        })
        .await
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let all = params.context.include_declaration;
        let token = params.partial_result_params.partial_result_token;
        let found =
            self.ask(text_document.uri, move |view| handlers::references(view, position, all));
        Ok(found.await?.map(|it| self.in_parts(token.as_ref(), it)))
    }

    async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask(text_document.uri, move |view| handlers::document_highlight(view, position)).await
    }

    async fn prepare_rename(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResult>> {
        let position = params.position;
        self.ask(params.text_document.uri, move |view| handlers::prepare_rename(view, position))
            .await
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let name = params.new_name;
        let renamed = self
            .ask(text_document.uri, move |view| handlers::rename(view, position, &name))
            .await?
            .transpose()
            .map_err(request_failed)?;
        Ok(renamed.map(|it| {
            if let Some(message) = it.said {
                self.client.show(lsp::MessageType::Info, message);
            }
            it.edit
        }))
    }

    async fn will_rename_files(
        &self,
        params: lsp::RenameFilesParams,
    ) -> Result<Option<lsp::WorkspaceEdit>> {
        self.ask_all(move |all| handlers::will_rename_files(all, &params.files)).await
    }

    async fn semantic_tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        let given = self.tokens.clone();
        self.ask_for_colours(params.text_document.uri, move |view| given.full(view)).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
        let (given, previous) = (self.tokens.clone(), params.previous_result_id);
        self.ask_for_colours(params.text_document.uri, move |view| given.delta(view, &previous))
            .await
    }

    async fn semantic_tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokens>> {
        let range = Some(params.range);
        self.ask_for_colours(params.text_document.uri, move |view| {
            handlers::semantic_tokens(view, range)
        })
        .await
    }

    async fn folding_range(
        &self,
        params: lsp::FoldingRangeParams,
    ) -> Result<Option<Vec<lsp::FoldingRange>>> {
        self.ask_file(params.text_document.uri, handlers::folding_range).await
    }

    async fn selection_range(
        &self,
        params: lsp::SelectionRangeParams,
    ) -> Result<Option<Vec<lsp::SelectionRange>>> {
        let positions = params.positions;
        self.ask_file(params.text_document.uri, move |view| {
            handlers::selection_range(view, &positions)
        })
        .await
    }

    async fn completion(
        &self,
        params: lsp::CompletionParams,
    ) -> Result<Option<lsp::CompletionResponse>> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        self.ask_file(text_document.uri, move |view| {
            handlers::completion(view, position, params.context.as_ref())
        })
        .await
    }

    async fn completion_resolve(
        &self,
        mut item: lsp::CompletionItem,
    ) -> Result<lsp::CompletionItem> {
        let place = item.data.clone().map(serde_json::from_value::<handlers::Place>);
        if let Some(Ok(place)) = place {
            let label = item.label.clone();
            item.documentation = self
                .ask_file(place.uri, move |view| {
                    handlers::completion_documentation(view, place.position, &label)
                })
                .await?;
        }
        Ok(item)
    }

    async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        self.ask_file(params.text_document.uri, handlers::document_symbol).await
    }

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        self.ask(params.text_document.uri, handlers::code_lens).await
    }

    async fn code_lens_resolve(&self, lens: lsp::CodeLens) -> Result<lsp::CodeLens> {
        let Some(of) = handlers::uses_of(&lens) else { return Ok(lens) };
        let uri = of.uri.clone();
        let command = self.ask(uri, move |view| Some(handlers::uses_command(view, &of))).await?;
        Ok(lsp::CodeLens { command, ..lens })
    }

    async fn code_action(
        &self,
        params: lsp::CodeActionParams,
    ) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        let (range, context) = (params.range, params.context);
        self.ask(params.text_document.uri, move |view| handlers::code_action(view, range, &context))
            .await
    }

    async fn execute_command(
        &self,
        params: lsp::ExecuteCommandParams,
    ) -> Result<Option<lsp::LspAny>> {
        self.execute(params).await
    }

    async fn text_document_content(
        &self,
        params: lsp::TextDocumentContentParams,
    ) -> Result<lsp::TextDocumentContentResult> {
        self.content(params.uri).await.map(|text| lsp::TextDocumentContentResult { text })
    }
}

fn change(event: lsp::TextDocumentContentChangeEvent) -> Change {
    match event {
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(it) => {
            Change::between(from_protocol(it.range.start), from_protocol(it.range.end), it.text)
        }
        lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(it) => {
            Change::whole(it.text)
        }
    }
}
