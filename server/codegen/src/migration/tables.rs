//! Columns: what the new table files refuse, done or asked before them, and what they leave, removed
//! after them.

use super::{
    lexer::{identifier, split, unquoted},
    objects::{Column, Objects, Table, check_kind, table_stem},
    steps::Steps,
};
use crate::sql::{Ident, Literal, Sql};

/// Writes what has to be so before the new files are loaded.
pub(super) fn before(steps: &mut Steps, old: &Objects, new: &Objects) {
    for (name, table) in new.entity_tables() {
        let Some(known) = old.tables.get(name) else { continue };
        for column in &table.columns {
            match known.column(&column.name) {
                None => added(steps, name, column),
                Some(it) => kept(steps, old, name, (known, table), it, column),
            }
        }
        released(steps, name, known, table);
        references(steps, old, new, name, (known, table));
        ids(steps, old, new, name, (known, table));
        checks(steps, name, known, table);
        indexes(steps, old, new, name, known);
        perhaps_renamed(steps, name, known, table);
    }
    for (name, known) in old.tables.iter().filter(|it| table_stem(it.0, "tv_").is_some()) {
        indexes(steps, old, new, name, known);
    }
}

fn added(steps: &mut Steps, table: &str, column: &Column) {
    if !column.is_required || column.default.is_some() {
        return;
    }
    let Column { name, ty, .. } = column;
    steps.ask(
        &format!(
            "{name} is new, required and has no default; what is it in the rows of {table} that stand? One value \
             for all of them is written nowhere until a row changes, and the functions of before go on; the \
             table's file takes the default away again. Behind it an UPDATE says what differs from row to row."
        ),
        &format!("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {ty} NOT NULL DEFAULT …;"),
    );
}

fn kept(
    steps: &mut Steps,
    objects: &Objects,
    table: &str,
    (known, wanted): (&Table, &Table),
    old: &Column,
    new: &Column,
) {
    if old.ty != new.ty {
        convert(steps, objects, table, (known, wanted), old, new);
    }
    if !new.is_required || old.is_required {
        return;
    }
    let name = &new.name;
    match &new.default {
        Some(default) => {
            let mut lines = Vec::new();
            // The default of now need not satisfy a check of before; the new files bring theirs.
            if old.ty == new.ty {
                let changed = checks_of(known, table, name).filter(|(check, condition)| {
                    wanted.checks.get(*check).is_none_or(|it| it != *condition)
                });
                lines.extend(changed.map(|it| dropped(table, it.0)));
            }
            lines.push(no_more_without(table, name));
            lines.push(format!("UPDATE {table} SET {name} = {default} WHERE {name} IS NULL;"));
            let why = format!("{name} is required now: rows without a value get its default.");
            steps.run(&why, &lines.join("\n"));
        }
        None => steps.ask(
            &format!(
                "{name} is required now; what is it in the rows of {table} that have no value?"
            ),
            &format!(
                "{}\nUPDATE {table} SET {name} = … WHERE {name} IS NULL;",
                no_more_without(table, name)
            ),
        ),
    }
}

/// From here on nobody writes a row without a value: else the functions of before add to those that are asked
/// for. The table's file has a check of its own in the place of this one.
fn no_more_without(table: &str, column: &str) -> String {
    let check = Ident::new(format!("required$_{}", unquoted(column)));
    replaced_check(table, &Sql::of(&check).into_text(), &format!("{column} IS NOT NULL"))
}

/// Holds for what is written from now on; the file of the read model looks at the rows that stand.
fn replaced_check(table: &str, check: &str, condition: &str) -> String {
    format!(
        "ALTER TABLE {table}\n    DROP CONSTRAINT IF EXISTS {check},\n    ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;"
    )
}

/// The checks of a column.
fn checks_of<'t>(
    known: &'t Table,
    table: &str,
    column: &str,
) -> impl Iterator<Item = (&'t String, &'t String)> {
    let stem = table_stem(table, "").unwrap_or_default();
    let column = unquoted(column);
    known.checks.iter().filter(move |it| check_kind(it.0, &stem, &column).is_some())
}

fn dropped(table: &str, check: &str) -> String {
    format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {check};")
}

