//! The state of rows beside their events, where `kafka.compaction` asks for topics of state.

use std::collections::BTreeMap;

use specql_contract::{Contract, Event, Outcome};
use specql_model::Operation;

use crate::{
    catalog::Catalog,
    sql::{Lines, Literal, Qualified, Script, Sql, sql},
};

/// Whether there are topics of state.
pub(crate) fn keeps_state(catalog: Catalog<'_>) -> bool {
    catalog.config().kafka.keeps_state()
}

/// The event types after which their row is gone, whoever publishes them.
pub(crate) fn deletions(catalog: Catalog<'_>) -> Vec<String> {
    let mut types: BTreeMap<String, bool> = BTreeMap::new();
    for contract in catalog.contracts() {
        for event in contract.own_events() {
            let is_deletion = types.entry(event.event_type.to_string()).or_insert(true);
            *is_deletion &= deletes(contract, event);
        }
    }
    types.into_iter().filter(|it| it.1).map(|it| it.0).collect()
}

fn deletes(contract: &Contract, event: &Event) -> bool {
    event.outcomes == [Outcome::Deleted]
        || contract.changes_of(event.entity).all(|it| it.operation == Operation::Delete)
}

/// The column and what fills it; without topics of state, what takes that away.
pub(super) fn state(script: &mut Script, catalog: Catalog<'_>, table: &Qualified) {
    if !keeps_state(catalog) {
        script.line(sql!("DROP TRIGGER IF EXISTS keep_state ON {};", table));
        return;
    }
    let mut head = Lines::new();
    head.push(Sql::raw("CREATE OR REPLACE FUNCTION app.deletion_events() RETURNS text[]"));
    head.push(Sql::raw(
        "LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp",
    ));
    let mut body = Lines::new();
    body.indented(|it| it.push(sql!("SELECT {}", Literal::texts(deletions(catalog)))));
    script.with_body(head, body);
    script.raw_for(include_str!("state.sql"), "app.outbox", table);
}
