//! Which table the outbox is.

use specql_model::Name;

use crate::{
    catalog::Catalog,
    names::APP,
    problem::{Problem, ProblemKind},
    sql::Qualified,
};

/// `app.outbox`, or what the configuration says. A name that would need quotes is not used: it stands
/// in the connector's configuration and in regular expressions too.
pub(crate) fn outbox_table(catalog: Catalog<'_>) -> Qualified {
    let outbox = &catalog.config().outbox;
    let schema = plain(outbox.schema.as_ref(), APP);
    Qualified::new(schema, plain(outbox.table.as_ref(), "outbox"))
}

/// A setting that is a plain name, or the default.
pub(super) fn plain(name: Option<&Name>, default: &str) -> String {
    name.filter(|it| is_plain(it)).map_or_else(|| default.to_owned(), |it| it.text.to_string())
}

/// The settings that cannot be used.
pub(super) fn problems(catalog: Catalog<'_>) -> Vec<Problem> {
    let config = catalog.config();
    let (outbox, debezium) = (&config.outbox, &config.debezium);
    let Some(file) = catalog.workspace().config_file() else { return Vec::new() };
    let names = [&outbox.schema, &outbox.table, &debezium.slot, &debezium.publication];
    let names = names.into_iter().flatten();
    let of = |it: &Name, message: String| Problem {
        kind: ProblemKind::Setting,
        message,
        file: file.id,
        range: it.range,
    };
    let unusable = names.filter(|it| !is_plain(it)).map(|it| {
        of(
            it,
            format!(
                "`{}` is no plain lower-case name, or that of another table, so the default holds",
                it.text
            ),
        )
    });
    unusable.collect()
}

/// Tables and prefixes of tables that stand in the schema `app` beside the outbox.
const BESIDE: [&str; 5] = ["inbox", "parked_event", "mutation_log", "erasure", "audit_"];

fn is_plain(name: &Name) -> bool {
    !BESIDE.iter().any(|it| name.text == *it || (it.ends_with('_') && name.text.starts_with(it)))
        && name.text.starts_with(|it: char| it.is_ascii_lowercase())
        && name.text.len() <= 40
        && name.text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}
