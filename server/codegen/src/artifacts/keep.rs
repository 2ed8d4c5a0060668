//! The log of mutations, and where the cascade of one is kept: one function of the project, with static
//! statements, that every action calls once.

use specql_model::{Entity, config::CascadeStorage};

use super::{
    audit::{has_trail, keeps_cascade},
    header,
};
use crate::{
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Writes the function; `None` when no entity is audited.
pub(crate) fn keep(catalog: Catalog<'_>) -> Option<Script> {
    if !catalog.audits() {
        return None;
    }
    let audited = catalog.entities().filter(|it| has_trail(catalog, it));
    let audited = Literal::texts(audited.map(|it| catalog.type_name(it)));
    let keepers: Vec<&Entity> =
        catalog.entities().filter(|it| keeps_cascade(catalog, it)).collect();
    let storage = catalog.config().cascade_storage;
    let mut script = Script::new();
    header(&mut script, "SpecQL log of mutations");
    script.line(Sql::raw(
        "DROP FUNCTION IF EXISTS app.keep_cascade(app.context, text, text[], jsonb);",
    ));
    let mut head = Lines::new();
    head.push(Sql::raw("-- Logs a mutation and keeps its cascade, as far as the audit may."));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.keep_mutation(\n    ctx$ app.context, spec$ jsonb, id$ uuid, entities$ text[], has_events$ boolean, cascade$ jsonb\n) RETURNS void"));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        body.push(sql!("IF NOT entities$ && {} THEN\n    RETURN;\nEND IF;", audited));
        let names = Literal::texts(keepers.iter().map(|it| catalog.type_name(it)));
        let kept = match storage {
            CascadeStorage::Log if names.as_str() == audited.as_str() => Sql::raw("cascade$"),
            CascadeStorage::Column | CascadeStorage::Embedded if !keepers.is_empty() => {
                Sql::raw("NULL")
            }
            _ => sql!("CASE WHEN entities$ && {} THEN cascade$ END", names),
        };
        body.push(Sql::raw("INSERT INTO app.mutation_log (\n    mutation_id, tenant_id, action, entity, entity_id, cascade_data, cascade_entities, changed_by, change_reason,\n    correlation_id, causation_id, event_id, traceparent\n)"));
        body.push(sql!("VALUES (\n    ctx$.mutation_id, ctx$.tenant_id, spec$ ->> 'action', spec$ ->> 'entity', id$,\n    {}, entities$, ctx$.user_id, app.current_change_reason(),\n    ctx$.correlation_id, ctx$.causation_id, CASE WHEN has_events$ THEN ctx$.event_id END, ctx$.traceparent\n);", kept));
        if storage == CascadeStorage::Log || keepers.is_empty() {
            return;
        }
        body.push(Sql::raw("IF cascade$ IS NULL THEN\n    RETURN;\nEND IF;"));
        for it in &keepers {
            beside(body, catalog, it, storage);
        }
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(Sql::raw(
        "REVOKE ALL ON FUNCTION app.keep_mutation(app.context, jsonb, uuid, text[], boolean, jsonb) FROM PUBLIC;",
    ));
    Some(script)
}

/// Fills one row of this mutation in an audit table, once: that of the answer, or else the first. The others
/// have its `mutation_id`, so that a mutation of many rows keeps its cascade once and not for each of them.
fn beside(body: &mut Lines, catalog: Catalog<'_>, entity: &Entity, storage: CascadeStorage) {
    let table = names::audit_table(catalog.workspace(), entity);
    let (set, absent) = match storage {
        CascadeStorage::Column => {
            ("cascade_data = cascade$, cascade_entities = entities$", "a$.cascade_data IS NULL")
        }
        _ => (
            "new_values = coalesce(a$.new_values, '{}'::jsonb) || jsonb_build_object('_cascade', cascade$)",
            "a$.new_values -> '_cascade' IS NULL",
        ),
    };
    body.push(sql!("IF {} = ANY (entities$) THEN", Literal::text(catalog.type_name(entity))));
    body.indented(|body| {
        body.push(sql!("UPDATE {} AS a$ SET", table));
        body.push(sql!("    {}", Sql::raw(set)));
        body.push(sql!("WHERE a$.changed_at >= now() AND {} AND a$.audit_id = (\n    SELECT k$.audit_id FROM {} AS k$\n    WHERE k$.changed_at >= now() AND k$.mutation_id = ctx$.mutation_id\n    ORDER BY k$.entity_id IS DISTINCT FROM id$, k$.sequence\n    LIMIT 1\n);", Sql::raw(absent), table));
    });
    body.push(Sql::raw("END IF;"));
}