fn convert(
    steps: &mut Steps,
    objects: &Objects,
    table: &str,
    (known, wanted): (&Table, &Table),
    old: &Column,
    new: &Column,
) {
    let name = &new.name;
    let mut lines = Vec::new();
    // Neither triggers nor checks that name the column let its type change; the new files bring theirs.
    let stem = table_stem(table, "").unwrap_or_default();
    let check = format!("check_{stem}_{}", unquoted(name));
    let triggers =
        objects.triggers.iter().filter(|(on, trigger)| on == table && unquoted(trigger) == check);
    lines.extend(triggers.map(|it| format!("DROP TRIGGER IF EXISTS {} ON {table};", it.1)));
    lines.extend(checks_of(known, table, name).map(|it| dropped(table, it.0)));
    let is_list = |it: &Table| {
        let mut checks = checks_of(it, table, name);
        checks.any(|it| it.1.starts_with(&format!("jsonb_typeof({name}) = 'array'")))
    };
    let (value, fit) = if is_list(wanted) && !is_list(known) {
        let value = format!("CASE WHEN {name} IS NOT NULL THEN jsonb_build_array({name}) END");
        (value, Fit::Always)
    } else {
        (converted(name, &old.ty, &new.ty), fit(&old.ty, &new.ty))
    };
    lines.push(format!(
        "ALTER TABLE {table}\n    ALTER COLUMN {name} DROP DEFAULT,\n    ALTER COLUMN {name} TYPE {} USING {value};",
        new.ty
    ));
    let text = lines.join("\n");
    let what = format!("{name} is {} there and {} now", old.ty, new.ty);
    match fit {
        Fit::Always => {
            steps.run(&format!("{what}; every value fits. The table is rewritten."), &text);
        }
        Fit::OrFails => steps.run(
            &format!(
                "{what}; a value that does not fit ends this with an error. The table is rewritten."
            ),
            &text,
        ),
        Fit::Loses => {
            steps.destroy(&format!("{what}; values may be cut or rounded."), &text);
        }
    }
}

/// What becomes of the values of a type in another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Always,
    OrFails,
    Loses,
}

fn fit(old: &str, new: &str) -> Fit {
    let whole = ["smallint", "integer", "bigint"];
    let place = |it: &str| whole.iter().position(|name| *name == it);
    if let (Some(old), Some(new)) = (place(old), place(new)) {
        return if old < new { Fit::Always } else { Fit::OrFails };
    }
    if let (Some(old), Some(new)) = (numeric(old), numeric(new)) {
        return match (old, new) {
            (_, None) => Fit::Always,
            (Some((_, old)), Some((_, new))) if new >= old => Fit::OrFails,
            _ => Fit::Loses,
        };
    }
    if place(old).is_some() && numeric(new).is_some() {
        return if new == "numeric" { Fit::Always } else { Fit::OrFails };
    }
    match (base(old), base(new)) {
        (_, "text") | ("text", "jsonb") => Fit::Always,
        ("date", "timestamptz" | "timestamp") | ("real", "double precision") => Fit::Always,
        ("character varying" | "varchar", "character varying" | "varchar") => {
            if length(new) >= length(old) { Fit::Always } else { Fit::Loses }
        }
        ("text", "varchar" | "character varying") => Fit::Loses,
        ("text", "numeric") if new != "numeric" => Fit::Loses,
        ("text", "date" | "timestamp" | "timestamptz" | "time") => Fit::Loses,
        ("text", _) => Fit::OrFails,
        _ => Fit::Loses,
    }
}

/// The value in its new type. Where PostgreSQL has no cast it goes by its text.
fn converted(name: &str, old: &str, new: &str) -> String {
    match (base(old), base(new)) {
        (_, "jsonb") => format!("to_jsonb({name})"),
        ("jsonb", "text") => format!("{name} #>> '{{}}'"),
        ("jsonb", _) => format!("({name} #>> '{{}}')::{new}"),
        (from, to) if kind(from) == kind(to) || to == "text" || from == "text" => {
            format!("{name}::{new}")
        }
        _ => format!("{name}::text::{new}"),
    }
}

/// Between types of one kind there are casts.
fn kind(base: &str) -> u8 {
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "decimal" | "real" | "double precision" => {
            1
        }
        "date" | "timestamp" | "timestamptz" => 2,
        "varchar" | "character varying" | "char" => 3,
        _ => 0,
    }
}

fn base(ty: &str) -> &str {
    ty.split('(').next().unwrap_or(ty).trim()
}

