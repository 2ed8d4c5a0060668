//! What follows from a mistake that is reported itself: a character that is not what it looks like, a
//! misspelt key, a value of the wrong shape, a statement that cannot be read.
//!
//! Invariant: one cause gives one finding. What is left out follows from a finding of the same file, or of the
//! file that declares what a name means, and would not stay once that cause is mended.

mod absent;
mod broken;
mod misread;
mod names;
mod parameters;
mod repeats;
#[cfg(test)]
mod tests;
mod work;

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{Action, Step, StepKind, Type, keys};
use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::TextRange;

use crate::{
    Context, Diagnostic, Level,
    rules::{self, invalid_statement, missing_key, unknown_field, unknown_key, wrong_shape},
    variables,
};
use absent::Absent;
use broken::{UnreadRows, broken_off, ends_before};
use misread::{
    is_misread, is_of_mistaken_event, is_of_other_runs, is_on_broken_line, with_unknown_calls,
};
use names::{Names, is_of_unread_cdc};
use parameters::Parameters;

pub(crate) use parameters::quoted_parameter;

/// Keys of actions and of their blocks, with the codes of what is found where one of them is not read.
const LOST: &[(&[&str], &[&str])] = &[
    (&["params", "parameters", "inputs"], &["unknown-variable"]),
    (&variables::STORES, &["unknown-field", "unknown-variable"]),
    (
        &["side_effects"],
        &["missing-side-effect", "no-side-effects-to-include", "never-consumed-side-effect-event"],
    ),
    (
        &["primary", "entity", "operation"],
        &[
            "missing-side-effect",
            "operation-mismatch",
            "event-operation-mismatch",
            "missing-impact",
            "cdc-without-impact",
        ],
    ),
    (
        &["insert", "update", "delete", "upsert", "find", "call", "foreach", "if", "switch"],
        &["phantom-side-effect", "field-not-written", "operation-mismatch", "unused-parameter"],
    ),
    (&["enabled"], &["cdc-disabled"]),
    (&["nullable", "required"], &["unstable-partition-key"]),
    (&["condition"], &["conditional-effect", "event-for-conditional-effect"]),
    (&["cdc"], &["cdc-disabled"]),
    (&["impact"], &["missing-impact", "cdc-without-impact"]),
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
        &["then", "else", "cases", "default", "when"],
        &["conditional-effect", "event-for-conditional-effect"],
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
    "duplicate-assignment",
];

