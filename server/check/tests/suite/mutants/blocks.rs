//! Kinds of mistakes in blocks: roots, actions, impact, events, configuration, and the shape of the file.

use super::{
    Site,
    kinds::{Kind, Spoilt, at, before, is_step, misspell, same, swap, validate, word_after},
};

/// A key of a block, misspelt where it stands.
fn key(site: &Site<'_>, name: &str) -> Option<Spoilt> {
    let content = site.line.trim_start();
    let content = content.strip_prefix("- ").unwrap_or(content);
    content.starts_with(&format!("{name}:")).then(|| misspell(site, name))?
}

/// A word of a line of a block, misspelt.
fn word_of(site: &Site<'_>, before: &str) -> Option<Spoilt> {
    site.line.contains(before).then(|| misspell(site, word_after(site.line, before)?))?
}

fn is_in_action(site: &Site<'_>) -> bool {
    site.line.starts_with("      ") && site.action().is_some()
}

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    // Roots.
    Kind { code: "missing-entity", what: "`entity` with a capital", seed: |it| it.line.starts_with("entity: ").then(|| swap(it, "entity", "Entity"))? },
    Kind { code: "missing-entity", what: "`entity` misspelt", seed: |it| it.line.starts_with("entity: ").then(|| swap(it, "entity", "entiy"))? },
    Kind { code: "unknown-key", what: "`schema` misspelt", seed: |it| it.line.starts_with("schema: ").then(|| key(it, "schema"))? },
    // Fields.
    Kind { code: "unknown-type", what: "an enum misspelt", seed: |it| it.in_fields().then(|| swap(it, ": enum(", ": enmu("))? },
    Kind { code: "invalid-default", what: "a default that is no number", seed: |it| it.in_fields().then(|| swap(it, ": integer = 0", ": integer = many"))? },
    Kind { code: "invalid-default", what: "a default that the type cannot hold", seed: |it| it.in_fields().then(|| swap(it, ": integer = 0", ": integer = 3000000000"))? },
    Kind { code: "invalid-default", what: "a default that is no truth value", seed: |it| it.in_fields().then(|| swap(it, ": boolean = ", ": boolean = not_"))? },
    Kind { code: "invalid-name", what: "a name that PostgreSQL cuts off", seed: |it| it.in_fields().then(|| swap(it, "  due: date", "  due_day_that_the_owner_of_the_row_was_told_by_whoever_has_made_it_at_first: date"))? },
    // Actions.
    Kind { code: "duplicate-action", what: "a name that another action has", seed: |it| it.line.starts_with("  - name: close_").then(|| swap(it, "close_", "create_"))? },
    Kind { code: "unknown-entity", what: "a misspelt entity that is returned", seed: |it| it.line.starts_with("  - name: ").then(|| {
        let name = it.entity()?;
        at(format!("{}\n    returns: {name}x", it.line), 1)
    })? },
    Kind { code: "unknown-key", what: "`params` misspelt", seed: |it| (it.line == "    params:").then(|| same("    parms:".to_owned()))? },
    Kind { code: "unknown-key", what: "`cdc` misspelt", seed: |it| (it.line == "    cdc:").then(|| same("    cdd:".to_owned()))? },
    Kind { code: "unknown-type", what: "a parameter of a misspelt type", seed: |it| (it.line == "      reason: text!").then(|| swap(it, "text!", "txet!"))? },
    // Steps.
    Kind { code: "unknown-step", what: "a step without its colon", seed: |it| (is_step(it, "delete") && !it.next.starts_with(&format!("{}  ", it.indent()))).then(|| swap(it, "delete:", "delete"))? },
    Kind { code: "invalid-statement", what: "`WHERE` misspelt", seed: |it| is_step(it, "find").then(|| swap(it, " WHERE ", " WHRE "))? },
    Kind { code: "invalid-statement", what: "a word of SQL before the entity", seed: |it| is_step(it, "update").then(|| swap(it, "update: ", "update: UPDATE "))? },
    Kind { code: "invalid-statement", what: "no comma between assignments", seed: |it| (is_step(it, "update") && !it.line.contains('(')).then(|| swap(it, ", ", " "))? },
    Kind { code: "unknown-entity", what: "an update of a misspelt entity", seed: |it| is_step(it, "update").then(|| misspell(it, word_after(it.line, "update: ")?))? },
    Kind { code: "unknown-entity", what: "a condition on rows of a misspelt entity", seed: |it| is_step(it, "validate").then(|| word_of(it, "EXISTS "))? },
    Kind { code: "unknown-entity", what: "a loop over a misspelt entity", seed: |it| (is_step(it, "foreach") && it.line.contains(" WHERE ")).then(|| word_of(it, " in "))? },
    Kind { code: "unknown-field", what: "a misspelt column of an insert", seed: |it| is_step(it, "insert").then(|| word_of(it, "("))? },
    Kind { code: "unknown-variable", what: "a misspelt variable", seed: |it| is_step(it, "if").then(|| swap(it, "partner.", "parnter."))? },
    Kind { code: "unknown-variable", what: "a misspelt variable of a loop", seed: |it| is_step(it, "validate").then(|| {
        let target = it.target()?;
        at(format!("{0}- foreach: thing in {target}\n{0}  do:\n{0}    - validate: thnig.id IS NOT NULL\n{1}", it.indent(), it.line), 2)
    })? },
    Kind { code: "unknown-variable", what: "a misspelt parameter", seed: |it| (is_step(it, "validate") && it.action().is_some_and(|it| it.starts_with("settle_"))).then(|| swap(it, "$reason", "$resaon"))? },
    Kind { code: "unknown-key", what: "a sibling of a step misspelt", seed: |it| (it.line.starts_with("        ") && is_in_action(it)).then(|| key(it, "error").or_else(|| key(it, "conflict_target")))? },
    Kind { code: "duplicate-key", what: "a variable in two spellings", seed: |it| it.line.trim_start().starts_with("as: ").then(|| {
        at(format!("{}\n{}store: other", it.line, it.indent()), 1)
    })? },
    Kind { code: "unknown-enum-value", what: "a value behind `lower`", seed: |it| validate(it, &format!("lower({}) = 'wobbegong'", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a value behind `upper` in a list", seed: |it| validate(it, &format!("upper({}::text) IN ('WOBBEGONG')", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a misspelt value in a condition", seed: |it| is_step(it, "validate").then(|| word_of(it, "state = '"))? },
    Kind { code: "type-mismatch", what: "an argument that the called action does not take", seed: |it| is_step(it, "call").then(|| swap(it, "most = 5", "most = 'five'"))? },
    Kind { code: "unreachable-step", what: "a `return` among the steps", seed: |it| is_step(it, "update").then(|| at(format!("{0}- return: done\n{1}", it.indent(), it.line), 1))? },
    Kind { code: "missing-conflict-target", what: "a target without a value", seed: |it| it.line.trim_start().starts_with("conflict_target: ").then(|| {
        let other = it.field("money")?;
        same(format!("{}conflict_target: {other}", it.indent()))
    })? },
    // Impact.
    Kind { code: "unknown-key", what: "`side_effects` misspelt", seed: |it| key(it, "side_effects") },
    Kind { code: "unknown-key", what: "`operation` misspelt", seed: |it| is_in_action(it).then(|| key(it, "operation"))? },
    Kind { code: "unknown-entity", what: "a side effect of a misspelt entity", seed: |it| it.line.starts_with("        - entity: ").then(|| word_of(it, "entity: "))? },
    Kind { code: "operation-mismatch", what: "another operation than a side effect's", seed: |it| (it.line == "          operation: UPDATE").then(|| swap(it, "UPDATE", "CREATE"))? },
    Kind { code: "primary-not-own-entity", what: "a primary entity that no step writes", seed: |it| {
        let names = it.files.iter().filter_map(|it| it.1.lines().find_map(|it| it.strip_prefix("entity: ")));
        let other = names.into_iter().find(|name| Some(*name) != it.entity())?;
        let is_primary = it.above.ends_with("      primary:\n") && it.line == format!("        entity: {}", it.entity()?);
        let is_written = it.action().is_some_and(|it| it.starts_with("settle_") || it.starts_with("save_"));
        (is_primary && is_written).then(|| same(format!("        entity: {other}")))?
    } },
    Kind { code: "unknown-relation", what: "a misspelt relation", seed: |it| word_of(it, "include_relations: [") },
    Kind { code: "wrong-shape", what: "names that are no list", seed: |it| it.line.starts_with("        fields: [").then(|| {
        let names = it.line.split_once('[')?.1.strip_suffix(']')?;
        names.contains(',').then(|| same(format!("        fields: {names}")))?
    })? },
    Kind { code: "duplicate-impact", what: "the primary entity as a side effect", seed: |it| (it.line == "      side_effects:" && it.action().is_some_and(|it| it.starts_with("create_"))).then(|| {
        let (name, own) = (it.entity()?, it.text.split("\n  - name: ").find(|one| one.starts_with(it.action().unwrap_or_default()))?);
        let operation = own.split("\n        operation: ").nth(1)?.lines().next()?;
        own.contains(&format!("        entity: {name}\n")).then(|| at(format!("{}\n        - entity: {name}\n          operation: {operation}", it.line), 1))?
    })? },
    // Events.
    Kind { code: "unknown-key", what: "`event_type` misspelt", seed: |it| key(it, "event_type") },
    Kind { code: "event-type-name", what: "an event that is a command", seed: |it| it.line.starts_with("      event_type: ").then(|| swap(it, "Created", "Create"))? },
    Kind { code: "event-type-name", what: "an event of what goes on", seed: |it| it.line.starts_with("      event_type: ").then(|| swap(it, "Closed", "Closing"))? },
    Kind { code: "event-operation-mismatch", what: "an event that says creation of an update", seed: |it| it.line.starts_with("      event_type: ").then(|| swap(it, "Closed", "Created"))? },
    Kind { code: "unknown-payload-field", what: "a misspelt path of a payload", seed: |it| it.line.starts_with("      payload: [").then(|| misspell(it, word_after(it.line, ".")?))? },
    Kind { code: "wrong-shape", what: "a truth value in quotes", seed: |it| it.line.starts_with("      enabled: true").then(|| swap(it, "true", "\"true\""))? },
    Kind { code: "no-effect", what: "a field twice in a payload", seed: |it| it.line.starts_with("      payload: [").then(|| {
        let first = it.line.split_once('[')?.1.split([',', ']']).next()?;
        swap(it, "]", &format!(", {first}]"))
    })? },
    // Configuration.
    Kind { code: "retention-format", what: "a length of time in no unit", seed: |it| it.path.contains("config").then(|| swap(it, "retention: 30 days", "retention: 30 dayz"))? },
    Kind { code: "invalid-topic", what: "a placeholder that there is none of", seed: |it| it.path.contains("config").then(|| swap(it, "{entity}", "{entty}"))? },
    // The shape of the file.
    Kind { code: "invalid-yaml", what: "a tab for indentation", seed: |it| (it.line == "    impact:").then(|| same("\timpact:".to_owned()))? },
    Kind { code: "unknown-key", what: "side effects inside of the primary entity", seed: |it| (it.line == "        operation: UPDATE" && it.above.ends_with('\n')).then(|| {
        at(format!("{}\n        side_effects: []", it.line), 1)
    })? },
    Kind { code: "unknown-step", what: "an impact among the steps", seed: |it| is_step(it, "validate").then(|| before(it, "impact: {}"))? },
];
