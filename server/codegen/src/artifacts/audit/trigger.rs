//! The trigger that records changes of an entity's table: one row per changed row, one for `TRUNCATE`.

use specql_model::{Entity, Name};

use crate::{
    artifacts::SAME_TEXTS,
    catalog::Catalog,
    names::{self, APP},
    problem::{Problem, ProblemKind},
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
};

/// Writes the trigger's function and the triggers.
pub(super) fn trigger(
    script: &mut Script,
    catalog: Catalog<'_>,
    entity: &Entity,
    problems: &mut Vec<Problem>,
) {
    let audit = names::audit_table(catalog.workspace(), entity);
    let function = Qualified::new(APP, format!("{}_change", audit.name.as_str()));
    let mut head = Lines::new();
    head.push(sql!("CREATE OR REPLACE FUNCTION {}() RETURNS trigger", function));
    head.push(Sql::raw("LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"));
    head.push(Sql::raw(SAME_TEXTS));
    script.with_body(head, body(catalog, entity, problems));
    script.line(sql!("REVOKE ALL ON FUNCTION {}() FROM PUBLIC;", function));
    triggers(script, catalog, entity, &function);
}

fn body(catalog: Catalog<'_>, entity: &Entity, problems: &mut Vec<Problem>) -> Lines {
    let audit = names::audit_table(catalog.workspace(), entity);
    let mut body = Lines::new();
    body.push(Sql::raw("DECLARE\n    v_old jsonb;\n    v_new jsonb;\n    v_row jsonb;\nBEGIN"));
    body.indented(|body| {
        body.push(Sql::raw("IF TG_OP = 'TRUNCATE' THEN"));
        body.indented(|body| {
            body.push(sql!(
                "INSERT INTO {} (tenant_id, operation_type, changed_by, change_reason, mutation_id)",
                audit
            ));
            body.push(Sql::raw("VALUES ("));
            body.push(Sql::raw("    '00000000-0000-0000-0000-000000000000', TG_OP, app.current_user_id(),"));
            body.push(Sql::raw("    app.current_change_reason(), app.current_mutation_id()\n);"));
            body.push(Sql::raw("RETURN NULL;"));
        });
        body.push(Sql::raw("END IF;"));
        body.push(Sql::raw("IF TG_OP <> 'INSERT' THEN\n    v_old := to_jsonb(OLD);\nEND IF;"));
        body.push(Sql::raw("IF TG_OP <> 'DELETE' THEN\n    v_new := to_jsonb(NEW);\nEND IF;"));
        body.push(Sql::raw("v_row := coalesce(v_new, v_old);"));
        images(body, catalog, entity, problems);
        body.push(Sql::raw("-- An update that changes nothing that is kept is none."));
        body.push(Sql::raw("IF v_old = v_new THEN\n    RETURN NULL;\nEND IF;"));
        body.push(sql!("INSERT INTO {} (", audit));
        body.push(Sql::raw("    entity_id, tenant_id, operation_type, changed_by, old_values, new_values,"));
        body.push(Sql::raw("    change_reason, mutation_id\n)"));
        body.push(Sql::raw("VALUES ("));
        body.push(Sql::raw("    (v_row ->> 'id')::uuid,"));
        body.push(Sql::raw("    coalesce((v_row ->> 'tenant_id')::uuid, app.current_tenant_id()),"));
        body.push(Sql::raw("    TG_OP, app.current_user_id(), v_old, v_new,"));
        body.push(Sql::raw("    app.current_change_reason(), app.current_mutation_id()\n);"));
        body.push(Sql::raw("RETURN NULL;"));
    });
    body.push(Sql::raw("END"));
    body
}

/// What `track_fields` need not name: which row it is, and whether it is deleted.
const ALWAYS: [&str; 2] = ["id", "deleted_at"];

/// Leaves in the images what `track_fields` names, without what `exclude_fields` names.
fn images(body: &mut Lines, catalog: Catalog<'_>, entity: &Entity, problems: &mut Vec<Problem>) {
    let Some(audit) = &entity.audit else { return };
    if let Some(tracked) = &audit.track_fields {
        let columns = columns(catalog, entity, tracked, problems);
        body.mapped(entity.id.0, audit.key, |body| {
            for image in ["v_old", "v_new"].map(Ident::new) {
                body.push(sql!(
                    "SELECT jsonb_object_agg(e.key, e.value) INTO {} FROM jsonb_each({}) AS e\nWHERE e.key = ANY ({});",
                    image,
                    image,
                    Literal::texts(columns.iter().chain(&ALWAYS.map(str::to_owned)))
                ));
            }
        });
    }
    if !audit.exclude_fields.is_empty() {
        let columns = columns(catalog, entity, &audit.exclude_fields, problems);
        body.mapped(entity.id.0, audit.key, |body| {
            for image in ["v_old", "v_new"].map(Ident::new) {
                body.push(sql!("{} := {} - {};", image, image, Literal::texts(&columns)));
            }
        });
    }
}

fn columns(
    catalog: Catalog<'_>,
    entity: &Entity,
    names: &[Name],
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let mut res = Vec::new();
    for name in names {
        match catalog.named_column(entity, name.as_str()) {
            Some(column) => res.push(column.name.as_str().to_owned()),
            None => problems.push(Problem {
                kind: ProblemKind::UnresolvedName,
                message: format!("`{}` is no field of `{}`", name.text, entity.name.text),
                file: entity.id.0,
                range: name.range,
            }),
        }
    }
    res
}

fn triggers(script: &mut Script, catalog: Catalog<'_>, entity: &Entity, function: &Qualified) {
    let table = names::table(entity);
    let name = names::audit_table(catalog.workspace(), entity).name;
    let truncate = Ident::new(format!("{}_truncate", name.as_str()));
    let mut lines = Lines::new();
    let declared = entity.audit.as_ref().map_or(entity.name.range, |it| it.key);
    lines.mapped(entity.id.0, declared, |lines| {
        lines.push(sql!(
            "CREATE OR REPLACE TRIGGER {} AFTER INSERT OR UPDATE OR DELETE ON {}",
            name,
            table
        ));
        lines.push(sql!("FOR EACH ROW EXECUTE FUNCTION {}();", function));
    });
    lines.push(sql!("CREATE OR REPLACE TRIGGER {} AFTER TRUNCATE ON {}", truncate, table));
    lines.push(sql!("FOR EACH STATEMENT EXECUTE FUNCTION {}();", function));
    script.statement(lines);
}
