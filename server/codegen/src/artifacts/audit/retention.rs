//! What reads or maintains all audit tables together: the changes of one mutation, and retention.

use specql_model::{Entity, Name, interval};

use super::{has_trail, queries::queries};
use crate::{
    artifacts::header,
    catalog::Catalog,
    names,
    problem::{Problem, ProblemKind},
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Writes the functions over all audited entities; needs their tables.
pub(crate) fn maintenance(catalog: Catalog<'_>, problems: &mut Vec<Problem>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL audit trail: questions, erasure and retention");
    let audited: Vec<&Entity> = catalog.entities().filter(|it| has_trail(catalog, it)).collect();
    if !audited.is_empty() {
        changes(&mut script, catalog, &audited);
        queries(&mut script, catalog, &audited);
    }
    retention(&mut script, catalog, &audited, problems);
    script
}

/// Everything one mutation changed, in the order it happened, with the images before and after.
fn changes(script: &mut Script, catalog: Catalog<'_>, audited: &[&Entity]) {
    let mut head = Lines::new();
    head.push(Sql::raw("-- What one mutation changed, in the order in which it happened."));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.get_mutation_changes("));
    head.push(Sql::raw("    p_mutation_id uuid,\n    p_tenant_id uuid DEFAULT app.current_tenant_id()\n) RETURNS TABLE ("));
    head.push(Sql::raw("    entity text,\n    entity_id uuid,\n    operation_type text,\n    changed_by uuid,\n    changed_at timestamptz,"));
    head.push(Sql::raw("    old_values jsonb,\n    new_values jsonb\n)"));
    head.push(Sql::raw("LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp"));
    let selects = audited.iter().map(|entity| {
        sql!(
            "SELECT\n    {}::text AS entity, a.entity_id, a.operation_type, a.changed_by, a.changed_at, a.old_values,\n    a.new_values - '_cascade'\nFROM {} AS a\nWHERE a.mutation_id = p_mutation_id AND a.tenant_id = p_tenant_id",
            Literal::text(catalog.type_name(entity)),
            names::audit_table(catalog.workspace(), entity)
        )
    });
    let mut body = Lines::new();
    body.indented(|body| {
        body.push(Sql::join(selects, "\nUNION ALL\n"));
        body.push(Sql::raw("ORDER BY changed_at"));
    });
    script.with_body(head, body);
}

fn retention(
    script: &mut Script,
    catalog: Catalog<'_>,
    audited: &[&Entity],
    problems: &mut Vec<Problem>,
) {
    let default = catalog.config().audit_retention.as_ref();
    let default = default.and_then(|it| {
        interval(it).or_else(|| {
            let file = catalog.workspace().config_file()?.id;
            problems.push(unusable(it, file));
            None
        })
    });
    let mut tables: Vec<(String, Option<String>)> = Vec::new();
    tables.push(("app.mutation_log".to_owned(), default.clone()));
    for entity in audited {
        let own = entity.audit.as_ref().and_then(|it| it.retention.as_ref());
        let own = own.and_then(|it| {
            interval(it).or_else(|| {
                problems.push(unusable(it, entity.id.0));
                None
            })
        });
        tables.push((
            names::audit_table(catalog.workspace(), entity).catalogue_text(),
            own.or_else(|| default.clone()),
        ));
    }
    let mut head = Lines::new();
    head.push(Sql::raw("-- Creates the partitions of the months to come and drops those past the retention, by whole months;"));
    head.push(Sql::raw(
        "-- run it daily as the owner of the tables. Returns how many partitions were dropped. It gives up before an\n-- action that waits for it would: run it again then.",
    ));
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.maintain_audit() RETURNS integer"));
    head.push(Sql::raw(
        "LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '400ms'",
    ));
    let mut body = Lines::new();
    body.push(Sql::raw("DECLARE\n    v_dropped integer := 0;\nBEGIN"));
    body.indented(|body| {
        for (table, retention) in &tables {
            body.push(sql!("PERFORM app.ensure_partitions({});", Literal::text(table)));
            if let Some(retention) = retention {
                body.push(sql!(
                    "v_dropped := v_dropped + app.drop_partitions({}, {});",
                    Literal::text(table),
                    Literal::text(retention)
                ));
            }
        }
        body.push(Sql::raw("RETURN v_dropped;"));
    });
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.line(Sql::raw("REVOKE ALL ON FUNCTION app.maintain_audit() FROM PUBLIC;"));
}

fn unusable(name: &Name, file: specql_model::FileId) -> Problem {
    Problem {
        kind: ProblemKind::Setting,
        message: format!(
            "`{}` is no duration, so nothing is dropped; write it as `90 days`",
            name.text
        ),
        file,
        range: name.range,
    }
}
