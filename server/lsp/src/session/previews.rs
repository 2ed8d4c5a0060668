//! The documents of previews that clients were given, kept up to date.

use crate::convert::file_key::FileKey;
use crate::convert::preview::PreviewParams;
use crate::protocol::lsp;
use std::sync::{Arc, Mutex, PoisonError};

/// Documents that are kept up to date.
const SERVED: usize = 64;

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