/// Leaves out of the findings of a file what follows from others.
pub(crate) fn hide(ctx: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let disguised: Vec<Diagnostic> =
        of_code(found, rules::invisible_character::RULE.code).cloned().collect();
    let actions = Places::of(ctx.actions().map(|it| it.1.range).collect());
    let unknown = of_code(found, unknown_key::RULE.code).filter_map(|it| misspelt(ctx, it));
    let shapes = of_code(found, wrong_shape::RULE.code).filter_map(|it| unread(ctx, it));
    let steps = of_code(found, rules::unknown_step::RULE.code).filter_map(|it| misplaced(ctx, it));
    let reserved = of_code(found, rules::shadowed_name::RULE.code).filter_map(|it| stored(ctx, it));
    let lost = Lost::of(unknown.chain(shapes).chain(steps).chain(reserved), &actions)
        .without_cut(found, &actions)
        .without_joined(found, &actions);
    let cut = cut_by_comma(found);
    let broken = broken_off(ctx, found);
    let unread_rows = UnreadRows::of(ctx, found);
    let repeated = ranges(found, rules::duplicate_key::RULE.code);
    let nameless = nameless(ctx, found);
    let tagged: FxHashSet<u32> =
        of_code(found, rules::unsupported_yaml::RULE.code).map(|it| it.range.start()).collect();
    let parameters = Parameters::of(ctx, found);
    let trapped = ranges(found, rules::yaml_1_1_trap::RULE.code);
    let cut_by_comment = lines_of(ctx, &rules::yaml_1_1_trap::cut_by_comment(found));
    let cases = cases_of_unknown(ctx, found);
    let mut mistaken = mistaken_primaries(ctx, found);
    let of_mistaken: FxHashSet<TextRange> =
        mistaken.iter().filter_map(|it| actions.around(*it)).collect();
    mistaken.extend(mistaken_side_effects(ctx, found));
    let mistaken = Places::of(mistaken);
    let unread = Unread::of(ctx, found);
    let cut_lines = cut_lines(ctx, found);
    let never_run = never_run(ctx, found);
    let with_unknown_calls = with_unknown_calls(found, &actions);
    let unbounded = places(found, rules::unbounded_write::RULE.code);
    // What is left is as grave as what it stands for.
    let mut shapes: FxHashMap<TextRange, Level> = FxHashMap::default();
    for it in of_code(found, wrong_shape::RULE.code) {
        let level = shapes.entry(it.range).or_insert(it.level);
        *level = (*level).max(it.level);
    }
    let names = Names::of(ctx, found, &actions);
    let absent = Absent::of(ctx, found, &actions);
    let unknown_keys = ranges(found, unknown_key::RULE.code);
    let no_yaml = ranges(found, rules::invalid_yaml::RULE.code);
    let mistaken_events = ranges(found, rules::event_operation_mismatch::RULE.code);
    let broken_lines = lines_of(ctx, &no_yaml);
    let statements = unread_values(found, &shapes);
    let before_broken = ends_before(ctx, &statements);
    let is_torn = |it: &Diagnostic| {
        let torn = [&statements, &cut_lines, &broken, &cut_by_comment];
        torn.iter().any(|of| of.around(it.range).is_some())
            || (it.fixes.is_empty() && before_broken.contains(&it.range.end()))
            || unread_rows.explains(ctx, it, &actions)
    };
    raise_traps(found, &shapes);
    absent.raise(ctx, found);
    repeats::take_away(ctx, found);
    found.retain(|it| {
        !(rules::invisible_character::hides(&disguised, it)
            || lost.explains(it, &actions)
            || (!rules::yaml_1_1_trap::comma::is_it(it) && cut.around(it.range).is_some())
            || is_misread(it, &trapped, &shapes)
            || (OF_PRIMARY.contains(&it.code) && mistaken.around(it.range).is_some())
            || (OF_AGGREGATE.contains(&it.code)
                && actions.around(it.range).is_some_and(|it| of_mistaken.contains(&it)))
            || unread.explains(it)
            || names.explains(ctx, &actions, it)
            || absent.explains(ctx, &actions, it)
            || (it.code == rules::no_effect::RULE.code && unknown_keys.contains(&it.range))
            || is_of_mistaken_event(it, &mistaken_events)
            || is_on_broken_line(it, &broken_lines)
            || (matches!(it.code, "duplicate-key" | "unknown-step") && no_yaml.contains(&it.range))
            || is_of_unread_cdc(ctx, &shapes, it)
            || (it.code == rules::type_mismatch::RULE.code && unbounded.around(it.range).is_some())
            || is_of_other_runs(ctx, it, &never_run, &actions, &with_unknown_calls)
            || (it.code == unknown_field::RULE.code && cases.contains(&it.range))
            || (JUDGED.contains(&it.code) && is_torn(it))
            || (parameters.explains(ctx, it) && proposed(it).is_none_or(str::is_empty))
            || (it.code == rules::duplicate_assignment::RULE.code && repeated.contains(&it.range))
            || (it.code == invalid_statement::RULE.code && is_nameless(ctx, &nameless, it))
            || is_before(ctx, &tagged, it))
    });
    names.send_to_declarations(ctx, found);
}

fn places(found: &[Diagnostic], code: &str) -> Places {
    Places::of(ranges(found, code).into_iter().collect())
}

/// Statements that cannot be read, and values of the wrong shape.
fn unread_values(found: &[Diagnostic], shapes: &FxHashMap<TextRange, Level>) -> Places {
    let mut values = ranges(found, invalid_statement::RULE.code);
    values.extend(shapes.keys());
    Places::of(values.into_iter().collect())
}

/// Makes each finding of `yaml-1-1-trap` as grave as what it stands for.
fn raise_traps(found: &mut [Diagnostic], shapes: &FxHashMap<TextRange, Level>) {
    let mut refused = ranges(found, rules::invalid_default::RULE.code);
    refused.extend(ranges(found, rules::invalidation_filter::RULE.code));
    for it in found.iter_mut().filter(|it| it.code == rules::yaml_1_1_trap::RULE.code) {
        it.level = shapes.get(&it.range).map_or(it.level, |hidden| it.level.max(*hidden));
        // In quotes a date that does not exist is no better a default, and no better a filter.
        if it.level == Level::Error && refused.contains(&it.range) {
            it.fixes.clear();
        }
    }
}

