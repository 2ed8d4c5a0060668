//! References by public id: `ref(A|B)`, whose column holds the id of a row of either, and `list(ref(A))`,
//! whose column holds a list of ids. A foreign key can hold neither, so triggers do.
//!
//! The ids have to be those of live rows of the tenant when they are written, and a row cannot be
//! removed while one of them names it. A soft deletion leaves them, as it leaves foreign keys.

use specql_model::{Entity, Field, Type};

use super::indexes::{self, Index};
use crate::{
    catalog::{Catalog, Column},
    names,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

/// Writes the triggers of an entity, and the indexes by which they look for rows; needs all tables.
pub(super) fn references_by_id(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    for (field, column) in catalog.columns(entity) {
        let targets = targets(catalog, entity, field);
        if targets.is_empty() {
            continue;
        }
        index(script, catalog, entity, field, &column);
        check(script, entity, field, &column, &targets);
        keep(script, entity, field, &column, &targets);
    }
}

/// The entities whose ids a field holds; empty for any other field.
pub(crate) fn targets<'a>(catalog: Catalog<'a>, entity: &Entity, field: &Field) -> Vec<&'a Entity> {
    let references = match &field.ty {
        Type::Ref(targets) if targets.len() > 1 => targets,
        Type::List(item) => match item.as_ref() {
            Type::Ref(targets) => targets,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let found = references.iter().filter_map(|it| catalog.resolve(entity.id, it));
    found.filter(|it| taken::has_table(catalog, it)).collect()
}

/// What a row shows of such a field: `{__typename, id}`, or a list of them. The type is that of the
/// entity in which the row is found. `None` for any other field.
pub(crate) fn object(
    catalog: Catalog<'_>,
    entity: &Entity,
    field: &Field,
    column: &Column<'_>,
    row: &Sql,
) -> Option<Sql> {
    let targets = targets(catalog, entity, field);
    if targets.is_empty() {
        return None;
    }
    let of = |id: Sql| {
        let found = targets.iter().map(|target| {
            sql!(
                "SELECT jsonb_build_object('__typename', {}::text, 'id', f.id) FROM {} AS f WHERE f.id = {}",
                Literal::text(catalog.type_name(target)),
                names::table(target),
                id
            )
        });
        sql!("(\n    {}\n)", Sql::join(found, "\n    UNION ALL "))
    };
    let value = sql!("{}.{}", row, column.name);
    if !is_list(field) {
        return Some(of(value));
    }
    Some(sql!(
        "CASE WHEN {} IS NOT NULL THEN (\n    SELECT coalesce(jsonb_agg({} ORDER BY e.place), '[]'::jsonb)\n    FROM jsonb_array_elements_text({}) WITH ORDINALITY AS e(id, place)\n) END",
        value,
        of(Sql::raw("e.id::uuid")),
        value
    ))
}

fn function(entity: &Entity, field: &Field, suffix: &str) -> Qualified {
    let name = format!("check_{}_{}{suffix}", names::table(entity).name.as_str(), field.name.text);
    Qualified::new(entity.schema_name(), name)
}

fn is_list(field: &Field) -> bool {
    matches!(field.ty, Type::List(_))
}

fn index(
    script: &mut Script,
    catalog: Catalog<'_>,
    entity: &Entity,
    field: &Field,
    column: &Column<'_>,
) {
    let table = names::table(entity);
    let name = Ident::new(format!("idx_{}_{}", table.name.as_str(), column.name.as_str()));
    let definition = if is_list(field) {
        sql!("USING gin ({} jsonb_path_ops)", column.name)
    } else {
        indexes::lookup(catalog, [Sql::of(&column.name)])
    };
    let index = Index { name, is_unique: false, definition, range: Some(field.range) };
    indexes::write(script, entity.id.0, &table, &[index]);
}

/// Every id that is written is that of a live row. The rows are locked against removal, as foreign
/// keys lock theirs, in the order of their keys.
fn check(
    script: &mut Script,
    entity: &Entity,
    field: &Field,
    column: &Column<'_>,
    targets: &[&Entity],
) {
    let function = function(entity, field, "");
    let ids = if is_list(field) {
        sql!("SELECT e.id::uuid FROM jsonb_array_elements_text(NEW.{}) AS e(id)", column.name)
    } else {
        sql!("SELECT NEW.{} WHERE NEW.{} IS NOT NULL", column.name, column.name)
    };
    // As an array, because policies let no index answer a join with items out of JSON.
    let is_named = sql!("r.id = ANY (ARRAY({}))", ids);
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        if is_list(field) {
            body.push(Sql::raw("IF TG_WHEN = 'BEFORE' THEN"));
            body.push(sql!("    NEW.{} := lower(NEW.{}::text)::jsonb;", column.name, column.name));
            body.push(Sql::raw("    RETURN NEW;\nEND IF;"));
        }
        body.push(sql!("IF TG_OP = 'UPDATE' AND NEW.{} IS NOT DISTINCT FROM OLD.{} THEN", column.name, column.name));
        body.push(Sql::raw("    RETURN NULL;\nEND IF;"));
        for target in targets {
            body.push(sql!("PERFORM FROM {} AS r", names::table(target)));
            body.push(sql!("WHERE {} AND r.tenant_id = NEW.tenant_id", is_named));
            body.push(sql!("ORDER BY r.{} FOR KEY SHARE;", names::primary_key(target)));
        }
        body.push(sql!("IF EXISTS ({} EXCEPT (", ids));
        body.indented(|body| {
            for (index, target) in targets.iter().enumerate() {
                if index > 0 {
                    body.push(Sql::raw("UNION ALL"));
                }
                body.push(sql!("SELECT r.id FROM {} AS r", names::table(target)));
                body.push(sql!(
                    "WHERE {} AND r.tenant_id = NEW.tenant_id AND (r.deleted_at IS NULL) IS TRUE",
                    is_named
                ));
            }
        });
        body.push(Sql::raw(")) THEN"));
        body.indented(|body| {
            body.push(sql!(
                "RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = 'not_found', MESSAGE = {}, COLUMN = {};",
                Literal::text(format!("{} not found", field.name.text)),
                Literal::text(field.name.as_str())
            ));
        });
        body.push(Sql::raw("END IF;\nRETURN NULL;"));
    });
    body.push(Sql::raw("END"));
    trigger_function(script, &function, body);
    let table = names::table(entity);
    let mut lines = Lines::new();
    lines.mapped(entity.id.0, field.range, |lines| {
        lines.push(sql!(
            "CREATE OR REPLACE TRIGGER {} AFTER INSERT OR UPDATE OF {} ON {}",
            function.name,
            column.name,
            table
        ));
        lines.push(sql!("FOR EACH ROW EXECUTE FUNCTION {}();", function));
    });
    script.statement(lines);
    if !is_list(field) {
        return;
    }
    // In a list an id is text, and is looked for as PostgreSQL writes it.
    let mut lines = Lines::new();
    let name = format!("{}_case", function.name.as_str());
    lines.mapped(entity.id.0, field.range, |lines| {
        lines.push(sql!(
            "CREATE OR REPLACE TRIGGER {} BEFORE INSERT OR UPDATE OF {} ON {}",
            Ident::new(name),
            column.name,
            table
        ));
        lines.push(sql!(
            "FOR EACH ROW WHEN (NEW.{}::text ~ '[A-F]') EXECUTE FUNCTION {}();",
            column.name,
            function
        ));
    });
    script.statement(lines);
}

