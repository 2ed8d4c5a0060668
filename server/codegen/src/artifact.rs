//! What can be generated, and for what.

use specql_model::{ActionId, EntityId};

/// A kind of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Artifact {
    /// Types, context readers and cascade functions that everything else uses.
    Foundation,
    /// The table and the read model of an entity.
    Table,
    /// The function of an action.
    Action,
    /// The audit trail of an entity.
    Audit,
    /// The outbox with replay, dead letters and retention.
    Outbox,
    /// Who may do what.
    Roles,
    /// An example of the `_cascade` that a client gets.
    CascadeSample,
    /// Examples of the outbox rows that a consumer gets.
    EventSample,
    /// Examples of what the audit keeps.
    AuditSample,
    /// JSON Schemas of the payloads of events.
    EventSchema,
    /// The connector that reads the outbox.
    Debezium,
    /// The same as a properties file.
    DebeziumProperties,
    /// The connector that keeps the topics of state.
    DebeziumState,
    /// The topics that events go to.
    KafkaTopics,
    /// A script that makes them.
    KafkaTopicsScript,
    /// The calls that bring the schemas to a registry.
    SchemaRegistry,
    /// A script that makes them.
    SchemaRegistryScript,
    /// The events as an AsyncAPI document.
    AsyncApi,
    /// Who writes and publishes what, as a page.
    EventFlow,
    /// The same in the language of Graphviz.
    EventFlowDot,
    /// A consumer of the events in TypeScript.
    ConsumerTypeScript,
    /// The same in Python.
    ConsumerPython,
    /// Payloads of older versions as newer ones, in TypeScript.
    UpcastTypeScript,
    /// The same in SQL.
    UpcastSql,
    /// The types of a client, in TypeScript.
    Client,
    /// What brings Apollo's cache up to date.
    ClientApollo,
    /// What brings urql's Graphcache up to date.
    ClientUrql,
    /// What brings Relay's store up to date.
    ClientRelay,
    /// What brings the cache of TanStack Query up to date.
    ClientTanstack,
    /// What FraiseQL calls.
    FraiseqlAdapter,
    /// What an action does, in words.
    Effects,
    /// What an action promises, as data.
    Contract,
}

/// What an artifact is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Once for the workspace.
    Project,
    /// Once for each entity.
    Entity,
    /// Once for each action.
    Action,
}

/// The thing an artifact is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// The workspace.
    Project,
    /// An entity.
    Entity(EntityId),
    /// An action.
    Action(ActionId),
}

impl Artifact {
    /// All, in the order of documentation.
    pub const ALL: [Self; 32] = [
        Self::Foundation,
        Self::Table,
        Self::Action,
        Self::Audit,
        Self::Outbox,
        Self::Roles,
        Self::CascadeSample,
        Self::EventSample,
        Self::AuditSample,
        Self::EventSchema,
        Self::Debezium,
        Self::DebeziumProperties,
        Self::DebeziumState,
        Self::KafkaTopics,
        Self::KafkaTopicsScript,
        Self::SchemaRegistry,
        Self::SchemaRegistryScript,
        Self::AsyncApi,
        Self::EventFlow,
        Self::EventFlowDot,
        Self::ConsumerTypeScript,
        Self::ConsumerPython,
        Self::UpcastTypeScript,
        Self::UpcastSql,
        Self::FraiseqlAdapter,
        Self::Effects,
        Self::Contract,
        Self::Client,
        Self::ClientApollo,
        Self::ClientUrql,
        Self::ClientRelay,
        Self::ClientTanstack,
    ];

