//! What events and cascades promise, a line a member: what is written to the lock file, and what two
//! revisions are compared by.
//!
//! Law: reading what was written gives the same promises, and comparing the other way round gives the
//! mirrors of the same differences.

mod breakage;
mod changed;
mod compare;
mod holds;
mod lock;
mod mode;
mod payload;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use specql_model::{Certainty, EntityId, Workspace};

use crate::{Contract, Event, EventCascade, EventKind, Invalidation, InvalidationValue, Rows};

pub use breakage::{BREAKAGES, Breakage, Class, Mirror};
pub use changed::{Changed, changed, changed_event};
pub use compare::{Difference, compare};
pub use lock::{is_lock_file, lock_file, lock_file_of, recorded};
pub use mode::Compatibility;
pub use text::{Misread, read, write};

use holds::Holds;

/// The members of each subject with what they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promises(BTreeMap<Subject, BTreeMap<String, String>>);

/// Who promises.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The `_cascade` of an action: `blog.Post.create_post`.
    Cascade(String),
    /// An event type in a version.
    Event(String, u32),
}

impl Subject {
    /// The event type, where it is one.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Event(name, _) => Some(name),
            Self::Cascade(_) => None,
        }
    }
}

impl Promises {
    /// What the actions of a workspace promise now.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        let mut res = Self::default();
        for contract in Contract::all(workspace) {
            res.cascade(workspace, &contract);
            for event in contract.own_events() {
                res.event(workspace, event);
            }
        }
        res
    }

    /// What some events promise, the cascades of their actions left out.
    #[must_use]
    pub fn of_events<'a>(
        workspace: &Workspace,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Self {
        let mut res = Self::default();
        events.into_iter().for_each(|it| res.event(workspace, it));
        res
    }

    /// The subjects in their order.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.0.keys()
    }

    /// The members of a subject.
    #[must_use]
    pub fn members(&self, subject: &Subject) -> Option<&BTreeMap<String, String>> {
        self.0.get(subject)
    }

    /// The versions of an event type.
    pub fn versions<'a>(&'a self, name: &'a str) -> impl Iterator<Item = u32> + 'a {
        self.0.keys().filter_map(move |it| match it {
            Subject::Event(other, version) if other == name => Some(*version),
            _ => None,
        })
    }

    /// These, and of `older` the events that are not among them: what is published once is out.
    #[must_use]
    pub fn with_events_of(mut self, older: &Self) -> Self {
        for (subject, members) in &older.0 {
            if matches!(subject, Subject::Event(..)) {
                self.0.entry(subject.clone()).or_insert_with(|| members.clone());
            }
        }
        self
    }

    /// The differences between one subject and another of a newer revision, which is named.
    #[must_use]
    pub fn changes_to(&self, from: &Subject, newer: &Self, to: &Subject) -> Vec<Difference> {
        match (self.members(from), newer.members(to)) {
            (Some(old), Some(new)) => compare::members(to, old, new),
            _ => Vec::new(),
        }
    }

    fn add(&mut self, subject: &Subject, member: String, holds: String) {
        let members = self.0.entry(subject.clone()).or_default();
        // Actions that share an event type have one payload; what they do not share is listed.
        match members.get_mut(&member) {
            Some(known) if !known.split(" and ").any(|it| it == holds) => {
                *known = format!("{known} and {holds}");
            }
            Some(_) => {}
            None => {
                members.insert(member, holds);
            }
        }
    }

    fn event(&mut self, workspace: &Workspace, event: &Event) {
        let subject = Subject::Event(event.event_type.to_string(), event.version);
        self.add(&subject, "aggregate".into(), qualified(workspace, event.entity));
        self.add(&subject, "topic".into(), event.topic.to_string());
        let key = event.key.path.as_ref().map_or_else(|| "id".to_owned(), |it| it.join("."));
        self.add(&subject, "key".into(), key);
        let cascade = match event.cascade {
            EventCascade::Nothing => "nothing",
            EventCascade::References => "references",
            EventCascade::Entries => "entities",
        };
        // Side effects have the id of the event that has it.
        if event.kind == EventKind::Primary {
            self.add(&subject, "cascade".into(), cascade.into());
        }
        for (path, it) in Holds::of_object("payload", &event.payload_shape()) {
            self.add(&subject, path, it.to_string());
        }
    }

    fn cascade(&mut self, workspace: &Workspace, contract: &Contract) {
        let Some(cascade) = &contract.cascade else { return };
        let entity = qualified(workspace, contract.action.entity);
        let subject = Subject::Cascade(format!("{entity}.{}", contract.name));
        for entry in &cascade.entries {
            let name = format!("{} {}", entry.typename, entry.outcome.as_str());
            let how = match (entry.certainty, entry.rows) {
                (Certainty::Always, Rows::One) => "one row, always",
                (Certainty::Sometimes, Rows::One) => "one row, sometimes",
                (Certainty::Always, Rows::Many) => "any number of rows, always",
                (Certainty::Sometimes, Rows::Many) => "any number of rows, sometimes",
            };
            self.add(&subject, name.clone(), how.into());
            let known = ["__typename", "id", "operation"];
            for (path, it) in Holds::of_object(&name, &entry.shape(workspace)) {
                let member = path.strip_prefix(&name).unwrap_or_default();
                if !known.iter().any(|it| member.strip_prefix('.') == Some(it)) {
                    self.add(&subject, path, it.to_string());
                }
            }
        }
        for it in &cascade.invalidations {
            self.add(&subject, format!("invalidates {}", it.query), invalidation(it));
        }
    }
}

/// `REFETCH EXACT(author = input.author)`.
fn invalidation(it: &Invalidation) -> String {
    let arguments = it.arguments.iter().map(|(name, value)| match value {
        InvalidationValue::Input(path, _) => format!("{name} = input.{}", path.join(".")),
        InvalidationValue::Text(it) => format!("{name} = '{it}'"),
        InvalidationValue::Json(it) => format!("{name} = {it}"),
    });
    let arguments: Vec<String> = arguments.collect();
    format!("{} {}({})", it.strategy.as_str(), it.scope.as_str(), arguments.join(", "))
}

fn qualified(workspace: &Workspace, id: EntityId) -> String {
    let entity = workspace.entity(id);
    entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).unwrap_or_default()
}