/// A row that an id names is not removed.
fn keep(
    script: &mut Script,
    entity: &Entity,
    field: &Field,
    column: &Column<'_>,
    targets: &[&Entity],
) {
    let function = function(entity, field, "_kept");
    let table = names::table(entity);
    let named = if is_list(field) {
        sql!("t.{} @> jsonb_build_array(OLD.id)", column.name)
    } else {
        sql!("t.{} = OLD.id", column.name)
    };
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    body.indented(|body| {
        body.push(sql!("IF EXISTS (SELECT FROM {} AS t WHERE {}) THEN", table, named));
        body.indented(|body| {
            body.push(sql!(
                "RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', COLUMN = {}, CONSTRAINT = TG_NAME,\n    SCHEMA = {}, TABLE = {},",
                Literal::text(field.name.as_str()),
                Literal::text(entity.schema_name()),
                Literal::text(table.name.as_str())
            ));
            body.push(sql!(
                "    MESSAGE = {};",
                Literal::text(format!("a row of {} names it in {}", table.catalogue_text(), field.name.text))
            ));
        });
        body.push(Sql::raw("END IF;\nRETURN NULL;"));
    });
    body.push(Sql::raw("END"));
    trigger_function(script, &function, body);
    for target in targets {
        let mut lines = Lines::new();
        lines.mapped(entity.id.0, field.range, |lines| {
            lines.push(sql!(
                "CREATE OR REPLACE TRIGGER {} AFTER DELETE ON {}",
                function.name,
                names::table(target)
            ));
            lines.push(sql!("FOR EACH ROW EXECUTE FUNCTION {}();", function));
        });
        script.statement(lines);
    }
}

fn trigger_function(script: &mut Script, function: &Qualified, body: Lines) {
    let mut head = Lines::new();
    head.push(sql!("CREATE OR REPLACE FUNCTION {}() RETURNS trigger", function));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    script.with_body(head, body);
    script.line(sql!("REVOKE ALL ON FUNCTION {}() FROM PUBLIC;", function));
}
