//! Questions that wait for the search for files: before all files of a workspace are known, names of
//! others mean nothing, and an answer would say so.
//!
//! Invariant: a question waits only while a search runs. When its document is changed meanwhile it is
//! given up, because what it asks about is a place of the text before.

use crate::convert::file_key::FileKey;
use crate::session::job::{Needs, Outdated, Waiting};
use crate::session::state::State;

impl State {
    /// Whether a search may find files yet that a file's names mean, or the file itself.
    pub(super) fn is_partial(&mut self, key: &FileKey) -> bool {
        let is_unknown = !self.open.contains(key) && self.projects.holder(key).is_none();
        self.disk.search.is_some()
            && (!self.disk.complete || is_unknown || !self.projects.home_mut(key).complete)
    }

    /// Whether a search may find files of a workspace that has not all of its own.
    pub(super) fn is_any_partial(&self) -> bool {
        let is_partial = || self.projects.iter().any(|it| !it.complete);
        self.disk.search.is_some() && (!self.disk.complete || is_partial())
    }

    /// Asks what has waited once more.
    pub(super) fn answer_waiting(&mut self) {
        for it in std::mem::take(&mut self.waiting) {
            match it {
                Waiting::One { uri, question } => self.ask(uri, Needs::Workspace, question),
                Waiting::All(question) => self.ask_all(question),
            }
        }
    }

    /// Gives up what waits to be asked about a document that has another text now.
    pub(super) fn outdate_waiting(&mut self, key: &FileKey) {
        for it in std::mem::take(&mut self.waiting) {
            match it {
                Waiting::One { uri, question } if self.open.key(&uri) == Some(key) => {
                    question(Err(Outdated));
                }
                other => self.waiting.push(other),
            }
        }
    }
}
