//! Previews on the wire: what a client asks for, and what it gets.

use crate::convert::snapshot::View;
use crate::convert::uri;
use crate::protocol::{lsp, method};
use serde::{Deserialize, Serialize};
use specql_ide::{ActionNow, ActionPlace, ArtifactKind, PreviewTarget};

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
    pub(crate) title: String,
    /// The editor's name of the language.
    pub(crate) language: &'static str,
    pub(crate) text: String,
    /// The document that shows this and is kept up to date, for clients that ask for its content.
    pub(crate) uri: lsp::Uri,
}

/// What a document shows.
pub(crate) enum Content {
    /// A text, and the action that it is made of.
    Text(String, Option<ActionPlace>),
    /// What it showed before: the action has no name at the moment.
    AsItWas,
    /// That there is nothing to show.
    Gone,
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

    /// What is asked for. `view` is the file of [`Self::uri`].
    pub(crate) fn target(&self, view: &View<'_>) -> Option<PreviewTarget> {
        let artifact = match &self.artifact {
            Some(name) => Some(ArtifactKind::from_name(name)?),
            None => None,
        };
        let offset = self.position.map_or(0, |it| view.offset(it));
        let there = || view.analysis().preview_target(view.file, offset, artifact);
        let Some(action) = &self.action else { return there() };
        // A place inside of the named action may be about its event.
        let about = || there().filter(|it| it.action.as_ref() == Some(action));
        let artifact = artifact.or_else(|| Some(about()?.artifact)).unwrap_or(ArtifactKind::Action);
        Some(PreviewTarget { file: Some(view.file), action: Some(action.clone()), artifact })
    }

    /// The preview now. `view` is the file of [`Self::uri`].
    pub(crate) fn show(&self, view: &View<'_>) -> Option<PreviewResult> {
        let target = self.target(view)?;
        let preview = view.analysis().preview(&target)?;
        let uri = Self::new(view, &target).document(&preview.title, preview.language);
        Some(PreviewResult {
            title: preview.title,
            language: preview.language,
            text: preview.text,
            uri,
        })
    }

    /// The action that is asked for.
    pub(crate) fn place(&self, view: &View<'_>) -> Option<ActionPlace> {
        view.analysis().action_place(view.file, self.action.as_deref()?)
    }

    /// What the document of the preview shows. `shown` is the action that it showed before, which it
    /// follows when it has another name now. It also says that there is nothing to show: an artifact of
    /// another action would be a lie, and an empty page a riddle.
    pub(crate) fn content(&self, view: &View<'_>, shown: Option<&ActionPlace>) -> Content {
        let place = match shown.map(|it| view.analysis().follow_action(view.file, it)) {
            Some(ActionNow::There(it)) => Some(it),
            Some(ActionNow::Unnamed) => return Content::AsItWas,
            Some(ActionNow::Gone) => return Content::Gone,
            None => self.place(view),
        };
        let name = place.as_ref().map(|it| it.name().to_owned());
        let wanted = Self { action: name.or_else(|| self.action.clone()), ..self.clone() };
        match wanted.show(view) {
            Some(it) => Content::Text(it.text, place),
            None => Content::Gone,
        }
    }

    /// What is shown in place of a preview whose subject is no longer there.
    pub(crate) fn gone(&self) -> String {
        let subject = match &self.action {
            Some(action) => format!("the action `{action}`"),
            None => "the entity".to_owned(),
        };
        let language = self.artifact.as_deref().and_then(ArtifactKind::from_name);
        let comment = match language.map(ArtifactKind::language) {
            Some("sql") => "-- ",
            Some("json") => "// ",
            _ => "",
        };
        format!(
            "{comment}{subject} is no longer in this file: it was renamed or removed.\n\
             {comment}Open the preview of what is there now from its lens.\n"
        )
    }

    /// The document that shows the preview.
    pub(crate) fn document(&self, title: &str, language: &str) -> lsp::Uri {
        // A string and what serialises to strings.
        let query = serde_json::to_string(self).unwrap_or_default();
        let (title, query) = (uri::encode(title, b""), uri::encode(&query, b""));
        format!("{}:/{title}.{language}?{query}", method::PREVIEW_SCHEME).into()
    }

    /// The link that has the client show the preview by its command.
    pub(crate) fn command(&self) -> String {
        // A list of one string or of what serialises to strings.
        let arguments = serde_json::to_string(&[self]).unwrap_or_default();
        format!("command:{}?{}", method::PREVIEW_COMMAND, uri::encode(&arguments, b""))
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
}
