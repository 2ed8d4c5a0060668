//! The words that other tools and languages have for keys.

use specql_model::keys::{MappingSpec, fits};
use specql_syntax::yaml::Entry;

/// Words, and the keys that they can mean, the likelier first. In a mapping it is the first that can be written
/// there and takes such a value: `fields` are the payload of an event, and what an audit tracks.
const SYNONYMS: &[(&[&str], &[&str])] = &[
    // Steps.
    (&["do"], &["then"]),
    (&["then"], &["do"]),
    (&["steps", "body", "body_steps"], &["then", "do", "steps"]),
    (&["otherwise"], &["else", "default"]),
    (&["when", "if"], &["condition", "where"]),
    (&["filter", "filters", "match", "conditions"], &["where", "filter"]),
    (&["data", "attributes", "attrs", "with"], &["set", "values", "payload", "data"]),
    (&["changes", "assign"], &["set", "fields"]),
    (&["into", "var", "save_as", "store_as", "assign_to", "alias", "output", "bind"], &["as"]),
    (&["on_error", "on_fail", "on_failure", "else_error", "error_code", "errorCode"], &["error"]),
    (&["msg"], &["message"]),
    (&["template", "text", "content", "subject"], &["message"]),
    (&["recipients", "receiver"], &["to"]),
    (&["via", "transport", "medium"], &["channel"]),
    (
        &["unique_by", "uniqueBy", "match_on", "conflict_on", "conflict_fields"],
        &["conflict_target"],
    ),
    (
        &["inputs", "input", "arguments", "args", "parameters", "params", "variables"],
        &["args", "params", "filter"],
    ),
    (&["operations", "commands", "run", "logic"], &["steps"]),
    (&["permission", "auth", "authorize", "guard"], &["requires", "permissions"]),
    (&["roles", "allowed_roles"], &["permissions", "requires"]),
    (&["effects", "affects", "effect", "side_effect"], &["side_effects", "impact"]),
    (&["emits", "publishes", "publish", "emit"], &["cdc"]),
    (&["case", "value", "is", "equals"], &["when"]),
    (&["branches", "whens", "options"], &["cases", "values"]),
    // Fields.
    (&["choices", "enum", "allowed", "allowed_values", "one_of", "oneOf", "members"], &["values"]),
    (&["null", "allow_null", "allowNull", "optional", "blank", "is_nullable"], &["nullable"]),
    (&["not_null", "notNull", "non_null", "mandatory", "presence"], &["required"]),
    (&["default_value", "defaultValue", "initial"], &["default"]),
    (&["is_unique", "isUnique"], &["unique"]),
    (&["datatype", "data_type", "kind", "dtype"], &["type", "operation"]),
    (&["references", "ref", "refers_to", "foreign_key", "to"], &["entity"]),
    (&["doc", "docs", "help", "help_text", "summary"], &["description"]),
    (&["gte", "minValue", "min_value", "ge"], &["min"]),
    (&["lte", "maxValue", "max_value", "le"], &["max"]),
    (&["renamed_from", "previously", "old_name", "formerly"], &["was"]),
    // Impact.
    (&["main", "root", "subject"], &["primary"]),
    (
        &[
            "invalidates",
            "invalidate",
            "invalidations",
            "invalidated_queries",
            "caches",
            "cache",
            "refetch",
            "refetch_queries",
            "refetchQueries",
            "stale",
        ],
        &["cache_invalidations"],
    ),
    (&["table", "model", "resource", "object", "target", "record", "node", "on"], &["entity"]),
    (&["action", "op", "verb", "type", "event", "mode"], &["operation", "event_type", "strategy"]),
    (&["columns", "attributes", "properties", "changed", "writes", "touches", "keys"], &["fields"]),
    (&["include", "includes", "relations", "expand", "preload"], &["include_relations"]),
    (&["list", "bucket", "group"], &["collection"]),
    (&["optimistic"], &["optimistic_safe"]),
    (&["queries", "tag", "cache_key", "cacheKey", "operation_name", "name", "key"], &["query"]),
    (&["policy", "behavior", "behaviour", "method", "how"], &["strategy"]),
    (&["because", "why", "description", "comment", "note"], &["reason"]),
    // Events.
    (&["name", "event", "event_name", "eventName", "type"], &["event_type"]),
    (&["schema_version", "schemaVersion", "revision", "rev"], &["version"]),
    (
        &["key", "partition_by", "partitionBy", "message_key", "messageKey", "partition"],
        &["partition_key"],
    ),
    (&["fields", "body", "columns", "attributes", "include_fields"], &["payload"]),
    (&["channel", "stream", "queue", "destination", "exchange", "subject"], &["topic"]),
    (&["active", "on"], &["enabled"]),
    (&["events", "further_events"], &["side_effect_events"]),
    // Audit and configuration.
    (
        &["fields", "only", "track", "tracked", "tracked_fields", "columns", "include"],
        &["track_fields"],
    ),
    (&["only", "entities", "include"], &["include_entities"]),
    (
        &["except", "exclude", "ignore", "ignored", "ignored_fields", "skip", "omit"],
        &["exclude_fields", "exclude_entities"],
    ),
    (
        &["keep", "ttl", "retain", "expire_after", "retention_period", "retention_days"],
        &["retention"],
    ),
    (&["storage", "store"], &["cascade_storage"]),
    (&["limit", "max", "max_rows"], &["max_entities"]),
    (&["replication", "replicas"], &["replication_factor"]),
    (&["num_partitions", "partition_count"], &["partitions"]),
    (&["topic_template", "topics", "topic_name"], &["topic"]),
    (&["slot_name", "replication_slot"], &["slot"]),
    (&["publication_name"], &["publication"]),
    (&["host"], &["hostname"]),
    (&["username", "role"], &["user"]),
    (&["dbname", "db"], &["name", "database"]),
    (&["table_name"], &["table"]),
    (&["schema_name"], &["schema"]),
    (&["multi_tenant", "multitenancy", "tenant", "tenants"], &["tenancy"]),
    (&["lint", "severity", "levels"], &["rules", "level"]),
    (&["compatibility_mode", "evolution"], &["compatibility"]),
];

/// The key that such a word means in a mapping.
pub(super) fn meant(
    spec: &'static MappingSpec,
    entry: &Entry,
    free: &[&'static str],
) -> Option<&'static str> {
    let word = entry.key.as_str();
    let of_word = SYNONYMS.iter().filter(|it| it.0.contains(&word)).flat_map(|it| it.1);
    let mut free = of_word.copied().filter(|it| free.contains(it));
    free.find(|it| fits(spec.shapes_of(it), &entry.value))
}
