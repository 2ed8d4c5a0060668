//! What follows from a mistake that is reported itself: a character that is not what it looks like, a
//! misspelt key, a value of the wrong shape, a statement that cannot be read.
//!
//! Invariant: one cause gives one finding. Only findings of the same file are left out, and none of them
//! would stay once the cause is mended.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{Action, Step, StepKind};
use specql_text::TextRange;

use crate::{
    Context, Diagnostic, Level,
    rules::{
        self, invalid_statement, missing_key, unknown_field, unknown_key, unknown_variable,
        wrong_shape,
    },
};

/// Keys of actions and of their blocks, with the codes of what is found where one of them is not read.
const LOST: &[(&[&str], &[&str])] = &[
    (&["params", "parameters", "inputs"], &["unknown-variable"]),
    (&["as", "store", "result"], &["unknown-field", "unknown-variable"]),
    (
        &["side_effects"],
        &["missing-side-effect", "no-side-effects-to-include", "never-consumed-side-effect-event"],
    ),
    (
        &["primary", "entity", "operation"],
        &["missing-side-effect", "operation-mismatch", "event-operation-mismatch"],
    ),
    (&["enabled"], &["cdc-disabled"]),
    (
        &["steps", "then", "else", "do", "cases", "default", "when"],
        &[
            "phantom-side-effect",
            "field-not-written",
            "operation-mismatch",
            "missing-side-effect",
            "unused-parameter",
            "no-effect",
        ],
    ),
    (
        &["set", "where", "fields", "values", "args", "conflict_target"],
        &[
            "field-not-written",
            "unused-parameter",
            "missing-required-field",
            "unbounded-write",
            "ambiguous-row",
            "unknown-action",
            "missing-conflict-target",
            "field-not-declared",
        ],
    ),
];

/// What cannot be said of names behind the place where a statement breaks off.
const JUDGED: &[&str] = &[
    "unknown-field",
    "unknown-enum-value",
    "unknown-entity",
    "unknown-variable",
    "unknown-function",
    "unknown-action",
    "type-mismatch",
    "shadowed-name",
];

/// What is said of a value that YAML reads as something else, or that is not read.
const MISREAD: &[&str] = &[
    "type-mismatch",
    "invalid-default",
    "unknown-enum-value",
    "unknown-impact-field",
    "unknown-payload-field",
];

/// Leaves out of the findings of a file what follows from others.
pub(crate) fn hide(ctx: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let disguised: Vec<Diagnostic> =
        of_code(found, rules::invisible_character::RULE.code).cloned().collect();
    let lost: Vec<Lost> = of_code(found, unknown_key::RULE.code)
        .filter_map(|it| misspelt(ctx, it))
        .chain(of_code(found, wrong_shape::RULE.code).filter_map(|it| unread(ctx, it)))
        .collect();
    let broken: Vec<TextRange> =
        of_code(found, invalid_statement::RULE.code).filter_map(|it| behind(ctx, it)).collect();
    let meant = meant_parameters(ctx, found);
    let trapped = ranges(found, rules::yaml_1_1_trap::RULE.code);
    let cases = cases_of_unknown(ctx, found);
    let mistaken = mistaken_primaries(ctx, found);
    // What is left is as grave as what it stands for.
    let mut shapes: FxHashMap<TextRange, Level> = FxHashMap::default();
    for it in of_code(found, wrong_shape::RULE.code) {
        let level = shapes.entry(it.range).or_insert(it.level);
        *level = (*level).max(it.level);
    }
    let defaults = ranges(found, rules::invalid_default::RULE.code);
    for it in found.iter_mut().filter(|it| it.code == rules::yaml_1_1_trap::RULE.code) {
        it.level = shapes.get(&it.range).map_or(it.level, |hidden| it.level.max(*hidden));
        // In quotes a date that does not exist is no better a default.
        if it.level == Level::Error && defaults.contains(&it.range) {
            it.fixes.clear();
        }
    }
    found.retain(|it| {
        !(rules::invisible_character::hides(&disguised, it)
            || lost.iter().any(|by| by.explains(it))
            || (MISREAD.contains(&it.code)
                && (trapped.contains(&it.range) || shapes.contains_key(&it.range)))
            || (OF_PRIMARY.contains(&it.code)
                && mistaken.iter().any(|by| by.contains_range(it.range)))
            || (it.code == wrong_shape::RULE.code && trapped.contains(&it.range))
            || (it.code == unknown_field::RULE.code && cases.contains(&it.range))
            || (JUDGED.contains(&it.code) && broken.iter().any(|by| by.contains_range(it.range)))
            || (it.code == rules::unused_parameter::RULE.code && meant.contains(&it.range)))
    });
}

fn of_code<'d>(found: &'d [Diagnostic], code: &str) -> impl Iterator<Item = &'d Diagnostic> {
    found.iter().filter(move |it| it.code == code)
}

