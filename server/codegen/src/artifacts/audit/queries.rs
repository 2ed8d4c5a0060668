//! Questions over all audit tables: which mutations there were, and one of them with everything that is
//! known of it. They run with the rights of the caller, so row level security holds in them.

use std::collections::BTreeSet;

use specql_model::{Entity, config::CascadeStorage};

use super::keeps_cascade;
use crate::{
    artifacts::outbox::outbox_table,
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Writes the functions.
pub(super) fn queries(script: &mut Script, catalog: Catalog<'_>, audited: &[&Entity]) {
    tables(script, catalog, audited);
    others(script, catalog);
    script.raw(include_str!("words.sql"));
    mutations(script, catalog, audited);
    mutation(script, catalog, audited);
    script.raw(include_str!("erase.sql"));
}

/// The audit tables, for what goes through all of them.
fn tables(script: &mut Script, catalog: Catalog<'_>, audited: &[&Entity]) {
    let rows = audited.iter().map(|it| {
        sql!(
            "({}::text, {}::regclass)",
            Literal::text(catalog.type_name(it)),
            Literal::text(names::audit_table(catalog.workspace(), it).catalogue_text())
        )
    });
    let mut head = Lines::new();
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.audit_tables() RETURNS TABLE (entity text, audit_table regclass)\nLANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.indented(|body| body.push(sql!("VALUES\n    {}", Sql::join(rows, ",\n    "))));
    script.with_body(head, body);
}

/// The names that are not an entity's own: also of entities without a trail, whose rows a cascade that was
/// kept before can show.
fn others(script: &mut Script, catalog: Catalog<'_>) {
    let names: BTreeSet<String> =
        catalog.entities().map(|it| catalog.type_name(it).to_string()).collect();
    let mut head = Lines::new();
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.other_entities(p_entity text) RETURNS text[]\nLANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(sql!("SELECT array_remove({}, p_entity)", Literal::texts(names)));
    });
    script.with_body(head, body);
}

const FILTERS: &str = "    p_action text DEFAULT NULL,
    -- A uuid, or the text that stands for the user elsewhere.
    p_user text DEFAULT NULL,
    p_entity text DEFAULT NULL,
    p_entity_id uuid DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_correlation text DEFAULT NULL,
    p_tenant_id uuid DEFAULT app.current_tenant_id(),
    p_limit integer DEFAULT 100,
    -- The last mutation of the page before.
    p_before uuid DEFAULT NULL";

const FOUND: &str = "    mutation_id uuid,
    action text,
    entity text,
    entity_id uuid,
    entities text[],
    changed_by uuid,
    change_reason text,
    correlation_id uuid,
    causation_id uuid,
    transaction_id bigint,
    created_at timestamptz";

/// The mutations by action, user, entity, time and correlation, newest first.
fn mutations(script: &mut Script, catalog: Catalog<'_>, audited: &[&Entity]) {
    let mut head = Lines::new();
    head.push(Sql::raw("-- Which mutations there were, newest first, in pages. Without a time it looks through the whole log of the tenant."));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.get_mutations("));
    head.push(Sql::raw(FILTERS));
    head.push(Sql::raw(") RETURNS TABLE ("));
    head.push(Sql::raw(FOUND));
    head.push(Sql::raw(")\nLANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp"));
    let touched = audited.iter().map(|it| {
        sql!(
            "SELECT a.mutation_id FROM {} AS a\n            WHERE a.entity_id = p_entity_id AND a.tenant_id = p_tenant_id",
            names::audit_table(catalog.workspace(), it)
        )
    });
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(Sql::raw("SELECT\n    m.mutation_id, m.action, m.entity, m.entity_id, m.cascade_entities, m.changed_by, m.change_reason,\n    m.correlation_id, m.causation_id, m.transaction_id, m.created_at"));
        body.push(Sql::raw("FROM app.mutation_log AS m\nWHERE m.tenant_id = p_tenant_id\n    AND (p_action IS NULL OR m.action = p_action)\n    AND (p_user IS NULL OR m.changed_by = app.as_uuid(p_user))\n    AND (p_entity IS NULL OR p_entity = ANY (m.cascade_entities))\n    AND (p_from IS NULL OR m.created_at >= p_from)\n    AND (p_to IS NULL OR m.created_at < p_to)\n    AND (p_correlation IS NULL OR m.correlation_id = app.as_uuid(p_correlation))"));
        body.push(sql!(
            "    AND (\n        p_entity_id IS NULL\n        OR m.mutation_id IN (\n            {}\n        )\n    )",
            Sql::join(touched, "\n            UNION ALL\n            ")
        ));
        body.push(Sql::raw("    AND (\n        p_before IS NULL\n        OR (m.created_at, m.mutation_id) < (\n            SELECT b.created_at, b.mutation_id FROM app.mutation_log AS b\n            WHERE b.mutation_id = p_before AND b.tenant_id IS NOT DISTINCT FROM p_tenant_id\n        )\n    )"));
        body.push(Sql::raw("ORDER BY m.created_at DESC, m.mutation_id DESC\nLIMIT least(greatest(p_limit, 0), 1000)"));
    });
    script.with_body(head, body);
}

