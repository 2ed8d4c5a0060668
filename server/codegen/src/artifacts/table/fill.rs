//! The filling of read models: a file of the project, behind all functions.
//!
//! Invariant: by then every function that writes to a read model is of this revision. One of before would
//! leave rows of the old shape behind those that are filled.

use specql_model::Entity;

use crate::{
    artifacts::header,
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Qualified, Script, sql},
    taken,
};

/// Where `emit` writes it.
pub(crate) const PATH: &str = "55_read_models.sql";

/// Fills each read model of a table that has rows, when its shape is new.
pub(crate) fn fill(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL read models");
    for entity in catalog.entities().filter(|it| taken::has_table(catalog, it)) {
        one(&mut script, entity);
    }
    script
}

fn one(script: &mut Script, entity: &Entity) {
    let text = |it: &Qualified| Literal::text(it.catalogue_text());
    let mut body = Lines::new();
    body.push(sql!(
        "PERFORM app.update_read_model({}, {}, {});",
        text(&names::read_model(entity)),
        text(&names::table(entity)),
        Literal::text(format!("{}(integer)", names::refresh(entity).catalogue_text())),
    ));
    script.do_block(body);
}
