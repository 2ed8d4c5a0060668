//! What no file makes any more: functions, triggers, policies, indexes, tables, schemas.

use super::{
    objects::{Function, Objects},
    steps::Steps,
};
use crate::sql::{Ident, Literal, Sql};

/// Functions that cannot be replaced because their head has changed.
pub(super) fn changed_functions(steps: &mut Steps, old: &Objects, new: &Objects) {
    for (key, it) in &old.functions {
        if new.functions.get(key).is_some_and(|other| other.head != it.head) {
            steps.run(
                "It has other parameters or another result now.",
                &format!("DROP {} IF EXISTS {};", it.kind, it.signature),
            );
        }
    }
    for it in old.comments.iter().filter(|it| !new.comments.contains(*it)) {
        let function = it.strip_prefix("FUNCTION ");
        if function.is_some_and(|it| new.functions.contains_key(it)) {
            steps.run("", &format!("COMMENT ON {it} IS NULL;"));
        }
    }
}

/// The tables that no file makes any more.
fn gone_tables<'o>(old: &'o Objects, new: &Objects) -> Vec<&'o str> {
    old.tables.keys().map(String::as_str).filter(|it| !new.tables.contains_key(*it)).collect()
}

/// The functions that no file makes any more: those that nothing calls, and those that triggers of tables
/// call which go with their tables.
fn gone_functions<'o>(old: &'o Objects, new: &Objects) -> (Vec<&'o Function>, Vec<&'o Function>) {
    let late = !gone_tables(old, new).is_empty();
    let gone = old.functions.iter().filter(|(key, _)| !new.functions.contains_key(*key));
    gone.map(|it| it.1).partition(|it| !(late && it.is_trigger))
}

/// Writes what goes from tables that stay, and functions.
pub(super) fn unused(steps: &mut Steps, old: &Objects, new: &Objects) {
    let stays = |table: &str| new.tables.contains_key(table);
    for (table, name) in old.triggers.difference(&new.triggers).filter(|it| stays(&it.0)) {
        steps.run("", &format!("DROP TRIGGER IF EXISTS {name} ON {table};"));
    }
    for it in gone_functions(old, new).0 {
        steps.run("", &format!("DROP {} IF EXISTS {};", it.kind, it.signature));
    }
    for (name, it) in &old.indexes {
        if stays(&it.table) && !new.indexes.contains_key(name) {
            steps.run("", &format!("DROP INDEX IF EXISTS {name};"));
        }
    }
    security(steps, old, new);
}

/// Writes what goes with its rows.
pub(super) fn gone(steps: &mut Steps, old: &Objects, new: &Objects) {
    for name in old.publications.difference(&new.publications) {
        let name = Sql::of(&Ident::new(name.as_str())).into_text();
        steps.destroy(
            "a connector that reads the publication stops.",
            &format!("DROP PUBLICATION IF EXISTS {name};"),
        );
    }
    let names = gone_tables(old, new);
    if !names.is_empty() {
        let mut text = format!("DROP TABLE IF EXISTS\n    {};", names.join(",\n    "));
        for it in gone_functions(old, new).1 {
            text += &format!("\nDROP {} IF EXISTS {};", it.kind, it.signature);
        }
        steps.destroy("no entity has these tables any more, and their rows go with them.", &text);
    }
    for it in old.schemas.difference(&new.schemas) {
        steps.destroy(
            "no entity is in the schema; it goes only when it is empty.",
            &format!("DROP SCHEMA IF EXISTS {it};"),
        );
    }
}

fn security(steps: &mut Steps, old: &Objects, new: &Objects) {
    for table in old.secured.difference(&new.secured) {
        let Some(it) = new.tables.get(table) else { continue };
        let policies = old.policies.difference(&new.policies).filter(|it| it.0 == *table);
        let mut lines: Vec<String> =
            policies.map(|it| format!("DROP POLICY IF EXISTS {} ON {table};", it.1)).collect();
        let off = "NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY";
        lines.push(format!("ALTER TABLE {table} {off};"));
        if it.is_partitioned {
            lines.push(format!(
                "DO $specql$\nDECLARE\n    v_partition regclass;\nBEGIN\n    FOR v_partition IN\n        SELECT i.inhrelid::regclass FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = {}::regclass\n    LOOP\n        EXECUTE pg_catalog.format('ALTER TABLE %s {off}', v_partition);\n        PERFORM app.copy_policies({0}, v_partition);\n    END LOOP;\nEND\n$specql$;",
                Sql::of(&Literal::text(table.as_str())).into_text()
            ));
        }
        steps.destroy("every session reads the rows of every tenant.", &lines.join("\n"));
    }
}
