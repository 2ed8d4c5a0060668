//! Keys that are something else than a name: `enabled= true`, and those of another step.

use specql_model::keys::{self, MappingSpec};
use specql_syntax::yaml::Entry;

use crate::{Context, Diagnostic, Level, Rule};

/// `enabled= true`: a key of the mapping, its value and the sign of other formats, which are one word to YAML.
pub(super) fn with_equals_sign(
    ctx: &Context<'_>,
    rule: &Rule,
    spec: &'static MappingSpec,
    entry: &Entry,
    free: &[&'static str],
) -> Option<Diagnostic> {
    let (name, value) = entry.key.text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if !free.contains(&name) || value.is_empty() || !entry.value.is_null() {
        return None;
    }
    let better = format!("{name}: {value}");
    let message = format!(
        "{} has no key `{}`, which is one word to YAML, so what stands here is not read; write `{better}`",
        spec.name, entry.key.text
    );
    let fix = ctx.write(entry.key.range, &better);
    Some(ctx.finding(rule, entry.key.range, message).level(Level::Error).fix(fix))
}

/// Keys that an `upsert` has and an `insert` has not.
const OF_UPSERT: [&str; 2] = ["conflict_target", "conflict_action"];

fn is_insert(spec: &'static MappingSpec) -> bool {
    std::ptr::eq(spec, keys::step_spec("insert"))
}

/// The row is looked for, so the step that does so is meant.
pub(super) fn of_upsert(
    ctx: &Context<'_>,
    rule: &Rule,
    spec: &'static MappingSpec,
    entry: &Entry,
) -> Option<Diagnostic> {
    let key = entry.key.as_str();
    if !OF_UPSERT.contains(&key) || !is_insert(spec) {
        return None;
    }
    let step = ctx.mapping_with_key(entry.key.range)?.as_mapping()?.get("insert")?;
    let message = format!(
        "an `insert` makes a row each time and has no key `{key}`, so what stands here is not read; the step that looks \
         for the row first is `upsert`"
    );
    let fix = ctx.rename(&step.key, "upsert");
    let found = ctx.finding(rule, entry.key.range, message).level(Level::Error).fix(fix);
    Some(found.related(ctx.id(), step.key.range, "the step"))
}

/// Whether such a key stands behind another one in its step, which has been told of.
pub(super) fn is_second_of_upsert(
    ctx: &Context<'_>,
    spec: &'static MappingSpec,
    entry: &Entry,
) -> bool {
    let is_second = entry.key.as_str() == OF_UPSERT[1] && is_insert(spec);
    let step = || ctx.mapping_with_key(entry.key.range).and_then(|it| it.as_mapping());
    is_second && step().is_some_and(|it| it.get(OF_UPSERT[0]).is_some())
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    #[test]
    fn an_equals_sign() {
        let before = "entity: Post\nfields: {title: text}\nactions:\n  - name: add\n    steps:\n      - insert: Post(title)\n    impact: {primary: {operation: CREATE, fields: [title]}}\n    cdc: {$0enabled= true, event_type: PostAdded}\n";
        check_fix(before, &before.replace("$0enabled= true", "enabled: true"));
    }

    #[test]
    fn an_insert_that_looks_for_its_row() {
        let before = "entity: Post\nfields: {title: text!}\nactions:\n  - name: add\n    steps:\n      - insert: Post(title)\n        $0conflict_target: [title]\n        conflict_action: update\n    impact: {primary: {operation: UPSERT, fields: [title]}}\n";
        check_fix(before, &before.replace("insert", "upsert").replace("$0", ""));
    }
}
