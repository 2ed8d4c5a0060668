//! What follows where something is not there because what stands in its place cannot be read: a part of a block, the
//! type of a field, the name by which steps call a parameter.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{EntityId, ImpactEntry};
use specql_text::TextRange;

use super::{Places, action_around, lines_of, of_code, proposed, ranges};
use crate::{
    Context, Diagnostic, Level,
    rules::{self, unknown_enum_value::declaration},
    variables,
};

/// What is said of a block that lacks something.
const OF_LACKS: &[&str] =
    &["missing-key", "conditional-effect", "cdc-disabled", "sensitive-payload"];
/// What is said of a name that nothing has.
const OF_UNKNOWN: &[&str] = &[
    "unknown-field",
    "unknown-variable",
    "unknown-impact-field",
    "unknown-payload-field",
    "invalidation-filter",
];
/// What is said of parameters that callers may leave out.
const OF_GIVEN: &[&str] = &["missing-required-field", "unknown-action"];
/// What is said of an action by what its steps do.
const OF_STEPS: &[&str] = &[
    "unused-parameter",
    "event-operation-mismatch",
    "never-consumed-side-effect-event",
    "no-side-effects-to-include",
    "missing-side-effect",
    "phantom-side-effect",
    "operation-mismatch",
    "field-not-written",
];
/// What is said of the type of a field, or of what a value of that type can be.
const OF_TYPES: &[&str] = &["unknown-type", "compat"];

/// The mistakes of a file behind which something is not there.
pub(super) struct Absent<'a> {
    /// What is no YAML, and keys that are not read.
    torn: Vec<TextRange>,
    /// The first of two keys that are the same.
    first: FxHashSet<TextRange>,
    /// The actions of which a step, or an entity that is declared to change, cannot be read.
    half: FxHashSet<TextRange>,
    /// The actions with a loop or a condition that is said to have no steps.
    idle: FxHashSet<TextRange>,
    /// Keys of actions that stand a second time.
    doubled: Vec<TextRange>,
    /// Values of the wrong shape.
    unread: Places,
    /// Where the blocks begin that are said to be off.
    off: FxHashSet<u32>,
    /// The lines of statements that cannot be read.
    lines: Places,
    /// Fields and parameters whose types are in no form.
    untyped: Places,
    /// Names that are declared otherwise than they are called: where, as what they are written, and what they are
    /// called.
    styled: Vec<(TextRange, &'a str, String)>,
    /// Words of lists between which a comma is missing.
    joined: FxHashSet<&'a str>,
    /// By the action, what steps with a misspelt keyword store.
    stored: FxHashMap<TextRange, Vec<&'a str>>,
    /// Names that no field has.
    nowhere: FxHashSet<&'a str>,
    /// Places at which a key is said to be missing.
    lacking: FxHashSet<TextRange>,
    /// Events of entries that no step does.
    undone: FxHashSet<TextRange>,
}

impl<'a> Absent<'a> {
    pub(super) fn of(ctx: &Context<'a>, found: &[Diagnostic], actions: &Places) -> Self {
        let torn = [
            rules::invalid_yaml::RULE.code,
            rules::unsupported_yaml::RULE.code,
            rules::unknown_key::RULE.code,
        ];
        let torn = found.iter().filter(|it| torn.contains(&it.code)).map(|it| it.range).collect();
        let of_keys = of_code(found, rules::duplicate_key::RULE.code);
        Self {
            torn,
            first: of_keys.flat_map(|it| &it.related).map(|it| it.range).collect(),
            half: half(found, actions),
            idle: of_code(found, rules::no_effect::RULE.code)
                .filter(|it| rules::no_effect::is_without_steps(it))
                .filter_map(|it| actions.around(it.range))
                .collect(),
            doubled: of_code(found, rules::duplicate_key::RULE.code)
                .filter(|it| ctx.slice(it.range) == "steps")
                .map(|it| it.range)
                .collect(),
            unread: Places::of(ranges(found, rules::wrong_shape::RULE.code).into_iter().collect()),
            off: of_code(found, rules::cdc_disabled::RULE.code)
                .filter_map(|it| Some(ctx.entry_with_key(it.range)?.value.range.start()))
                .collect(),
            lines: lines_of(ctx, &ranges(found, rules::invalid_statement::RULE.code)),
            untyped: untyped(ctx, found),
            styled: styled(ctx, found),
            joined: joined(ctx, found),
            stored: stored(ctx, found),
            nowhere: of_code(found, rules::unknown_field::RULE.code)
                .map(|it| ctx.slice(it.range))
                .collect(),
            lacking: ranges(found, rules::missing_key::RULE.code),
            undone: undone(ctx, found),
        }
    }

