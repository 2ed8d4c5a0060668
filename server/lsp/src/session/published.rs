//! The one owner of published diagnostics.
//!
//! Invariant: what was published last for each file is known, so that a publication that would change
//! nothing is not sent, and none is left behind when its file, or the spelling of its URI, goes.

use crate::convert::diagnostic::diagnostic;
use crate::convert::file_key::FileKey;
use crate::convert::snapshot::View;
use crate::protocol::lsp;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::Serialize;
use serde_json::value::RawValue;
use specql_ide::Read;
use std::hash::BuildHasher as _;

/// The diagnostics of one file at one version, as they are sent.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Publication {
    pub(crate) uri: lsp::Uri,
    /// The client's version, when the file is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<i32>,
    pub(crate) diagnostics: Written,
}

/// Diagnostics in JSON: written once, by the thread that found them.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Written {
    json: Box<RawValue>,
    #[serde(skip)]
    digest: u64,
}

impl Written {
    fn new(diagnostics: &[lsp::Diagnostic]) -> Self {
        // Every diagnostic can be written.
        let json = serde_json::value::to_raw_value(diagnostics).unwrap_or_default();
        let digest = FxBuildHasher.hash_one(json.get());
        Self { json, digest }
    }

    fn is_nothing(&self) -> bool {
        self.json.get() == "[]"
    }
}

impl Publication {
    /// What is to be said about a file, and what that was made from.
    pub(crate) fn new(view: &View<'_>) -> (Self, Vec<Read>) {
        let (findings, reads) = view.analysis().check(view.file, view.asked());
        let diagnostics: Vec<_> = findings.iter().map(|it| diagnostic(view, it)).collect();
        (Self::of(view.uri(), view.version(), &diagnostics), reads)
    }

    fn of(uri: lsp::Uri, version: Option<i32>, diagnostics: &[lsp::Diagnostic]) -> Self {
        Self { uri, version, diagnostics: Written::new(diagnostics) }
    }

    fn said(&self) -> Said {
        Said { uri: self.uri.clone(), version: self.version, diagnostics: self.diagnostics.digest }
    }
}

/// What was said last of a file: enough to tell whether something else is to be said, at a fraction of
/// the memory of the diagnostics.
#[derive(Debug, PartialEq)]
struct Said {
    uri: lsp::Uri,
    version: Option<i32>,
    diagnostics: u64,
}

impl Said {
    /// Takes it back.
    fn clear(&self) -> Publication {
        Publication::of(self.uri.clone(), None, &[])
    }
}

/// What the client shows now. Files without diagnostics are not held.
#[derive(Debug, Default)]
pub(crate) struct Published(FxHashMap<FileKey, Said>);

impl Published {
    /// Takes the state of a file. Gives what has to be sent, in order.
    pub(crate) fn update(&mut self, key: FileKey, new: Publication) -> Vec<Publication> {
        let old = self.0.remove(&key);
        let renamed = old.as_ref().filter(|it| it.uri != new.uri).map(Said::clear);
        let shows_nothing = new.diagnostics.is_nothing();
        let said = new.said();
        // A new version is published again though nothing else is new: the client has moved what it
        // shows along with the edit.
        let same = match &old {
            Some(old) => *old == said,
            None => shows_nothing,
        };
        if !shows_nothing {
            self.0.insert(key, said);
        }
        let cleared_already = renamed.is_some() && shows_nothing;
        renamed.into_iter().chain((!same && !cleared_already).then_some(new)).collect()
    }

    /// The files that have diagnostics.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &FileKey> {
        self.0.keys()
    }

    /// Forgets a file. Gives what has to be sent.
    pub(crate) fn remove(&mut self, key: &FileKey) -> Option<Publication> {
        self.0.remove(key).map(|it| it.clear())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publication(uri: &str, version: i32, messages: &[&str]) -> Publication {
        let diagnostic =
            |it: &&str| lsp::Diagnostic { message: (*it).into(), ..lsp::Diagnostic::default() };
        let diagnostics: Vec<_> = messages.iter().map(diagnostic).collect();
        Publication::of(uri.into(), Some(version), &diagnostics)
    }

    fn key() -> FileKey {
        FileKey::of_uri(&"file:///a.yaml".into())
    }

    #[test]
    fn only_what_changes_is_sent() {
        let mut published = Published::default();
        let mut sent = |version, messages: &[&str]| {
            published.update(key(), publication("file:///a.yaml", version, messages)).len()
        };
        assert_eq!(sent(1, &[]), 0, "nothing was shown and nothing is to be shown");
        assert_eq!(sent(1, &["a"]), 1);
        assert_eq!(sent(1, &["a"]), 0);
        assert_eq!(sent(2, &["a"]), 1, "the client moved what it showed for version 1");
        assert_eq!(sent(3, &[]), 1);
        assert_eq!(sent(4, &[]), 0);
    }

    #[test]
    fn another_spelling_of_the_uri_leaves_nothing_behind() {
        let mut published = Published::default();
        published.update(key(), publication("file:///%61.yaml", 1, &["a"]));
        let moved = published.update(key(), publication("file:///a.yaml", 1, &["a"]));
        let summary: Vec<_> =
            moved.iter().map(|it| (it.uri.as_ref(), it.diagnostics.is_nothing())).collect();
        assert_eq!(summary, [("file:///%61.yaml", true), ("file:///a.yaml", false)]);
        let gone = published.update(key(), publication("file:///%61.yaml", 2, &[]));
        let summary: Vec<_> =
            gone.iter().map(|it| (it.uri.as_ref(), it.diagnostics.is_nothing())).collect();
        assert_eq!(summary, [("file:///a.yaml", true)]);
    }

    #[test]
    fn a_file_that_goes_is_cleared_once() {
        let mut published = Published::default();
        published.update(key(), publication("file:///a.yaml", 1, &["a"]));
        let gone = published.remove(&key()).unwrap();
        assert_eq!(
            serde_json::to_value(&gone).unwrap(),
            serde_json::json!({ "uri": "file:///a.yaml", "diagnostics": [] })
        );
        assert!(published.remove(&key()).is_none());
    }
}
