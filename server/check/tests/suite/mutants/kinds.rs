//! The kinds of mistakes: each finds a line that it can spoil, and says what has to be found where.

use super::Site;

/// A kind of mistake.
pub(super) struct Kind {
    /// The code of the finding.
    pub(super) code: &'static str,
    /// What the author did.
    pub(super) what: &'static str,
    /// Spoils a line; nothing where it cannot.
    pub(super) seed: fn(&Site<'_>) -> Option<Spoilt>,
}

/// The lines in the place of one, and where the finding is expected.
pub(super) struct Spoilt {
    pub(super) lines: String,
    /// So many lines of the spoilt ones before the one of the finding.
    pub(super) skip: usize,
}

pub(super) fn at(lines: String, skip: usize) -> Option<Spoilt> {
    Some(Spoilt { lines, skip })
}

pub(super) fn same(lines: String) -> Option<Spoilt> {
    at(lines, 0)
}

/// The line with one text in the place of another that it has once.
pub(super) fn swap(site: &Site<'_>, from: &str, to: &str) -> Option<Spoilt> {
    (site.line.matches(from).count() == 1).then(|| site.line.replacen(from, to, 1)).and_then(same)
}

/// A name with two letters in each other's place.
fn misspelt(name: &str) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    let place = (1..letters.len().saturating_sub(1)).find(|it| {
        let (one, other) = (letters[*it], letters[*it + 1]);
        one != other && one.is_alphabetic() && other.is_alphabetic()
    })?;
    let mut spoilt = letters;
    spoilt.swap(place, place + 1);
    Some(spoilt.into_iter().collect())
}

pub(super) fn misspell(site: &Site<'_>, name: &str) -> Option<Spoilt> {
    swap(site, name, &misspelt(name)?)
}

/// The word behind a text, as far as it is one.
pub(super) fn word_after<'l>(line: &'l str, before: &str) -> Option<&'l str> {
    let rest = &line[line.find(before)? + before.len()..];
    let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(rest.len());
    (end > 2).then(|| &rest[..end])
}

pub(super) fn is_step(site: &Site<'_>, keyword: &str) -> bool {
    site.line.trim_start().starts_with(&format!("- {keyword}: "))
}

/// A step before this one.
pub(super) fn before(site: &Site<'_>, step: &str) -> Option<Spoilt> {
    same(format!("{}- {step}\n{}", site.indent(), site.line))
}

/// `SET name = value` of an update of the file's entity, with another value for a field of a type.
fn set(site: &Site<'_>, ty: &str, value: &str) -> Option<Spoilt> {
    let field = site.field(ty)?;
    let is_own = is_step(site, "update") && site.line.contains(&format!("{} SET ", site.entity()?));
    (is_own && !site.line.contains(&format!("{field} =")) && !site.line.contains(" WHERE "))
        .then(|| same(format!("{}, {field} = {value}", site.line)))?
}

