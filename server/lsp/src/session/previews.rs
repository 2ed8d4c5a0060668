//! The documents of previews that clients were given, kept up to date.

use crate::convert::file_key::FileKey;
use crate::convert::preview::{Content, PreviewParams};
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use specql_ide::ActionPlace;
use std::sync::{Arc, Mutex, PoisonError};

/// Documents that are kept up to date.
const SERVED: usize = 64;

/// A document that a client was given.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) document: lsp::Uri,
    pub(crate) params: PreviewParams,
    /// The file it is made from.
    pub(crate) source: FileKey,
    /// The action that it shows, which it follows through other names.
    pub(crate) action: Option<ActionPlace>,
    pub(crate) text: Arc<str>,
    /// The number of the snapshot from which it was made.
    pub(crate) state: u64,
}

impl Shown {
    /// The same document as it is now.
    pub(crate) fn now(&self, view: &View<'_>) -> Self {
        let mut now = Self { state: view.snapshot.number, ..self.clone() };
        match self.params.content(view, self.action.as_ref()) {
            Content::Text(text, action) => (now.text, now.action) = (text.into(), action),
            Content::AsItWas => {}
            Content::Gone => now.text = self.params.gone().into(),
        }
        now
    }

    /// The same when the file that it is made from is gone, in a state of that number.
    pub(crate) fn gone(&self, state: u64) -> Self {
        Self { text: self.params.gone().into(), state, ..self.clone() }
    }
}

/// The documents that clients were given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Served(Arc<Mutex<Vec<Shown>>>);

impl Served {
    /// Notes what a document shows, unless it shows a later state already: questions and checks are at work
    /// side by side. Whether its text is another now.
    pub(crate) fn insert(&self, shown: Shown) -> bool {
        self.locked(|it| {
            let at = it.iter().position(|other| other.document == shown.document);
            let held = at.map(|at| it.remove(at));
            let is_other = held.as_ref().is_none_or(|held| held.text != shown.text);
            let is_late = |held: &Shown| held.state > shown.state;
            let (shown, is_other) = match held {
                Some(held) if is_late(&held) => (held, false),
                _ => (shown, is_other),
            };
            it.push(shown);
            if it.len() > SERVED {
                it.remove(0);
            }
            is_other
        })
    }

    /// The files that documents are made from.
    pub(crate) fn sources(&self) -> Vec<FileKey> {
        self.locked(|it| it.iter().map(|it| it.source.clone()).collect())
    }

    /// What a document showed last.
    pub(crate) fn get(&self, document: &lsp::Uri) -> Option<Shown> {
        self.locked(|it| it.iter().find(|it| it.document == *document).cloned())
    }

    /// All of them, the one first that was asked for or changed the longest time ago.
    pub(crate) fn all(&self) -> Vec<Shown> {
        self.locked(|it| it.clone())
    }

    fn locked<T>(&self, act: impl FnOnce(&mut Vec<Shown>) -> T) -> T {
        // Entries are whole at every moment, so a panic elsewhere spoils nothing.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_documents_are_forgotten() {
        let served = Served::default();
        for number in 0..SERVED + 2 {
            let uri = lsp::Uri::from(format!("file:///{number}.yaml"));
            let params =
                PreviewParams { uri: uri.clone(), action: None, artifact: None, position: None };
            let source = FileKey::of_uri(&uri);
            let text = Arc::default();
            served.insert(Shown { document: uri, params, source, action: None, text, state: 0 });
        }
        let all = served.all();
        assert_eq!(all.len(), SERVED);
        assert_eq!(all.first().map(|it| it.document.as_ref()), Some("file:///2.yaml"));
    }

    #[test]
    fn an_older_state_does_not_come_back() {
        let served = Served::default();
        let uri = lsp::Uri::from("file:///a.yaml".to_owned());
        let params =
            PreviewParams { uri: uri.clone(), action: None, artifact: None, position: None };
        let shown = |text: &str, state| Shown {
            document: uri.clone(),
            params: params.clone(),
            source: FileKey::of_uri(&uri),
            action: None,
            text: text.into(),
            state,
        };
        assert!(served.insert(shown("first", 1)));
        // A check of the second state ends after a question about the third.
        assert!(served.insert(shown("third", 3)));
        assert!(!served.insert(shown("second", 2)));
        assert_eq!(served.get(&uri).map(|it| it.text).as_deref(), Some("third"));
        assert!(served.insert(shown("fourth", 4)));
    }
}
