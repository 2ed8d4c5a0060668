//! Requests, commands and documents of SpecQL's own.

use super::{Server, request_failed};
use crate::convert::built_ins;
use crate::convert::preview::{PreviewParams, PreviewResult};
use crate::convert::uri;
use crate::handlers::artifacts::{self, ArtifactChoice};
use crate::handlers::diff::{self, DiffParams, DiffResult};
use crate::handlers::event_flow::{self, EventFlowParams, EventFlowResult};
use crate::handlers::outline::{self, OutlineItem};
use crate::handlers::source_map::{self, SourceMapResult};
use crate::handlers::uses::{self, LineageResult, UseItem, UsesParams};
use crate::protocol::{Error, Result, lsp, method};
use crate::session::previews::Shown;
use serde::de::DeserializeOwned;
use specql_ide::ActionNow;
use std::sync::Arc;

impl Server {
    /// The request `specql/preview`.
    pub(crate) async fn preview(&self, params: PreviewParams) -> Result<Option<PreviewResult>> {
        self.ask(params.uri.clone(), move |view| params.show(view)).await
    }

    /// The request `specql/sourceMap`: of a preview's document back to the file.
    pub(crate) async fn source_map(
        &self,
        params: PreviewParams,
    ) -> Result<Option<SourceMapResult>> {
        match (PreviewParams::of_document(&params.uri), params.position) {
            (Some(wanted), Some(position)) => {
                let shown = self.served.get(&params.uri).and_then(|it| it.action);
                self.ask(wanted.uri.clone(), move |view| {
                    // The document follows an action that may have another name by now.
                    let now = shown.as_ref().map(|it| view.analysis().follow_action(view.file, it));
                    let action = match now {
                        Some(ActionNow::There(it)) => Some(it.name().to_owned()),
                        _ => wanted.action.clone(),
                    };
                    let wanted = PreviewParams { action, ..wanted.clone() };
                    source_map::to_file(view, &wanted, position)
                })
                .await
            }
            _ => self.ask(params.uri.clone(), move |it| source_map::to_preview(it, &params)).await,
        }
    }

    /// The request `specql/artifacts`.
    pub(crate) async fn artifacts(
        &self,
        params: PreviewParams,
    ) -> Result<Option<Vec<ArtifactChoice>>> {
        self.ask(params.uri.clone(), move |view| Some(artifacts::artifacts(view, &params))).await
    }

    /// The request `specql/outline`.
    pub(crate) async fn outline(&self) -> Result<Vec<OutlineItem>> {
        self.ask_all(outline::outline).await
    }

    /// The request `specql/references`.
    pub(crate) async fn uses(&self, params: UsesParams) -> Result<Option<Vec<UseItem>>> {
        self.ask(params.uri.clone(), move |view| Some(uses::uses(view, &params))).await
    }

    /// The request `specql/diff`.
    pub(crate) async fn diff(&self, params: DiffParams) -> Result<Option<DiffResult>> {
        let uri = params.preview.uri.clone();
        let answer = self.ask(uri, move |view| Some(diff::diff(view, &params))).await?;
        answer.unwrap_or(Ok(None)).map_err(request_failed)
    }

    /// The request `specql/eventFlow`.
    pub(crate) async fn event_flow(
        &self,
        params: EventFlowParams,
    ) -> Result<Option<EventFlowResult>> {
        self.ask(params.uri, event_flow::event_flow).await
    }

    /// The request `specql/lineage`.
    pub(crate) async fn lineage(&self, params: UsesParams) -> Result<Option<LineageResult>> {
        self.ask(params.uri.clone(), move |view| uses::lineage(view, params.position)).await
    }

    /// What a click on a lens executes in a client that leaves it to the server.
    pub(super) async fn execute(
        &self,
        params: lsp::ExecuteCommandParams,
    ) -> Result<Option<lsp::LspAny>> {
        let arguments = params.arguments.unwrap_or_default();
        match params.command.as_str() {
            method::PREVIEW_COMMAND => {
                let preview = self.preview(argument(arguments)?).await?;
                preview.iter().for_each(|it| self.show(it));
                Ok(preview.map(|it| serde_json::json!(it)))
            }
            method::USES_COMMAND => {
                let wanted: UsesParams = argument(arguments)?;
                let uri = wanted.uri.clone();
                let found = self.ask(uri, move |view| Some(uses::executed(view, &wanted))).await?;
                Ok(found.map(|(page, items)| {
                    self.show_uses(page);
                    serde_json::json!(items)
                }))
            }
            other => Err(Error::invalid_params(format!("unknown command `{other}`"))),
        }
    }

    /// The text of a document of this server.
    pub(super) async fn content(&self, document: lsp::Uri) -> Result<String> {
        if built_ins::is_document(&document) {
            return Ok(specql_ide::built_ins().to_owned());
        }
        let Some(wanted) = PreviewParams::of_document(&document) else {
            return Err(Error::invalid_params("not the URI of a preview"));
        };
        let (served, gone) = (self.served.clone(), wanted.gone());
        let text = self.ask(wanted.uri.clone(), move |view| {
            let new = || Shown {
                document: document.clone(),
                params: wanted.clone(),
                source: view.key.clone(),
                action: wanted.place(view),
                text: Arc::default(),
                state: 0,
            };
            let held = served.get(&document).unwrap_or_else(new);
            let is_up_to_date = held.state == view.snapshot.number;
            let shown = if is_up_to_date { held } else { held.now(view) };
            let text = shown.text.to_string();
            served.insert(shown);
            Some(text)
        });
        Ok(text.await?.unwrap_or(gone))
    }

    /// Opens a preview in a client that has no command of its own for it: as a document of this server
    /// where the client asks for those, else as a file.
    fn show(&self, preview: &PreviewResult) {
        let Some(config) = self.config.get() else { return };
        if !config.shows_documents || config.own_preview_command {
            return;
        }
        let uri = if config.text_document_content {
            Some(preview.uri.clone())
        } else {
            let name = format!("{}.{}", preview.title, preview.language);
            uri::of_written(&name, &preview.text)
        };
        if let Some(uri) = uri {
            self.open(uri, None);
        }
    }

    /// Opens the one place, or a list of several as a file.
    fn show_uses(&self, page: uses::Page) {
        if !self.config.get().is_some_and(|it| it.shows_documents) {
            return;
        }
        match page {
            uses::Page::One(it) => self.open(it.uri, Some(it.range)),
            uses::Page::Listed { name, text } => {
                if let Some(uri) = uri::of_written(&name, &text) {
                    self.open(uri, None);
                }
            }
        }
    }

    fn open(&self, uri: lsp::Uri, selection: Option<lsp::Range>) {
        self.client.request::<lsp::ShowDocumentRequest>(lsp::ShowDocumentParams {
            uri,
            external: Some(false),
            take_focus: Some(selection.is_some()),
            selection,
        });
    }
}

/// The one argument of a command.
fn argument<T: DeserializeOwned>(arguments: Vec<lsp::LspAny>) -> Result<T> {
    let argument = arguments.into_iter().next().unwrap_or_default();
    serde_json::from_value(argument).map_err(|error| Error::invalid_params(error.to_string()))
}