fn ranges(found: &[Diagnostic], code: &str) -> FxHashSet<TextRange> {
    of_code(found, code).map(|it| it.range).collect()
}

/// A key that is not read.
struct Lost {
    key: String,
    /// The mapping that it stands in.
    mapping: TextRange,
    /// The action around it; the file, outside of actions.
    scope: TextRange,
}

impl Lost {
    fn explains(&self, it: &Diagnostic) -> bool {
        if it.code == missing_key::RULE.code {
            let is_same = it.message.starts_with(&format!("`{}` is missing", self.key));
            return is_same && it.range.start() == self.mapping.start();
        }
        let codes = LOST.iter().filter(|of| of.0.contains(&self.key.as_str())).flat_map(|it| it.1);
        self.scope.contains_range(it.range) && codes.into_iter().any(|code| *code == it.code)
    }
}

/// A misspelt key, by the name that is proposed for it.
fn misspelt(ctx: &Context<'_>, finding: &Diagnostic) -> Option<Lost> {
    let key = proposed(finding)?.to_owned();
    let mapping = ctx.mapping_with_key(finding.range)?.range;
    Some(Lost { key, mapping, scope: scope(ctx, finding.range) })
}

/// A key whose value is not read.
fn unread(ctx: &Context<'_>, finding: &Diagnostic) -> Option<Lost> {
    let entry = ctx.entry_of_start(finding.range.start())?;
    let mapping = ctx.mapping_with_key(entry.key.range)?.range;
    Some(Lost { key: entry.key.text.to_string(), mapping, scope: scope(ctx, entry.key.range) })
}

/// The name that a finding proposes.
fn proposed(finding: &Diagnostic) -> Option<&str> {
    let edit = finding.fixes.first()?.edits.first()?;
    Some(edit.edit.text.trim_matches(['"', '\'']))
}

fn scope(ctx: &Context<'_>, at: TextRange) -> TextRange {
    let around = action_around(ctx, at).map(|it| it.range);
    around.unwrap_or_else(|| TextRange::from(0..ctx.file.text().len()))
}

fn action_around<'a>(ctx: &Context<'a>, at: TextRange) -> Option<&'a Action> {
    ctx.actions().map(|it| it.1).find(|it| it.range.contains_range(at))
}

/// The part of a statement behind the place where it breaks off.
fn behind(ctx: &Context<'_>, finding: &Diagnostic) -> Option<TextRange> {
    let mut found = None;
    let mut visit = |step: &Step| {
        if let Some(problem) = step.problems.first()
            && step.value_range.contains_range(finding.range)
        {
            let is_sql = invalid_statement::word_of_sql(step).is_some();
            let start = if is_sql { step.value_range } else { problem.range }.start();
            let start = start.min(finding.range.start());
            found = Some(TextRange::new(start, step.value_range.end()));
        }
    };
    for step in &action_around(ctx, finding.range)?.steps {
        step.walk(&mut visit);
    }
    found
}

/// Parameters that a misspelt name stands for: it reads them.
fn meant_parameters(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let names = [unknown_variable::RULE.code, unknown_field::RULE.code];
    let misspelt = found.iter().filter(|it| names.contains(&it.code));
    let parameter = |it: &Diagnostic| {
        let (name, action) = (proposed(it)?, action_around(ctx, it.range)?);
        let parameter = action.parameters.iter().find(|it| it.name.text == name)?;
        Some(parameter.name.range)
    };
    misspelt.filter_map(parameter).collect()
}

/// What is said of the lists of an entry that is about the wrong entity.
const OF_PRIMARY: &[&str] = &["unknown-impact-field", "unknown-relation"];

/// Primary entries about an entity that no step writes.
fn mistaken_primaries(ctx: &Context<'_>, found: &[Diagnostic]) -> Vec<TextRange> {
    let mistaken = of_code(found, rules::primary_not_own_entity::RULE.code);
    mistaken
        .filter(|it| !it.fixes.is_empty())
        .filter_map(|it| Some(ctx.mapping_with_value(it.range)?.range))
        .collect()
}

/// The cases of each `switch` over a name that means nothing.
fn cases_of_unknown(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let mut res = FxHashSet::default();
    let unknown: Vec<TextRange> =
        of_code(found, unknown_field::RULE.code).map(|it| it.range).collect();
    if unknown.is_empty() {
        return res;
    }
    for step in ctx.actions().flat_map(|it| &it.1.steps) {
        step.walk(&mut |step| {
            if let StepKind::Switch { subject, cases, .. } = &step.kind
                && unknown.iter().any(|it| subject.range.contains_range(*it))
            {
                res.extend(cases.iter().map(|it| it.0.range));
            }
        });
    }
    res
}