fn length(ty: &str) -> u32 {
    let inner = ty.split_once('(').and_then(|it| it.1.strip_suffix(')'));
    inner.and_then(|it| it.trim().parse().ok()).unwrap_or(u32::MAX)
}

/// Precision and scale of a numeric type; without limits `Some(None)`.
#[allow(clippy::option_option, reason = "no numeric type, or one without limits")]
fn numeric(ty: &str) -> Option<Option<(u32, u32)>> {
    if !matches!(base(ty), "numeric" | "decimal") {
        return None;
    }
    let Some(inner) = ty.split_once('(').and_then(|it| it.1.strip_suffix(')')) else {
        return Some(None);
    };
    let mut parts = inner.split(',').filter_map(|it| it.trim().parse().ok());
    Some(Some((parts.next()?, parts.next().unwrap_or(0))))
}

/// A required column that no field has lets nothing be inserted.
fn released(steps: &mut Steps, table: &str, known: &Table, new: &Table) {
    for it in &known.columns {
        if it.is_required && it.default.is_none() && new.column(&it.name).is_none() {
            let name = &it.name;
            steps.run(
                &format!("No field has {name} any more, so new rows have no value for it."),
                &format!("ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL;"),
            );
        }
    }
}

/// A reference that leads elsewhere: the keys mean other rows there.
fn references(
    steps: &mut Steps,
    old: &Objects,
    new: &Objects,
    name: &str,
    (known, table): (&Table, &Table),
) {
    for ((on, constraint), (column, target)) in &new.references {
        let before = old.references.get(&(on.clone(), constraint.clone()));
        let Some((_, before)) = before.filter(|it| on == name && it.1 != *target) else { continue };
        let requires = |it: &Table| it.column(column).is_some_and(|it| it.is_required);
        let is_required = requires(table);
        let release = if requires(known) {
            format!("ALTER TABLE {name} ALTER COLUMN {column} DROP NOT NULL;\n")
        } else {
            String::new()
        };
        let only = from_now_on(old, new, constraint, column, target);
        steps.destroy(
            &format!("{column} leads to {before} there and to {target} now; its keys mean nothing any more."),
            &format!(
                "ALTER TABLE {name}\n    DROP CONSTRAINT IF EXISTS {constraint}{only};\n{release}UPDATE {name} SET {column} = NULL WHERE {column} IS NOT NULL;"
            ),
        );
        if is_required {
            steps.ask(
                &format!("{column} is required; which row of {target} does each row lead to?"),
                &format!("UPDATE {name} SET {column} = …;"),
            );
        }
    }
}

/// The reference of now, so that the functions of before write no key of before any more. Where its table is
/// still to come, the file of the read model brings it.
fn from_now_on(
    old: &Objects,
    new: &Objects,
    constraint: &str,
    column: &str,
    target: &str,
) -> String {
    let key = new.tables.get(target).and_then(|it| it.columns.first());
    let key = key.filter(|_| old.tables.contains_key(target));
    key.map_or_else(String::new, |it| {
        format!(
            ",\n    ADD CONSTRAINT {constraint} FOREIGN KEY ({column}) REFERENCES {target} ({}) NOT VALID",
            it.name
        )
    })
}

/// Ids in a list or in a `ref(A|B)` that name rows to which it leads no more.
fn ids(
    steps: &mut Steps,
    old: &Objects,
    new: &Objects,
    name: &str,
    (known, table): (&Table, &Table),
) {
    let check = format!("check_{}_", table_stem(name, "").unwrap_or_default());
    for (target, trigger) in old.triggers.difference(&new.triggers) {
        let trigger = unquoted(trigger);
        let field = trigger.strip_prefix(&check).and_then(|it| it.strip_suffix("_kept"));
        let Some(field) = field else { continue };
        let check = Sql::of(&Ident::new(format!("{check}{field}"))).into_text();
        let is_checked = new.triggers.contains(&(name.to_owned(), check.clone()));
        let both = |it: &String| known.column(it).is_some() && table.column(it).is_some();
        let quoted = |it: String| Sql::of(&Ident::new(it)).into_text();
        let (list, id) = (quoted(field.to_owned()), quoted(format!("{field}_id")));
        let (column, leads) = if both(&list) {
            (&list, format!("{list} ?| ARRAY(SELECT t.id::text FROM {target} AS t)"))
        } else if both(&id) {
            (&id, format!("{id} IN (SELECT t.id FROM {target} AS t)"))
        } else {
            continue;
        };
        if is_checked {
            steps.ask(
                &format!("{column} leads to {target} no longer; what is it instead in rows where it does?"),
                &format!(
                    "DROP TRIGGER IF EXISTS {check} ON {name};\nUPDATE {name} SET {column} = … WHERE {leads};"
                ),
            );
        }
    }
}

