//! The history of a row: newest first, in pages, with the cascade of each mutation, and as of a time.
//!
//! The functions run with the rights of the caller, so row level security holds in them.

use specql_model::Entity;

use super::keeps_cascade;
use crate::{
    catalog::Catalog,
    names,
    sql::{Lines, Qualified, Script, Sql, sql},
};

const PARAMETERS: &str = "    p_entity_id uuid,\n    p_tenant_id uuid DEFAULT app.current_tenant_id(),\n    p_limit integer DEFAULT 100,\n    -- The sequence of the last row of the page before.\n    p_before bigint DEFAULT NULL";

const PAGE: &str = "WHERE a.entity_id = p_entity_id\n    AND a.tenant_id = p_tenant_id\n    AND (p_before IS NULL OR a.sequence < p_before)\nORDER BY a.sequence DESC\nLIMIT least(greatest(p_limit, 0), 1000)";

/// Writes the three functions.
pub(super) fn history(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    plain(script, catalog, entity);
    with_cascade(script, catalog, entity);
    state(script, catalog, entity);
}

fn plain(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let function = names::history(catalog.workspace(), entity, "history");
    script.line(sql!("DROP FUNCTION IF EXISTS {}(uuid, uuid, integer);", function));
    let mut columns = Lines::new();
    columns.push(Sql::raw("    audit_id uuid,\n    operation_type text,\n    changed_by uuid,\n    changed_at timestamptz,"));
    columns.push(Sql::raw("    old_values jsonb,\n    new_values jsonb,\n    change_reason text,"));
    columns
        .push(Sql::raw("    transaction_id bigint,\n    mutation_id uuid,\n    sequence bigint"));
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(Sql::raw("SELECT\n    a.audit_id, a.operation_type, a.changed_by, a.changed_at, a.old_values, a.new_values,"));
        body.push(Sql::raw("    a.change_reason, a.transaction_id, a.mutation_id, a.sequence"));
        body.push(sql!("FROM {} AS a", names::audit_table(catalog.workspace(), entity)));
        body.push(Sql::raw(PAGE));
    });
    script.with_body(head(&function, columns), body);
}

fn with_cascade(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let function = names::history(catalog.workspace(), entity, "history_with_cascade");
    script.line(sql!("DROP FUNCTION IF EXISTS {}(uuid, uuid);", function));
    let table = names::audit_table(catalog.workspace(), entity);
    // One row of a mutation has its cascade, or the log, as the storage of its time had it.
    let cascade = if keeps_cascade(catalog, entity) {
        sql!(
            "coalesce((\n        -- By the mutation alone: before statistics are there, an index on the tenant looks as good.\n        SELECT m.cascade_data FROM app.mutation_log AS m\n        WHERE m.mutation_id = a.mutation_id AND m.tenant_id IS NOT DISTINCT FROM a.tenant_id\n        LIMIT 1\n    ), (\n        SELECT c.cascade_data FROM {} AS k,\n        coalesce(nullif(to_jsonb(k) -> 'cascade_data', 'null'), k.new_values -> '_cascade') AS c(cascade_data)\n        WHERE k.mutation_id = a.mutation_id AND k.tenant_id IS NOT DISTINCT FROM a.tenant_id AND c.cascade_data IS NOT NULL\n        LIMIT 1\n    ))",
            table
        )
    } else {
        Sql::raw("NULL::jsonb")
    };
    let mut columns = Lines::new();
    columns.push(Sql::raw("    audit_id uuid,\n    operation_type text,\n    changed_at timestamptz,\n    old_values jsonb,"));
    columns.push(Sql::raw("    new_values jsonb,\n    cascade_data jsonb,\n    changed_by uuid,\n    mutation_id uuid,\n    sequence bigint"));
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(sql!(
            "SELECT\n    a.audit_id, a.operation_type, a.changed_at, a.old_values, nullif(a.new_values - '_cascade', '{{}}'::jsonb),\n    {}, a.changed_by, a.mutation_id, a.sequence",
            cascade
        ));
        body.push(sql!("FROM {} AS a", table));
        body.push(Sql::raw(PAGE));
    });
    script.with_body(head(&function, columns), body);
}

/// The row as the trail knows it at a time; NULL when it did not exist then.
fn state(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let function = names::history(catalog.workspace(), entity, "state");
    let mut head = Lines::new();
    head.push(sql!("CREATE OR REPLACE FUNCTION {}(", function));
    head.push(Sql::raw("    p_entity_id uuid,\n    p_at timestamptz DEFAULT now(),\n    p_tenant_id uuid DEFAULT app.current_tenant_id()"));
    head.push(Sql::raw(
        ") RETURNS jsonb\nLANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp",
    ));
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(Sql::raw("SELECT a.new_values - '_cascade'"));
        body.push(sql!("FROM {} AS a", names::audit_table(catalog.workspace(), entity)));
        body.push(Sql::raw("WHERE a.entity_id = p_entity_id AND a.tenant_id = p_tenant_id AND a.changed_at <= p_at"));
        body.push(Sql::raw("ORDER BY a.sequence DESC\nLIMIT 1"));
    });
    script.with_body(head, body);
}

fn head(function: &Qualified, columns: Lines) -> Lines {
    let mut head = Lines::new();
    head.push(sql!("CREATE OR REPLACE FUNCTION {}(", function));
    head.push(Sql::raw(PARAMETERS));
    head.push(Sql::raw(") RETURNS TABLE ("));
    head.append(columns);
    head.push(Sql::raw(")\nLANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp"));
    head
}
