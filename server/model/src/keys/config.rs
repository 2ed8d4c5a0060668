//! The file `specql.config.yaml`.

use super::{CASCADE, MappingSpec, Shape};

/// The configuration of a workspace root.
pub static CONFIG: MappingSpec = MappingSpec {
    name: "the configuration",
    keys: &[
        key!(
            "cascade",
            &[Shape::Bool, Shape::Mapping(&CASCADE)],
            "Defaults of `cascade` for every action; what an action says wins."
        ),
        key!(
            "audit",
            &[Shape::Bool, Shape::Mapping(&AUDIT)],
            "Defaults of `audit` for every entity; what an entity says wins."
        ),
        key!("outbox", &[Shape::Mapping(&OUTBOX)], "The table that holds events."),
        key!("debezium", &[Shape::Mapping(&DEBEZIUM)], "The connector that reads the outbox."),
        key!("kafka", &[Shape::Mapping(&KAFKA)], "The topics that events go to."),
        key!("events", &[Shape::Mapping(&EVENTS)], "How event schemas may change."),
        key!("graphql", &[Shape::Mapping(&GRAPHQL)], "How GraphQL clients see rows."),
        key!(
            "tenancy",
            &[Shape::Word(TENANCIES), Shape::Mapping(&TENANCY)],
            "Whether rows belong to tenants: `single` or `required`.\n\nDefault: `single`."
        ),
        key!(
            "rules",
            &[Shape::Mapping(&RULES)],
            "The level of each rule: `error`, `warning`, `info`, `hint` or `off`, for all files or for some.\n\n\
             ```yaml\nrules:\n  missing-impact: error\n  naming:\n    level: off\n    \
             paths: [legacy/**]\n```"
        ),
        key!(
            "compat",
            &[Shape::Word(COMPATS)],
            "The released generator whose limits are reported: `\"0.8\"`, `\"0.5\"` or `off`.\n\n\
             Default: `\"0.8\"`."
        ),
    ],
    ..MappingSpec::CLOSED
};

static AUDIT: MappingSpec = MappingSpec {
    name: "the audit defaults",
    keys: &[
        key!(
            "enabled",
            &[Shape::Bool],
            "Whether entities have an audit trail.\n\nDefault: `true`."
        ),
        key!(
            "cascade_storage",
            &[Shape::Word(STORAGES)],
            "Where the cascade of a mutation is kept: `log`, `column` or `embedded`.\n\n\
             Default: `log`."
        ),
        key!(
            "include_cascade",
            &[Shape::Bool],
            "Whether the cascade of a mutation is kept.\n\nDefault: `true`."
        ),
        key!(
            "retention",
            &[Shape::Text],
            "How long rows are kept: `90 days`, `7 years`.\n\nDefault: for ever."
        ),
    ],
    ..MappingSpec::CLOSED
};

static OUTBOX: MappingSpec = MappingSpec {
    name: "the outbox settings",
    keys: &[
        key!("schema", &[Shape::Text], "The schema of the table.\n\nDefault: `app`."),
        key!("table", &[Shape::Text], "The name of the table.\n\nDefault: `outbox`."),
        key!(
            "retention",
            &[Shape::Text],
            "How long events stay, once the connector has read them: `7 days`.\n\nDefault: `30 days`."
        ),
    ],
    ..MappingSpec::CLOSED
};

static DEBEZIUM: MappingSpec = MappingSpec {
    name: "the connector settings",
    keys: &[
        key!("name", &[Shape::Text], "The name of the connector.\n\nDefault: `specql-outbox`."),
        key!(
            "topic_prefix",
            &[Shape::Text],
            "The prefix of the connector's own topics.\n\nDefault: `specql`."
        ),
        key!("slot", &[Shape::Text], "The replication slot.\n\nDefault: `specql_outbox`."),
        key!("publication", &[Shape::Text], "The publication.\n\nDefault: `specql_outbox`."),
        key!(
            "database",
            &[Shape::Mapping(&DATABASE)],
            "How the connector reaches PostgreSQL. A password belongs into a secret store, not here."
        ),
    ],
    ..MappingSpec::CLOSED
};

static DATABASE: MappingSpec = MappingSpec {
    name: "the connector's database",
    keys: &[
        key!("hostname", &[Shape::Text], "The host."),
        key!("port", &[Shape::Integer], "The port.\n\nDefault: `5432`."; bounds: Some((1, 65_535))),
        key!("name", &[Shape::Text], "The database."),
        key!("user", &[Shape::Text], "The role that reads the slot."),
    ],
    ..MappingSpec::CLOSED
};