fn of_code<'d>(found: &'d [Diagnostic], code: &str) -> impl Iterator<Item = &'d Diagnostic> {
    found.iter().filter(move |it| it.code == code)
}

fn ranges(found: &[Diagnostic], code: &str) -> FxHashSet<TextRange> {
    of_code(found, code).map(|it| it.range).collect()
}

/// Texts that a comma ends, with what was meant to belong to them. Where no quotes make them one text, what is
/// in them is said too.
fn cut_by_comma(found: &[Diagnostic]) -> Places {
    let cut = found.iter().filter(|it| rules::yaml_1_1_trap::comma::is_it(it));
    let cut = cut.filter(|it| !it.fixes.is_empty());
    Places::of(cut.map(|it| it.range).collect())
}

/// Whether a key is said to have no type, behind which a tag stands.
fn is_before(ctx: &Context<'_>, tagged: &FxHashSet<u32>, it: &Diagnostic) -> bool {
    let behind = ctx.file.text().get(it.range.to_usize().end..).unwrap_or_default();
    let gap = behind.len() - behind.trim_start_matches([':', ' ']).len();
    matches!(it.code, "invalid-type" | "invalid-statement")
        && !tagged.is_empty()
        && tagged.contains(&(it.range.end() + u32::try_from(gap).unwrap_or_default()))
}

/// The mappings that lack a key, or have it misspelt.
fn nameless(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let mut res = ranges(found, missing_key::RULE.code);
    let misspelt = of_code(found, unknown_key::RULE.code).filter(|it| proposed(it).is_some());
    res.extend(
        misspelt.filter_map(|it| Some(ctx.first_line(ctx.mapping_with_key(it.range)?.range))),
    );
    res
}

/// Whether what is said of a statement follows from a key that its long form lacks.
fn is_nameless(ctx: &Context<'_>, nameless: &FxHashSet<TextRange>, it: &Diagnostic) -> bool {
    let value = || Some(ctx.first_line(ctx.entry_with_key(it.range)?.value.range));
    !nameless.is_empty() && value().is_some_and(|it| nameless.contains(&it))
}

/// Ranges in order, none inside of another.
#[derive(Default)]
struct Places(Vec<TextRange>);

impl Places {
    fn of(mut ranges: Vec<TextRange>) -> Self {
        ranges.sort_unstable_by_key(|it| (it.start(), Reverse(it.end())));
        // What covers one inside of another covers that one too.
        ranges.dedup_by(|inner, outer| outer.contains_range(*inner));
        Self(ranges)
    }

    /// The range that covers another, the outermost of several.
    fn around(&self, range: TextRange) -> Option<TextRange> {
        work::count();
        let behind = self.0.partition_point(|it| it.start() <= range.start());
        let it = self.0.get(behind.checked_sub(1)?)?;
        it.contains_range(range).then_some(*it)
    }
}

/// A key that is not read, and the mapping that it stands in.
type LostKey = (String, TextRange);

/// What is not said where keys are not read. Looked up by place, so that many misspelt keys cost no more
/// each than one.
#[derive(Default)]
struct Lost {
    /// The mappings' starts with the keys that they seem to lack.
    missing: FxHashSet<(u32, String)>,
    /// The codes that say nothing, by the action; by nothing for the whole file.
    codes: FxHashMap<Option<TextRange>, FxHashSet<&'static str>>,
    /// Long forms of fields whose values are not read.
    values: Places,
}

impl Lost {
    fn of(keys: impl Iterator<Item = LostKey>, actions: &Places) -> Self {
        let mut res = Self::default();
        let mut values = Vec::new();
        for (key, mapping) in keys {
            let scope = actions.around(mapping);
            let codes = LOST.iter().filter(|it| it.0.contains(&key.as_str())).flat_map(|it| it.1);
            res.codes.entry(scope).or_default().extend(codes);
            if key == "values" && scope.is_none() {
                values.push(mapping);
            }
            res.missing.insert((mapping.start(), key));
        }
        Self { values: Places::of(values), ..res }
    }

