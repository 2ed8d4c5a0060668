//! What FraiseQL calls: for each action a function that gives its answer in the columns that FraiseQL reads.
//!
//! Invariant: nothing is decided here; an adapter gives what the action has answered, in other columns.

use specql_model::{Action, Entity};

use super::header;
use crate::{
    catalog::Catalog,
    names,
    sql::{Comment, Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

/// The forms: what a function's name ends with, and what converts the answer.
const FORMS: [(&str, &str); 2] = [("", "mutation_response"), ("_v1", "mutation_response_v1")];

/// Writes the adapter of a workspace; needs everything else.
pub(crate) fn adapter(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL adapter for FraiseQL");
    script.raw(include_str!("responses.sql"));
    let mut rights = Lines::new();
    rights.push(Sql::raw("IF to_regrole('specql_application') IS NOT NULL THEN"));
    for entity in catalog.entities().filter(|it| taken::has_table(catalog, it)) {
        for (_, action) in catalog.actions(entity) {
            for (suffix, converter) in FORMS {
                let name = format!("{}{suffix}", action.name.text);
                let name = Qualified::new(entity.schema_name(), name);
                one(&mut script, catalog, entity, action, &name, converter);
                rights.indented(|it| {
                    it.push(sql!(
                        "GRANT EXECUTE ON FUNCTION {}(jsonb) TO specql_application;",
                        name
                    ));
                });
            }
        }
    }
    // A branch without statements is none.
    rights.indented(|it| it.push(Sql::raw("NULL;")));
    rights.push(Sql::raw("END IF;"));
    script.do_block(rights);
    script
}

/// One function. Who may call it is said at the end.
fn one(
    script: &mut Script,
    catalog: Catalog<'_>,
    entity: &Entity,
    action: &Action,
    name: &Qualified,
    converter: &str,
) {
    let converter = Qualified::new(names::APP, converter);
    let mut head = Lines::new();
    head.push(Sql::of(&Comment::new(format!("{}.{}", entity.name.text, action.name.text))));
    head.push(sql!("CREATE OR REPLACE FUNCTION {}(input jsonb) RETURNS {}", name, converter));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    let typename = Literal::text(catalog.type_name(entity));
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|it| {
        let function = names::function(entity, action);
        it.push(sql!("RETURN {}({}(input), {});", converter, function, typename));
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(sql!("REVOKE ALL ON FUNCTION {}(jsonb) FROM PUBLIC;", name));
}
