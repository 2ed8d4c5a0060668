//! Who may call what: lists by name and parameters, so that nothing else gets a grant, whatever it is called.
//!
//! Functions run with the rights of who calls them, so the lists have what actions call in turn.

use specql_model::Entity;

use super::{APPLICATION, AUDITOR, CONSUMER};
use crate::{
    artifacts::audit,
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

/// What says who calls and in which mutation: actions and readers of the trail ask it.
const OF_CALLS: &[&str] = &[
    "as_uuid(text)",
    "current_causation_id()",
    "current_change_reason()",
    "current_correlation_id()",
    "current_mutation_id()",
    "current_tenant_id()",
    "current_traceparent()",
    "current_user_id()",
    "is_uuid(text)",
];

/// What actions call in `app` beside that, and what a caller may ask for the same answers.
const OF_ACTIONS: &[&str] = &[
    "any_event(app.call[], app.image[])",
    "begin_action(jsonb)",
    "cascade_build(jsonb[], jsonb[], jsonb[], integer, jsonb, integer, integer)",
    "cascade_deleted(text, uuid, timestamptz)",
    "cascade_entity(text, uuid, text, text, text)",
    "cascade_invalidation(text, text, jsonb, text)",
    "collections(jsonb, app.image[])",
    "cut_entries(jsonb[], integer)",
    "cut_text(text, integer)",
    "digits(text)",
    "distinct_rows(uuid[])",
    "distinct_texts(text[])",
    "distinct_touches(app.touch[])",
    "duration(text)",
    "fail(text, text, text)",
    "failed_action(jsonb, jsonb, text, text, text, text, text, text, text)",
    "finish_action(app.context, jsonb, app.work, app.image[], jsonb)",
    "first_touched(app.touch[], text, text[])",
    "following_metadata(app.context, jsonb, jsonb)",
    "graphql_name(text)",
    // A check of the log of mutations asks it.
    "is_erasure(jsonb, jsonb)",
    "iso_timestamp(timestamptz)",
    "keep_mutation(app.context, jsonb, uuid, text[], boolean, jsonb)",
    "kept_entries(jsonb, jsonb)",
    "kept_invalidations(jsonb, app.work)",
    "key_lock(text, anyelement)",
    "leading_metadata(jsonb, jsonb, app.image, jsonb[])",
    "listed_ids(jsonb)",
    "merge_invalidations(jsonb, app.call[])",
    "moment(text)",
    "new_traceparent()",
    "no_row(text, text, text)",
    "payload_members(jsonb, app.image[])",
    "pick_members(jsonb, jsonb)",
    "type_name(text, text)",
    "unfit_input(jsonb, jsonb)",
    "with_member(jsonb, jsonb, app.image)",
    "without_entities(jsonb[])",
    "write_events(app.context, jsonb, app.image[], integer, jsonb[], jsonb, app.call[], jsonb, jsonb)",
    "write_rows(app.context, jsonb, app.image[], integer, jsonb, jsonb, jsonb, jsonb)",
];

/// What reads the trail, with the rights of who calls it: who may see a part only is not to call it.
const OF_TRAIL: &[&str] = &[
    "get_mutation(uuid, uuid)",
    "get_mutation_changes(uuid, uuid)",
    "get_mutations(text, text, text, uuid, timestamptz, timestamptz, text, uuid, integer, uuid)",
];

/// What that calls in turn, and what says whether an erasure was whole.
const OF_AUDITOR: &[&str] = &[
    "audit_digest(regclass, uuid, uuid, text[], bigint)",
    "audit_tables()",
    "bare_name(text)",
    "describe_change(jsonb, jsonb)",
    "erased_image(jsonb, text[])",
    "image_rest(jsonb, text[])",
    "other_entities(text)",
    "trails()",
    "verify_erasure(uuid)",
];

const OF_CONSUMER: &[&str] = &[
    "park_event(text, uuid, text, text, text, jsonb, integer, bigint, text, integer, jsonb, text)",
    "receive_event(text, uuid)",
    "take_event(text, uuid, text, text, jsonb, uuid, text)",
];

/// Functions of `app`: the lists are whole, so one statement takes back what is in none of them and grants
/// what is, and no caller meets a moment without.
pub(super) fn of_app(script: &mut Script, catalog: Catalog<'_>, publishes: bool) {
    let of_actions = with_calls(OF_ACTIONS);
    let mut of_trail: Vec<String> = OF_TRAIL.iter().map(in_app).collect();
    for entity in catalog.entities().filter(|it| taken::has_table(catalog, it)) {
        if audit::has_trail(catalog, entity) {
            of_trail.extend(histories(catalog, entity));
        }
    }
    let of_auditor: Vec<String> = of_trail.iter().cloned().chain(with_calls(OF_AUDITOR)).collect();
    let mut body = Lines::new();
    body.push(Sql::raw(include_str!("take_back.sql").trim_end()));
    body.push(granted(&of_actions, APPLICATION));
    body.push(granted(&of_auditor, AUDITOR));
    if publishes {
        let of_consumer: Vec<String> = OF_CONSUMER.iter().map(in_app).collect();
        body.push(granted(&of_consumer, CONSUMER));
    }
    body.push(sql!("PERFORM app.keep_from_public({});", list(&of_trail)));
    script.do_block(body);
}

/// The three histories of an audited entity.
fn histories(catalog: Catalog<'_>, entity: &Entity) -> [String; 3] {
    [
        ("history", "uuid, uuid, integer, bigint"),
        ("history_with_cascade", "uuid, uuid, integer, bigint"),
        ("state", "uuid, timestamptz, uuid"),
    ]
    .map(|(suffix, parameters)| {
        signature(&names::history(catalog.workspace(), entity, suffix), parameters)
    })
}

/// What the application calls of an entity: its actions with their parts, its images and its read model.
pub(super) fn of_entity(catalog: Catalog<'_>, entity: &Entity) -> Sql {
    let given = if catalog.has_tenants() { "app.image[], app.context" } else { "app.image[]" };
    let mut functions = vec![
        signature(&names::refresh(entity), "integer"),
        signature(&names::image(entity), "app.touch[]"),
    ];
    for (_, action) in catalog.actions(entity) {
        functions.extend([
            signature(&names::function(entity, action), "jsonb"),
            signature(&names::steps_function(entity, action), "jsonb, app.context"),
            signature(&names::spec_function(entity, action), ""),
            signature(&names::given_function(entity, action), given),
        ]);
    }
    granted(&functions, APPLICATION)
}

/// Functions with those that say who calls, in the order of their names.
fn with_calls(functions: &[&str]) -> Vec<String> {
    let mut res: Vec<String> = functions.iter().chain(OF_CALLS).map(in_app).collect();
    res.sort_unstable();
    res
}

fn in_app(signature: &&str) -> String {
    format!("{}.{signature}", names::APP)
}

fn signature(function: &Qualified, parameters: &str) -> String {
    format!("{}({parameters})", Sql::of(function).as_str())
}

fn granted(functions: &[String], role: &'static str) -> Sql {
    sql!("PERFORM app.grant_execute({}, {});", list(functions), Literal::text(role))
}

/// An array with a line for each function, as long lists are read and compared.
fn list(functions: &[String]) -> Sql {
    let items = functions.iter().map(|it| Sql::of(&Literal::text(it.as_str())));
    sql!("ARRAY[\n    {}\n]", Sql::join(items, ",\n    "))
}