    pub(super) fn explains(&self, ctx: &Context<'_>, actions: &Places, it: &Diagnostic) -> bool {
        let written = || ctx.slice(it.range).trim_matches(['"', '\'']);
        let step = || it.related.first().is_some_and(|it| self.lines.around(it.range).is_some());
        match it.code {
            "no-effect" | "invalid-type" if self.first.contains(&it.range) => return true,
            "missing-conflict-target" if self.is_of_torn_target(ctx, it) => return true,
            "unstable-partition-key" if self.is_of_untyped(it) => return true,
            "unbounded-write" if self.is_of_lost_reference(ctx, it) => return true,
            "conditional-effect" if self.is_of_lacking(ctx, it) => return true,
            "unsafe-optimistic" if step() => return true,
            "not-generated" | "assigns-built-in" | "unbounded-write"
                if self.lines.around(it.range).is_some() =>
            {
                return true;
            }
            "never-consumed-side-effect-event" if self.undone.contains(&it.range) => return true,
            "field-not-declared" if self.is_listed(ctx, it) => return true,
            "operation-mismatch" | "event-for-conditional-effect" if self.is_half(actions, it) => {
                return true;
            }
            code if OF_STEPS.contains(&code) && self.is_of_doubled(actions, it) => return true,
            "phantom-side-effect" if self.is_of_idle(actions, it) => return true,
            "unknown-payload-field" if self.unread.around(it.range).is_some() => return true,
            "no-effect" if self.is_switch(ctx, it) => return true,
            "unknown-key" if self.is_second_branch(ctx, it) => return true,
            _ => {}
        }
        (OF_LACKS.contains(&it.code) && self.is_of_torn(ctx, it))
            || (OF_TYPES.contains(&it.code) && self.untyped.around(it.range).is_some())
            || (OF_GIVEN.contains(&it.code) && self.is_of_untyped(it))
            || (OF_UNKNOWN.contains(&it.code)
                && (self.is_of_stored(actions, it.range, written())
                    || self.is_of_styled(it, written())))
            || (it.code == rules::unused_parameter::RULE.code
                && self
                    .styled
                    .iter()
                    .any(|by| by.0 == it.range && proposed(it) != Some(by.2.as_str())))
    }

    /// Makes the findings of declarations as grave as what is not said of the places that call them otherwise.
    pub(super) fn raise(&self, ctx: &Context<'_>, found: &mut [Diagnostic]) {
        let of_names = found.iter().filter(|it| OF_UNKNOWN.contains(&it.code));
        let grave = of_names.filter(|it| it.level == Level::Error);
        let written = |it: &Diagnostic| ctx.slice(it.range).trim_matches(['"', '\'']);
        let causes: FxHashSet<TextRange> = grave
            .filter_map(|it| {
                let is_it = |by: &&(TextRange, &str, String)| {
                    written(it) == by.2 && proposed(it) == Some(by.1)
                };
                self.styled.iter().find(is_it).map(|by| by.0)
            })
            .collect();
        for it in found.iter_mut().filter(|it| causes.contains(&it.range)) {
            it.level = Level::Error;
        }
    }

    /// Whether a block lacks something where something in it is not read.
    fn is_of_torn(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        if self.torn.is_empty() {
            return false;
        }
        let of_key = || ctx.entry_with_key(it.range).map(|it| it.range);
        let of_value = || ctx.mapping_with_value(it.range).map(|it| it.range);
        let block = of_key().or_else(of_value);
        block.is_some_and(|block| self.torn.iter().any(|it| block.contains_range(*it)))
    }

