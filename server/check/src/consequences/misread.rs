//! What follows from values that are read as something else, from lines that cannot be read, and from calls and events
//! that are mistakes themselves.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_text::TextRange;

use super::{OF_RUNS, Places, is_of_step_in, of_code};
use crate::{Context, Diagnostic, Level, rules};

/// What is said of a value that YAML reads as something else, or that is not read.
const MISREAD: &[&str] = &[
    "type-mismatch",
    "invalid-default",
    "unknown-enum-value",
    "unknown-impact-field",
    "unknown-payload-field",
    "unknown-audit-field",
    "unknown-relation",
    "not-generated",
    "invalidation-filter",
];

/// Whether a finding is of a value that YAML reads as something else, or that has the wrong shape.
pub(super) fn is_misread(
    it: &Diagnostic,
    trapped: &FxHashSet<TextRange>,
    shapes: &FxHashMap<TextRange, Level>,
) -> bool {
    let has_shape = shapes.contains_key(&it.range);
    match it.code {
        "wrong-shape" => trapped.contains(&it.range),
        "phantom-side-effect" => has_shape,
        // `primary: entity: Post}`.
        "unknown-entity" if trapped.iter().any(|by| by.start() == it.range.end()) => true,
        code => MISREAD.contains(&code) && (trapped.contains(&it.range) || has_shape),
    }
}

/// Whether a finding is of a line that cannot be read.
pub(super) fn is_on_broken_line(it: &Diagnostic, lines: &Places) -> bool {
    matches!(it.code, "unsupported-yaml" | "invalid-name" | "unknown-payload-field")
        && lines.around(it.range).is_some()
}

/// Whether an event is that of another action because its type is the wrong one.
pub(super) fn is_of_mistaken_event(it: &Diagnostic, mistaken: &FxHashSet<TextRange>) -> bool {
    it.code == rules::duplicate_event_type::RULE.code
        && it.related.iter().any(|by| mistaken.contains(&by.range))
}

/// The actions that call one that there is not: what it writes in every run nobody can say.
pub(super) fn with_unknown_calls(found: &[Diagnostic], actions: &Places) -> FxHashSet<TextRange> {
    let unknown = of_code(found, rules::unknown_action::RULE.code);
    unknown.filter_map(|it| actions.around(it.range)).collect()
}

/// Whether a finding says in which runs something happens, of a step that never runs or beside such a call.
pub(super) fn is_of_other_runs(
    ctx: &Context<'_>,
    it: &Diagnostic,
    never_run: &Places,
    actions: &Places,
    with_unknown_calls: &FxHashSet<TextRange>,
) -> bool {
    let is_beside = || actions.around(it.range).is_some_and(|it| with_unknown_calls.contains(&it));
    OF_RUNS.contains(&it.code) && (is_of_step_in(ctx, never_run, it) || is_beside())
}
