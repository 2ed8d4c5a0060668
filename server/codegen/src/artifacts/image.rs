//! The function of an entity that brings its read model up to date for the rows that an action
//! touched, and gives each of them as it stands: one statement, built once, with static SQL.
//!
//! The object has the fields in snake_case, `id`, and a reference as `{__typename, id}`; so a change
//! of one row makes no other row stale.

use specql_contract::graphql_member;
use specql_model::{Entity, Type};

use super::{header, table::by_id};
use crate::{
    catalog::{Catalog, Column, ColumnType},
    names,
    sql::{Ident, Lines, Literal, Script, Sql, sql},
};

/// Pairs in one `jsonb_build_object`: a call has at most 100 arguments.
const PAIRS_PER_OBJECT: usize = 50;

/// A member of the object: its name and its value of a row.
struct Member {
    name: String,
    value: Sql,
}

/// Writes the function.
pub(crate) fn image(catalog: Catalog<'_>, entity: &Entity) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("images of {}", entity.name.text));
    let function = names::image(entity);
    let mut head = Lines::new();
    head.push(Sql::raw(
        "-- Brings the read model of the touched rows up to date and gives each row as it stands, a deleted\n-- one as it was. Rows are found by their keys alone, whatever the tables looked like when the plan\n-- was made.",
    ));
    head.push(sql!(
        "CREATE OR REPLACE FUNCTION {}(touched$ app.touch[]) RETURNS app.image[]",
        function
    ));
    head.push(Sql::raw(
        "LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp\nSET \"TimeZone\" = 'UTC' SET intervalstyle = 'iso_8601' SET enable_seqscan = off",
    ));
    script.with_body(head, body(catalog, entity));
    script.line(sql!("REVOKE ALL ON FUNCTION {}(app.touch[]) FROM PUBLIC;", function));
    script
}

/// The object of a row with an alias.
pub(super) fn row_object(catalog: Catalog<'_>, entity: &Entity, alias: &Sql) -> Sql {
    object(members(catalog, entity, alias).iter().map(|it| (it.name.clone(), it.value.clone())))
}

fn object(pairs: impl Iterator<Item = (String, Sql)>) -> Sql {
    let pairs: Vec<Sql> =
        pairs.map(|(name, value)| sql!("{}, {}", Literal::text(name), value)).collect();
    let objects = pairs
        .chunks(PAIRS_PER_OBJECT)
        .map(|it| sql!("jsonb_build_object({})", Sql::block(it.iter().cloned())));
    Sql::join(objects, " || ")
}

fn members(catalog: Catalog<'_>, entity: &Entity, alias: &Sql) -> Vec<Member> {
    let built_in = |name: &'static str| Member {
        name: name.to_owned(),
        value: sql!("{}.{}", alias, Ident::new(name)),
    };
    let mut res = vec![built_in("id"), built_in("identifier")];
    for (field, column) in catalog.columns(entity) {
        let value = by_id::object(catalog, entity, field, &column, alias)
            .unwrap_or_else(|| value(catalog, entity, &field.ty, &column, alias));
        res.push(Member { name: column.field, value });
    }
    res.extend(["created_at", "created_by", "updated_at", "updated_by"].map(built_in));
    res
}

fn value(
    catalog: Catalog<'_>,
    entity: &Entity,
    ty: &Type,
    column: &Column<'_>,
    alias: &Sql,
) -> Sql {
    let name = sql!("{}.{}", alias, column.name);
    match &column.ty {
        ColumnType::Scalar(ty) if catalog.is_big_number(ty) => sql!("{}::text", name),
        ColumnType::Scalar(_) => name,
        ColumnType::Json => match ty {
            Type::List(item) => list(catalog, entity, item, name),
            _ => name,
        },
        ColumnType::Reference(None) => Sql::raw("NULL"),
        ColumnType::Reference(Some(target)) => sql!(
            "(\n    SELECT jsonb_build_object('__typename', {}::text, 'id', f$.id)\n    FROM {} AS f$ WHERE f$.{} = {}\n)",
            Literal::text(catalog.type_name(target)),
            names::table(target),
            names::primary_key(target),
            name,
        ),
    }
}

/// A list, whose large numbers are texts.
fn list(catalog: Catalog<'_>, entity: &Entity, item: &Type, name: Sql) -> Sql {
    match catalog.column_type(entity.id, item) {
        ColumnType::Scalar(ty) if catalog.is_big_number(&ty) => sql!(
            "CASE jsonb_typeof({}) WHEN 'array' THEN (\n    SELECT coalesce(jsonb_agg(to_jsonb(e$.item #>> '{{}}') ORDER BY e$.n), '[]'::jsonb)\n    FROM jsonb_array_elements({}) WITH ORDINALITY AS e$(item, n)\n) ELSE {} END",
            name,
            name,
            name
        ),
        _ => name,
    }
}

