//! Steps: which keyword decides, and which keys stand beside it.

mod extended;
mod siblings;
mod words;

use specql_syntax::yaml::{Entry, Mapping};

use super::{KeySpec, MappingSpec, Shape, upstream};
use extended as other;
use siblings as beside;

pub use siblings::{ARGUMENTS, ASSIGNMENTS, CASES_BY_VALUE, WRITE_FORM};
pub use words::{CHANNELS, CONFLICT_ACTIONS, REFRESH_SCOPES, REFRESH_STRATEGIES};

/// Every keyword in the order in which the upstream parser looks for them, then ours, then those of
/// the extended dialect. The first that a step has decides what the step is, wherever it stands in it.
pub const STEP_ORDER: &[&str] = &[
    "validate",
    "if",
    "insert",
    "update",
    "delete",
    "find",
    "call",
    "notify",
    "reject",
    "refresh_table_view",
    "upsert",
    "foreach",
    "switch",
    "return",
    "select",
    "raw_sql",
    "duplicate_check",
    "call_service",
    "declare",
    "cte",
    "aggregate",
    "subquery",
    "call_function",
    "return_early",
    "while",
    "for_query",
    "exception_handling",
    "json_build",
    "array_build",
    "batch_operation",
    "window_function",
    "return_table",
    "cursor",
    "recursive_cte",
    "dynamic_sql",
    "transaction_control",
    "query",
];

/// The keywords that are understood, in the order of documentation.
pub const STEP_KEYWORDS: &[&str] = &[
    "validate",
    "insert",
    "update",
    "delete",
    "upsert",
    "find",
    "if",
    "foreach",
    "switch",
    "call",
    "notify",
    "reject",
    "return",
    "refresh_table_view",
];

/// The entry whose keyword decides what a step is.
#[must_use]
pub fn keyword_of(step: &Mapping) -> Option<&Entry> {
    STEP_ORDER.iter().find_map(|it| step.get(it))
}

/// The keys of a step by its keyword; for an unknown one the keywords themselves.
#[must_use]
pub fn step_spec(keyword: &str) -> &'static MappingSpec {
    match keyword {
        "validate" => &VALIDATE_STEP,
        "insert" => &INSERT_STEP,
        "update" => &UPDATE_STEP,
        "delete" => &DELETE_STEP,
        "upsert" => &UPSERT_STEP,
        "find" => &FIND_STEP,
        "if" => &IF_STEP,
        "foreach" => &FOREACH_STEP,
        "switch" => &SWITCH_STEP,
        "call" => &CALL_STEP,
        "notify" => &NOTIFY_STEP,
        "reject" => &REJECT_STEP,
        "return" => &RETURN_STEP,
        "refresh_table_view" => &REFRESH_STEP,
        _ if STEP_ORDER.contains(&keyword) => &other::EXTENDED_STEP,
        _ => &STEP,
    }
}

/// A step without a keyword yet.
pub static STEP: MappingSpec = MappingSpec {
    name: "a step",
    keys: &[
        VALIDATE,
        INSERT,
        UPDATE,
        DELETE,
        UPSERT,
        FIND,
        IF,
        FOREACH,
        SWITCH,
        CALL,
        NOTIFY,
        REJECT,
        RETURN,
        REFRESH,
        other::SELECT,
        other::RAW_SQL,
        other::DUPLICATE_CHECK,
        other::CALL_SERVICE,
        other::DECLARE,
        other::CTE,
        other::AGGREGATE,
        other::SUBQUERY,
        other::CALL_FUNCTION,
        other::RETURN_EARLY,
        other::WHILE,
        other::FOR_QUERY,
        other::EXCEPTION_HANDLING,
        other::JSON_BUILD,
        other::ARRAY_BUILD,
        other::BATCH_OPERATION,
        other::WINDOW_FUNCTION,
        other::RETURN_TABLE,
        other::CURSOR,
        other::RECURSIVE_CTE,
        other::DYNAMIC_SQL,
        other::TRANSACTION_CONTROL,
        other::QUERY,
    ],
    ..MappingSpec::CLOSED
};

