//! Where the cascade of a mutation is kept beside its audit rows: one function of the project, with
//! static statements, that every action calls once.

use specql_model::{Entity, config::CascadeStorage};

use super::{audit::keeps_cascade, header};
use crate::{
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Writes the function; `None` when no entity keeps a cascade.
pub(crate) fn keep(catalog: Catalog<'_>) -> Option<Script> {
    let keepers: Vec<&Entity> =
        catalog.entities().filter(|it| keeps_cascade(catalog, it)).collect();
    if keepers.is_empty() {
        return None;
    }
    let mut script = Script::new();
    header(&mut script, "SpecQL cascade storage");
    let mut head = Lines::new();
    head.push(Sql::raw(
        "-- Keeps the cascade of a mutation, as far as the audit may, beside its audit rows.",
    ));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.keep_cascade(\n    ctx$ app.context, action$ text, entities$ text[], cascade$ jsonb\n) RETURNS void"));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        let storage = catalog.config().cascade_storage;
        if storage == CascadeStorage::Log {
            let names = keepers.iter().map(|it| it.name.as_str());
            body.push(sql!("IF NOT entities$ && {} THEN\n    RETURN;\nEND IF;", Literal::texts(names)));
            body.push(Sql::raw("INSERT INTO app.mutation_log (\n    mutation_id, tenant_id, action, cascade_data, cascade_entities, changed_by, correlation_id, traceparent\n)"));
            body.push(Sql::raw("VALUES (\n    ctx$.mutation_id, ctx$.tenant_id, action$, cascade$, entities$, ctx$.user_id, ctx$.correlation_id,\n    ctx$.traceparent\n);"));
            return;
        }
        body.push(Sql::raw("IF action$ IS NULL THEN\n    RETURN;\nEND IF;"));
        for it in &keepers {
            beside(body, it, storage);
        }
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(Sql::raw(
        "REVOKE ALL ON FUNCTION app.keep_cascade(app.context, text, text[], jsonb) FROM PUBLIC;",
    ));
    Some(script)
}

/// Fills this mutation's rows of one audit table, once.
fn beside(body: &mut Lines, entity: &Entity, storage: CascadeStorage) {
    body.push(sql!("IF {} = ANY (entities$) THEN", Literal::text(entity.name.as_str())));
    body.indented(|body| {
        body.push(sql!("UPDATE {} AS a$ SET", names::audit_table(entity)));
        if storage == CascadeStorage::Column {
            body.push(Sql::raw("    cascade_data = cascade$, cascade_entities = entities$"));
            body.push(Sql::raw("WHERE a$.mutation_id = ctx$.mutation_id AND a$.cascade_data IS NULL;"));
        } else {
            body.push(Sql::raw("    new_values = coalesce(a$.new_values, '{}'::jsonb) || jsonb_build_object('_cascade', cascade$)"));
            body.push(Sql::raw("WHERE a$.mutation_id = ctx$.mutation_id AND a$.new_values -> '_cascade' IS NULL;"));
        }
    });
    body.push(Sql::raw("END IF;"));
}