static KAFKA: MappingSpec = MappingSpec {
    name: "the topic settings",
    keys: &[
        key!(
            "topic",
            &[Shape::Text],
            "The template of topics, with `{schema}`, `{entity}`, `{event_type}` and \
             `{version}`: `events.{schema}.{entity}`."
        ),
        key!("partitions", &[Shape::Integer], "The number of partitions.\n\nDefault: `3`."; bounds: Some((1, 200_000))),
        key!("replication_factor", &[Shape::Integer], "The number of replicas.\n\nDefault: `3`."; bounds: Some((1, 100))),
        key!(
            "retention",
            &[Shape::Text],
            "How long events stay in their topics: `7 days`.\n\nDefault: `7 days`."
        ),
        key!(
            "compaction",
            &[Shape::Bool],
            "Whether a compacted topic beside each event topic keeps the last event of every row.\n\n\
             Default: `false`."
        ),
    ],
    ..MappingSpec::CLOSED
};

static EVENTS: MappingSpec = MappingSpec {
    name: "the event settings",
    keys: &[
        key!(
            "compatibility",
            &[Shape::Word(COMPATIBILITIES)],
            "Which changes of an event's schema need a new version.\n\nDefault: `backward`."
        ),
        key!(
            "lock_file",
            &[Shape::Text],
            "The file that records published event schemas.\n\nDefault: `specql.events.lock`."
        ),
    ],
    ..MappingSpec::CLOSED
};

static GRAPHQL: MappingSpec = MappingSpec {
    name: "the GraphQL settings",
    keys: &[
        key!(
            "field_case",
            &[Shape::Word(FIELD_CASES)],
            "How fields are spelled in `_cascade`: `camel` (`postCount`) or `snake` (`post_count`).\n\n\
             Default: `camel`."
        ),
        key!(
            "big_numbers",
            &[Shape::Word(BIG_NUMBERS)],
            "How `bigint`, `decimal` and `money` are written in read models, cascades and events: as \
             `text`, because JavaScript rounds numbers of more than 15 digits, or as `number`.\n\n\
             Default: `text`."
        ),
    ],
    ..MappingSpec::CLOSED
};

static TENANCY: MappingSpec = MappingSpec {
    name: "the tenancy settings",
    keys: &[key!(
        "mode",
        &[Shape::Word(TENANCIES)],
        "Whether rows belong to tenants: `single` or `required`.\n\nDefault: `single`."; required: true)],
    ..MappingSpec::CLOSED
};

static RULES: MappingSpec = MappingSpec {
    name: "the rule levels",
    open: Some(&Shape::OneOf(&[
        Shape::Word(LEVELS),
        Shape::Mapping(&RULE),
        Shape::List(&Shape::Mapping(&RULE)),
    ])),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

static RULE: MappingSpec = MappingSpec {
    name: "a rule's level",
    keys: &[
        key!("level", &[Shape::Word(LEVELS)], "`error`, `warning`, `info`, `hint` or `off`."; required: true),
        key!(
            "paths",
            &[Shape::List(&Shape::Text), Shape::Text],
            "Globs of the files for which it holds.\n\nDefault: all."
        ),
    ],
    ..MappingSpec::CLOSED
};

const LEVELS: &[(&str, &str)] = &[
    ("error", "A stale cache, a lost event, a wrong audit entry."),
    ("warning", "Likely a mistake."),
    ("info", "Worth knowing."),
    ("hint", "Advice: shown in editors, and by `specql-lsp check --hints`."),
    ("off", "Not reported."),
];

const STORAGES: &[(&str, &str)] = &[
    ("log", "One row of `app.mutation_log` for each mutation."),
    ("column", "The columns `cascade_data` and `cascade_entities` of the audit tables."),
    ("embedded", "The key `_cascade` inside `new_values`."),
];

const TENANCIES: &[(&str, &str)] = &[
    ("single", "All rows belong to one tenant, the nil UUID."),
    ("required", "Every read and write carries the tenant of the session."),
];

const COMPATS: &[(&str, &str)] = &[
    ("0.8", "SpecQL 0.8, the newest."),
    ("0.5", "SpecQL 0.5, the release on PyPI."),
    ("off", "Limits of released generators are not reported."),
];

const BIG_NUMBERS: &[(&str, &str)] = &[
    ("text", "Digits in quotes: nothing is lost."),
    ("number", "Numbers of JSON: JavaScript rounds what is longer than 15 digits."),
];

const FIELD_CASES: &[(&str, &str)] = &[
    ("camel", "`postCount`, as GraphQL has it."),
    ("snake", "`post_count`, for clients that map names themselves."),
];

const COMPATIBILITIES: &[(&str, &str)] = &[
    ("none", "Any change is allowed."),
    ("backward", "New consumers read old events."),
    ("backward_transitive", "New consumers read events of every old version."),
    ("forward", "Old consumers read new events."),
    ("forward_transitive", "Consumers of every old version read new events."),
    ("full", "Both directions."),
    ("full_transitive", "Both directions, over every version."),
];
