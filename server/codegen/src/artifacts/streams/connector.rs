//! The configuration of Debezium's connector: every row of the outbox becomes one record, in the order
//! of the commits, its payload byte for byte as PostgreSQL writes it.
//!
//! What the configuration does not say of the database is read from the environment of the worker.

use serde_json::{Map, Value, json};
use specql_contract::{MAX_RECORD, STATE, topic_figures};
use specql_model::Name;

use super::properties;
use crate::{
    artifacts::outbox::{deletions, keeps_state, outbox_table, publication, slot, state_slot},
    catalog::Catalog,
    problem::{Problem, ProblemKind},
};

const NAME: &str = "specql-outbox";
const PREFIX: &str = "specql";
/// What the heartbeat writes to the log, so that the slot of a quiet database moves on.
const HEARTBEAT: &str = "specql-heartbeat";

/// Columns of the outbox that stand in headers.
pub(super) const HEADERS: &[(&str, &str)] = &[
    ("event_type", "eventType"),
    ("event_version", "eventVersion"),
    ("aggregate_type", "aggregateType"),
    ("aggregate_id", "aggregateId"),
    ("event_metadata", "eventMetadata"),
    ("tenant_id", "tenantId"),
    ("correlation_id", "correlationId"),
    ("causation_id", "causationId"),
    ("trace_id", "traceId"),
    ("traceparent", "traceparent"),
    ("sequence", "sequence"),
    ("created_at", "occurredAt"),
];

/// Which records a connector makes of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// One for each event, in its topic, by its partition key.
    Events,
    /// The same beside it, in the topic of state, by the row's id.
    State,
}

impl Reader {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Events => "",
            Self::State => "-state",
        }
    }

    fn slot(self, catalog: Catalog<'_>) -> String {
        match self {
            Self::Events => slot(catalog),
            Self::State => state_slot(catalog),
        }
    }
}

/// The connector as Kafka Connect's REST interface takes it; `None` where nothing is published.
pub(crate) fn debezium(catalog: Catalog<'_>) -> Option<Value> {
    document(catalog, Reader::Events)
}

/// The connector that keeps the topics of state, where `kafka.compaction` asks for them.
pub(crate) fn debezium_state(catalog: Catalog<'_>) -> Option<Value> {
    keeps_state(catalog).then(|| document(catalog, Reader::State)).flatten()
}

/// The connector as a properties file, for a worker that runs alone.
pub(crate) fn debezium_properties(catalog: Catalog<'_>) -> Option<String> {
    let settings = settings(catalog, Reader::Events)?;
    let named = [("name".to_owned(), name(catalog, Reader::Events))].into_iter().chain(settings);
    Some(properties::text("SpecQL outbox connector", named))
}

fn document(catalog: Catalog<'_>, reader: Reader) -> Option<Value> {
    let settings = settings(catalog, reader)?;
    let config: Map<String, Value> = settings.into_iter().map(|it| (it.0, it.1.into())).collect();
    Some(json!({"name": name(catalog, reader), "config": config}))
}

fn name(catalog: Catalog<'_>, reader: Reader) -> String {
    let written = catalog.config().debezium.name.as_ref();
    format!("{}{}", written.map_or(NAME, Name::as_str), reader.suffix())
}

fn prefix(catalog: Catalog<'_>) -> &str {
    let written = catalog.config().debezium.topic_prefix.as_ref();
    written.filter(|it| is_prefix(it)).map_or(PREFIX, Name::as_str)
}

/// The prefix begins names of topics and stands in a regular expression.
fn is_prefix(name: &Name) -> bool {
    let is_legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-');
    !name.text.is_empty() && name.text.len() <= 100 && name.text.bytes().all(is_legal)
}

/// The settings of the connector that cannot be used.
pub(crate) fn problems(catalog: Catalog<'_>) -> Vec<Problem> {
    let written = catalog.config().debezium.topic_prefix.as_ref();
    let Some(file) = catalog.workspace().config_file() else { return Vec::new() };
    let unusable = written.filter(|it| !is_prefix(it)).map(|it| Problem {
        kind: ProblemKind::Setting,
        message: format!(
            "`{}` cannot begin the name of a topic, so `{PREFIX}` holds; write letters of ASCII, \
             digits, `.`, `_` and `-`",
            it.text
        ),
        file: file.id,
        range: it.range,
    });
    unusable.into_iter().collect()
}

fn settings(catalog: Catalog<'_>, reader: Reader) -> Option<Vec<(String, String)>> {
    if !catalog.publishes() {
        return None;
    }
    let table = outbox_table(catalog);
    let table = format!("{}.{}", table.schema.as_str(), table.name.as_str());
    let prefix = prefix(catalog).to_owned() + reader.suffix();
    let mut res: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, value: String| res.push((key.to_owned(), value));
    let fixed = |it: &str| it.to_owned();
    add("connector.class", fixed("io.debezium.connector.postgresql.PostgresConnector"));
    add("tasks.max", fixed("1"));
    add("plugin.name", fixed("pgoutput"));
    for (key, value) in database(catalog) {
        add(key, value);
    }
    add("topic.prefix", prefix.clone());
    add("table.include.list", literally(&table));
    // Each of the two readers has a column that is not for the other.
    let other = match reader {
        Reader::Events if keeps_state(catalog) => Some("state"),
        Reader::Events => None,
        Reader::State => Some("event_payload"),
    };
    let excluded = ["written_lsn"].into_iter().chain(other);
    let excluded: Vec<String> = excluded.map(|it| literally(&format!("{table}.{it}"))).collect();
    add("column.exclude.list", excluded.join(","));
    add("publication.name", publication(catalog));
    add("publication.autocreate.mode", fixed("disabled"));
    add("slot.name", reader.slot(catalog));
    add("snapshot.mode", fixed("when_needed"));
    add("snapshot.select.statement.overrides", table.clone());
    add(&format!("snapshot.select.statement.overrides.{table}"), snapshot(catalog, &table, reader));
    add("skipped.operations", fixed("u,d,t"));
    add("tombstones.on.delete", fixed("false"));
    add("heartbeat.interval.ms", fixed("10000"));
    add(
        "heartbeat.action.query",
        format!("SELECT pg_logical_emit_message(false, '{HEARTBEAT}', '')"),
    );
    add("message.prefix.exclude.list", fixed(HEARTBEAT));
    router(&mut res, &table, &prefix, reader);
    delivery(&mut res, catalog);
    Some(res)
}