fn checks(steps: &mut Steps, name: &str, known: &Table, table: &Table) {
    for (check, condition) in &table.checks {
        let before = known.checks.get(check);
        if before == Some(condition) {
            continue;
        }
        let removed = before.map(|it| removed_values(it, condition)).unwrap_or_default();
        if let Some(column) = condition.split(" IN (").next().filter(|_| !removed.is_empty()) {
            let values = removed.join(", ");
            steps.ask(
                &format!(
                    "{column} has {values} no longer; what is it instead in rows that have it?"
                ),
                // The check of before knows none of the new values, and lets the functions of before write the old.
                &format!(
                    "{}\nUPDATE {name} SET {column} = … WHERE {column} IN ({values});",
                    replaced_check(name, check, condition)
                ),
            );
        } else if before.is_none_or(|it| removed_values(condition, it).is_empty()) {
            steps.note(
                &format!("{check} is new. It is looked at when the table's file is loaded; rows that do not satisfy it:"),
                &format!("SELECT * FROM {name} WHERE NOT ({condition});"),
            );
        }
    }
}

/// The values that `column IN (…)` of before has and that of now has not.
fn removed_values(before: &str, now: &str) -> Vec<String> {
    let values = |it: &str| -> Vec<String> {
        let list = it.split_once(" IN (").and_then(|it| it.1.strip_suffix(')'));
        let list = list.unwrap_or_default();
        split(list, ',').into_iter().map(str::to_owned).collect()
    };
    let now = values(now);
    values(before).into_iter().filter(|it| !now.contains(it)).collect()
}

/// Rows of a time without tenants have the tenant that nobody is.
pub(super) fn tenants(steps: &mut Steps, old: &Objects, new: &Objects) {
    let stands = |table: &str| old.tables.contains_key(table) && !old.secured.contains(table);
    let holds = |table: &str| ["tb_", "tv_"].iter().any(|it| table_stem(table, it).is_some());
    let lines = new.secured.iter().filter(|it| stands(it) && holds(it)).map(|it| {
        format!("UPDATE {it} SET tenant_id = '…' WHERE tenant_id = '00000000-0000-0000-0000-000000000000';")
    });
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        steps.ask(
            "sessions name a tenant now; which one do the rows that stand belong to? As they are, no session \
             sees them. Trail, log and outbox keep what they say of before.",
            &lines.join("\n"),
        );
    }
}

/// An index of a table that stands is made without holding up writers; the table's file finds it there. So a
/// column that it is the first to have comes before it.
fn indexes(steps: &mut Steps, old: &Objects, new: &Objects, table: &str, known: &Table) {
    let changed = new.indexes.iter().filter(|(name, it)| {
        it.table == table && old.indexes.get(*name).is_none_or(|before| !it.is_like(before))
    });
    for (name, it) in changed {
        let lacks = |it: &&str| known.column(it).is_none();
        let wanted: Vec<&str> =
            it.columns.iter().flat_map(|it| columns_of(it)).filter(lacks).collect();
        let added: Vec<&Column> =
            wanted.iter().filter_map(|it| new.tables.get(table)?.column(it)).collect();
        // What only a person knows, and what is made of the row, comes with the table's file.
        let is_known = |it: &&Column| !it.is_derived && (!it.is_required || it.default.is_some());
        if added.len() < wanted.len() || !added.iter().all(is_known) {
            continue;
        }
        for it in added {
            steps.run("Before its index.", &with_column(table, it));
        }
        let statement = it.statement.replacen(" INDEX IF", " INDEX CONCURRENTLY IF", 1);
        let is_replaced = old.indexes.get(name).is_some_and(|it| it.table == table);
        if statement.starts_with("CREATE UNIQUE") && !is_replaced {
            let columns = it.columns.join(", ");
            steps.note(
                "Values have to be unique now. Those that stand more than once keep the index out:",
                &format!(
                    "SELECT {columns}, count(*) FROM {table} WHERE deleted_at IS NULL GROUP BY {columns} HAVING count(*) > 1;"
                ),
            );
        }
        let text = if is_replaced { replaced(name, &statement) } else { made(name, &statement) };
        steps.run("Without a lock against writers.", &text);
    }
}