    /// The same for texts that a comma ends: a type's values and a statement's columns are not read.
    fn without_cut(mut self, found: &[Diagnostic], actions: &Places) -> Self {
        for it in found.iter().filter(|it| rules::yaml_1_1_trap::comma::is_it(it)) {
            let scope = actions.around(it.range);
            let codes = LOST.iter().filter(|it| it.0.contains(&"set")).flat_map(|it| it.1);
            let of = self.codes.entry(scope).or_default();
            of.extend(codes);
            of.extend(["unknown-enum-value", "invalid-default", "unknown-field"]);
        }
        self
    }

    /// The same for assignments that are read as conditions.
    fn without_joined(mut self, found: &[Diagnostic], actions: &Places) -> Self {
        for it in found.iter().filter(|it| invalid_statement::is_of_joined(it)) {
            self.codes.entry(actions.around(it.range)).or_default().insert("field-not-written");
        }
        self
    }

    fn explains(&self, it: &Diagnostic, actions: &Places) -> bool {
        if it.code == missing_key::RULE.code {
            let key = it.message.strip_prefix('`').and_then(|it| it.split_once("` is missing"));
            return key
                .is_some_and(|key| self.missing.contains(&(it.range.start(), key.0.to_owned())));
        }
        let is_of = |scope| self.codes.get(&scope).is_some_and(|codes| codes.contains(it.code));
        is_of(None)
            || (!self.codes.is_empty()
                && actions.around(it.range).is_some_and(|it| is_of(Some(it))))
            || (matches!(it.code, "unknown-enum-value" | "invalid-type")
                && self.values.around(it.range).is_some())
    }
}

/// Blocks that are lost where they stand in another block.
const MISPLACED: &[&str] =
    &["side_effects", "impact", "params", "then", "else", "do", "cases", "default"];

/// A misspelt key, by the name that is proposed for it; one in the wrong place, by its own.
fn misspelt(ctx: &Context<'_>, finding: &Diagnostic) -> Option<LostKey> {
    let key = match proposed(finding) {
        Some(it) => it.to_owned(),
        None => {
            let key = ctx.entry_with_key(finding.range)?.key.text.to_string();
            let is_empty = !finding.related.is_empty();
            let key = if unknown_key::is_else_if(&key) { "else".to_owned() } else { key };
            let is_lost = |it: &str| MISPLACED.contains(&it) || variables::STORES.contains(&it);
            Some(key).filter(|it| is_empty || is_lost(it) || it == "else")?
        }
    };
    Some((key, ctx.mapping_with_key(finding.range)?.range))
}

/// A key of an action that stands among its steps: `- impact:`.
fn misplaced(ctx: &Context<'_>, finding: &Diagnostic) -> Option<LostKey> {
    let action = action_around(ctx, finding.range)?;
    let entry = ctx.entry_with_key(finding.range)?;
    keys::ACTION.key(&entry.key.text)?;
    Some((entry.key.text.to_string(), action.range))
}

/// The key behind which a step stores something under a name that has another meaning.
fn stored(ctx: &Context<'_>, finding: &Diagnostic) -> Option<LostKey> {
    let name = ctx.slice(finding.range).trim_matches(['"', '\'']);
    matches!(name, "input" | "old" | "new").then(|| unread(ctx, finding)).flatten()
}

/// A key whose value is not read.
fn unread(ctx: &Context<'_>, finding: &Diagnostic) -> Option<LostKey> {
    let entry = ctx.entry_of_start(finding.range.start())?;
    let mapping = ctx.mapping_with_key(entry.key.range)?.range;
    Some((entry.key.text.to_string(), mapping))
}

/// The name that a finding proposes.
fn proposed(finding: &Diagnostic) -> Option<&str> {
    let edit = finding.fixes.first()?.edits.first()?;
    let text = edit.edit.text.as_str();
    // `when: draft` proposes the key.
    let name = text.split_once(": ").map_or(text, |it| it.0);
    Some(name.trim_matches(['"', '\'']))
}

fn action_around<'a>(ctx: &Context<'a>, at: TextRange) -> Option<&'a Action> {
    ctx.actions().map(|it| it.1).find(|it| it.range.contains_range(at))
}

