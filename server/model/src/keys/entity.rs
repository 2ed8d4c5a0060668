//! The root of an entity file, and the long form of `entity`.

use super::{ACTION, AUDIT, CASCADE, FIELDS, KeySpec, MappingSpec, Shape, Support, upstream};

/// An entity file.
pub static ENTITY_FILE: MappingSpec = MappingSpec {
    name: "an entity file",
    keys: &[
        key!(
            "entity",
            &[Shape::Text, Shape::Mapping(&ENTITY)],
            "The name of the entity, in PascalCase. One file declares one entity.\n\n\
             ```yaml\nentity: Post\n```\n\n\
             The long form is a mapping with `name`, `schema`, `description` and `fields`."; required: true),
        SCHEMA,
        DESCRIPTION,
        key!(
            "was",
            &[Shape::Text],
            "The name that the entity had before. `specql-lsp migrate` renames the table and its audit \
             trail, with their rows; nothing else reads it, so it can stay."
        ),
        key!(
            "qualified",
            &[Shape::Bool],
            "Whether the schema stands in front of the name outside of it: `NewsPost` of `Post` in the \
             schema `news`, as `__typename`, as the aggregate of events and in the names of the audit \
             trail. Table and functions keep their names, as the schema tells them apart.\n\n\
             Default: only where an entity of another schema before this one, in the order of paths, has \
             the name. Written, it no longer depends on other files."
        ),
        FIELDS_KEY,
        ACTIONS_KEY,
        key!(
            "audit",
            &[Shape::Bool, Shape::Mapping(&AUDIT)],
            "The audit trail of the entity's rows: `true`, `false`, or a mapping with `enabled`, \
             `track_fields`, `exclude_fields`, `include_cascade`, `retention`.\n\n\
             Default: what `specql.config.yaml` says, else on."
        ),
        key!(
            "cascade",
            &[Shape::Bool, Shape::Mapping(&CASCADE)],
            "Read on an action and in `specql.config.yaml`, not here."; support: Support::Ignored),
        upstream::PATTERNS,
        upstream::AGENTS,
        upstream::ORGANIZATION,
        upstream::IDENTIFIER,
        upstream::TABLE_VIEWS,
        upstream::TRANSLATIONS,
        upstream::ignored("cdc"),
        upstream::ignored("table_code"),
        upstream::ignored("domain_name"),
        upstream::ignored("table"),
        upstream::ignored("tier"),
        upstream::ignored("multi_tenant"),
        upstream::ignored("hierarchical"),
        upstream::ignored("import"),
        upstream::ignored("extends"),
        upstream::ignored("indexes"),
        upstream::ignored("constraints"),
        upstream::ignored("unique_constraints"),
        upstream::ignored("composite_foreign_keys"),
        upstream::ignored("computed_fields"),
        upstream::ignored("views"),
        upstream::ignored("table_view"),
        upstream::ignored("source"),
        upstream::ignored("params"),
        upstream::ignored("filters"),
        upstream::ignored("metadata_split"),
        upstream::ignored("metadata"),
        upstream::ignored("_metadata"),
        upstream::ignored("notes"),
        upstream::ignored("graphql"),
        upstream::ignored("operations"),
        upstream::ignored("deduplication"),
        upstream::ignored("trinity_helpers"),
        upstream::ignored("validation"),
        upstream::ignored("validations"),
        upstream::ignored("validation_checks"),
        upstream::ignored("relations"),
        upstream::ignored("reverse_relationships"),
        upstream::ignored("security"),
        upstream::ignored("bypass_rls"),
        upstream::ignored("events"),
        upstream::ignored("read_models"),
        upstream::ignored("projections"),
        upstream::ignored("delete_policy"),
        upstream::ignored("query_patterns"),
        upstream::ignored("identifier_template"),
        upstream::ignored("notifications"),
        upstream::ignored("macros"),
        upstream::ignored("features"),
        upstream::ignored("vector_config"),
    ],
    ..MappingSpec::CLOSED
};

/// The long form of `entity`.
pub static ENTITY: MappingSpec = MappingSpec {
    name: "the long form of `entity`",
    keys: &[
        key!("name", &[Shape::Text], "The name of the entity, in PascalCase."; required: true),
        SCHEMA,
        DESCRIPTION,
        FIELDS_KEY,
    ],
    ..MappingSpec::CLOSED
};

const SCHEMA: KeySpec = key!(
    "schema",
    &[Shape::Text],
    "The PostgreSQL schema of the entity's table, functions and views.\n\nDefault: `public`."
);

const DESCRIPTION: KeySpec =
    key!("description", &[Shape::Text], "What the entity is, for readers and for comments in SQL.");

const FIELDS_KEY: KeySpec = key!(
    "fields",
    &[Shape::Mapping(&FIELDS)],
    "The fields, each as `name: type` or as a mapping.\n\n\
     ```yaml\nfields:\n  title: text!\n  status: enum(draft, published) = draft\n  \
     author: ref(User)!\n```\n\n\
     `!` means that a value has to be there. Every entity has `id`, `tenant_id`, `identifier`, \
     `created_at`, `created_by`, `updated_at`, `updated_by`, `deleted_at` and `deleted_by` without \
     declaring them."
);

const ACTIONS_KEY: KeySpec = key!(
    "actions",
    &[Shape::List(&Shape::OneOf(&[Shape::Mapping(&ACTION), Shape::Text]))],
    "The actions: what can be done with the entity. Each has a `name`, `steps`, and says in `impact` \
     what it changes.\n\n\
     ```yaml\nactions:\n  - name: create_post\n    steps:\n      - insert: Post\n```"
);