/// The members of the image that the audit does not keep.
fn hidden(catalog: Catalog<'_>, entity: &Entity, members: &[Member]) -> Vec<String> {
    let Some(audit) = &entity.audit else { return Vec::new() };
    let named = |list: &[specql_model::Name], member: &Member| {
        list.iter().any(|it| {
            catalog.named_column(entity, it.as_str()).is_some_and(|it| it.field == member.name)
        })
    };
    let is_hidden = |it: &&Member| {
        let untracked = audit.track_fields.as_ref().is_some_and(|list| !named(list, it));
        it.name != "id" && (untracked || named(&audit.exclude_fields, it))
    };
    members
        .iter()
        .filter(is_hidden)
        .map(|it| graphql_member(catalog.config(), &it.name).to_string())
        .collect()
}

fn body(catalog: Catalog<'_>, entity: &Entity) -> Lines {
    let (table, view, key) =
        (names::table(entity), names::read_model(entity), names::primary_key(entity));
    let typename = Literal::text(catalog.type_name(entity));
    let members = members(catalog, entity, &Sql::raw("t$"));
    let hidden = hidden(catalog, entity, &members);
    let row = object(members.iter().map(|it| (it.name.clone(), it.value.clone())));
    let renamed =
        object(std::iter::once(("__typename".to_owned(), sql!("{}::text", typename))).chain(
            members.iter().map(|it| {
                let name = graphql_member(catalog.config(), &it.name).to_string();
                (name, sql!("v$.view -> {}", Literal::text(it.name.as_str())))
            }),
        ));
    let kept = if hidden.is_empty() {
        Sql::raw("NULL")
    } else {
        sql!("v$.image - {}", Literal::texts(hidden))
    };
    let mut lines = Lines::new();
    lines.push(Sql::raw("DECLARE\n    images$ app.image[];\n    gone$ uuid[];\nBEGIN"));
    lines.indented(|lines| {
        lines.push(Sql::raw("WITH touched$ AS ("));
        lines.indented(|lines| {
            lines.push(Sql::raw("SELECT u$.id, min(u$.op) AS op, min(u$.n) AS n"));
            lines.push(Sql::raw("FROM unnest(touched$) WITH ORDINALITY AS u$(entity, op, id, n)"));
            lines.push(sql!("WHERE u$.entity = {} AND u$.id IS NOT NULL\nGROUP BY u$.id", typename));
        });
        lines.push(Sql::raw("), found$ AS MATERIALIZED ("));
        lines.indented(|lines| {
            lines.push(sql!("SELECT\n    u$.id, u$.n, t$.{} AS key, t$.tenant_id,", key));
            lines.push(Sql::raw("    CASE WHEN u$.op <> 'V' AND (t$.id IS NULL OR t$.deleted_at IS NOT NULL) THEN 'D' ELSE u$.op END AS op,"));
            lines.push(sql!("    CASE WHEN t$.id IS NOT NULL THEN {}", row.indented()));
            lines.push(sql!("    ELSE (SELECT r$.data FROM {} AS r$ WHERE r$.id = u$.id) END AS view", view));
            lines.push(Sql::raw("FROM touched$ AS u$"));
            lines.push(sql!("LEFT JOIN LATERAL (SELECT x$.* FROM {} AS x$ WHERE x$.id = u$.id OFFSET 0) AS t$ ON true", table));
        });
        lines.push(Sql::raw("), shown$ AS ("));
        lines.indented(|lines| {
            lines.push(sql!("INSERT INTO {} AS r$ ({}, id, tenant_id, data)", view, key));
            lines.push(Sql::raw("SELECT f$.key, f$.id, f$.tenant_id, f$.view FROM found$ AS f$ WHERE f$.op IN ('C', 'U')"));
            lines.push(sql!("ON CONFLICT ({}) DO UPDATE SET", key));
            lines.push(Sql::raw("    id = excluded.id, tenant_id = excluded.tenant_id, data = excluded.data, refreshed_at = now()"));
        });
        lines.push(Sql::raw("), image$ AS ("));
        lines.indented(|lines| {
            lines.push(sql!("SELECT v$.id, v$.op, v$.n, v$.view, CASE WHEN v$.view IS NOT NULL THEN {} END AS image", renamed));
            lines.push(Sql::raw("FROM found$ AS v$"));
        });
        lines.push(Sql::raw(")"));
        lines.push(Sql::raw("SELECT"));
        lines.push(sql!("    array_agg(ROW({}, v$.op, v$.id, v$.view, v$.image, {})::app.image ORDER BY v$.n),", typename, kept));
        lines.push(Sql::raw("    array_agg(v$.id) FILTER (WHERE v$.op = 'D')"));
        lines.push(Sql::raw("INTO images$, gone$ FROM image$ AS v$;"));
        lines.push(Sql::raw("IF gone$ IS NOT NULL THEN"));
        lines.indented(|lines| {
            lines.push(sql!("DELETE FROM {} AS r$ WHERE r$.id = ANY (gone$);", view));
        });
        lines.push(Sql::raw("END IF;"));
        lines.push(Sql::raw("RETURN images$;"));
    });
    lines.push(Sql::raw("END"));
    lines
}
