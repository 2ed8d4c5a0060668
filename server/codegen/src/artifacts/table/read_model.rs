//! The read model: a table with one JSON object per row, refreshed by the actions that change it.
//!
//! The object has the fields in snake_case, `id`, and a reference as `{__typename, id}`; so a change
//! of one row makes no other row stale.

use specql_model::{Entity, Type};

use super::{
    by_id,
    indexes::{self, Index},
};
use crate::{
    artifacts::{SAME_TEXTS, image::row_object},
    catalog::{Catalog, ColumnType},
    names,
    sql::{Ident, Lines, Literal, Script, Sql, sql},
};

/// Writes the table and the function that refreshes it.
pub(super) fn read_model(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let view = names::read_model(entity);
    let key = names::primary_key(entity);
    let mut table = Lines::new();
    table.push(sql!("CREATE TABLE IF NOT EXISTS {} (", view));
    table.indented(|it| {
        it.push(sql!(
            "{} integer CONSTRAINT {} PRIMARY KEY,",
            key,
            constraint_name(entity, "pkey")
        ));
        it.push(sql!("id uuid NOT NULL CONSTRAINT {} UNIQUE,", constraint_name(entity, "id_key")));
        it.push(Sql::raw("tenant_id uuid NOT NULL,"));
        it.push(Sql::raw("data jsonb NOT NULL,"));
        it.push(Sql::raw("refreshed_at timestamptz NOT NULL DEFAULT now()"));
    });
    table.push(Sql::raw(");"));
    script.statement(table);
    indexes(script, catalog, entity);
    script.line(sql!("REVOKE ALL ON {} FROM PUBLIC;", view));
    refresh_function(script, catalog, entity);
}

/// Fills the read model of a table that has rows, when its shape is new.
pub(super) fn fill(script: &mut Script, entity: &Entity) {
    let text = |it: &crate::sql::Qualified| Literal::text(it.catalogue_text());
    let mut body = Lines::new();
    body.push(sql!(
        "PERFORM app.update_read_model({}, {}, {});",
        text(&names::read_model(entity)),
        text(&names::table(entity)),
        Literal::text(format!("{}(integer)", names::refresh(entity).catalogue_text())),
    ));
    script.do_block(body);
}

fn constraint_name(entity: &Entity, suffix: &str) -> Ident {
    Ident::new(format!("{}_{suffix}", names::read_model(entity).name.as_str()))
}

/// The tenant, and the ids of related entities, by which readers filter.
fn indexes(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let view = names::read_model(entity);
    let name = |suffix: &str| Ident::new(format!("idx_{}_{suffix}", view.name.as_str()));
    let mut found = Vec::new();
    if catalog.has_tenants() {
        let (name, definition) = (name("tenant_id"), Sql::raw("(tenant_id)"));
        found.push(Index { name, is_unique: false, definition, range: None });
    }
    for (field, column) in catalog.columns(entity) {
        let is_by_id = !by_id::targets(catalog, entity, field).is_empty();
        if !is_by_id && !matches!(column.ty, ColumnType::Reference(_)) {
            continue;
        }
        let key = Literal::text(column.field.as_str());
        let definition = if matches!(field.ty, Type::List(_)) {
            sql!("USING gin ((data -> {}) jsonb_path_ops)", key)
        } else {
            sql!("((data -> {} ->> 'id'))", key)
        };
        let (name, range) = (name(column.name.as_str()), Some(field.range));
        found.push(Index { name, is_unique: false, definition, range });
    }
    indexes::write(script, entity.id.0, &view, &found);
}

fn refresh_function(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let (table, view) = (names::table(entity), names::read_model(entity));
    let key = names::primary_key(entity);
    let parameter = Ident::new(format!("p_{}", key.as_str()));
    let mut head = Lines::new();
    head.push(Sql::raw("-- Brings one row of the read model up to date, or all of them."));
    head.push(sql!(
        "CREATE OR REPLACE FUNCTION {}({} integer DEFAULT NULL) RETURNS void",
        names::refresh(entity),
        parameter
    ));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    head.push(Sql::raw(SAME_TEXTS));
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        body.push(sql!("DELETE FROM {} AS r", view));
        body.push(sql!("WHERE ({} IS NULL OR r.{} = {})", parameter, key, parameter));
        body.push(sql!(
            "    AND NOT EXISTS (\n        SELECT FROM {} AS t WHERE t.{} = r.{} AND t.deleted_at IS NULL\n    );",
            table,
            key,
            key
        ));
        body.push(sql!("INSERT INTO {} AS r ({}, id, tenant_id, data)", view, key));
        body.push(sql!("SELECT t.{}, t.id, t.tenant_id, {}", key, row_object(catalog, entity, &Sql::raw("t"))));
        body.push(sql!("FROM {} AS t", table));
        body.push(sql!("WHERE ({} IS NULL OR t.{} = {}) AND t.deleted_at IS NULL", parameter, key, parameter));
        body.push(sql!("ON CONFLICT ON CONSTRAINT {} DO UPDATE SET", constraint_name(entity, "pkey")));
        body.push(Sql::raw(
            "    id = excluded.id, tenant_id = excluded.tenant_id, data = excluded.data, refreshed_at = now();",
        ));
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(sql!("REVOKE ALL ON FUNCTION {}(integer) FROM PUBLIC;", names::refresh(entity)));
}
