//! Monthly partitions of the tables that only grow. They get their guards and row-level security from
//! the parent, so they are made once that has them.

use crate::sql::{Lines, Literal, Qualified, Script, sql};

/// Creates the partitions of a table and guards those that there are.
pub(crate) fn partitions(script: &mut Script, table: &Qualified) {
    let mut body = Lines::new();
    body.push(sql!("PERFORM app.ensure_partitions({});", Literal::text(table.catalogue_text())));
    script.do_block(body);
}
