//! Previews on the wire: what a client asks for, what it gets, and the documents that it shows.

use crate::names::FileKey;
use crate::protocol::lsp;
use crate::snapshot::View;
use crate::uri;
use serde::{Deserialize, Serialize};
use specql_ide::{ArtifactKind, PreviewTarget};
use std::sync::{Arc, Mutex, PoisonError};

/// What a click on a code lens executes. Its one argument is a [`PreviewParams`].
pub(crate) const COMMAND: &str = "specql.preview";
/// The scheme of documents that show previews.
pub(crate) const SCHEME: &str = "specql-preview";
/// PreviewResult documents that are kept up to date.
const SERVED: usize = 64;

/// Which preview: an artifact of the named action, else what the place is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewParams {
    /// The file of the entity.
    pub(crate) uri: lsp::Uri,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) action: Option<String>,
    /// As named on the command line; without it, the one the place is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<lsp::Position>,
}

/// A preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PreviewResult {
    /// `Post.create_post · action`.
    title: String,
    /// The editor's name of the language.
    language: &'static str,
    pub(crate) text: String,
    /// The document that shows this and is kept up to date, for clients that ask for its content.
    uri: lsp::Uri,
}

impl PreviewParams {
    /// What names a target of `ide`.
    pub(crate) fn new(view: &View<'_>, target: &PreviewTarget) -> Self {
        let file = target.file.and_then(|it| view.snapshot.view(it));
        Self {
            uri: file.as_ref().unwrap_or(view).uri(),
            action: target.action.clone(),
            artifact: Some(target.artifact.name().to_owned()),
            position: None,
        }
    }

    /// What a document of a preview was asked for.
    pub(crate) fn of_document(document: &lsp::Uri) -> Option<Self> {
        let (_, query) = document.as_ref().split_once('?')?;
        serde_json::from_str(&uri::decode(query)?).ok()
    }

    /// The preview now. `view` is the file of [`Self::uri`].
    pub(crate) fn show(&self, view: &View<'_>) -> Option<PreviewResult> {
        let artifact = match &self.artifact {
            Some(name) => Some(ArtifactKind::from_name(name)?),
            None => None,
        };
        let target = match (&self.action, artifact) {
            (Some(action), Some(artifact)) => {
                PreviewTarget { file: Some(view.file), action: Some(action.clone()), artifact }
            }
            _ => {
                let offset = self.position.map_or(0, |it| view.offset(it));
                view.analysis().preview_target(view.file, offset, artifact)?
            }
        };
        let preview = view.analysis().preview(&target)?;
        let uri = Self::new(view, &target).document(&preview.title, preview.language);
        Some(PreviewResult {
            title: preview.title,
            language: preview.language,
            text: preview.text,
            uri,
        })
    }

    fn document(&self, title: &str, language: &str) -> lsp::Uri {
        // A string and what serialises to strings.
        let query = serde_json::to_string(self).unwrap_or_default();
        let (title, query) = (uri::encode(title, b""), uri::encode(&query, b""));
        format!("{SCHEME}:/{title}.{language}?{query}").into()
    }
}

/// The documents that clients were given, and their texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Served(Arc<Mutex<Vec<(lsp::Uri, PreviewParams, String)>>>);

impl Served {
    /// Notes what a document shows.
    pub(crate) fn insert(&self, document: lsp::Uri, params: PreviewParams, text: String) {
        self.locked(|it| {
            it.retain(|(other, _, _)| *other != document);
            it.push((document, params, text));
            if it.len() > SERVED {
                it.remove(0);
            }
        });
    }

    /// The files that documents are made from.
    pub(crate) fn sources(&self) -> Vec<FileKey> {
        self.locked(|it| it.iter().map(|(_, params, _)| FileKey::of_uri(&params.uri)).collect())
    }

    /// The documents whose text, by `show`, is another now. Documents that `show` says nothing about
    /// are as they were.
    pub(crate) fn changed(
        &self,
        show: impl Fn(&FileKey, &PreviewParams) -> Option<String>,
    ) -> Vec<lsp::Uri> {
        let served = self.locked(|it| it.clone());
        let mut res = Vec::new();
        for (document, params, text) in served {
            let now = show(&FileKey::of_uri(&params.uri), &params);
            if let Some(now) = now.filter(|it| *it != text) {
                self.insert(document.clone(), params, now);
                res.push(document);
            }
        }
        res
    }

    fn locked<T>(&self, act: impl FnOnce(&mut Vec<(lsp::Uri, PreviewParams, String)>) -> T) -> T {
        // Entries are whole at every moment, so a panic elsewhere spoils nothing.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_what_it_was_asked_for() {
        let params = PreviewParams {
            uri: "file:///a%20b/ü&?.yaml".into(),
            action: Some("create \"x\"".into()),
            artifact: Some("action".into()),
            position: None,
        };
        let document = params.document("Post.create · action", "sql");
        assert_eq!(PreviewParams::of_document(&document), Some(params));
        assert!(
            document.as_ref().starts_with("specql-preview:/Post.create%20%C2%B7%20action.sql?")
        );
    }

    #[test]
    fn the_oldest_documents_are_forgotten() {
        let served = Served::default();
        for number in 0..SERVED + 2 {
            let uri = lsp::Uri::from(format!("file:///{number}.yaml"));
            let params =
                PreviewParams { uri: uri.clone(), action: None, artifact: None, position: None };
            served.insert(uri, params, String::new());
        }
        let changed = served.changed(|_, _| Some("new".into()));
        assert_eq!(changed.len(), SERVED);
        assert_eq!(changed.first().map(AsRef::as_ref), Some("file:///2.yaml"));
    }
}
