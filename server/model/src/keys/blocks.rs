//! The blocks `cascade`, `cdc` and `audit`.

use super::{MappingSpec, Shape};

/// A cascade block.
pub static CASCADE: MappingSpec = MappingSpec {
    name: "a cascade block",
    keys: &[
        key!(
            "enabled",
            &[Shape::Bool],
            "Whether the mutation returns `_cascade`.\n\nDefault: `true` wherever there is an `impact`."
        ),
        key!(
            "include_entities",
            &[Shape::List(&Shape::Entity), Shape::Entity],
            "Only these entities are returned.\n\nDefault: all that change."
        ),
        key!(
            "exclude_entities",
            &[Shape::List(&Shape::Entity), Shape::Entity],
            "These entities are not returned.\n\nDefault: none."
        ),
        key!(
            "include_full_data",
            &[Shape::Bool],
            "Return whole rows; `false` returns type, id and operation alone.\n\nDefault: `true`."; aliases: &["include_full_entities"]),
        key!("include_deleted", &[Shape::Bool], "List deleted rows.\n\nDefault: `true`."),
        key!(
            "max_entities",
            &[Shape::Integer],
            "The greatest number of rows that are returned; what is beyond is marked as truncated.";
            // 0 is `no-effect`.
            bounds: Some((0, 1_000_000))),
    ],
    ..MappingSpec::CLOSED
};

/// A `cdc` block.
pub static CDC: MappingSpec = MappingSpec {
    name: "a cdc block",
    keys: &[
        key!(
            "enabled",
            &[Shape::Bool],
            "Whether the event is written.\n\nDefault: `false`, so a block without it does nothing."
        ),
        key!(
            "event_type",
            &[Shape::Text],
            "The type of the event, in PascalCase and in the past tense (`PostCreated`).\n\n\
             Default: the primary entity with `Created`, `Updated`, `Deleted` or `Upserted`."
        ),
        key!(
            "version",
            &[Shape::Integer],
            "The version of the payload's schema; raise it when the payload changes.\n\nDefault: `1`."; aliases: &["event_version"], bounds: Some((1, i32::MAX as i64))),
        key!(
            "include_side_effects",
            &[Shape::Bool],
            "Whether the entities of the side effects are part of the payload.\n\nDefault: `false`."
        ),
        key!(
            "include_cascade",
            &[Shape::Bool],
            "Whether `event_metadata` carries the cascade.\n\nDefault: `true`."
        ),
        key!(
            "include_payload",
            &[Shape::Bool],
            "Whether the event carries data; `false` makes a notification with ids alone.\n\n\
             Default: `true`."
        ),
        key!(
            "payload",
            &[Shape::List(&Shape::FieldPath), Shape::FieldPath],
            "The fields that the event carries, through refs where needed: `[title, author.name]`.\n\n\
             Default: the read model of the aggregate."
        ),
        key!(
            "partition_key",
            &[Shape::FieldPath],
            "The field whose value orders events: events with one value keep their order.\n\n\
             Default: the id of the aggregate."
        ),
        key!(
            "topic",
            &[Shape::Text],
            "The Kafka topic.\n\nDefault: from `kafka.topic` in `specql.config.yaml`."
        ),
        key!(
            "side_effect_events",
            &[Shape::Mapping(&SIDE_EFFECT_EVENTS)],
            "A further event for each named side effect, with the same correlation id.\n\n\
             ```yaml\nside_effect_events:\n  User: UserPostCountChanged\n```"
        ),
    ],
    ..MappingSpec::CLOSED
};

/// Events of side effects: entity and event type.
pub static SIDE_EFFECT_EVENTS: MappingSpec = MappingSpec {
    name: "events of side effects",
    open: Some(&Shape::Text),
    open_keys: &Shape::Entity,
    ..MappingSpec::CLOSED
};

/// An audit block of an entity.
pub static AUDIT: MappingSpec = MappingSpec {
    name: "an audit block",
    keys: &[
        key!(
            "enabled",
            &[Shape::Bool],
            "Whether changes of the entity's rows are recorded.\n\nDefault: from \
             `specql.config.yaml`, else `true`."
        ),
        key!(
            "track_fields",
            &[Shape::List(&Shape::Field), Shape::Field],
            "Only changes of these fields are recorded.\n\nDefault: all fields."
        ),
        key!(
            "exclude_fields",
            &[Shape::List(&Shape::Field), Shape::Field],
            "Changes of these fields are not recorded.\n\nDefault: none."
        ),
        key!(
            "include_cascade",
            &[Shape::Bool],
            "Whether the cascade of the mutation is kept beside its rows.\n\nDefault: `true`."
        ),
        key!(
            "retention",
            &[Shape::Text],
            "How long rows are kept: `90 days`, `7 years`.\n\nDefault: from `specql.config.yaml`, \
             else for ever."
        ),
    ],
    ..MappingSpec::CLOSED
};