    /// Those that are emitted beside the SQL: for an action to a folder of its name, for the project to
    /// a file of its name.
    pub const BESIDE: [Self; 23] = [
        Self::CascadeSample,
        Self::EventSample,
        Self::AuditSample,
        Self::EventSchema,
        Self::Debezium,
        Self::DebeziumProperties,
        Self::DebeziumState,
        Self::KafkaTopics,
        Self::KafkaTopicsScript,
        Self::SchemaRegistry,
        Self::SchemaRegistryScript,
        Self::AsyncApi,
        Self::EventFlow,
        Self::EventFlowDot,
        Self::ConsumerTypeScript,
        Self::ConsumerPython,
        Self::UpcastTypeScript,
        Self::UpcastSql,
        Self::Client,
        Self::ClientApollo,
        Self::ClientUrql,
        Self::ClientRelay,
        Self::ClientTanstack,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::Table => "table",
            Self::Action => "action",
            Self::Audit => "audit",
            Self::Outbox => "outbox",
            Self::Roles => "roles",
            Self::CascadeSample => "cascade-sample",
            Self::EventSample => "event-sample",
            Self::AuditSample => "audit-sample",
            Self::EventSchema => "event-schema",
            Self::Debezium => "debezium",
            Self::DebeziumProperties => "debezium-properties",
            Self::DebeziumState => "debezium-state",
            Self::KafkaTopics => "kafka-topics",
            Self::KafkaTopicsScript => "kafka-topics-script",
            Self::SchemaRegistry => "schema-registry",
            Self::SchemaRegistryScript => "schema-registry-script",
            Self::AsyncApi => "asyncapi",
            Self::EventFlow => "event-flow",
            Self::EventFlowDot => "event-flow-dot",
            Self::ConsumerTypeScript => "consumer",
            Self::ConsumerPython => "consumer-python",
            Self::UpcastTypeScript => "upcast",
            Self::UpcastSql => "upcast-sql",
            Self::Client => "client",
            Self::ClientApollo => "client-apollo",
            Self::ClientUrql => "client-urql",
            Self::ClientRelay => "client-relay",
            Self::ClientTanstack => "client-tanstack",
            Self::FraiseqlAdapter => "fraiseql-adapter",
            Self::Effects => "effects",
            Self::Contract => "contract",
        }
    }

    /// What it is, in some words of people.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Foundation => "types and functions that all generated SQL uses",
            Self::Table => "the table and the read model of the entity, as SQL",
            Self::Action => "the function of the action, as SQL",
            Self::Audit => "the audit trail of the entity, as SQL",
            Self::Outbox => "the outbox with replay, dead letters and retention, as SQL",
            Self::Roles => "who may do what, as SQL",
            Self::CascadeSample => "an example of the `_cascade` that a client gets",
            Self::EventSample => "examples of the outbox rows that a consumer gets",
            Self::AuditSample => "examples of what the audit trail keeps",
            Self::EventSchema => "JSON Schemas of the payloads of events",
            Self::Debezium => "the connector that reads the outbox, as JSON",
            Self::DebeziumProperties => "the connector that reads the outbox, as properties",
            Self::DebeziumState => "the connector that keeps the topics of state",
            Self::KafkaTopics => "the topics that events go to, as JSON",
            Self::KafkaTopicsScript => "a script that makes the topics",
            Self::SchemaRegistry => "the calls that bring schemas to a registry, as JSON",
            Self::SchemaRegistryScript => "a script that brings schemas to a registry",
            Self::AsyncApi => "the events as an AsyncAPI document",
            Self::EventFlow => "who writes and publishes what, as a page with Mermaid",
            Self::EventFlowDot => "who writes and publishes what, for Graphviz",
            Self::ConsumerTypeScript => "a consumer of the events, in TypeScript",
            Self::ConsumerPython => "a consumer of the events, in Python",
            Self::UpcastTypeScript => "payloads of older versions as newer ones, in TypeScript",
            Self::UpcastSql => "payloads of older versions as newer ones, as SQL",
            Self::Client => "entities, cascades and answers as TypeScript",
            Self::ClientApollo => "TypeScript that applies `_cascade` to Apollo's cache",
            Self::ClientUrql => "TypeScript that applies `_cascade` to urql's Graphcache",
            Self::ClientRelay => "TypeScript that applies `_cascade` to Relay's store",
            Self::ClientTanstack => "TypeScript that applies `_cascade` to TanStack Query",
            Self::FraiseqlAdapter => "functions for FraiseQL, as SQL",
            Self::Effects => "what the action changes, in words",
            Self::Contract => "what the action promises, as JSON",
        }
    }

    /// The artifact with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What the names of its files end with.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self.language() {
            "properties" => "properties",
            "shellscript" => "sh",
            "typescript" => "ts",
            "plaintext" if self == Self::EventFlowDot => "dot",
            "plaintext" => "txt",
            "markdown" => "md",
            "python" => "py",
            other => other,
        }
    }

    /// The file of an artifact of the project that is emitted beside the SQL. A second form of one thing
    /// has its name, and the ending of its language.
    #[must_use]
    pub fn file_name(self) -> String {
        let name = self.name();
        let forms = ["-properties", "-script", "-dot", "-python", "-sql"];
        let stem = forms.into_iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name);
        format!("{stem}.{}", self.extension())
    }

    /// What it is generated for.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Foundation
            | Self::Outbox
            | Self::Roles
            | Self::Debezium
            | Self::DebeziumProperties
            | Self::DebeziumState
            | Self::KafkaTopics
            | Self::KafkaTopicsScript
            | Self::SchemaRegistry
            | Self::SchemaRegistryScript
            | Self::AsyncApi
            | Self::EventFlow
            | Self::EventFlowDot
            | Self::ConsumerTypeScript
            | Self::ConsumerPython
            | Self::UpcastTypeScript
            | Self::UpcastSql
            | Self::FraiseqlAdapter
            | Self::Client
            | Self::ClientApollo
            | Self::ClientUrql
            | Self::ClientRelay
            | Self::ClientTanstack => Scope::Project,
            Self::Table | Self::Audit => Scope::Entity,
            Self::Action
            | Self::CascadeSample
            | Self::EventSample
            | Self::AuditSample
            | Self::EventSchema
            | Self::Effects
            | Self::Contract => Scope::Action,
        }
    }

    /// The language of the text, as editors name it.
    #[must_use]
    pub const fn language(self) -> &'static str {
        match self {
            Self::Foundation
            | Self::Table
            | Self::Action
            | Self::Audit
            | Self::Outbox
            | Self::Roles
            | Self::UpcastSql
            | Self::FraiseqlAdapter => "sql",
            Self::CascadeSample
            | Self::EventSample
            | Self::AuditSample
            | Self::EventSchema
            | Self::Debezium
            | Self::DebeziumState
            | Self::KafkaTopics
            | Self::SchemaRegistry
            | Self::AsyncApi
            | Self::Contract => "json",
            Self::EventFlow => "markdown",
            Self::ConsumerTypeScript
            | Self::UpcastTypeScript
            | Self::Client
            | Self::ClientApollo
            | Self::ClientUrql
            | Self::ClientRelay
            | Self::ClientTanstack => "typescript",
            Self::ConsumerPython => "python",
            Self::DebeziumProperties => "properties",
            Self::KafkaTopicsScript | Self::SchemaRegistryScript => "shellscript",
            Self::Effects | Self::EventFlowDot => "plaintext",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_artifact() {
        for it in Artifact::ALL {
            assert_eq!(Artifact::from_name(it.name()), Some(it));
        }
        assert_eq!(Artifact::from_name("tables"), None);
    }
}
