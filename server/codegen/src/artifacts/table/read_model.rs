//! The read model: a table with one JSON object per row, refreshed by the actions that change it.
//!
//! The object has the fields in snake_case, `id`, and a reference as `{__typename, id}`; so a change
//! of one row makes no other row stale.

use specql_model::{Entity, Field, Type};

use super::{
    by_id,
    indexes::{self, Index},
};
use crate::{
    artifacts::{SAME_TEXTS, image::row_object},
    catalog::{Catalog, Column, ColumnType},
    names,
    sql::{Ident, Lines, Literal, Script, Sql, sql},
};

/// Writes the table and the function that refreshes it.
pub(super) fn read_model(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let view = names::read_model(entity);
    let key = names::primary_key(entity);
    let ids = ids(catalog, entity);
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
        let last = sql!("refreshed_at timestamptz NOT NULL DEFAULT now()");
        let columns =
            ids.iter().map(|it| sql!("{} uuid GENERATED ALWAYS AS ({}) STORED", it.name, it.value));
        let items: Vec<Sql> = std::iter::once(last).chain(columns).collect();
        it.push(Sql::join(items, ",\n"));
    });
    table.push(Sql::raw(");"));
    script.statement(table);
    add_ids(script, entity, &ids);
    indexes(script, catalog, entity, &ids);
    script.line(sql!("REVOKE ALL ON {} FROM PUBLIC;", view));
    refresh_function(script, catalog, entity);
}

fn constraint_name(entity: &Entity, suffix: &str) -> Ident {
    Ident::new(format!("{}_{suffix}", names::read_model(entity).name.as_str()))
}

/// The id of a related row as a column of the read model.
struct RelatedId {
    name: Ident,
    /// What it is in `data`.
    value: Sql,
    /// The member of `data`.
    member: String,
}

/// The ids of related rows that are columns: where rows belong to tenants. Row-level security evaluates no
/// function that could tell of a row before the tenant is compared, and `->` is such a function; so no reader
/// finds rows by an index over `data`, and each reads all rows of its tenant.
fn ids(catalog: Catalog<'_>, entity: &Entity) -> Vec<RelatedId> {
    if !catalog.has_tenants() {
        return Vec::new();
    }
    let related = catalog.columns(entity).into_iter().filter(|(field, column)| {
        is_related(catalog, entity, field, column) && !matches!(field.ty, Type::List(_))
    });
    let ids = related.map(|(_, column)| RelatedId {
        name: Ident::new(format!("{}_id", column.field)),
        value: sql!("({})::uuid", id_in_data(&column.field)),
        member: column.field,
    });
    // The column of the tenant is there.
    ids.filter(|it| it.name.as_str() != "tenant_id").collect()
}

/// `(data -> 'author' ->> 'id')`.
fn id_in_data(member: &str) -> Sql {
    sql!("(data -> {} ->> 'id')", Literal::text(member))
}

fn is_related(catalog: Catalog<'_>, entity: &Entity, field: &Field, column: &Column<'_>) -> bool {
    matches!(column.ty, ColumnType::Reference(_))
        || !by_id::targets(catalog, entity, field).is_empty()
}

/// Gives the columns to a read model of an earlier revision.
fn add_ids(script: &mut Script, entity: &Entity, ids: &[RelatedId]) {
    if ids.is_empty() {
        return;
    }
    let names = ids.iter().map(|it| it.name.as_str().to_owned());
    let members = ids.iter().map(|it| it.member.clone());
    let mut body = Lines::new();
    body.push(sql!(
        "PERFORM app.add_related_ids({}, {}, {});",
        Literal::text(names::read_model(entity).catalogue_text()),
        Literal::texts(names),
        Literal::texts(members)
    ));
    script.do_block(body);
}

/// The tenant, and the ids of related entities, by which readers filter.
fn indexes(script: &mut Script, catalog: Catalog<'_>, entity: &Entity, ids: &[RelatedId]) {
    let view = names::read_model(entity);
    let name = |suffix: &str| Ident::new(format!("idx_{}_{suffix}", view.name.as_str()));
    let mut found = Vec::new();
    if catalog.has_tenants() {
        let (name, definition) = (name("tenant_id"), Sql::raw("(tenant_id)"));
        found.push(Index { name, is_unique: false, definition, range: None });
    }
    for (field, column) in catalog.columns(entity) {
        if !is_related(catalog, entity, field, &column) {
            continue;
        }
        let key = Literal::text(column.field.as_str());
        let id = ids.iter().find(|it| it.member == column.field);
        let definition = match id {
            Some(it) => indexes::lookup(catalog, [Sql::of(&it.name)]),
            None if matches!(field.ty, Type::List(_)) => {
                sql!("USING gin ((data -> {}) jsonb_path_ops)", key)
            }
            None => sql!("({})", id_in_data(&column.field)),
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
    let asked = |row: &'static str| {
        sql!("({} IS NULL OR {}.{} = {})", parameter, Sql::raw(row), key, parameter)
    };
    body.push(Sql::raw("DECLARE\n    last$ integer;\nBEGIN"));
    body.indented(|body| {
        body.push(Sql::raw(
            "-- Who changes a row is waited for, and waits until this is committed: so each is shown as it stands then,\n-- with what it leads to. One that is made meanwhile is shown by whoever makes it.",
        ));
        body.push(sql!("SELECT max(t.{}) INTO last$ FROM (", key));
        body.push(sql!("    SELECT t.{} FROM {} AS t", key, table));
        body.push(sql!("    WHERE {} AND t.deleted_at IS NULL ORDER BY t.{} FOR SHARE\n) AS t;", asked("t"), key));
        body.push(sql!("DELETE FROM {} AS r", view));
        body.push(sql!("WHERE {}", asked("r")));
        body.push(sql!(
            "    AND NOT EXISTS (\n        SELECT FROM {} AS t WHERE t.{} = r.{} AND t.deleted_at IS NULL\n    );",
            table,
            key,
            key
        ));
        body.push(sql!("INSERT INTO {} AS r ({}, id, tenant_id, data)", view, key));
        body.push(sql!("SELECT t.{}, t.id, t.tenant_id, {}", key, row_object(catalog, entity, &Sql::raw("t"))));
        body.push(sql!("FROM (\n    SELECT t.* FROM {} AS t", table));
        body.push(sql!(
            "    WHERE {} AND t.{} <= last$ AND t.deleted_at IS NULL ORDER BY t.{} FOR SHARE\n) AS t",
            asked("t"),
            key,
            key
        ));
        body.push(sql!("ON CONFLICT ON CONSTRAINT {} DO UPDATE SET", constraint_name(entity, "pkey")));
        body.push(Sql::raw(
            "    id = excluded.id, tenant_id = excluded.tenant_id, data = excluded.data, refreshed_at = now();",
        ));
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(sql!("REVOKE ALL ON FUNCTION {}(integer) FROM PUBLIC;", names::refresh(entity)));
}