/// The columns of an item of an index: itself, or of a read model what its expressions are over.
fn columns_of(item: &str) -> Option<&str> {
    let inner = item.strip_prefix('(').unwrap_or(item);
    identifier(inner).map(|it| it.0)
}

fn with_column(table: &str, column: &Column) -> String {
    let Column { name, ty, is_required, default, .. } = column;
    let default = default.as_ref().map(|it| format!(" DEFAULT {it}")).unwrap_or_default();
    let required = if *is_required { " NOT NULL" } else { "" };
    format!("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {ty}{default}{required};")
}

/// Makes an index. One that another try has left unfinished would be taken for it.
fn made(name: &str, statement: &str) -> String {
    let text = Sql::of(&Literal::text(name)).into_text();
    format!(
        "DO $specql$\nBEGIN\n    IF EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = pg_catalog.to_regclass({text}) AND NOT i.indisvalid) THEN\n        DROP INDEX {name};\n    END IF;\nEND\n$specql$;\n{statement};"
    )
}

/// Makes an index beside that of the same name, which guards the rows until then.
fn replaced(name: &str, statement: &str) -> String {
    let Some((schema, index)) =
        identifier(name).and_then(|(it, rest)| Some((it, rest.strip_prefix('.')?)))
    else {
        return made(name, statement);
    };
    let beside = Sql::of(&Ident::new(format!("new${}", unquoted(index)))).into_text();
    let statement = statement.replacen(&format!(" {index} ON "), &format!(" {beside} ON "), 1);
    format!(
        "{}\nDROP INDEX CONCURRENTLY IF EXISTS {name};\nALTER INDEX {schema}.{beside} RENAME TO {index};",
        made(&format!("{schema}.{beside}"), &statement)
    )
}

fn perhaps_renamed(steps: &mut Steps, table: &str, known: &Table, new: &Table) {
    let gone: Vec<&Column> =
        known.columns.iter().filter(|it| new.column(&it.name).is_none()).collect();
    for added in new.columns.iter().filter(|it| known.column(&it.name).is_none()) {
        let alike: Vec<&str> =
            gone.iter().filter(|it| it.ty == added.ty).map(|it| it.name.as_str()).collect();
        if alike.is_empty() {
            continue;
        }
        steps.ask(
            &format!(
                "was {} of {table} {} before? Then write `was: NAME` beside the field, and its values stay",
                added.name,
                alike.join(" or ")
            ),
            "",
        );
    }
}

/// Writes what goes once nothing reads it.
pub(super) fn after(steps: &mut Steps, old: &Objects, new: &Objects) {
    for (name, known) in &old.tables {
        let Some(table) = new.tables.get(name) else { continue };
        let gone = known.columns.iter().filter(|it| table.column(&it.name).is_none());
        let (derived, gone): (Vec<&Column>, Vec<&Column>) = gone.partition(|it| it.is_derived);
        if !derived.is_empty() {
            steps.run(
                "No field has these any more; what they held is in the row.",
                &without(name, &derived),
            );
        }
        if !gone.is_empty() {
            steps.destroy("no field has these any more.", &without(name, &gone));
        }
    }
}

fn without(table: &str, columns: &[&Column]) -> String {
    let columns: Vec<String> =
        columns.iter().map(|it| format!("DROP COLUMN IF EXISTS {}", it.name)).collect();
    format!("ALTER TABLE {table}\n    {};", columns.join(",\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_lose_values_is_known() {
        for (old, new, expected) in [
            ("integer", "bigint", Fit::Always),
            ("bigint", "integer", Fit::OrFails),
            ("numeric(8,2)", "numeric(12,4)", Fit::OrFails),
            ("numeric(8,2)", "numeric(8,1)", Fit::Loses),
            ("numeric(8,2)", "integer", Fit::Loses),
            ("integer", "text", Fit::Always),
            ("text", "integer", Fit::OrFails),
            ("timestamptz", "date", Fit::Loses),
            ("uuid", "integer", Fit::Loses),
        ] {
            assert_eq!(fit(old, new), expected, "{old} {new}");
        }
    }
}
