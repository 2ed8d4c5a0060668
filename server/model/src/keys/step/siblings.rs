//! The keys beside a step's keyword, and the long forms behind one.

use super::{
    super::{KeySpec, MappingSpec, Shape, Support},
    CASE, CHANNELS, CONFLICT_ACTIONS, REFRESH_SCOPES, REFRESH_STRATEGIES,
};

/// Fields with the values they get.
pub static ASSIGNMENTS: MappingSpec = MappingSpec {
    name: "assignments",
    open: Some(&Shape::Expression),
    open_keys: &Shape::Field,
    ..MappingSpec::CLOSED
};

/// Arguments of a call: names of parameters with values.
/// Parameters of what is called, and their values.
pub static ARGUMENTS: MappingSpec = MappingSpec {
    name: "arguments",
    open: Some(&Shape::Expression),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

const STEPS: &[Shape] = &[Shape::Steps];

pub(super) const ERROR: KeySpec =
    key!("error", &[Shape::Text], "The code of the failure; the status is `failed:<code>`.");

pub(super) const MESSAGE: KeySpec = key!("message", &[Shape::Text], "The text of the failure, for people."; aliases: &["error_message"]);

pub(super) const DESCRIPTION: KeySpec = key!("description", &[Shape::Text], "What the step does, for readers."; aliases: &["comment"], support: Support::Ignored);

pub(super) const NAME: KeySpec = key!("name", &[Shape::Text], "A name for the step, for readers."; aliases: &["id"], support: Support::Ignored);

/// The condition as a sibling, where the keyword is followed by nothing else.
pub(super) const CONDITION_INSIDE: KeySpec =
    key!("condition", &[Shape::Expression], "The condition."; aliases: &["expression"]);

pub(super) const FIELDS: KeySpec = key!(
    "fields",
    &[Shape::List(&Shape::Field), Shape::Mapping(&ASSIGNMENTS), Shape::Field],
    "The fields that take their values from the input; as a mapping, fields with values."
);

pub(super) const VALUES: KeySpec =
    key!("values", &[Shape::Mapping(&ASSIGNMENTS)], "Fields with the values they get.");

pub(super) const SET: KeySpec = key!(
    "set",
    &[Shape::Mapping(&ASSIGNMENTS), Shape::Expression],
    "Fields with the values they get: expressions.\n\n\
     ```yaml\nset:\n  status: \"'published'\"\n  published_at: now()\n```"
);

pub(super) const WHERE: KeySpec = key!(
    "where",
    &[Shape::Expression, Shape::Mapping(&ASSIGNMENTS)],
    "Which rows. Names are fields of the entity that is written, `input.x`, and variables."
);

pub(super) const FROM: KeySpec = key!(
    "from",
    &[Shape::Text],
    "Where the values of all fields come from: `input`, or a variable."
);

pub(super) const AS: KeySpec = key!("as", &[Shape::Text], "The variable that holds the row or the result from here on."; aliases: &["store", "result"]);

pub(super) const HARD: KeySpec = key!(
    "hard",
    &[Shape::Bool],
    "Remove the rows instead of setting `deleted_at`.\n\nDefault: `false`."
);

pub(super) const CONFLICT_TARGET: KeySpec = key!(
    "conflict_target",
    &[Shape::List(&Shape::Field), Shape::Field],
    "The fields by which a row counts as already there; they have to be unique together."; aliases: &["on_conflict"]);

pub(super) const CONFLICT_ACTION: KeySpec = key!(
    "conflict_action",
    &[Shape::Word(CONFLICT_ACTIONS)],
    "What happens to a row that is already there: `update` or `nothing`.\n\nDefault: `update`."
);

pub(super) const THEN: KeySpec =
    key!("then", STEPS, "The steps that run when the condition holds.");

pub(super) const ELSE: KeySpec =
    key!("else", STEPS, "The steps that run when the condition does not hold.");

pub(super) const DO: KeySpec =
    key!("do", STEPS, "The steps that run for every row or item."; aliases: &["steps"]);

pub(super) const LOOP_VARIABLE: KeySpec =
    key!("as", &[Shape::Text], "The variable of the loop, where the statement names none.");

pub(super) const CASES: KeySpec = key!(
    "cases",
    &[Shape::List(&Shape::Mapping(&CASE)), Shape::Mapping(&CASES_BY_VALUE)],
    "The cases, each with `when` and `then`; the first that fits runs."
);

/// Cases as a mapping: a value, and the steps that run for it.
pub static CASES_BY_VALUE: MappingSpec = MappingSpec {
    name: "cases",
    open: Some(&Shape::Steps),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

pub(super) const DEFAULT: KeySpec =
    key!("default", STEPS, "The steps that run when no case fits."; aliases: &["else"]);

pub(super) const ARGS: KeySpec = key!(
    "args",
    &[Shape::Mapping(&ARGUMENTS), Shape::List(&Shape::Expression)],
    "The arguments: names of parameters with values."; aliases: &["arguments"]);

pub(super) const TO: KeySpec =
    key!("to", &[Shape::Expression], "Who is notified: a path to an address or to a user.");

pub(super) const CHANNEL: KeySpec = key!("channel", &[Shape::Word(CHANNELS)], "The channel.");

pub(super) const NOTIFY_MESSAGE: KeySpec =
    key!("message", &[Shape::Text], "The text of the notification.");

pub(super) const DATA: KeySpec =
    key!("data", &[Shape::Any], "Further values that are sent along."; aliases: &["payload"]);

const ENTITY: KeySpec = key!(
    "entity",
    &[Shape::Entity],
    "The entity.\n\nDefault: the entity of the file."; required: true);

const CONDITION: KeySpec =
    key!("condition", &[Shape::Expression], "The condition."; aliases: &["expression"]);

/// The long form of `validate`.
pub(super) static CONDITION_FORM: MappingSpec = MappingSpec {
    name: "the long form of `validate`",
    keys: &[CONDITION, ERROR, MESSAGE],
    ..MappingSpec::CLOSED
};

/// The long form of `insert`, `update`, `upsert`, `delete` and `find`.
pub static WRITE_FORM: MappingSpec = MappingSpec {
    name: "the long form of a step",
    keys: &[
        ENTITY,
        SET,
        FIELDS,
        VALUES,
        WHERE,
        FROM,
        AS,
        HARD,
        CONFLICT_TARGET,
        CONFLICT_ACTION,
        ERROR,
        MESSAGE,
    ],
    ..MappingSpec::CLOSED
};

/// The long form of `if`.
pub(super) static IF_FORM: MappingSpec = MappingSpec {
    name: "the long form of `if`",
    keys: &[CONDITION, THEN, ELSE],
    ..MappingSpec::CLOSED
};

/// The long form of `foreach`.
pub(super) static FOREACH_FORM: MappingSpec = MappingSpec {
    name: "the long form of `foreach`",
    keys: &[
        key!("variable", &[Shape::Text], "The variable of the loop."; aliases: &["as", "item"]),
        key!("in", &[Shape::Expression], "What the loop runs over."; aliases: &["collection"], required: true),
        WHERE,
        DO,
    ],
    ..MappingSpec::CLOSED
};

/// The long form of `switch`.
pub(super) static SWITCH_FORM: MappingSpec = MappingSpec {
    name: "the long form of `switch`",
    keys: &[
        key!("expression", &[Shape::Expression], "The value that decides."; aliases: &["condition"], required: true),
        CASES,
        DEFAULT,
    ],
    ..MappingSpec::CLOSED
};

/// The long form of `call`.
pub(super) static CALL_FORM: MappingSpec = MappingSpec {
    name: "the long form of `call`",
    keys: &[
        key!("action", &[Shape::Text], "The action or function."; aliases: &["function", "name"], required: true),
        ARGS,
        AS,
    ],
    ..MappingSpec::CLOSED
};

/// The long form of `notify`.
pub(super) static NOTIFY_FORM: MappingSpec = MappingSpec {
    name: "the long form of `notify`",
    keys: &[
        TO,
        CHANNEL,
        NOTIFY_MESSAGE,
        DATA,
        key!("recipient", &[Shape::Expression], "Who is notified."),
        key!("event", &[Shape::Text], "The name of the event."),
    ],
    ..MappingSpec::CLOSED
};

/// The mapping behind `refresh_table_view`.
pub(super) static REFRESH_FORM: MappingSpec = MappingSpec {
    name: "a refresh of the read model",
    keys: &[
        key!(
            "scope",
            &[Shape::Word(REFRESH_SCOPES)],
            "How far the refresh reaches.\n\nDefault: `self`."
        ),
        key!(
            "propagate",
            &[Shape::List(&Shape::Text)],
            "The `ref` fields or entities whose read models are refreshed too."
        ),
        key!(
            "strategy",
            &[Shape::Word(REFRESH_STRATEGIES)],
            "When the read model is refreshed.\n\nDefault: `immediate`."
        ),
    ],
    ..MappingSpec::CLOSED
};
