//! The table of an entity, its references, and its read model.

pub(crate) mod by_id;
mod columns;
pub(crate) mod fill;
mod indexes;
mod read_model;

use specql_model::{Entity, Field};

pub(crate) use indexes::{Index, lookup, write as write_indexes};

use super::{
    audit::is_audited,
    header, notes,
    tenancy::{Access, row_level_security},
};
use crate::{
    catalog::{Catalog, ColumnType},
    constraint::limits,
    names,
    problem::{Problem, ProblemKind},
    sql::{Ident, Lines, Literal, Script, sql},
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
    let mut left_out = taken::fields(catalog, entity);
    left_out.extend(entity.fields.iter().flat_map(|it| without_effect(entity, it)));
    if !is_audited(catalog, entity) {
        // Of an audited one the trail says it.
        left_out.extend(taken::type_name(catalog, entity));
    }
    notes(&mut script, &left_out);
    problems.extend(left_out);
    schema(&mut script, entity);
    columns::create_table(&mut script, catalog, entity);
    columns::indexes(&mut script, catalog, entity);
    script.line(sql!("REVOKE ALL ON {} FROM PUBLIC;", names::table(entity)));
    of_tenants(&mut script, catalog, entity);
    script
}

/// Shows a session the rows of its tenant, and tells of those that have none yet.
fn of_tenants(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::table(entity);
    if catalog.has_tenants() {
        let mut body = Lines::new();
        let name = Literal::text(table.catalogue_text());
        body.push(sql!("PERFORM app.validate_tenants({}::regclass);", name));
        script.do_block(body);
    }
    row_level_security(script, catalog, &table, Access::Own);
}

/// The references to other tables and the read model; needs all tables.
pub(crate) fn references_and_read_model(catalog: Catalog<'_>, entity: &Entity) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("references and read model of {}", entity.name.text));
    foreign_keys(&mut script, catalog, entity);
    by_id::references_by_id(&mut script, catalog, entity);
    settle(&mut script, entity);
    write_read_model(&mut script, catalog, entity);
    script
}

/// The read model alone, over a table that comes from elsewhere and gets what every table has.
pub(crate) fn read_model(catalog: Catalog<'_>, entity: &Entity) -> Script {
    let mut script = Script::new();
    header(&mut script, &format!("read model of {}", entity.name.text));
    let table = names::table(entity);
    let mut body = Lines::new();
    let own = catalog.columns(entity).into_iter().map(|it| it.1.name.as_str().to_owned());
    let columns = [names::primary_key(entity).as_str().to_owned(), "id".to_owned()];
    body.push(sql!(
        "PERFORM app.complete_table({}, {});",
        Literal::text(table.catalogue_text()),
        Literal::texts(columns.into_iter().chain(own))
    ));
    script.do_block(body);
    of_tenants(&mut script, catalog, entity);
    write_read_model(&mut script, catalog, entity);
    script
}

fn write_read_model(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    read_model::read_model(script, catalog, entity);
    row_level_security(script, catalog, &names::read_model(entity), Access::Own);
}

/// The limits of a field that mean nothing for its type.
fn without_effect(entity: &Entity, field: &Field) -> Vec<Problem> {
    let unusable = limits(field).unusable.into_iter();
    unusable
        .map(|it| Problem {
            kind: ProblemKind::NotEnforced,
            message: format!(
                "`{}` has no meaning for the type of `{}`, so it is not enforced",
                it.text, field.name.text
            ),
            file: entity.id.0,
            range: it.range,
        })
        .collect()
}

fn schema(script: &mut Script, entity: &Entity) {
    script.line(sql!("CREATE SCHEMA IF NOT EXISTS {};", Ident::new(entity.schema_name())));
}

fn foreign_keys(script: &mut Script, catalog: Catalog<'_>, entity: &Entity) {
    let table = names::table(entity);
    let mut body = Lines::new();
    for (field, column) in catalog.columns(entity) {
        let ColumnType::Reference(Some(target)) = &column.ty else { continue };
        if !taken::has_table(catalog, target) {
            continue;
        }
        let constraint = format!("{}_{}_fkey", table.name.as_str(), column.name.as_str());
        body.mapped(entity.id.0, field.range, |body| {
            body.push(sql!(
                "PERFORM app.update_reference({}, {}, {}, {}, {});",
                Literal::text(table.catalogue_text()),
                Literal::text(column.name.as_str()),
                Literal::text(names::table(target).catalogue_text()),
                Literal::text(names::primary_key(target).as_str()),
                Literal::text(constraint),
            ));
        });
    }
    if !body.is_empty() {
        script.do_block(body);
    }
}

/// What was added for new rows is looked for in the old ones, and then holds for all. Two transactions,
/// so that writers wait for neither.
fn settle(script: &mut Script, entity: &Entity) {
    let table = Literal::text(names::table(entity).catalogue_text());
    for call in [
        sql!("PERFORM app.validate_table({});", table),
        sql!("PERFORM app.settle_table({});", table),
    ] {
        let mut body = Lines::new();
        body.push(call);
        script.do_block(body);
    }
}
