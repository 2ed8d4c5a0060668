//! The outbox: the table with its publication, replay, dead letters and inbox, retention.

mod state;
mod table;

use specql_model::{FileId, Name, interval};

use super::{
    header,
    partitions::partitions,
    streams,
    tenancy::{Access, row_level_security},
};
use crate::{
    catalog::Catalog,
    problem::{Problem, ProblemKind},
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
};

pub(crate) use state::{deletions, keeps_state};
pub(crate) use table::outbox_table;

/// How long events stay when the configuration does not say.
const RETENTION: &str = "30 days";

/// The replication slot and the publication when the configuration does not say.
const SLOT: &str = "specql_outbox";
const PUBLICATION: &str = "specql_outbox";

/// The publication of the outbox.
pub(crate) fn publication(catalog: Catalog<'_>) -> String {
    table::plain(catalog.config().debezium.publication.as_ref(), PUBLICATION)
}

/// The replication slot of the reader of events.
pub(crate) fn slot(catalog: Catalog<'_>) -> String {
    table::plain(catalog.config().debezium.slot.as_ref(), SLOT)
}

/// That of the reader of state beside it.
pub(crate) fn state_slot(catalog: Catalog<'_>) -> String {
    slot(catalog) + "_state"
}

/// Those of all readers.
fn slots(catalog: Catalog<'_>) -> Vec<String> {
    let state = keeps_state(catalog).then(|| state_slot(catalog));
    std::iter::once(slot(catalog)).chain(state).collect()
}

/// Writes the outbox of a workspace.
pub(crate) fn outbox(catalog: Catalog<'_>, problems: &mut Vec<Problem>) -> Script {
    let table = outbox_table(catalog);
    problems.extend(table::problems(catalog));
    problems.extend(streams::problems(catalog));
    let mut script = Script::new();
    header(&mut script, "SpecQL outbox");
    if table.schema.as_str() != "app" {
        script.line(sql!("CREATE SCHEMA IF NOT EXISTS {};", table.schema));
    }
    script.raw_for(include_str!("table.sql"), "app.outbox", &table);
    indexes(&mut script, &table);
    row_level_security(&mut script, catalog, &table, Access::Own);
    partitions(&mut script, &table);
    state::state(&mut script, catalog, &table);
    script.raw_for(include_str!("publication.sql"), "app.outbox", &table);
    publish(&mut script, publication(catalog));
    script.raw_for(include_str!("replay.sql"), "app.outbox", &table);
    script.raw_for(include_str!("consumer.sql"), "app.outbox", &table);
    script.raw_for(include_str!("retention.sql"), "app.outbox", &table);
    maintenance(&mut script, catalog, problems);
    script
}

fn indexes(script: &mut Script, table: &Qualified) {
    let name = |suffix: &str| Ident::new(format!("idx_{}_{suffix}", table.name.as_str()));
    script.line(sql!(
        "CREATE INDEX IF NOT EXISTS {} ON {} (aggregate_type, aggregate_id, sequence);",
        name("aggregate"),
        table
    ));
    script.line(sql!(
        "CREATE INDEX IF NOT EXISTS {} ON {} USING brin (created_at);",
        name("created_at"),
        table
    ));
}

fn publish(script: &mut Script, publication: String) {
    let mut body = Lines::new();
    body.push(sql!("PERFORM app.publish_outbox({});", Literal::text(publication)));
    script.do_block(body);
}

/// The maintenance with the retention of the configuration.
fn maintenance(script: &mut Script, catalog: Catalog<'_>, problems: &mut Vec<Problem>) {
    let written = catalog.config().outbox_retention.as_ref();
    let retention = written.and_then(interval);
    if let (Some(name), None, Some(file)) = (written, &retention, catalog.workspace().config_file())
    {
        problems.push(unusable(name, file.id));
    }
    let retention = retention.unwrap_or_else(|| RETENTION.to_owned());
    let mut head = Lines::new();
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.maintain_outbox() RETURNS integer"));
    head.push(Sql::raw("LANGUAGE sql SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    let slots = slots(catalog).into_iter().map(|it| sql!("{}", Literal::text(it)));
    let call = sql!(
        "SELECT app.maintain_outbox({}::interval, {})",
        Literal::text(retention),
        Sql::join(slots, ", ")
    );
    body.indented(|it| it.push(call));
    script.with_body(head, body);
    script.line(Sql::raw("REVOKE ALL ON FUNCTION app.maintain_outbox() FROM PUBLIC;"));
}

fn unusable(name: &Name, file: FileId) -> Problem {
    Problem {
        kind: ProblemKind::Setting,
        message: format!(
            "`{}` is no duration, so `{RETENTION}` holds; write it as `90 days`",
            name.text
        ),
        file,
        range: name.range,
    }
}
