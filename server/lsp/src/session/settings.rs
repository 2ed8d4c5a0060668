//! What the person at the client has set: asked for when the session begins and when something changes,
//! taken as it is told by clients that cannot be asked.

use crate::convert::settings::{SECTION, Settings};
use crate::protocol::lsp;
use crate::session::job::Job;
use crate::session::state::State;
use std::sync::Arc;

impl State {
    /// Asks what is set, and to be told when that changes.
    pub(super) fn ask_settings(&self) {
        if !self.config.gives_settings {
            return;
        }
        let item = lsp::ConfigurationItem { section: Some(SECTION.to_owned()), scope_uri: None };
        let jobs = self.jobs.clone();
        let take = move |mut sections: Vec<lsp::LspAny>| {
            if let Some(section) = sections.pop() {
                jobs.send(Job::Settings(section));
            }
        };
        self.client
            .ask::<lsp::ConfigurationRequest>(lsp::ConfigurationParams { items: vec![item] }, take);
    }

    pub(super) fn configured(&mut self, told: &lsp::LspAny) {
        if self.config.gives_settings {
            self.ask_settings();
        } else if let Some(section) = told.get(SECTION) {
            self.set(section);
        }
    }

    pub(super) fn set(&mut self, section: &lsp::LspAny) {
        let settings = Settings::read(section, self.config.settings_at_start);
        if self.config.settings != settings {
            Arc::make_mut(&mut self.config).settings = settings;
            self.refresh_shown();
        }
    }
}
