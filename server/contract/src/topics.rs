//! The topics that the events of a workspace go to, with those of dead letters and of state beside them.

use ecow::EcoString;
use specql_model::{Config, Workspace, interval_millis};

use crate::{Contract, events::Event};

/// Partitions, replicas and retention of a topic when the configuration does not say.
const PARTITIONS: u32 = 3;
const REPLICAS: u32 = 3;
const RETENTION_MILLIS: u64 = 7 * 24 * 60 * 60 * 1000;

/// What the name of a topic of dead letters ends with.
pub const DEAD_LETTERS: &str = ".dlq";
/// What the name of a topic of state ends with.
pub const STATE: &str = ".state";

/// The greatest record in bytes: that of a mutation over many rows carries its cascade.
pub const MAX_RECORD: u32 = 8 * 1024 * 1024;

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The name.
    pub name: EcoString,
    /// What it holds.
    pub role: TopicRole,
    /// The number of partitions.
    pub partitions: u32,
    /// The number of replicas.
    pub replicas: u32,
    /// How long a record stays.
    pub retention: Retention,
    /// The event types with their versions, in alphabetical order.
    pub events: Vec<(EcoString, u32)>,
    /// The aggregates, as `schema.Entity`, in alphabetical order.
    pub aggregates: Vec<EcoString>,
}

/// What a topic holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TopicRole {
    /// Events, in the order of their commits by key.
    Events,
    /// Events that a consumer gave up.
    DeadLetters,
    /// The last event of every row, by the row's id.
    State,
}

/// How long a record stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// So many milliseconds.
    Millis(u64),
    /// Until somebody removes it.
    Forever,
    /// Until a record of the same key comes.
    Compacted,
}

/// Every topic of a workspace in the order of their names, those of one event topic together.
#[must_use]
pub fn topics(workspace: &Workspace) -> Vec<Topic> {
    let contracts: Vec<Contract> = Contract::all(workspace).collect();
    topics_of(workspace, contracts.iter())
}

/// The same, of contracts that are there already.
#[must_use]
pub fn topics_of<'c>(
    workspace: &Workspace,
    contracts: impl Iterator<Item = &'c Contract>,
) -> Vec<Topic> {
    let mut events: Vec<&Event> = contracts.flat_map(Contract::own_events).collect();
    events.sort_by(|left, right| left.topic.cmp(&right.topic));
    let compaction = workspace.config().kafka.keeps_state();
    let mut res = Vec::new();
    for group in events.chunk_by(|left, right| left.topic == right.topic) {
        let Some(first) = group.first() else { continue };
        let topic = event_topic(workspace, first.topic.clone(), group);
        let beside = |suffix: &str, role, partitions, retention| Topic {
            name: format!("{}{suffix}", topic.name).into(),
            role,
            partitions,
            retention,
            ..topic.clone()
        };
        let dead = beside(DEAD_LETTERS, TopicRole::DeadLetters, 1, Retention::Forever);
        let state = compaction
            .then(|| beside(STATE, TopicRole::State, topic.partitions, Retention::Compacted));
        res.push(topic);
        res.push(dead);
        res.extend(state);
    }
    res
}

fn event_topic(workspace: &Workspace, name: EcoString, events: &[&Event]) -> Topic {
    let kafka = &workspace.config().kafka;
    let retention = kafka.retention.as_ref().and_then(interval_millis).unwrap_or(RETENTION_MILLIS);
    let aggregate = |it: &&Event| -> EcoString {
        let entity = workspace.entity(it.entity);
        entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).unwrap_or_default().into()
    };
    let (partitions, replicas) = topic_figures(workspace.config());
    Topic {
        name,
        role: TopicRole::Events,
        partitions,
        replicas,
        retention: Retention::Millis(retention),
        events: sorted(events.iter().map(|it| (it.event_type.clone(), it.version))),
        aggregates: sorted(events.iter().map(aggregate)),
    }
}

/// How many partitions and replicas a topic of events has.
#[must_use]
pub fn topic_figures(config: &Config) -> (u32, u32) {
    let partitions = in_range(config.kafka.partitions, 200_000).unwrap_or(PARTITIONS);
    let replicas = in_range(config.kafka.replication_factor, 100).unwrap_or(REPLICAS);
    (partitions, replicas)
}

/// A number that the checker accepts.
fn in_range(number: Option<u32>, greatest: u32) -> Option<u32> {
    number.filter(|it| (1..=greatest).contains(it))
}

fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut res: Vec<T> = all.collect();
    res.sort();
    res.dedup();
    res
}

/// The name under which a broker keeps the figures of a topic. Of two topics that differ in `.` and `_`
/// alone it refuses the second.
#[must_use]
pub fn metric_name(topic: &str) -> String {
    topic.replace('.', "_")
}

impl Topic {
    /// The settings of the topic, by the names of the broker.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let (policy, millis) = match self.retention {
            Retention::Millis(it) => ("delete", Some(it.to_string())),
            Retention::Forever => ("delete", Some("-1".to_owned())),
            Retention::Compacted => ("compact", None),
        };
        let mut res = vec![("cleanup.policy", policy.to_owned())];
        res.extend(millis.map(|it| ("retention.ms", it)));
        res.push(("max.message.bytes", MAX_RECORD.to_string()));
        // One replica may be gone and nothing is lost.
        res.push(("min.insync.replicas", self.replicas.saturating_sub(1).max(1).to_string()));
        res
    }
}

impl TopicRole {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::DeadLetters => "dead letters",
            Self::State => "state",
        }
    }
}
