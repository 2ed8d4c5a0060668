//! What carries events from the outbox to their readers: the connector, the topics of the broker,
//! and the documents that tell of them.

mod asyncapi;
mod connector;
mod event_flow;
mod kafka_topics;
mod properties;
mod schema_registry;

use crate::{artifact::Artifact, catalog::Catalog, pretty};

pub(crate) use connector::problems;
pub(crate) use event_flow::flow;
pub use event_flow::{EventFlow, FlowEdge, FlowKind, FlowNode};

/// The text of an artifact of these; `None` for any other. It is empty where nothing is published.
pub(crate) fn text(catalog: Catalog<'_>, artifact: Artifact) -> Option<String> {
    let json = |it: Option<serde_json::Value>| it.map(|it| pretty(&it));
    let text = match artifact {
        Artifact::Debezium => json(connector::debezium(catalog)),
        Artifact::DebeziumProperties => connector::debezium_properties(catalog),
        Artifact::DebeziumState => json(connector::debezium_state(catalog)),
        Artifact::KafkaTopics => json(kafka_topics::kafka_topics(catalog)),
        Artifact::KafkaTopicsScript => kafka_topics::kafka_topics_script(catalog),
        Artifact::SchemaRegistry => json(schema_registry::schema_registry(catalog)),
        Artifact::SchemaRegistryScript => schema_registry::schema_registry_script(catalog),
        Artifact::AsyncApi => json(asyncapi::asyncapi(catalog)),
        Artifact::EventFlow => flow(catalog).map(|it| it.mermaid()),
        Artifact::EventFlowDot => flow(catalog).map(|it| it.dot()),
        _ => return None,
    };
    Some(text.unwrap_or_default())
}
