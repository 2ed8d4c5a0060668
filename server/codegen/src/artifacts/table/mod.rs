//! The table of an entity, its references, and its read model.

mod columns;
mod read_model;

use specql_model::Entity;

use super::{
    header, notes,
    tenancy::{Access, row_level_security},
};
use crate::{
    catalog::{Catalog, ColumnType},
    names,
    problem::Problem,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
    taken,
};

/// The table alone: it refers to no other table, so tables can be made in any order.
pub(crate) fn base_table(
    catalog: Catalog<'_>,
    entity: &Entity,
    problems: &mut Vec<Problem>,
) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("table of {}", entity.name.text));
    let left_out = taken::fields(catalog, entity);
    notes(&mut script, &left_out);
    problems.extend(left_out);
    schema(&mut script, entity);
    columns::create_table(&mut script, catalog, entity);
    columns::indexes(&mut script, catalog, entity);
    script.line(sql!("REVOKE ALL ON {} FROM PUBLIC;", names::table(entity)));
    row_level_security(&mut script, catalog, &names::table(entity), Access::Own);
    script
}

/// The references to other tables and the read model; needs all tables.
pub(crate) fn references_and_read_model(catalog: Catalog<'_>, entity: &Entity) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("references and read model of {}", entity.name.text));
    foreign_keys(&mut script, catalog, entity);
    read_model::read_model(&mut script, catalog, entity);
    row_level_security(&mut script, catalog, &names::read_model(entity), Access::Own);
    script
}

fn schema(script: &mut Script, entity: &Entity) {
    script.line(sql!("CREATE SCHEMA IF NOT EXISTS {};", Ident::new(entity.schema_name())));
}

fn foreign_keys(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::table(entity);
    for (field, column) in catalog.columns(entity) {
        let ColumnType::Reference(Some(target)) = &column.ty else { continue };
        let constraint =
            Ident::new(format!("{}_{}_fkey", table.name.as_str(), column.name.as_str()));
        let exists = constraint_exists(&table, &constraint);
        let mut body = Lines::new();
        body.mapped(entity.id.0, field.range, |body| {
            let target_table = Literal::text(names::table(target).catalogue_text());
            body.push(sql!("IF to_regclass({}) IS NOT NULL AND NOT {} THEN", target_table, exists));
            body.indented(|body| {
                body.push(sql!(
                    "ALTER TABLE {} ADD CONSTRAINT {}\n    FOREIGN KEY ({}) REFERENCES {} ({});",
                    table,
                    constraint,
                    column.name,
                    names::table(target),
                    names::primary_key(target),
                ));
            });
            body.push(Sql::raw("END IF;"));
        });
        script.do_block(body);
    }
}

fn constraint_exists(table: &Qualified, constraint: &Ident) -> Sql {
    sql!(
        "EXISTS (\n    SELECT FROM pg_catalog.pg_constraint AS c\n    WHERE c.conrelid = {}::regclass AND c.conname = {}\n)",
        Literal::text(table.catalogue_text()),
        Literal::text(constraint.as_str()),
    )
}
