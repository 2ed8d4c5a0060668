//! The function of an entity that brings its read model up to date for the rows that an action
//! touched, and gives each of them as it stands, with static SQL: a few rows one by one, as somebody would
//! write it for one row, many in one statement.
//!
//! The object has the fields in snake_case, `id`, and a reference as `{__typename, id}`; so a change
//! of one row makes no other row stale.

use specql_contract::{graphql_member, is_audited};
use specql_model::{Entity, Type};

use super::{SAME_TEXTS, header, table::by_id};
use crate::{
    catalog::{Catalog, Column, ColumnType},
    names,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
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
        "-- Brings the read model of the touched rows, each of which is listed once, up to date and gives each row as\n-- it stands, a deleted one as it was. A few rows are taken one by one, which starts faster, many in one\n-- statement. They are found by their keys alone, whatever the tables looked like when the plan was made.",
    ));
    head.push(sql!(
        "CREATE OR REPLACE FUNCTION {}(touched$ app.touch[]) RETURNS app.image[]",
        function
    ));
    head.push(Sql::raw(
        "LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off",
    ));
    head.push(Sql::raw(SAME_TEXTS));
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

/// What the function is made of.
struct Parts {
    table: Qualified,
    view: Qualified,
    key: Ident,
    typename: Literal,
    /// The object of a row `t$`.
    row: Sql,
    members: Vec<Member>,
    /// What of the image the audit does not keep; `None` where it keeps nothing of it.
    hidden: Option<Vec<String>>,
}

impl Parts {
    fn new(catalog: Catalog<'_>, entity: &Entity) -> Self {
        let members = members(catalog, entity, &Sql::raw("t$"));
        Self {
            table: names::table(entity),
            view: names::read_model(entity),
            key: names::primary_key(entity),
            typename: Literal::text(catalog.type_name(entity)),
            row: object(members.iter().map(|it| (it.name.clone(), it.value.clone()))),
            hidden: is_audited(catalog.config(), entity).then(|| hidden(catalog, entity, &members)),
            members,
        }
    }

    /// The object in the spelling of the API, of the one in that of SQL.
    fn renamed(&self, catalog: Catalog<'_>, view: &'static str) -> Sql {
        let view = Sql::raw(view);
        let typename = ("__typename".to_owned(), sql!("{}::text", self.typename));
        object(std::iter::once(typename).chain(self.members.iter().map(|it| {
            let name = graphql_member(catalog.config(), &it.name).to_string();
            (name, sql!("{} -> {}", view, Literal::text(it.name.as_str())))
        })))
    }

    fn kept(&self, image: &'static str) -> Sql {
        match &self.hidden {
            None => Sql::raw("'null'::jsonb"),
            Some(hidden) if hidden.is_empty() => Sql::raw("NULL"),
            Some(hidden) => sql!("{} - {}", Sql::raw(image), Literal::texts(hidden)),
        }
    }

    fn upsert_end(&self) -> Sql {
        sql!(
            "ON CONFLICT ({}) DO UPDATE SET\n    id = excluded.id, tenant_id = excluded.tenant_id, data = excluded.data, refreshed_at = now()",
            self.key
        )
    }
}

fn body(catalog: Catalog<'_>, entity: &Entity) -> Lines {
    let parts = Parts::new(catalog, entity);
    let mut lines = Lines::new();
    lines.push(Sql::raw("DECLARE"));
    lines.indented(|lines| {
        lines.push(Sql::raw("touch$ app.touch;\nkey$ integer;\ntenant$ uuid;\nlives$ boolean;"));
        lines.push(Sql::raw("view$ jsonb;\nimage$ jsonb;\nimages$ app.image[];\ngone$ uuid[];"));
    });
    lines.push(Sql::raw("BEGIN"));
    lines.indented(|lines| {
        lines.push(Sql::raw("IF cardinality(touched$) <= 20 THEN"));
        lines.indented(|lines| {
            lines.push(Sql::raw("FOREACH touch$ IN ARRAY touched$ LOOP"));
            lines.indented(|lines| one_row(lines, catalog, &parts));
            lines.push(Sql::raw("END LOOP;"));
        });
        lines.push(Sql::raw("ELSE"));
        lines.indented(|lines| many_rows(lines, catalog, &parts));
        lines.push(Sql::raw("END IF;"));
        lines.push(Sql::raw("IF gone$ IS NOT NULL THEN"));
        lines.indented(|lines| {
            lines.push(sql!("DELETE FROM {} AS r$ WHERE r$.id = ANY (gone$);", parts.view));
        });
        lines.push(Sql::raw("END IF;"));
        lines.push(Sql::raw("RETURN images$;"));
    });
    lines.push(Sql::raw("END"));
    lines
}

