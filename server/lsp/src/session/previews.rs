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
    pub(crate) text: String,
}

impl Shown {
    /// The same document as it is now.
    pub(crate) fn now(&self, view: &View<'_>) -> Self {
        let mut now = self.clone();
        match self.params.content(view, self.action.as_ref()) {
            Content::Text(text, action) => (now.text, now.action) = (text, action),
            Content::AsItWas => {}
            Content::Gone => now.text = self.params.gone(),
        }
        now
    }

    /// The same when the file that it is made from is gone.
    pub(crate) fn gone(&self) -> Self {
        Self { text: self.params.gone(), ..self.clone() }
    }
}

/// The documents that clients were given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Served(Arc<Mutex<Vec<Shown>>>);

impl Served {
    /// Notes what a document shows.
    pub(crate) fn insert(&self, shown: Shown) {
        self.locked(|it| {
            it.retain(|other| other.document != shown.document);
            it.push(shown);
            if it.len() > SERVED {
                it.remove(0);
            }
        });
    }

    /// The files that documents are made from.
    pub(crate) fn sources(&self) -> Vec<FileKey> {
        self.locked(|it| it.iter().map(|it| it.source.clone()).collect())
    }

    /// What a document showed last.
    pub(crate) fn get(&self, document: &lsp::Uri) -> Option<Shown> {
        self.locked(|it| it.iter().find(|it| it.document == *document).cloned())
    }

    /// The documents whose text, by `show`, is another now. Documents that `show` says nothing about
    /// are as they were.
    pub(crate) fn changed(&self, show: impl Fn(&Shown) -> Option<Shown>) -> Vec<lsp::Uri> {
        let mut res = Vec::new();
        for old in self.locked(|it| it.clone()) {
            let Some(new) = show(&old) else { continue };
            if new.text != old.text {
                res.push(old.document.clone());
            }
            self.insert(new);
        }
        res
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
            let text = String::new();
            served.insert(Shown { document: uri, params, source, action: None, text });
        }
        let changed = served.changed(|it| Some(Shown { text: "new".into(), ..it.clone() }));
        assert_eq!(changed.len(), SERVED);
        assert_eq!(changed.first().map(AsRef::as_ref), Some("file:///2.yaml"));
    }
}