/// One mutation: who, when and why, what changed, the cascade, and which events it wrote.
fn mutation(script: &mut Script, catalog: Catalog<'_>, audited: &[&Entity]) {
    let mut head = Lines::new();
    head.push(Sql::raw(
        "-- One mutation with all that is known of it; NULL when the log has none of that id.",
    ));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.get_mutation(\n    p_mutation_id uuid,\n    p_tenant_id uuid DEFAULT app.current_tenant_id()\n) RETURNS jsonb\nLANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(Sql::raw("SELECT jsonb_build_object(\n    'mutationId', m.mutation_id, 'action', m.action, 'entity', m.entity, 'entityId', m.entity_id,\n    'changedBy', m.changed_by, 'reason', m.change_reason, 'at', m.created_at,\n    'correlationId', m.correlation_id, 'causationId', m.causation_id, 'traceparent', m.traceparent,\n    'transactionId', m.transaction_id::text,"));
        body.push(Sql::raw("    'changes', (\n        SELECT coalesce(jsonb_agg(jsonb_build_object(\n            'entity', c.entity, 'id', c.entity_id, 'operation', c.operation_type, 'at', c.changed_at,\n            'before', c.old_values, 'after', c.new_values,\n            'words', app.describe_change(c.old_values, c.new_values)\n        ) ORDER BY c.changed_at), '[]')\n        FROM app.get_mutation_changes(p_mutation_id, p_tenant_id) AS c\n    ),"));
        body.push(sql!("    'cascade', {},", cascade(catalog, audited)));
        body.push(sql!("    'events', {}\n)", events(catalog)));
        body.push(Sql::raw("-- By the mutation alone: before statistics are there, an index on the tenant looks as good.\nFROM app.mutation_log AS m\nWHERE m.mutation_id = p_mutation_id AND m.tenant_id IS NOT DISTINCT FROM p_tenant_id"));
    });
    script.with_body(head, body);
}

/// The cascade of the mutation `m`, from where it is kept.
fn cascade(catalog: Catalog<'_>, audited: &[&Entity]) -> Sql {
    let kept = match catalog.config().cascade_storage {
        CascadeStorage::Log => return Sql::raw("m.cascade_data"),
        CascadeStorage::Column => Sql::raw("a.cascade_data"),
        CascadeStorage::Embedded => Sql::raw("a.new_values -> '_cascade'"),
    };
    let keepers: Vec<Sql> = audited
        .iter()
        .filter(|it| keeps_cascade(catalog, it))
        .map(|it| {
            sql!(
                "SELECT {} AS kept FROM {} AS a\n            WHERE a.mutation_id = p_mutation_id AND a.tenant_id = p_tenant_id",
                kept,
                names::audit_table(catalog.workspace(), it)
            )
        })
        .collect();
    if keepers.is_empty() {
        return Sql::raw("NULL::jsonb");
    }
    sql!(
        "coalesce(m.cascade_data, (\n        SELECT k.kept FROM (\n            {}\n        ) AS k\n        WHERE k.kept IS NOT NULL LIMIT 1\n    ))",
        Sql::join(keepers, "\n            UNION ALL\n            ")
    )
}

/// The events of the mutation `m` that the outbox still has, without what they carry.
fn events(catalog: Catalog<'_>) -> Sql {
    if !catalog.publishes() {
        return Sql::raw("'[]'::jsonb");
    }
    sql!(
        "(\n        SELECT coalesce(jsonb_agg(jsonb_build_object(\n            'id', o.id, 'type', o.event_type, 'version', o.event_version, 'entity', o.aggregate_type,\n            'entityId', o.aggregate_id, 'at', o.created_at\n        ) ORDER BY o.sequence), '[]')\n        FROM {} AS o\n        WHERE o.tenant_id = p_tenant_id AND (o.id = m.event_id OR o.causation_id = m.event_id)\n            AND o.created_at BETWEEN m.created_at - interval '1 day' AND m.created_at + interval '1 day'\n    )",
        outbox_table(catalog)
    )
}
