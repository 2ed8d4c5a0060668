//! What every other artifact uses: result and metadata types, context readers, the envelope of
//! actions, cascade functions, partitions. Static SQL; the settings choose between its variants.

use specql_model::config::FieldCase;

use super::{header, outbox::outbox_table};
use crate::{
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Script, Sql, sql},
};

/// Writes the foundation of a workspace.
pub(crate) fn foundation(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    header(&mut script, "SpecQL foundation");
    script.raw(include_str!("types.sql"));
    script.raw(if catalog.has_tenants() {
        include_str!("tenant_required.sql")
    } else {
        include_str!("tenant_single.sql")
    });
    script.raw(include_str!("context.sql"));
    script.raw(match catalog.config().field_case {
        FieldCase::Camel => include_str!("case_camel.sql"),
        FieldCase::Snake => include_str!("case_snake.sql"),
    });
    script.raw(include_str!("cascade.sql"));
    script.raw(include_str!("begin.sql"));
    script.append(outbox_rows(catalog));
    script.raw(include_str!("events.sql"));
    if !catalog.audits() {
        script.raw(include_str!("keep_none.sql"));
    }
    script.raw(include_str!("finish.sql"));
    script.raw(include_str!("kept.sql"));
    script.raw(include_str!("failure.sql"));
    type_names(&mut script, catalog);
    script.raw(include_str!("../partitions/partitions.sql"));
    script.raw(include_str!("../evolution/table.sql"));
    script.raw(include_str!("../evolution/overloads.sql"));
    script
}

/// What writes the rows of the outbox. Who shows that alone does not wait for what the foundation asks of
/// every entity.
pub(crate) fn outbox_rows(catalog: Catalog<'_>) -> Script {
    let mut script = Script::new();
    if catalog.publishes() {
        script.raw_for(include_str!("rows.sql"), "app.outbox", &outbox_table(catalog));
    } else {
        script.raw(include_str!("rows_none.sql"));
    }
    script
}

/// `app.type_name`: the type of the rows of a table, which its name mostly tells.
fn type_names(script: &mut Script, catalog: Catalog<'_>) {
    let derived =
        "replace(initcap(replace(regexp_replace(p_table, '^tb_', ''), '_', ' ')), ' ', '')";
    let others = catalog.entities().filter_map(|it| {
        let (table, name) = (names::table(it), catalog.type_name(it));
        let is_derived = derived_name(table.name.as_str()) == name.as_str();
        (!is_derived).then(|| {
            let key = Literal::text(format!("{}.{}", it.schema_name(), table.name.as_str()));
            sql!("        WHEN {} THEN {}", key, Literal::text(name))
        })
    });
    let others: Vec<Sql> = others.collect();
    let mut lines = Lines::new();
    lines.push(Sql::raw("-- The type of the rows of a table."));
    lines.push(Sql::raw(
        "CREATE OR REPLACE FUNCTION app.type_name(p_schema text, p_table text) RETURNS text",
    ));
    lines.push(Sql::raw("LANGUAGE sql IMMUTABLE PARALLEL SAFE"));
    lines.push(if others.is_empty() {
        sql!("RETURN {};", Sql::raw(derived))
    } else {
        let others = Sql::join(others, "\n");
        sql!(
            "RETURN CASE concat(p_schema, '.', p_table)\n{}\n        ELSE {}\n    END;",
            others,
            Sql::raw(derived)
        )
    });
    script.statement(lines);
}

/// What `app.type_name` makes of the name of a table.
fn derived_name(table: &str) -> String {
    let words = table.strip_prefix("tb_").unwrap_or(table).split('_');
    words
        .flat_map(|word| {
            word.chars().enumerate().map(|(at, it)| {
                if at == 0 { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() }
            })
        })
        .collect()
}
