//! Indexes, and what puts them in the place of those of an earlier revision that have their names.

use specql_model::FileId;
use specql_text::TextRange;

use crate::{
    catalog::Catalog,
    sql::{Ident, Lines, Literal, Qualified, Script, Sql, sql},
};

/// An index.
pub(crate) struct Index {
    pub(crate) name: Ident,
    pub(crate) is_unique: bool,
    /// What follows the table.
    pub(crate) definition: Sql,
    /// The field that asks for it.
    pub(crate) range: Option<TextRange>,
}

/// Columns by which the rows of a tenant are looked for, with the tenant behind them: so one index answers both
/// conditions, and foreign keys, which ask for the column alone. Of two indexes PostgreSQL reads that of the
/// tenant as a whole.
pub(crate) fn lookup(catalog: Catalog<'_>, columns: impl IntoIterator<Item = Sql>) -> Sql {
    let tenant = catalog.has_tenants().then(|| Sql::raw("tenant_id"));
    sql!("({})", Sql::join(columns.into_iter().chain(tenant), ", "))
}

/// Writes the indexes of a table.
pub(crate) fn write(script: &mut Script, file: FileId, table: &Qualified, indexes: &[Index]) {
    if indexes.is_empty() {
        return;
    }
    let names = indexes.iter().map(|it| it.name.as_str().to_owned());
    let definitions = indexes.iter().map(|it| it.definition.as_str().to_owned());
    let mut body = Lines::new();
    body.push(sql!(
        "PERFORM app.update_indexes({}, {}, {});",
        Literal::text(table.catalogue_text()),
        Literal::texts(names),
        Literal::texts(definitions)
    ));
    script.do_block(body);
    let mut lines = Lines::new();
    for it in indexes {
        let unique = Sql::raw(if it.is_unique { "UNIQUE " } else { "" });
        let statement = sql!(
            "CREATE {}INDEX IF NOT EXISTS {} ON {} {};",
            unique,
            it.name,
            table,
            it.definition
        );
        match it.range {
            Some(range) => lines.mapped(file, range, |lines| lines.push(statement)),
            None => lines.push(statement),
        }
    }
    script.statement(lines);
}