pub(super) fn validate(site: &Site<'_>, condition: &str) -> Option<Spoilt> {
    is_step(site, "validate").then(|| before(site, &format!("validate: {condition}")))?
}

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    // Fields.
    Kind { code: "unknown-type", what: "a misspelt type", seed: |it| it.in_fields().then(|| swap(it, ": integer", ": integre"))? },
    Kind { code: "unknown-entity", what: "a reference to a misspelt entity", seed: |it| misspell(it, word_after(it.line, "ref(")?) },
    Kind { code: "unknown-enum-value", what: "a default that the enum does not list", seed: |it| {
        let value = word_after(it.line, ") = ").filter(|_| it.line.contains("enum("))?;
        swap(it, &format!(") = {value}"), &format!(") = {}", misspelt(value)?))
    } },
    Kind { code: "duplicate-enum-value", what: "a value of an enum twice", seed: |it| {
        let value = word_after(it.line, "enum(")?;
        swap(it, "enum(", &format!("enum({value}, "))
    } },
    Kind { code: "reserved-field", what: "a field with a reserved name", seed: |it| it.in_fields().then(|| {
        at(format!("{}\n  created_at: datetime", it.line), 1)
    })?.filter(|_| it.line.starts_with("  ") && !it.line.starts_with("   ") && !it.line.ends_with(':')) },
    // Keys.
    Kind { code: "unknown-key", what: "`steps` misspelt", seed: |it| (it.line == "    steps:").then(|| same("    stpes:".to_owned()))? },
    Kind { code: "unknown-key", what: "`impact` misspelt", seed: |it| (it.line == "    impact:").then(|| same("    imapct:".to_owned()))? },
    Kind { code: "unknown-key", what: "`fields` of an impact misspelt", seed: |it| (it.line.starts_with("        fields: [")).then(|| swap(it, "fields", "feilds"))? },
    Kind { code: "duplicate-key", what: "a field twice", seed: |it| (it.in_fields() && it.line.contains(": integer")).then(|| at(format!("{}\n{}", it.line, it.line), 1))? },
    // Steps.
    Kind { code: "unknown-step", what: "a misspelt keyword", seed: |it| is_step(it, "update").then(|| swap(it, "- update:", "- updaet:"))? },
    Kind { code: "invalid-statement", what: "a value that is not there", seed: |it| (is_step(it, "update") && it.line.contains(" SET ")).then(|| {
        same(format!("{} =", it.line.split(" = ").next()?))
    })? },
    Kind { code: "unknown-field", what: "a misspelt column in `SET`", seed: |it| is_step(it, "update").then(|| misspell(it, word_after(it.line, " SET ")?))? },
    Kind { code: "unknown-field", what: "a column that there is none of", seed: |it| validate(it, "wobbegong IS NOT NULL") },
    Kind { code: "unknown-field", what: "a path through a reference to no field", seed: |it| {
        let field = it.field("ref(")?;
        validate(it, &format!("{field}.wobbegong IS NOT NULL"))
    } },
    Kind { code: "unknown-field", what: "a path of the own entity in another's `WHERE`", seed: |it| {
        let field = it.field("ref(")?;
        let target = it.target()?;
        is_step(it, "update").then(|| before(it, &format!("delete: {target} WHERE id = {field}.wobbegong")))?
    } },
    Kind { code: "shadowed-name", what: "a column compared with itself", seed: |it| {
        let field = it.field("text!")?;
        validate(it, &format!("{field} = {field}"))
    } },
    Kind { code: "type-mismatch", what: "a text in a number", seed: |it| set(it, "integer", "'many'") },
    Kind { code: "type-mismatch", what: "a number in a truth value", seed: |it| set(it, "boolean", "1") },
    Kind { code: "type-mismatch", what: "a truth value in a date", seed: |it| set(it, "date", "true") },
    Kind { code: "type-mismatch", what: "a text in a reference", seed: |it| set(it, "ref(", "'me'") },
    Kind { code: "type-mismatch", what: "a condition that is a text", seed: |it| validate(it, it.field("text!")?) },
    Kind { code: "type-mismatch", what: "a text compared with a number", seed: |it| validate(it, &format!("{} > 5", it.field("text!")?)) },
    Kind { code: "type-mismatch", what: "a number compared with a word", seed: |it| validate(it, &format!("{} = 'many'", it.field("integer")?)) },
    Kind { code: "type-mismatch", what: "a truth value compared with a number", seed: |it| validate(it, &format!("{} = 1", it.field("boolean")?)) },
    Kind { code: "type-mismatch", what: "a text and a number added", seed: |it| validate(it, &format!("{} + 1 > 2", it.field("text!")?)) },
    Kind { code: "type-mismatch", what: "an argument of the wrong type", seed: |it| validate(it, &format!("length({}) > 1", it.field("integer")?)) },
    Kind { code: "type-mismatch", what: "too many arguments", seed: |it| validate(it, &format!("lower({}, 'x') = 'x'", it.field("text!")?)) },
    Kind { code: "type-mismatch", what: "results of a `CASE` that do not mix", seed: |it| {
        let (text, number) = (it.field("text!")?, it.field("integer")?);
        validate(it, &format!("CASE WHEN {number} > 1 THEN {text} ELSE {number} END IS NOT NULL"))
    } },
    Kind { code: "type-mismatch", what: "a loop over one value", seed: |it| {
        let field = it.field("text!")?;
        is_step(it, "validate").then(|| same(format!(
            "{0}- foreach: one in {field}\n{0}  do:\n{0}    - validate: {field} IS NOT NULL\n{1}", it.indent(), it.line
        )))?
    } },
    Kind { code: "type-mismatch", what: "a comparison with `NULL`", seed: |it| validate(it, &format!("{} = NULL", it.field("text!")?)) },
    Kind { code: "type-mismatch", what: "a length of time in no unit", seed: |it| validate(it, &format!("{} > now() - interval '3 dayz'", it.field("date")?)) },
    Kind { code: "type-mismatch", what: "a length of time in quotes in no unit", seed: |it| validate(it, &format!("{} + '3 dayz' > now()", it.field("date")?)) },
    Kind { code: "type-mismatch", what: "a day that there is not", seed: |it| validate(it, &format!("{} > '2024-13-45'", it.field("date")?)) },
    Kind { code: "type-mismatch", what: "an id that is none", seed: |it| validate(it, "id = 'abc'") },
    Kind { code: "type-mismatch", what: "texts that are added", seed: |it| validate(it, &format!("{} + 'x' <> 'y'", it.field("text!")?)) },
    Kind { code: "type-mismatch", what: "the id of another entity's row", seed: |it| {
        it.target().filter(|target| Some(*target) != it.entity())?;
        validate(it, &format!("{}.id = id", it.field("ref(")?))
    } },
    Kind { code: "invalid-default", what: "a default that the pattern of its type refuses", seed: |it| it.in_fields().then(|| {
        at(format!("{}\n  wobbegong: email = nope", it.line), 1)
    })?.filter(|_| it.line.starts_with("  ") && !it.line.starts_with("   ") && !it.line.ends_with(':')) },
    Kind { code: "unknown-type", what: "a cast to no type", seed: |it| validate(it, &format!("{}::wobbegong = 'x'", it.field("text!")?)) },
    Kind { code: "unknown-function", what: "a misspelt function of a query", seed: |it| {
        validate(it, &format!("(SELECT coutn(*) FROM {}.tb_{} x) > 0", it.schema()?, it.entity()?.to_lowercase()))
    } },
    Kind { code: "unknown-relation", what: "a view of no reference", seed: |it| {
        is_step(it, "validate").then(|| before(it, "refresh_table_view: {scope: propagate, propagate: [wobbegong]}"))?
    } },
    Kind { code: "unknown-field", what: "a column that the query of a loop does not give", seed: |it| is_step(it, "validate").then(|| {
        let table = format!("{}.tb_{}", it.schema()?, it.entity()?.to_lowercase());
        at(format!(
            "{0}- foreach: one in (SELECT id, created_at FROM {table})\n{0}  do:\n{0}    - validate: one.wobbegong IS NULL\n{1}",
            it.indent(), it.line
        ), 2)
    })? },
    Kind { code: "unknown-field", what: "a member of what a call gives that there is none of", seed: |it| (is_step(it, "call") && !it.next.starts_with(&format!("{}  ", it.indent()))).then(|| {
        at(format!("{1}\n{0}  store: given\n{0}- validate: given.wobbegong IS NULL", it.indent(), it.line), 2)
    })? },
    Kind { code: "type-mismatch", what: "a part of time that there is not", seed: |it| validate(it, &format!("extract(yaer FROM {}) > 2000", it.field("date")?)) },
    Kind { code: "unknown-type", what: "a cast to a misspelt type", seed: |it| validate(it, &format!("{}::integre > 1", it.field("text!")?)) },
    Kind { code: "unknown-word", what: "`MATCHES` with no pattern", seed: |it| validate(it, &format!("{} MATCHES emial", it.field("text!")?)) },
    Kind { code: "no-effect", what: "a condition without steps", seed: |it| validate(it, "1 = 1").map(|mut spoilt| {
        spoilt.lines = spoilt.lines.replacen("- validate: 1 = 1", &format!("- if: {} IS NULL", it.field("text!").unwrap_or("id")), 1);
        spoilt
    }) },
    Kind { code: "no-effect", what: "a field twice in a list", seed: |it| it.line.starts_with("        fields: [").then(|| {
        let field = it.line.split_once('[')?.1.split([',', ']']).next()?;
        swap(it, "]", &format!(", {field}]")).filter(|_| !field.is_empty())
    })? },
    Kind { code: "duplicate-assignment", what: "an input given twice", seed: |it| is_step(it, "call").then(|| swap(it, "reason = 'closed', ", "reason = 'closed', reason = 'open', "))? },
    Kind { code: "unknown-function", what: "a misspelt function", seed: |it| validate(it, &format!("lowre({}) <> 'x'", it.field("text!")?)) },
    Kind { code: "unknown-function", what: "a function over rows without rows", seed: |it| validate(it, &format!("count({}) > 1", it.field("text!")?)) },
    Kind { code: "unknown-enum-value", what: "a value in a comparison", seed: |it| validate(it, &format!("{} = 'wobbegong'", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a value in a list", seed: |it| validate(it, &format!("{} IN ('wobbegong')", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a value behind a cast", seed: |it| validate(it, &format!("{}::text = 'wobbegong'", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a value beside `coalesce`", seed: |it| validate(it, &format!("coalesce({}, 'wobbegong') IS NOT NULL", it.field("enum(")?)) },
    Kind { code: "unknown-enum-value", what: "a value in an assignment", seed: |it| {
        let field = it.field("enum(")?;
        let value = it.line.split(&format!("{field} = '")).nth(1)?.split('\'').next()?;
        is_step(it, "update").then(|| swap(it, &format!("'{value}'"), "'wobbegong'"))?
    } },
    Kind { code: "unknown-variable", what: "an input that nothing declares", seed: |it| validate(it, "input.wobbegong IS NOT NULL") },
    Kind { code: "unknown-variable", what: "a `$` name that nothing declares", seed: |it| validate(it, "$wobbegong IS NOT NULL") },
    Kind { code: "unknown-variable", what: "a variable before its step", seed: |it| {
        let target = it.target()?;
        is_step(it, "validate").then(|| same(format!(
            "{0}- validate: guest.id IS NOT NULL\n{0}- find: {target} WHERE id = {1}\n{0}  as: guest\n{2}",
            it.indent(), it.field("ref(")?, it.line
        )))?
    } },
    Kind { code: "unused-parameter", what: "a parameter that nothing reads", seed: |it| (it.line == "    params:").then(|| at("    params:\n      wobbegong: text".to_owned(), 1))? },
    Kind { code: "unknown-action", what: "a call of a misspelt action", seed: |it| is_step(it, "call").then(|| misspell(it, word_after(it.line, "call: ")?))? },
    Kind { code: "unknown-action", what: "a call of nothing", seed: |it| is_step(it, "validate").then(|| before(it, "call: wobbegong()"))? },
    Kind { code: "unknown-action", what: "an argument that is not read", seed: |it| is_step(it, "call").then(|| swap(it, "(", "(wobbegong = 1, "))? },
    Kind { code: "unknown-action", what: "a required argument that is not given", seed: |it| is_step(it, "call").then(|| swap(it, "reason = 'closed', ", ""))? },
    Kind { code: "unknown-action", what: "a call that does not name its row", seed: |it| is_step(it, "call").then(|| {
        let row = word_after(it.line, "(id = ")?;
        swap(it, &format!("id = {row}, "), "")
    })? },
    Kind { code: "recursive-call", what: "an action that calls itself", seed: |it| is_step(it, "validate").then(|| before(it, &format!("call: {}", it.action()?)))? },
    Kind { code: "unreachable-step", what: "a step behind a `return`", seed: |it| is_step(it, "validate").then(|| {
        at(format!("{0}- return: done\n{1}", it.indent(), it.line), 1)
    })? },
    Kind { code: "unreachable-step", what: "a branch that is never taken", seed: |it| is_step(it, "validate").then(|| {
        at(format!("{0}- if: 1 = 2\n{0}  then:\n{0}    - reject: never\n{1}", it.indent(), it.line), 2)
    })? },
    Kind { code: "missing-required-field", what: "an insert without a required field", seed: |it| (is_step(it, "insert") && it.entity().is_some_and(|one| it.line.contains(&format!(": {one}(")))).then(|| {
        swap(it, &format!("({}, ", it.field("text!")?), "(")
    })? },
    Kind { code: "missing-required-field", what: "`NULL` in a required field", seed: |it| set(it, "text!", "NULL") },
    Kind { code: "assigns-built-in", what: "a built-in column in `SET`", seed: |it| (is_step(it, "update") && it.line.contains(" SET ") && !it.line.contains(" WHERE ")).then(|| same(format!("{}, created_at = now()", it.line)))? },
    Kind { code: "duplicate-assignment", what: "a column twice in `SET`", seed: |it| {
        let assignment = it.line.split(" SET ").nth(1)?.split(',').next()?;
        (is_step(it, "update") && !it.line.contains(" WHERE ") && !it.line.contains('(')).then(|| same(format!("{}, {assignment}", it.line)))?
    } },
    Kind { code: "missing-conflict-target", what: "an upsert without `conflict_target`", seed: |it| (is_step(it, "upsert")).then(|| same(it.line.to_owned())).flatten().filter(|_| it.next.contains("conflict_target")).map(|spoilt| Spoilt { lines: format!("{}\0", spoilt.lines), skip: 0 }) },
    Kind { code: "unbounded-write", what: "a write of rows that nothing leads to", seed: |it| {
        let target = it.unrelated()?;
        is_step(it, "validate").then(|| before(it, &format!("delete: {target}")))?
    } },
    Kind { code: "unknown-sql-name", what: "a column of a query that there is none of", seed: |it| {
        validate(it, &format!("(SELECT count(x.wobbegong) FROM {}.tb_{} x) > 0", it.schema()?, it.entity()?.to_lowercase()))
    } },
    Kind { code: "unknown-sql-name", what: "a table of a query that there is none of", seed: |it| {
        validate(it, &format!("(SELECT count(*) FROM {}.tb_wobbegong) > 0", it.schema()?))
    } },
    // Impact.
    Kind { code: "unknown-operation", what: "an operation that there is none of", seed: |it| swap(it, "operation: UPDATE", "operation: UPDAET") },
    Kind { code: "unknown-strategy", what: "a strategy that there is none of", seed: |it| swap(it, "strategy: INVALIDATE", "strategy: INVALIDTAE") },
    Kind { code: "unknown-impact-field", what: "a field of an impact that there is none of", seed: |it| it.line.trim_start().starts_with("fields: [").then(|| swap(it, "]", ", wobbegong]"))? },
    Kind { code: "operation-mismatch", what: "another operation than the steps'", seed: |it| swap(it, "        operation: CREATE", "        operation: DELETE") },
    Kind { code: "field-not-written", what: "a field of an impact that nothing writes", seed: |it| it.line.starts_with("        fields: [").then(|| {
        let field = it.field("date").filter(|one| !it.line.contains(one))?;
        swap(it, "]", &format!(", {field}]"))
    })? },
    Kind { code: "missing-side-effect", what: "a write that is not declared", seed: |it| {
        let target = it.target()?;
        is_step(it, "delete").then(|| before(it, &format!("delete: {target}")))?
    } },
    Kind { code: "phantom-side-effect", what: "a declared effect that never happens", seed: |it| {
        let target = it.target()?;
        (it.line == "        operation: DELETE" && (it.next.is_empty() || it.next.starts_with("  - "))).then(|| at(format!("{}\n      side_effects:\n        - entity: {target}\n          operation: UPDATE", it.line), 2))?
    } },
    Kind { code: "fields-on-delete", what: "fields of a row that is gone", seed: |it| (it.line == "        operation: DELETE").then(|| at(format!("{}\n        fields: [{}]", it.line, it.field("text!")?), 1))? },
    // Events.
    Kind { code: "event-type-name", what: "a name that is no event's", seed: |it| swap(it, "event_type: ", "event_type: on-") },
    Kind { code: "event-operation-mismatch", what: "an event of another operation", seed: |it| swap(it, "Created", "Deleted").filter(|_| it.line.contains("event_type")) },
    Kind { code: "unknown-payload-field", what: "a field of a payload that there is none of", seed: |it| it.line.trim_start().starts_with("payload: [").then(|| swap(it, "]", ", wobbegong]"))? },
    Kind { code: "cdc-disabled", what: "a block that does nothing", seed: |it| (it.line == "    cdc:" && it.next.contains("enabled: true")).then(|| same("    cdc:\0".to_owned()))? },
    // Configuration.
    Kind { code: "invalid-config", what: "a misspelt key of the configuration", seed: |it| it.path.contains("config").then(|| swap(it, "  retention: 2", "  retnetion: 2"))? },
];