    /// Whether no field leads to an entity because the one that the file names is not there.
    fn is_of_lost_reference(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let entity = || ctx.workspace.entity(EntityId(it.related.first()?.file));
        !self.nowhere.is_empty()
            && entity().is_some_and(|it| self.nowhere.contains(&*it.snake_name()))
    }

    /// Whether an entry of `impact` is said to lack a key.
    fn is_of_lacking(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let entry = || Some(ctx.first_line(ctx.mapping_with_value(it.range)?.range));
        !self.lacking.is_empty() && entry().is_some_and(|it| self.lacking.contains(&it))
    }

    /// Whether the target of an `upsert`, or what says that its field is a key, is not read.
    fn is_of_torn_target(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let mut unread = self.torn.iter().chain(&self.unread.0);
        let field = ctx.entity().and_then(|by| by.field(ctx.slice(it.range)));
        let step = || Some(ctx.mapping_with_key(it.range)?.range);
        match field.map(|it| it.range).or_else(step) {
            Some(place) => unread.any(|it| place.contains_range(*it)),
            None => false,
        }
    }

    /// Whether a key is a second branch of a step whose line is gone, the first of which is said to be unknown.
    fn is_second_branch(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let (first, second) = ("then", "else");
        let mapping = || ctx.mapping_with_key(it.range)?.as_mapping()?.get(first);
        ctx.slice(it.range) == second
            && mapping().is_some_and(|first| self.torn.contains(&first.key.range))
    }

    /// Whether `enabled:` has nothing behind it in a block that is said to be off.
    fn is_switch(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let block = || Some(ctx.mapping_with_key(it.range)?.range);
        !self.off.is_empty()
            && ctx.slice(it.range) == "enabled"
            && block().is_some_and(|it| self.off.contains(&it.start()))
    }

    /// Whether something of the action cannot be read, so that nobody knows all that it does.
    fn is_half(&self, actions: &Places, it: &Diagnostic) -> bool {
        !self.half.is_empty() && actions.around(it.range).is_some_and(|it| self.half.contains(&it))
    }

    /// Whether a loop or a condition of the action is said to have no steps.
    fn is_of_idle(&self, actions: &Places, it: &Diagnostic) -> bool {
        !self.idle.is_empty() && actions.around(it.range).is_some_and(|it| self.idle.contains(&it))
    }

    /// Whether the steps of an action stand in it a second time, so that the first ones are not read.
    fn is_of_doubled(&self, actions: &Places, it: &Diagnostic) -> bool {
        let action = actions.around(it.range);
        action.is_some_and(|it| self.doubled.iter().any(|by| it.contains_range(*by)))
    }

    /// Whether something is said of what callers give for a parameter whose type is in no form.
    fn is_of_untyped(&self, it: &Diagnostic) -> bool {
        it.level == Level::Warning
            && it.related.iter().any(|it| self.untyped.around(it.range).is_some())
    }

    /// Whether a field is named in a list, with another one and without a comma.
    fn is_listed(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        let written = ctx.slice(it.range).trim_matches(['"', '\'']);
        let name = written.split([' ', '=', ':']).next().unwrap_or_default();
        self.joined.contains(name)
    }

    fn is_of_stored(&self, actions: &Places, at: TextRange, written: &str) -> bool {
        let first = written.split('.').next().unwrap_or_default();
        let names = || self.stored.get(&actions.around(at)?);
        !self.stored.is_empty() && names().is_some_and(|it| it.contains(&first))
    }

    /// Whether a name leads nowhere because its declaration is written in another style.
    fn is_of_styled(&self, it: &Diagnostic, written: &str) -> bool {
        self.styled
            .iter()
            .any(|(_, declared, better)| written == better && proposed(it) == Some(*declared))
    }
}

