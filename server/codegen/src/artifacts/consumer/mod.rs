//! Consumers of the events of a workspace, in TypeScript and in Python: a runtime that takes each event once,
//! in one transaction with its effect, and the types of the payloads by event type and version.
//!
//! Both runtimes make the same calls of `11_outbox.sql` and decide nothing beside it.

mod python;
mod typescript;

use std::collections::BTreeMap;

use ecow::EcoString;
use specql_contract::{Event, Object, TopicRole};

use crate::{artifact::Artifact, artifacts::typescript::in_comment, catalog::Catalog};

/// The text of an artifact of these; `None` for any other. It is empty where nothing is published.
pub(crate) fn text(catalog: Catalog<'_>, artifact: Artifact) -> Option<String> {
    let write: fn(Catalog<'_>, &Events) -> String = match artifact {
        Artifact::ConsumerTypeScript => typescript::consumer,
        Artifact::ConsumerPython => python::consumer,
        _ => return None,
    };
    let events = Events::of(catalog);
    Some(if events.types.is_empty() { String::new() } else { write(catalog, &events) })
}

/// What a consumer has to know.
struct Events {
    /// The topics of events.
    topics: Vec<EcoString>,
    /// The event types with their versions, each with its payloads: several where actions that publish the
    /// same type give it members of their own.
    types: BTreeMap<EcoString, BTreeMap<u32, Payloads>>,
}

#[derive(Default)]
struct Payloads {
    /// The payloads, no two of which mean the same.
    shapes: Vec<Object>,
    /// The actions.
    mutations: Vec<EcoString>,
}

impl Events {
    fn of(catalog: Catalog<'_>) -> Self {
        let topics = catalog.topics().into_iter().filter(|it| it.role == TopicRole::Events);
        let mut res = Self { topics: topics.map(|it| it.name).collect(), types: BTreeMap::new() };
        for event in catalog.contracts().flat_map(|it| &it.events) {
            res.add(event);
        }
        res.recorded(catalog);
        res
    }

    /// Older versions, as the lock file has them: their events are still in the topics.
    fn recorded(&mut self, catalog: Catalog<'_>) {
        let Some(recorded) = specql_contract::recorded(catalog.workspace()) else { return };
        for (name, versions) in &mut self.types {
            for version in recorded.versions(name) {
                let payload = recorded.payload(name, version);
                let payload = payload.filter(|_| !versions.contains_key(&version));
                if let Some(shape) = payload {
                    let payloads = Payloads { shapes: vec![shape], mutations: Vec::new() };
                    versions.insert(version, payloads);
                }
            }
        }
    }

    fn add(&mut self, event: &Event) {
        let versions = self.types.entry(event.event_type.clone()).or_default();
        let payloads = versions.entry(event.version).or_default();
        let shape = event.payload_shape();
        if payloads.shapes.iter().all(|it| !it.means_same(&shape)) {
            payloads.shapes.push(shape);
        }
        if !payloads.mutations.contains(&event.mutation) {
            payloads.mutations.push(event.mutation.clone());
        }
    }
}

/// Who publishes, as a sentence that ends no comment.
fn published_by(payloads: &Payloads) -> String {
    if payloads.mutations.is_empty() {
        return "Of older events, as recorded when they were published.".to_owned();
    }
    let names: Vec<String> = payloads.mutations.iter().map(|it| format!("`{it}`")).collect();
    in_comment(&format!("Published by {}.", names.join(", ")))
}