static VALIDATE_STEP: MappingSpec = MappingSpec {
    name: "a `validate` step",
    keys: &[
        VALIDATE,
        beside::ERROR,
        beside::MESSAGE,
        beside::CONDITION_INSIDE,
        upstream::ignored("severity"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static INSERT_STEP: MappingSpec = MappingSpec {
    name: "an `insert` step",
    keys: &[
        INSERT,
        beside::FIELDS,
        beside::VALUES,
        beside::SET,
        beside::FROM,
        beside::AS,
        upstream::ignored("returning"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static UPDATE_STEP: MappingSpec = MappingSpec {
    name: "an `update` step",
    keys: &[
        UPDATE,
        beside::SET,
        beside::WHERE,
        beside::FIELDS,
        beside::VALUES,
        beside::FROM,
        beside::AS,
        upstream::ignored("returning"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static DELETE_STEP: MappingSpec = MappingSpec {
    name: "a `delete` step",
    keys: &[
        DELETE,
        beside::WHERE,
        beside::HARD,
        beside::AS,
        upstream::ignored("returning"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static UPSERT_STEP: MappingSpec = MappingSpec {
    name: "an `upsert` step",
    keys: &[
        UPSERT,
        beside::FIELDS,
        beside::VALUES,
        beside::SET,
        beside::FROM,
        beside::CONFLICT_TARGET,
        beside::CONFLICT_ACTION,
        beside::AS,
        upstream::ignored("returning"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static FIND_STEP: MappingSpec = MappingSpec {
    name: "a `find` step",
    keys: &[
        FIND,
        beside::WHERE,
        beside::AS,
        beside::ERROR,
        beside::MESSAGE,
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static IF_STEP: MappingSpec = MappingSpec {
    name: "an `if` step",
    keys: &[IF, beside::THEN, beside::ELSE, beside::DESCRIPTION, beside::NAME],
    ..MappingSpec::CLOSED
};

static FOREACH_STEP: MappingSpec = MappingSpec {
    name: "a `foreach` step",
    keys: &[
        FOREACH,
        beside::DO,
        beside::WHERE,
        beside::LOOP_VARIABLE,
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static SWITCH_STEP: MappingSpec = MappingSpec {
    name: "a `switch` step",
    keys: &[SWITCH, beside::CASES, beside::DEFAULT, beside::DESCRIPTION, beside::NAME],
    ..MappingSpec::CLOSED
};

static CALL_STEP: MappingSpec = MappingSpec {
    name: "a `call` step",
    keys: &[
        CALL,
        beside::ARGS,
        beside::AS,
        upstream::ignored("return"),
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static NOTIFY_STEP: MappingSpec = MappingSpec {
    name: "a `notify` step",
    keys: &[
        NOTIFY,
        beside::TO,
        beside::CHANNEL,
        beside::NOTIFY_MESSAGE,
        beside::DATA,
        beside::DESCRIPTION,
        beside::NAME,
    ],
    ..MappingSpec::CLOSED
};

static REJECT_STEP: MappingSpec = MappingSpec {
    name: "a `reject` step",
    keys: &[REJECT, beside::ERROR, beside::MESSAGE, beside::DESCRIPTION, beside::NAME],
    ..MappingSpec::CLOSED
};

static RETURN_STEP: MappingSpec = MappingSpec {
    name: "a `return` step",
    keys: &[RETURN, beside::DESCRIPTION, beside::NAME],
    ..MappingSpec::CLOSED
};

static REFRESH_STEP: MappingSpec = MappingSpec {
    name: "a `refresh_table_view` step",
    keys: &[REFRESH, beside::DESCRIPTION, beside::NAME],
    ..MappingSpec::CLOSED
};

/// A case of `switch`.
pub static CASE: MappingSpec = MappingSpec {
    name: "a case of `switch`",
    keys: &[
        key!("when", &[Shape::Expression], "The value for which the steps run."; required: true),
        beside::THEN,
    ],
    ..MappingSpec::CLOSED
};

const VALIDATE: KeySpec = key!(
    "validate",
    &[Shape::Statement, Shape::Mapping(&siblings::CONDITION_FORM)],
    "A condition that has to hold; otherwise the action fails and nothing is written.\n\n\
     ```yaml\n- validate: status = 'draft'\n  error: not_a_draft\n```\n\n\
     Names are fields of the file's entity, `input.x`, parameters and variables. Also: \
     `email MATCHES email`, `EXISTS User WHERE email = input.email`, `email is valid`."
);

const INSERT: KeySpec = key!(
    "insert",
    &[Shape::Statement, Shape::Mapping(&WRITE_FORM)],
    "Insert a row.\n\n\
     ```yaml\n- insert: Post                       # the fields present in the input\n\
     - insert: Post(title, content)       # these fields of the input\n\
     - insert: Comment SET post = input.id, text = 'Hello'\n```"
);

const UPDATE: KeySpec = key!(
    "update",
    &[Shape::Statement, Shape::Mapping(&WRITE_FORM)],
    "Change rows.\n\n\
     ```yaml\n- update: Post                       # the fields present in the input\n\
     - update: Post SET status = 'published', published_at = now()\n\
     - update: User SET post_count = post_count + 1 WHERE id = input.author\n```\n\n\
     Without `WHERE` it is the row `input.id` of the file's entity; of another entity the row that the \
     one `ref` between the two leads to."
);

const DELETE: KeySpec = key!(
    "delete",
    &[Shape::Statement, Shape::Mapping(&WRITE_FORM)],
    "Delete rows: `deleted_at` is set. With `hard: true` they are removed.\n\n\
     ```yaml\n- delete: Post\n- delete: Comment WHERE post = input.id\n  hard: true\n```"
);

const UPSERT: KeySpec = key!(
    "upsert",
    &[Shape::Statement, Shape::Mapping(&WRITE_FORM)],
    "Insert a row, or change it when it is already there.\n\n\
     ```yaml\n- upsert: Setting(key, value)\n  conflict_target: [key]\n```"
);

const FIND: KeySpec = key!(
    "find",
    &[Shape::Statement, Shape::Mapping(&WRITE_FORM)],
    "Read one row into a variable; the action fails when there is none.\n\n\
     ```yaml\n- find: User WHERE email = input.email\n  as: user\n  error: unknown_user\n```"
);

const IF: KeySpec = key!(
    "if",
    &[Shape::Statement, Shape::Mapping(&siblings::IF_FORM)],
    "Steps that run when a condition holds, and others when it does not.\n\n\
     ```yaml\n- if: total > 1000\n  then:\n    - update: Order SET status = 'review'\n  \
     else:\n    - update: Order SET status = 'accepted'\n```"
);

const FOREACH: KeySpec = key!(
    "foreach",
    &[Shape::Statement, Shape::Mapping(&siblings::FOREACH_FORM)],
    "Steps that run for every row or item.\n\n\
     ```yaml\n- foreach: item in OrderItem WHERE order = input.id\n  do:\n    \
     - update: Product SET stock = stock - item.quantity WHERE id = item.product\n```"
);

const SWITCH: KeySpec = key!(
    "switch",
    &[Shape::Statement, Shape::Mapping(&siblings::SWITCH_FORM)],
    "Steps by the value of an expression.\n\n\
     ```yaml\n- switch: status\n  cases:\n    - when: 'draft'\n      then:\n        \
     - update: Post SET status = 'published'\n  default:\n    - reject: wrong_status\n```"
);

const CALL: KeySpec = key!(
    "call",
    &[Shape::Statement, Shape::Mapping(&siblings::CALL_FORM)],
    "Call another action, or a function of PostgreSQL.\n\n\
     ```yaml\n- call: recalculate_total(order = input.id)\n- call: billing.charge(amount = total)\n  \
     store: charge\n```"
);

const NOTIFY: KeySpec = key!(
    "notify",
    &[Shape::Statement, Shape::Mapping(&siblings::NOTIFY_FORM)],
    "Send a notification: a recipient with channel and text, or an event by its name.\n\n\
     ```yaml\n- notify: customer(email, \"Your order is on its way\")\n- notify: order_shipped\n  \
     to: customer.email\n```"
);

const REJECT: KeySpec = key!(
    "reject",
    &[Shape::Text],
    "Fail with this code or text; nothing is written.\n\n```yaml\n- reject: not_allowed\n```"
);

const RETURN: KeySpec = key!(
    "return",
    &[Shape::Any],
    "End the action with success; what was written stays. The text is the message of the answer.\n\n```yaml\n- return: already_done\n```"
);

const REFRESH: KeySpec = key!(
    "refresh_table_view",
    &[Shape::Mapping(&siblings::REFRESH_FORM), Shape::Word(REFRESH_SCOPES)],
    "Refresh the read model of the row.\n\n\
     ```yaml\n- refresh_table_view:\n    scope: propagate\n    propagate: [author]\n```"
);
