//! An action, and its parameters.

use super::{CASCADE, CDC, IMPACT, KeySpec, MappingSpec, Shape, Support, upstream};

/// The mapping form of `actions`, which older files have: name and action.
pub static ACTIONS: MappingSpec = MappingSpec {
    name: "actions",
    open: Some(&Shape::Mapping(&ACTION)),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

/// An action.
pub static ACTION: MappingSpec = MappingSpec {
    name: "an action",
    keys: &[
        key!(
            "name",
            &[Shape::Text],
            "The name of the action, in snake_case; the function in PostgreSQL is `fn_<name>`, the \
             mutation in GraphQL the name in camelCase.\n\n\
             Actions of all entities share one namespace in SQL."; required: true),
        key!(
            "description",
            &[Shape::Text],
            "What the action does, for readers and for comments in SQL."
        ),
        key!("requires", &[Shape::Text], "The permission that a caller needs."),
        key!(
            "params",
            PARAMETERS_SHAPES,
            "What a caller gives beside the entity's fields: names with types.\n\n\
             ```yaml\nparams:\n  reason: text!\n```"; aliases: &["parameters", "inputs"]),
        key!("returns", &[Shape::Any], "What the action returns."; support: Support::Ignored),
        key!(
            "steps",
            &[Shape::Steps],
            "What the action does, in order. All of it happens, or nothing.\n\n\
             ```yaml\nsteps:\n  - validate: status = 'draft'\n    error: not_a_draft\n  \
             - update: Post SET status = 'published'\n```"
        ),
        key!(
            "impact",
            &[Shape::Mapping(&IMPACT)],
            "What the action changes, for clients, audit and events: the primary entity, its side \
             effects, and the queries that are stale afterwards.\n\n\
             ```yaml\nimpact:\n  primary:\n    entity: Post\n    operation: CREATE\n  \
             side_effects:\n    - entity: User\n      operation: UPDATE\n      \
             fields: [post_count]\n```"
        ),
        key!(
            "impacts",
            &[Shape::Any],
            "The older form of `impact`: a list of entities with operations, or lists by operation. \
             Write `impact`."
        ),
        key!(
            "cascade",
            &[Shape::Bool, Shape::Mapping(&CASCADE)],
            "Which changed rows the mutation returns as `_cascade`: `true`, `false`, or a mapping.\n\n\
             Default: what `specql.config.yaml` says, else on wherever there is an `impact`."
        ),
        key!(
            "cdc",
            &[Shape::Bool, Shape::Mapping(&CDC)],
            "The event that the action writes to the outbox, in the same transaction. `true` means \
             all defaults.\n\n\
             ```yaml\ncdc:\n  enabled: true\n  event_type: PostCreated\n```"
        ),
        key!(
            "pattern",
            &[Shape::Text],
            "A pattern of the SpecQL library (`crud/create`) that makes the steps. What it does is not \
             known here."
        ),
        upstream::read("config", "The parameters of `pattern`, read by SpecQL 0.5 beta."),
        upstream::ignored("hierarchy_impact"),
        upstream::ignored("on_error"),
        upstream::ignored("duplicate_detection"),
        upstream::ignored("refresh_projection"),
        upstream::ignored("partial_updates"),
        upstream::ignored("track_updated_fields"),
    ],
    ..MappingSpec::CLOSED
};

const PARAMETERS_SHAPES: &[Shape] = &[
    Shape::Mapping(&PARAMETERS),
    Shape::List(&Shape::OneOf(&[Shape::Text, Shape::Mapping(&PARAMETER_ITEM)])),
];

/// The parameters of an action: the author's names, each with a type or a long form.
pub static PARAMETERS: MappingSpec = MappingSpec {
    name: "parameters",
    open: Some(&Shape::OneOf(&[Shape::FieldType, Shape::Mapping(&PARAMETER)])),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

/// The long form of a parameter.
pub static PARAMETER: MappingSpec = MappingSpec {
    name: "a parameter",
    keys: &[TYPE, REQUIRED, NULLABLE, DEFAULT, DESCRIPTION, SCHEMA, VALUES, MIN, MAX],
    ..MappingSpec::CLOSED
};

/// A parameter in a list: its long form with `name`, or one name with its type.
static PARAMETER_ITEM: MappingSpec = MappingSpec {
    name: "a parameter",
    keys: &[
        key!("name", &[Shape::Text], "The name of the parameter."),
        TYPE,
        REQUIRED,
        NULLABLE,
        DEFAULT,
        DESCRIPTION,
        SCHEMA,
        VALUES,
        MIN,
        MAX,
    ],
    open: Some(&Shape::OneOf(&[Shape::FieldType, Shape::Mapping(&PARAMETER)])),
    open_keys: &Shape::Text,
};

const TYPE: KeySpec = key!("type", &[Shape::FieldType], "The type, as of a field.");
const REQUIRED: KeySpec =
    key!("required", &[Shape::Bool], "A value has to be given.\n\nDefault: `false`.");
const NULLABLE: KeySpec =
    key!("nullable", &[Shape::Bool], "The value may be null: the opposite of `required`.");
const DEFAULT: KeySpec = key!("default", &[Shape::Any], "The value when none is given.");
const VALUES: KeySpec =
    key!("values", &[Shape::List(&Shape::Text)], "The values of an `enum`, as in `enum(a, b)`.");
const MIN: KeySpec = key!("min", &[Shape::Any], "The least value."; aliases: &["minimum"]);
const MAX: KeySpec = key!("max", &[Shape::Any], "The greatest value."; aliases: &["maximum"]);
const DESCRIPTION: KeySpec = key!("description", &[Shape::Text], "What the parameter is.");
const SCHEMA: KeySpec =
    key!("schema", &[Shape::Text], "The schema of the entity that a `ref` leads to.");
