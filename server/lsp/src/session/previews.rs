//! The documents of previews that clients were given, kept up to date.

use crate::convert::file_key::FileKey;
use crate::convert::preview::PreviewParams;
use crate::protocol::lsp;
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
    pub(crate) text: String,
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

    /// The documents whose text, by `show`, is another now. Documents that `show` says nothing about
    /// are as they were.
    pub(crate) fn changed(&self, show: impl Fn(&Shown) -> Option<String>) -> Vec<lsp::Uri> {
        let mut res = Vec::new();
        for old in self.locked(|it| it.clone()) {
            if let Some(text) = show(&old).filter(|it| *it != old.text) {
                res.push(old.document.clone());
                self.insert(Shown { text, ..old });
            }
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
            served.insert(Shown { document: uri, params, source, text: String::new() });
        }
        let changed = served.changed(|_| Some("new".into()));
        assert_eq!(changed.len(), SERVED);
        assert_eq!(changed.first().map(AsRef::as_ref), Some("file:///2.yaml"));
    }
}