/// What the snapshot reads. The state of rows that are older than its column follows from their events.
fn snapshot(catalog: Catalog<'_>, table: &str, reader: Reader) -> String {
    if reader == Reader::Events {
        return format!("SELECT * FROM {table} ORDER BY sequence");
    }
    let mut columns = vec!["id", "topic", "processed_at"];
    columns.extend(HEADERS.iter().map(|it| it.0));
    let types: Vec<String> =
        deletions(catalog).iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
    let state = if types.is_empty() {
        "event_payload".to_owned()
    } else {
        format!("CASE WHEN event_type NOT IN ({}) THEN event_payload END", types.join(", "))
    };
    format!(
        "SELECT {}, partition_key, {state} AS state FROM {table} WHERE event_metadata -> 'replayOf' IS NULL ORDER BY sequence",
        columns.join(", ")
    )
}

fn database(catalog: Catalog<'_>) -> [(&'static str, String); 5] {
    let debezium = &catalog.config().debezium;
    let or = |written: &Option<Name>, variable: &str| {
        written.as_ref().map_or_else(|| format!("${{env:{variable}}}"), |it| it.text.to_string())
    };
    [
        ("database.hostname", or(&debezium.hostname, "PGHOST")),
        ("database.port", debezium.port.unwrap_or(5432).to_string()),
        ("database.user", or(&debezium.user, "PGUSER")),
        ("database.password", or(&None, "PGPASSWORD")),
        ("database.dbname", or(&debezium.database, "PGDATABASE")),
    ]
}

/// Rows of the outbox become events; what is no row of it, heartbeats, passes by.
fn router(into: &mut Vec<(String, String)>, table: &str, prefix: &str, reader: Reader) {
    let placement: Vec<String> =
        HEADERS.iter().map(|(column, header)| format!("{column}:header:{header}")).collect();
    let (key, payload, replacement) = match reader {
        Reader::Events => ("partition_key", "event_payload", "${routedByValue}".to_owned()),
        Reader::State => ("aggregate_id", "state", format!("${{routedByValue}}{STATE}")),
    };
    let pattern = literally(&format!("{prefix}.{table}"));
    let settings = [
        ("predicates", "isOutbox"),
        (
            "predicates.isOutbox.type",
            "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
        ),
        ("predicates.isOutbox.pattern", &pattern),
        ("transforms", "outbox"),
        ("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter"),
        ("transforms.outbox.predicate", "isOutbox"),
        ("transforms.outbox.table.field.event.id", "id"),
        ("transforms.outbox.table.field.event.key", key),
        ("transforms.outbox.table.field.event.payload", payload),
        ("transforms.outbox.table.expand.json.payload", "false"),
        ("transforms.outbox.table.fields.additional.placement", &placement.join(",")),
        ("transforms.outbox.table.op.invalid.behavior", "fatal"),
        ("transforms.outbox.route.by.field", "topic"),
        ("transforms.outbox.route.topic.replacement", &replacement),
        ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
        ("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
        ("header.converter", "org.apache.kafka.connect.storage.SimpleHeaderConverter"),
    ];
    let tombstones = match reader {
        Reader::Events => None,
        Reader::State => Some(("transforms.outbox.route.tombstone.on.empty.payload", "true")),
    };
    let settings = settings.into_iter().chain(tombstones);
    into.extend(settings.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

/// What cannot be delivered stops the connector; nothing is skipped. Topics that nobody made, those of
/// heartbeats among them, are made as configured.
fn delivery(into: &mut Vec<(String, String)>, catalog: Catalog<'_>) {
    let numbers = topic_figures(catalog.config());
    let settings = [
        ("errors.tolerance", "none".to_owned()),
        ("producer.override.max.request.size", MAX_RECORD.to_string()),
        ("topic.creation.default.partitions", numbers.0.to_string()),
        ("topic.creation.default.replication.factor", numbers.1.to_string()),
        ("topic.creation.groups", "heartbeat".to_owned()),
        ("topic.creation.heartbeat.include", "__debezium-heartbeat[.].*".to_owned()),
        ("topic.creation.heartbeat.partitions", "1".to_owned()),
        ("topic.creation.heartbeat.replication.factor", numbers.1.to_string()),
    ];
    into.extend(settings.into_iter().map(|(key, value)| (key.to_owned(), value)));
}

/// A regular expression for exactly this name. It has no backslash, which a properties file doubles.
fn literally(name: &str) -> String {
    name.replace('.', "[.]")
}
