//! The block `impact` and what lies in it.

use super::{KeySpec, MappingSpec, Shape};

/// The operations of an impact block.
pub const OPERATIONS: &[(&str, &str)] = &[
    ("CREATE", "A row is inserted; clients add it to their caches."),
    ("UPDATE", "A row is changed; clients replace it in their caches."),
    ("DELETE", "A row is deleted, soft or hard; clients drop it from their caches."),
    ("UPSERT", "A row is inserted, or changed when it is already there."),
];

/// What clients do with a cached query.
pub const STRATEGIES: &[(&str, &str)] = &[
    ("INVALIDATE", "Mark the query stale: it is fetched when it is next shown."),
    ("REFETCH", "Fetch the query again at once."),
    ("REMOVE", "Drop the query from the cache."),
];

/// Which cached queries an invalidation means.
pub const SCOPES: &[(&str, &str)] = &[
    ("EXACT", "The query with exactly these arguments."),
    ("PREFIX", "Every query whose name begins with this one."),
    ("PATTERN", "Every query whose name matches this pattern."),
    ("ALL", "Every query."),
];

/// An impact block.
pub static IMPACT: MappingSpec = MappingSpec {
    name: "an impact block",
    keys: &[
        key!("description", &[Shape::Text], "What changes, in words."),
        key!(
            "primary",
            &[Shape::Mapping(&PRIMARY)],
            "The entity that the action is about; the aggregate of its event.\n\n\
             ```yaml\nprimary:\n  entity: Post\n  operation: CREATE\n  fields: [title, content]\n```"
        ),
        key!(
            "side_effects",
            &[Shape::List(&Shape::Mapping(&SIDE_EFFECT))],
            "The other entities that change. What is not listed here stays stale in every client's \
             cache.\n\n\
             ```yaml\nside_effects:\n  - entity: User\n    operation: UPDATE\n    \
             fields: [post_count]\n```"; aliases: &["sideEffects"]),
        key!(
            "cache_invalidations",
            &[Shape::List(&Shape::Mapping(&INVALIDATION))],
            "The queries whose cached results are stale afterwards: lists and counts that no changed \
             row can mend.\n\n\
             ```yaml\ncache_invalidations:\n  - query: posts\n    filter: {status: published}\n    \
             strategy: REFETCH\n```"; aliases: &["cacheInvalidations"]),
        key!(
            "permissions",
            &[Shape::List(&Shape::Text), Shape::Text],
            "The permissions that a caller needs."
        ),
        key!(
            "optimistic_safe",
            &[Shape::Bool],
            "Whether a client can show the result before the server answers: everything that is \
             written follows from the input.\n\nDefault: `false`."; aliases: &["optimisticSafe"]),
        key!(
            "idempotent",
            &[Shape::Bool],
            "Whether doing it twice is the same as doing it once.\n\nDefault: `false`."
        ),
        key!(
            "estimated_duration_ms",
            &[Shape::Integer],
            "How long it takes, in milliseconds; a hint for clients."; aliases: &["estimatedDurationMs"], bounds: Some((0, i64::MAX))),
    ],
    ..MappingSpec::CLOSED
};

/// The primary entity of an impact block.
pub static PRIMARY: MappingSpec = MappingSpec {
    name: "the primary entity of an impact block",
    keys: &[
        key!("entity", &[Shape::Entity], "The entity.\n\nDefault: the entity of the file."),
        OPERATION,
        FIELDS,
        RELATIONS,
        CONDITION,
    ],
    ..MappingSpec::CLOSED
};

/// A side effect of an impact block.
pub static SIDE_EFFECT: MappingSpec = MappingSpec {
    name: "a side effect",
    keys: &[
        key!("entity", &[Shape::Entity], "The entity that changes."; required: true),
        key!("operation", OPERATION.shapes, OPERATION.documentation; required: true),
        FIELDS,
        key!(
            "collection",
            &[Shape::Text],
            "The key under `extra_metadata` that lists the changed rows, in camelCase \
             (`createdNotifications`). Unique in the action."
        ),
        CONDITION,
        RELATIONS,
    ],
    ..MappingSpec::CLOSED
};

/// An entry of `cache_invalidations`.
pub static INVALIDATION: MappingSpec = MappingSpec {
    name: "a cache invalidation",
    keys: &[
        key!(
            "query",
            &[Shape::Text],
            "The name of the GraphQL query (`posts`)."; required: true, aliases: &["queryName"]),
        key!(
            "filter",
            &[Shape::Mapping(&FILTER)],
            "The arguments of the query: fields with values."; aliases: &["arguments"]),
        key!(
            "strategy",
            &[Shape::Word(STRATEGIES)],
            "What clients do with the query: `INVALIDATE`, `REFETCH` or `REMOVE`.\n\n\
             Default: `INVALIDATE`."
        ),
        key!(
            "scope",
            &[Shape::Word(SCOPES)],
            "Which queries are meant: `EXACT`, `PREFIX`, `PATTERN` or `ALL`.\n\n\
             Default: `EXACT` with a filter, else `PREFIX`."
        ),
        key!("reason", &[Shape::Text], "Why the query is stale, for readers."),
    ],
    ..MappingSpec::CLOSED
};

/// The arguments of an invalidated query.
pub static FILTER: MappingSpec = MappingSpec {
    name: "a filter",
    open: Some(&Shape::Any),
    open_keys: &Shape::Field,
    ..MappingSpec::CLOSED
};

const OPERATION: KeySpec = key!(
    "operation",
    &[Shape::Word(OPERATIONS)],
    "What happens to the entity: `CREATE`, `UPDATE`, `DELETE` or `UPSERT`, in any case."
);

const FIELDS: KeySpec = key!(
    "fields",
    &[Shape::List(&Shape::Field), Shape::Field],
    "The fields that change, in snake_case or as in GraphQL.\n\nDefault: whatever the steps write."
);

const RELATIONS: KeySpec = key!(
    "include_relations",
    &[Shape::List(&Shape::Field), Shape::Field],
    "The `ref` fields whose rows are sent along in full."; aliases: &["relationships", "includeRelations"]);

const CONDITION: KeySpec = key!(
    "condition",
    &[Shape::Expression],
    "When the entity changes, for an effect that does not happen in every run."
);
