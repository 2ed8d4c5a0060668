//! Who may do what: four roles without login, to be granted to those that have one. Each gets what
//! the generated functions do on its behalf, and nothing else.
//!
//! Running it again takes back what an earlier revision granted and this one does not.

mod functions;

use std::collections::BTreeSet;

use specql_model::{Entity, EntityId, Step, StepKind, Write, config::CascadeStorage};

use super::{audit, header, outbox::outbox_table};
use crate::{
    catalog::Catalog,
    names,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

/// Calls actions.
const APPLICATION: &str = "specql_application";
/// Reads the audit trail.
const AUDITOR: &str = "specql_auditor";
/// Reads the outbox for the connector.
const CDC: &str = "specql_cdc";
/// Remembers and parks events.
const CONSUMER: &str = "specql_consumer";

/// Writes the roles of a workspace; needs everything that they may use.
pub(crate) fn roles(catalog: Catalog<'_>, publishes: bool) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL roles");
    create(&mut script);
    let entities: Vec<&Entity> =
        catalog.entities().filter(|it| taken::has_table(catalog, it)).collect();
    schemas(&mut script, &entities);
    script.raw(include_str!("roles.sql"));
    functions::of_app(&mut script, catalog, publishes);
    let removed = removed_entities(catalog);
    for entity in &entities {
        application(&mut script, catalog, entity, removed.contains(&entity.id));
    }
    for entity in entities.iter().filter(|it| audit::has_trail(catalog, it)) {
        trail(&mut script, catalog, entity);
    }
    if entities.iter().any(|it| audit::has_trail(catalog, it)) {
        let log = Qualified::new(names::APP, "mutation_log");
        grant(&mut script, &log, &[(APPLICATION, "SELECT, INSERT"), (AUDITOR, "SELECT")]);
        let erasures = Qualified::new(names::APP, "erasure");
        grant(&mut script, &erasures, &[(AUDITOR, "SELECT")]);
    }
    if publishes {
        events(&mut script, catalog);
    }
    script
}

fn create(script: &mut Script) {
    let mut body = Lines::new();
    for role in [APPLICATION, AUDITOR, CDC, CONSUMER] {
        body.push(sql!(
            "IF to_regrole({}) IS NULL THEN\n    CREATE ROLE {} NOLOGIN;\nEND IF;",
            Literal::text(role),
            Ident::new(role)
        ));
    }
    script.do_block(body);
}

fn schemas(script: &mut Script, entities: &[&Entity]) {
    let names: BTreeSet<&str> = entities.iter().map(|it| it.schema_name()).collect();
    let mut lines = Lines::new();
    for name in names {
        lines.push(sql!(
            "GRANT USAGE ON SCHEMA {} TO {};",
            Ident::new(name),
            Ident::new(APPLICATION)
        ));
    }
    if !lines.is_empty() {
        script.statement(lines);
    }
}

/// Grants on a table, in place of those of an earlier revision.
fn grant(script: &mut Script, table: &Qualified, grants: &[(&'static str, &'static str)]) {
    let mut body = Lines::new();
    for (role, rights) in grants {
        body.push(sql!("REVOKE ALL ON {} FROM {};", table, Ident::new(*role)));
        if !rights.is_empty() {
            body.push(sql!("GRANT {} ON {} TO {};", Sql::raw(rights), table, Ident::new(*role)));
        }
    }
    script.do_block(body);
}

/// Rows are removed by the actions that say so. The others need no `DELETE`.
fn application(script: &mut Script, catalog: Catalog<'_>, entity: &Entity, is_removed: bool) {
    let rights =
        if is_removed { "SELECT, INSERT, UPDATE, DELETE" } else { "SELECT, INSERT, UPDATE" };
    grant(script, &names::table(entity), &[(APPLICATION, rights)]);
    grant(script, &names::read_model(entity), &[(APPLICATION, "SELECT, INSERT, UPDATE, DELETE")]);
    let mut body = Lines::new();
    body.push(functions::of_entity(catalog, entity));
    script.do_block(body);
}

/// The entities of which a step of any action removes rows.
fn removed_entities(catalog: Catalog<'_>) -> BTreeSet<EntityId> {
    let mut res = BTreeSet::new();
    for owner in catalog.entities() {
        for write in owner.actions.iter().flat_map(|it| removed(&it.steps)) {
            let found = write.entity.as_ref().and_then(|it| catalog.resolve(owner.id, it));
            res.extend(found.map(|it| it.id));
        }
    }
    res
}

/// The hard deletions of steps, with those inside branches and loops.
fn removed(steps: &[Step]) -> Vec<&Write> {
    let mut res = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Delete { write, hard: true } => res.push(write),
            StepKind::If { then, otherwise, .. } => {
                res.extend(removed(then));
                res.extend(removed(otherwise));
            }
            StepKind::ForEach { body, .. } => res.extend(removed(body)),
            StepKind::Switch { cases, default, .. } => {
                res.extend(cases.iter().flat_map(|it| removed(&it.1)));
                res.extend(removed(default));
            }
            _ => {}
        }
    }
    res
}

/// The auditor reads; a storage in the audit table is filled in by the mutation itself.
fn trail(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::audit_table(catalog.workspace(), entity);
    let own = match catalog.config().cascade_storage {
        CascadeStorage::Log => "",
        CascadeStorage::Column => "SELECT, UPDATE (cascade_data, cascade_entities)",
        CascadeStorage::Embedded => "SELECT, UPDATE (new_values)",
    };
    grant(script, &table, &[(AUDITOR, "SELECT"), (APPLICATION, own)]);
}

fn events(script: &mut Script, catalog: Catalog<'_>) {
    let table = outbox_table(catalog);
    grant(
        script,
        &table,
        &[
            (APPLICATION, "SELECT, INSERT"),
            (CDC, "SELECT"),
            // Which events a mutation wrote, and not what they carry.
            (
                AUDITOR,
                "SELECT (id, tenant_id, event_type, event_version, aggregate_type, aggregate_id, causation_id, created_at, sequence)",
            ),
            // What is parked is kept.
            (CONSUMER, "SELECT"),
        ],
    );
    let mut lines = Lines::new();
    lines.push(sql!(
        "GRANT USAGE ON SCHEMA {} TO {}, {}, {};",
        table.schema,
        Ident::new(APPLICATION),
        Ident::new(CDC),
        Ident::new(CONSUMER)
    ));
    script.statement(lines);
    for table in ["inbox", "parked_event"] {
        let table = Qualified::new(names::APP, table);
        grant(script, &table, &[(CONSUMER, "SELECT, INSERT, UPDATE")]);
    }
    script.raw(include_str!("events.sql"));
    if catalog.has_tenants() {
        // The connector's snapshot and consumers read the events of every tenant.
        let mut body = Lines::new();
        body.push(sql!("DROP POLICY IF EXISTS cdc ON {};", table));
        body.push(sql!(
            "CREATE POLICY cdc ON {} FOR SELECT TO {}, {} USING (true);",
            table,
            Ident::new(CDC),
            Ident::new(CONSUMER)
        ));
        body.push(sql!(
            "PERFORM app.ensure_partitions({});",
            Literal::text(table.catalogue_text())
        ));
        script.do_block(body);
    }
    if let Some(user) = &catalog.config().debezium.user {
        let mut body = Lines::new();
        body.push(sql!(
            "IF to_regrole(quote_ident({})) IS NOT NULL THEN\n    GRANT {} TO {};\nEND IF;",
            Literal::text(user.as_str()),
            Ident::new(CDC),
            Ident::new(user.as_str())
        ));
        script.do_block(body);
    }
}