/// The actions in which a step is not read, or a declared change is of nothing.
fn half(found: &[Diagnostic], actions: &Places) -> FxHashSet<TextRange> {
    let codes = [
        rules::unknown_step::RULE.code,
        rules::invalid_statement::RULE.code,
        rules::unknown_entity::RULE.code,
        rules::missing_key::RULE.code,
    ];
    let unread = found.iter().filter(|it| codes.contains(&it.code));
    unread.filter_map(|it| actions.around(it.range)).collect()
}

/// The fields and parameters with a type that is in no form.
fn untyped(ctx: &Context<'_>, found: &[Diagnostic]) -> Places {
    let broken = ranges(found, rules::invalid_type::RULE.code);
    if broken.is_empty() {
        return Places::default();
    }
    let fields = ctx.entity().into_iter().flat_map(|it| &it.fields).map(|it| it.range);
    let parameters = ctx.actions().flat_map(|it| &it.1.parameters).map(|it| it.range);
    let is_broken = |it: &TextRange| broken.iter().any(|by| it.contains_range(*by));
    Places::of(fields.chain(parameters).filter(is_broken).collect())
}

fn styled<'a>(ctx: &Context<'a>, found: &[Diagnostic]) -> Vec<(TextRange, &'a str, String)> {
    let is_declaration = |it: &&Diagnostic| match it.code {
        "naming" => true,
        "unused-parameter" => proposed(it).is_some_and(|it| !it.is_empty()),
        "unknown-enum-value" => it.related.iter().any(|it| it.message == declaration::SAID),
        _ => false,
    };
    let named = found.iter().filter(is_declaration);
    let pair = |it: &Diagnostic| {
        let declared = ctx.slice(it.range).trim_matches(['"', '\'']);
        Some((it.range, declared, proposed(it)?.to_owned()))
    };
    named.filter_map(pair).collect()
}

/// The words of names that are said to be two.
fn joined<'a>(ctx: &Context<'a>, found: &[Diagnostic]) -> FxHashSet<&'a str> {
    let unknown = of_code(found, rules::unknown_impact_field::RULE.code);
    let texts = unknown.map(|it| ctx.slice(it.range)).filter(|it| it.contains(' '));
    texts.flat_map(str::split_whitespace).collect()
}

/// What is stored by steps whose keyword is misspelt.
fn stored<'a>(ctx: &Context<'a>, found: &[Diagnostic]) -> FxHashMap<TextRange, Vec<&'a str>> {
    let unknown = ranges(found, rules::unknown_step::RULE.code);
    let mut res: FxHashMap<TextRange, Vec<&str>> = FxHashMap::default();
    for it in unknown {
        let Some(action) = action_around(ctx, it) else { continue };
        let mapping = ctx.mapping_with_key(it).and_then(|it| it.as_mapping());
        let entries = mapping.map(|it| it.entries.as_slice()).unwrap_or_default();
        let names = entries.iter().filter(|it| variables::STORES.contains(&&*it.key.text));
        let names = names.map(|it| ctx.slice(it.value.range).trim_matches(['"', '\'']));
        res.entry(action.range).or_default().extend(names);
    }
    res
}

/// Where the events of entries stand that no step does.
fn undone(ctx: &Context<'_>, found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let undone = ranges(found, rules::phantom_side_effect::RULE.code);
    let mut res = FxHashSet::default();
    for (_, action, impact) in ctx.impacts().filter(|_| !undone.is_empty()) {
        let Some(cdc) = action.cdc.as_deref() else { continue };
        let is_undone =
            |entry: &ImpactEntry| undone.iter().any(|it| entry.range.contains_range(*it));
        if impact.primary.as_ref().is_some_and(is_undone) {
            res.insert(cdc.event_type.as_ref().map_or(cdc.key, |it| it.range));
        }
        for entry in impact.side_effects.iter().filter(|it| is_undone(it)) {
            let names = cdc.side_effect_events.iter().map(|it| &it.0);
            let of_entry =
                names.filter(|it| entry.entity.as_ref().is_some_and(|by| by.text == it.text));
            res.extend(of_entry.map(|it| it.range));
        }
    }
    res
}
