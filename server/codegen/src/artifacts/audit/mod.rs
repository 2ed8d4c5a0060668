//! The audit trail: an append-only table per entity, written by triggers, and its history.
//!
//! Rows carry the id of their mutation, which an action sets before its first write; the cascade of
//! the mutation is found by it, wherever `audit.cascade_storage` keeps it.

mod history;
mod queries;
mod retention;
mod trigger;

use specql_model::{Entity, config::CascadeStorage};

use super::{
    header,
    partitions::partitions,
    tenancy::{Access, row_level_security},
};
use crate::{
    artifact::{Artifact, Target},
    catalog::Catalog,
    names::{self, APP},
    problem::Problem,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

pub(crate) use retention::maintenance;

/// Whether changes of an entity are recorded.
pub(crate) fn is_audited(catalog: Catalog<'_>, entity: &Entity) -> bool {
    entity.is_audited(catalog.config())
}

/// Whether an entity is audited under a name that it can have.
pub(crate) fn has_trail(catalog: Catalog<'_>, entity: &Entity) -> bool {
    is_audited(catalog, entity)
        && taken::problems_of(catalog, Artifact::Audit, Target::Entity(entity.id)).is_empty()
}

/// Whether the cascade of a mutation is kept beside the rows of an entity.
pub(crate) fn keeps_cascade(catalog: Catalog<'_>, entity: &Entity) -> bool {
    let own = entity.audit.as_ref().and_then(|it| it.include_cascade);
    let default = catalog.config().audit_include_cascade;
    has_trail(catalog, entity) && own.or(default).unwrap_or(true)
}

/// What the audit tables of a workspace share.
pub(crate) fn shared(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL audit trail");
    script.raw(match catalog.config().cascade_storage {
        CascadeStorage::Log => include_str!("guard_log.sql"),
        CascadeStorage::Column => include_str!("guard_column.sql"),
        CascadeStorage::Embedded => include_str!("guard_embedded.sql"),
    });
    script.raw(include_str!("one_trail.sql"));
    script.raw(include_str!("log.sql"));
    script.raw(include_str!("log_guard.sql"));
    script.raw(include_str!("erasure.sql"));
    let log = Qualified::new(APP, "mutation_log");
    row_level_security(&mut script, catalog, &log, Access::OwnByMutation);
    partitions(&mut script, &log);
    row_level_security(&mut script, catalog, &Qualified::new(APP, "erasure"), Access::Own);
    script
}

/// The audit trail of one entity.
pub(crate) fn audit(catalog: Catalog<'_>, entity: &Entity, problems: &mut Vec<Problem>) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("audit trail of {}", entity.name.text));
    if shares_name(catalog, entity) {
        let mut body = Lines::new();
        body.push(sql!(
            "PERFORM app.one_trail({}::regclass, {});",
            Literal::text(names::table(entity).catalogue_text()),
            Literal::text(names::audit_table(catalog.workspace(), entity).name.as_str())
        ));
        script.do_block(body);
    }
    table(&mut script, catalog, entity);
    indexes(&mut script, catalog, entity);
    guard(&mut script, catalog, entity);
    row_level_security(
        &mut script,
        catalog,
        &names::audit_table(catalog.workspace(), entity),
        Access::Audit,
    );
    partitions(&mut script, &names::audit_table(catalog.workspace(), entity));
    trigger::trigger(&mut script, catalog, entity, problems);
    history::history(&mut script, catalog, entity);
    script
}

/// Whether what the trail is called depends on more than the entity's name.
fn shares_name(catalog: Catalog<'_>, entity: &Entity) -> bool {
    let mut same = catalog.workspace().entities_spelled(&entity.name.text);
    entity.qualified || same.any(|it| it.id != entity.id && it.snake_name() == entity.snake_name())
}

fn table(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let name = names::audit_table(catalog.workspace(), entity);
    let mut lines = Lines::new();
    lines.push(sql!("CREATE TABLE IF NOT EXISTS {} (", name));
    lines.indented(|it| {
        it.push(Sql::raw("audit_id uuid NOT NULL DEFAULT gen_random_uuid(),"));
        it.push(Sql::raw(
            "entity_id uuid CHECK (entity_id IS NOT NULL OR operation_type = 'TRUNCATE'),",
        ));
        it.push(Sql::raw("tenant_id uuid NOT NULL,"));
        it.push(Sql::raw("operation_type text NOT NULL"));
        it.push(Sql::raw(
            "    CHECK (operation_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),",
        ));
        it.push(Sql::raw("changed_by uuid,"));
        it.push(Sql::raw("changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),"));
        it.push(Sql::raw("old_values jsonb,"));
        it.push(Sql::raw("new_values jsonb,"));
        it.push(Sql::raw("change_reason text,"));
        it.push(Sql::raw(
            "transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,",
        ));
        it.push(Sql::raw(
            "application_name text DEFAULT current_setting('application_name', true),",
        ));
        it.push(Sql::raw("mutation_id uuid,"));
        it.push(Sql::raw("session_user_name text NOT NULL DEFAULT session_user,"));
        it.push(Sql::raw("-- Orders the changes of one transaction, and pages."));
        it.push(Sql::raw("sequence bigint GENERATED ALWAYS AS IDENTITY,"));
        it.push(Sql::raw("PRIMARY KEY (audit_id, changed_at)"));
    });
    lines.push(Sql::raw(") PARTITION BY RANGE (changed_at);"));
    script.statement(lines);
    if catalog.config().cascade_storage == CascadeStorage::Column {
        script.line(sql!(
            "ALTER TABLE {}\n    ADD COLUMN IF NOT EXISTS cascade_data jsonb,\n    ADD COLUMN IF NOT EXISTS cascade_entities text[];",
            name
        ));
    }
    script.line(sql!("REVOKE ALL ON {} FROM PUBLIC;", name));
}

fn indexes(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::audit_table(catalog.workspace(), entity);
    let name = |suffix: &str| Ident::new(format!("idx_{}_{suffix}", table.name.as_str()));
    let mut lines = Lines::new();
    lines.push(sql!(
        "CREATE INDEX IF NOT EXISTS {} ON {} (entity_id, sequence DESC);",
        name("entity_id"),
        table
    ));
    lines.push(sql!(
        "CREATE INDEX IF NOT EXISTS {} ON {} (mutation_id);",
        name("mutation_id"),
        table
    ));
    lines.push(sql!(
        "CREATE INDEX IF NOT EXISTS {} ON {} USING brin (changed_at);",
        name("changed_at"),
        table
    ));
    script.statement(lines);
}

fn guard(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::audit_table(catalog.workspace(), entity);
    let mut lines = Lines::new();
    lines.push(sql!("CREATE OR REPLACE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON {}", table));
    lines.push(Sql::raw("FOR EACH ROW EXECUTE FUNCTION app.audit_guard();"));
    lines.push(sql!("CREATE OR REPLACE TRIGGER audit_guard_truncate BEFORE TRUNCATE ON {}", table));
    lines.push(Sql::raw("FOR EACH STATEMENT EXECUTE FUNCTION app.audit_guard();"));
    lines.push(sql!("ALTER TABLE {}", table));
    lines.push(Sql::raw(
        "    ENABLE ALWAYS TRIGGER audit_guard, ENABLE ALWAYS TRIGGER audit_guard_truncate;",
    ));
    script.statement(lines);
}