/// What is said of the lists of an entry that is about the wrong entity.
const OF_PRIMARY: &[&str] = &["unknown-impact-field", "unknown-relation"];

/// What is said of the event of an action whose primary entity is the wrong one.
const OF_AGGREGATE: &[&str] =
    &["unknown-payload-field", "never-consumed-side-effect-event", "unstable-partition-key"];

/// Findings that stand for others at the same place.
#[derive(Default)]
struct Unread {
    /// Values of the wrong shape, and the keys before them: nothing more is said of the statement.
    shapes: Places,
    /// The value of `actions` that is no list: everything in it stands in the wrong place.
    actions: Option<TextRange>,
    /// Where parts of statements begin that are not read, by a better reason than that their key is unknown.
    statements: FxHashSet<u32>,
    /// The name of an entity that is called otherwise everywhere else.
    entity: Option<TextRange>,
    /// The name of an entity that is written nowhere in the file.
    unwritten: Option<TextRange>,
    /// Where types begin that are in no form.
    types: FxHashSet<u32>,
    /// Entities that have the value of their operation.
    swapped: FxHashSet<TextRange>,
    /// Names that are named in two lists of which one takes back the other.
    excluded: FxHashSet<TextRange>,
    /// Entries with another operation than the steps do.
    operations: Places,
}

impl Unread {
    fn of(ctx: &Context<'_>, found: &[Diagnostic]) -> Self {
        let mut shapes = Vec::new();
        for it in of_code(found, wrong_shape::RULE.code) {
            let key = ctx.entry_of_start(it.range.start()).map(|it| it.key.range);
            shapes.extend(key.into_iter().chain([it.range]));
        }
        let own = ctx.entity().map(|it| it.name.range);
        let actions = of_code(found, wrong_shape::RULE.code)
            .filter_map(|it| ctx.entry_of_start(it.range.start()))
            .find(|it| it.key.text == "actions" && it.value.as_mapping().is_some());
        Self {
            actions: actions.map(|it| it.value.range),
            shapes: Places::of(shapes),
            statements: of_code(found, invalid_statement::RULE.code)
                .map(|it| it.range.start())
                .collect(),
            entity: of_code(found, rules::unknown_entity::RULE.code)
                .map(|it| it.range)
                .find(|it| Some(*it) == own),
            unwritten: own.filter(|it| it.is_empty()),
            types: of_code(found, rules::invalid_type::RULE.code)
                .map(|it| it.range.start())
                .collect(),
            swapped: of_code(found, rules::unknown_operation::RULE.code)
                .flat_map(|it| it.related.iter().map(|it| it.range))
                .collect(),
            excluded: ranges(found, rules::audit_excludes_all::RULE.code),
            operations: Places::of(mistaken_operations(ctx, found)),
        }
    }

    fn explains(&self, it: &Diagnostic) -> bool {
        if let Some(by) = self.actions {
            // Items behind it would be actions as well.
            let is_behind =
                it.code == rules::invalid_yaml::RULE.code && it.range.start() >= by.end();
            if is_behind || by.contains_range(it.range) {
                return it.code != wrong_shape::RULE.code;
            }
        }
        match it.code {
            "invalid-statement" => self.shapes.around(it.range).is_some(),
            "unknown-key" if !self.statements.is_empty() => {
                // `where: id = 5`, which the step does not read for another reason.
                (1..=3).any(|gap| self.statements.contains(&(it.range.end() + gap)))
            }
            code if code != rules::missing_entity::RULE.code
                && self.unwritten == Some(it.range) =>
            {
                true
            }
            "compat" => self.types.contains(&it.range.start()),
            "unknown-entity" => self.swapped.contains(&it.range),
            "naming" => self.entity == Some(it.range),
            "no-effect" => self.excluded.contains(&it.range),
            "fields-on-delete" => self.operations.around(it.range).is_some(),
            _ => false,
        }
    }
}

/// The lines on which YAML ends a text before its author does: what is before the end is half a statement.
fn cut_lines(ctx: &Context<'_>, found: &[Diagnostic]) -> Places {
    let text = ctx.file.text();
    let line = |it: TextRange| {
        let start = text.get(..it.to_usize().start)?.rfind('\n').map_or(0, |it| it + 1);
        Some(TextRange::new(u32::try_from(start).ok()?, it.start()))
    };
    let cut = of_code(found, rules::invalid_yaml::RULE.code)
        .filter(|it| it.message.contains("neither `key: value` nor a list item"));
    Places::of(cut.filter_map(|it| line(it.range)).collect())
}