/// A row alone: a look-up and an upsert by key start faster than one statement that does all.
fn one_row(lines: &mut Lines, catalog: Catalog<'_>, parts: &Parts) {
    lines.push(sql!("CONTINUE WHEN touch$.entity <> {} OR touch$.id IS NULL;", parts.typename));
    lines.push(sql!("SELECT t$.{}, t$.tenant_id, t$.deleted_at IS NULL, {}", parts.key, parts.row));
    lines.push(Sql::raw("INTO key$, tenant$, lives$, view$"));
    lines.push(sql!("FROM {} AS t$ WHERE t$.id = touch$.id;", parts.table));
    lines.push(Sql::raw("IF NOT FOUND THEN"));
    lines.indented(|lines| {
        lines.push(sql!(
            "SELECT r$.data INTO view$ FROM {} AS r$ WHERE r$.id = touch$.id;",
            parts.view
        ));
    });
    lines.push(Sql::raw("END IF;"));
    lines.push(Sql::raw("IF touch$.op <> 'V' THEN"));
    lines.indented(|lines| {
        lines.push(Sql::raw("IF lives$ THEN"));
        lines.indented(|lines| {
            lines.push(sql!(
                "INSERT INTO {} AS r$ ({}, id, tenant_id, data)",
                parts.view,
                parts.key
            ));
            lines.push(Sql::raw("VALUES (key$, touch$.id, tenant$, view$)"));
            lines.push(sql!("{};", parts.upsert_end()));
        });
        lines.push(Sql::raw("ELSE"));
        lines.indented(|lines| {
            lines.push(Sql::raw("touch$.op := 'D';\ngone$ := gone$ || touch$.id;"));
        });
        lines.push(Sql::raw("END IF;"));
    });
    lines.push(Sql::raw("END IF;"));
    lines.push(sql!(
        "image$ := CASE WHEN view$ IS NOT NULL THEN {} END;",
        parts.renamed(catalog, "view$")
    ));
    lines.push(sql!(
        "images$ := images$ || ROW({}, touch$.op, touch$.id, view$, image$, {})::app.image;",
        parts.typename,
        parts.kept("image$")
    ));
}

/// All rows in one statement.
fn many_rows(lines: &mut Lines, catalog: Catalog<'_>, parts: &Parts) {
    lines.push(Sql::raw("WITH found$ AS MATERIALIZED ("));
    lines.indented(|lines| {
        lines.push(sql!("SELECT\n    u$.id, u$.n, t$.{} AS key, t$.tenant_id,", parts.key));
        lines.push(Sql::raw("    CASE WHEN u$.op <> 'V' AND (t$.id IS NULL OR t$.deleted_at IS NOT NULL) THEN 'D' ELSE u$.op END AS op,"));
        lines.push(sql!("    CASE WHEN t$.id IS NOT NULL THEN {}", parts.row.clone().indented()));
        lines.push(sql!("    ELSE (SELECT r$.data FROM {} AS r$ WHERE r$.id = u$.id) END AS view", parts.view));
        lines.push(Sql::raw("FROM unnest(touched$) WITH ORDINALITY AS u$(entity, op, id, n)"));
        lines.push(sql!("LEFT JOIN LATERAL (SELECT x$.* FROM {} AS x$ WHERE x$.id = u$.id OFFSET 0) AS t$ ON true", parts.table));
        lines.push(sql!("WHERE u$.entity = {} AND u$.id IS NOT NULL", parts.typename));
    });
    lines.push(Sql::raw("), shown$ AS ("));
    lines.indented(|lines| {
        lines.push(sql!("INSERT INTO {} AS r$ ({}, id, tenant_id, data)", parts.view, parts.key));
        lines.push(Sql::raw("SELECT f$.key, f$.id, f$.tenant_id, f$.view FROM found$ AS f$ WHERE f$.op IN ('C', 'U')"));
        lines.push(parts.upsert_end());
    });
    lines.push(Sql::raw("), image$ AS ("));
    lines.indented(|lines| {
        lines.push(sql!(
            "SELECT v$.id, v$.op, v$.n, v$.view, CASE WHEN v$.view IS NOT NULL THEN {} END AS image",
            parts.renamed(catalog, "v$.view")
        ));
        lines.push(Sql::raw("FROM found$ AS v$"));
    });
    lines.push(Sql::raw(")"));
    lines.push(Sql::raw("SELECT"));
    lines.push(sql!(
        "    array_agg(ROW({}, v$.op, v$.id, v$.view, v$.image, {})::app.image ORDER BY v$.n),",
        parts.typename,
        parts.kept("v$.image")
    ));
    lines.push(Sql::raw("    array_agg(v$.id) FILTER (WHERE v$.op = 'D')"));
    lines.push(Sql::raw("INTO images$, gone$ FROM image$ AS v$;"));
}
