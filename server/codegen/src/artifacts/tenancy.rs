//! Row level security of tables whose rows belong to tenants.

use crate::{
    catalog::Catalog,
    sql::{Ident, Lines, Qualified, Script, Sql, sql},
};

/// Who may do what with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A session reads and writes the rows of its tenant.
    Own,
    /// The same in a table whose rows are found by the mutation they belong to.
    OwnByMutation,
    /// Triggers write the rows of every tenant; a session reads those of its own and fills in what
    /// the guard lets through.
    Audit,
}

/// Policies that show a session its tenant's rows only, also to the table's owner. Nothing in a
/// workspace of one tenant.
pub(crate) fn row_level_security(
    script: &mut Script,
    catalog: Catalog<'_>,
    table: &Qualified,
    access: Access,
) {
    if !catalog.has_tenants() {
        return;
    }
    script.line(sql!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", table));
    let own = Sql::raw("tenant_id = (SELECT app.current_tenant_id())");
    let policies = match access {
        // No index condition, so that one on the tenant does not look as good as that on the mutation before
        // statistics are there. It is the same: both sides are there, or the action has failed.
        Access::OwnByMutation => {
            let own = Sql::raw("tenant_id IS NOT DISTINCT FROM (SELECT app.current_tenant_id())");
            vec![("tenant", sql!("USING ({})\n    WITH CHECK ({})", own, own))]
        }
        Access::Own => vec![("tenant", sql!("USING ({})\n    WITH CHECK ({})", own, own))],
        Access::Audit => vec![
            ("tenant_read", sql!("FOR SELECT\n    USING ({})", own)),
            ("tenant_write", Sql::raw("FOR INSERT\n    WITH CHECK (true)")),
            ("tenant_fill", sql!("FOR UPDATE\n    USING ({})\n    WITH CHECK ({})", own, own)),
        ],
    };
    // In one statement, so that no reader meets the table without them.
    let mut lines = Lines::new();
    for (name, rule) in policies {
        let name = Ident::new(name);
        lines.push(sql!("DROP POLICY IF EXISTS {} ON {};", name, table));
        lines.push(sql!("CREATE POLICY {} ON {} {};", name, table, rule));
    }
    script.do_block(lines);
}