/// The lines of places, each once.
fn lines_of(ctx: &Context<'_>, places: &FxHashSet<TextRange>) -> Places {
    let text = ctx.file.text();
    let line = |it: &TextRange| {
        let at = it.to_usize().start;
        let start = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |it| it + 1);
        let end = text.get(at..)?.find(['\n', '\r']).map_or(text.len(), |it| at + it);
        Some(TextRange::from(start..end))
    };
    Places::of(places.iter().filter_map(line).collect())
}

/// Primary entries about an entity that no step writes.
fn mistaken_primaries(ctx: &Context<'_>, found: &[Diagnostic]) -> Vec<TextRange> {
    let mistaken = of_code(found, rules::primary_not_own_entity::RULE.code);
    mistaken
        .filter(|it| !it.fixes.is_empty())
        .filter_map(|it| Some(ctx.mapping_with_value(it.range)?.range))
        .collect()
}

/// Entries with another operation than the steps do.
fn mistaken_operations(ctx: &Context<'_>, found: &[Diagnostic]) -> Vec<TextRange> {
    let mistaken = of_code(found, rules::operation_mismatch::RULE.code);
    mistaken.filter_map(|it| Some(ctx.mapping_with_value(it.range)?.range)).collect()
}

/// Side effects that name another entity than the one that the steps write.
fn mistaken_side_effects(ctx: &Context<'_>, found: &[Diagnostic]) -> Vec<TextRange> {
    let of_another = |it: &&Diagnostic| it.level == Level::Error;
    let phantoms = of_code(found, rules::phantom_side_effect::RULE.code).filter(of_another);
    phantoms.filter_map(|it| Some(ctx.mapping_with_value(it.range)?.range)).collect()
}

/// What is said of a write that happens in some runs only.
const OF_RUNS: &[&str] = &["conditional-effect", "event-for-conditional-effect"];

/// Each step that is said never to run, with all that follows in its list.
fn never_run(ctx: &Context<'_>, found: &[Diagnostic]) -> Places {
    let mut res = Vec::new();
    let first: FxHashSet<u32> =
        of_code(found, rules::unreachable_step::RULE.code).map(|it| it.range.start()).collect();
    let mut in_list = |steps: &[Step]| {
        let dead = steps.iter().find(|it| first.contains(&it.range.start()));
        res.extend(dead.zip(steps.last()).map(|(dead, last)| dead.range.cover(last.range)));
    };
    if !first.is_empty() {
        for action in ctx.actions().map(|it| it.1) {
            in_list(&action.steps);
            for step in &action.steps {
                step.walk(&mut |it| it.branches().into_iter().for_each(&mut in_list));
            }
        }
    }
    Places::of(res)
}

/// Whether the step that a finding points at stands in one of some places.
fn is_of_step_in(ctx: &Context<'_>, places: &Places, it: &Diagnostic) -> bool {
    it.related.iter().any(|it| it.file == ctx.id() && places.around(it.range).is_some())
}

/// The cases of each `switch` over a name that means nothing, or over a field whose type is not read.
fn cases_of_unknown(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let mut res = FxHashSet::default();
    let unknown: Vec<TextRange> =
        of_code(found, unknown_field::RULE.code).map(|it| it.range).collect();
    if unknown.is_empty() {
        return res;
    }
    let is_unread = |subject: &Expression| {
        let ExpressionKind::Path(path) = &subject.kind else { return false };
        let [name] = path.segments.as_slice() else { return false };
        let field = ctx.entity().and_then(|it| it.field(&name.text));
        field.is_some_and(|it| {
            !it.problems.is_empty() || matches!(it.ty, Type::Unknown(_) | Type::Missing)
        })
    };
    for step in ctx.actions().flat_map(|it| &it.1.steps) {
        step.walk(&mut |step| {
            if let StepKind::Switch { subject, cases, .. } = &step.kind
                && (unknown.iter().any(|it| subject.range.contains_range(*it))
                    || is_unread(subject))
            {
                res.extend(cases.iter().map(|it| it.0.range));
            }
        });
    }
    res
}
