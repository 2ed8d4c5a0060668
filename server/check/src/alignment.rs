//! What an action's `impact` declares beside what its steps write, entity by entity.
//!
//! Invariant: nothing is said to be missing or never done where a part of the action cannot be known:
//! an entity that resolves to nothing, a step that is not understood, a block that is still typed.

use std::collections::{BTreeMap, BTreeSet};

use specql_model::{
    Action, ActionId, Effect, EffectFields, EntityId, Impact, ImpactEntry, Name, Operation,
    Resolution, SourceFile, Step, StepKind, suggest,
};
use specql_syntax::yaml::ProblemKind;

use crate::Context;

/// A declared entry with the writes it stands for.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    /// The entry.
    pub(crate) entry: &'a ImpactEntry,
    /// Its entity.
    pub(crate) entity: EntityId,
    /// It is the primary one.
    pub(crate) primary: bool,
    /// The writes of its entity that its operation stands for.
    pub(crate) effects: Vec<&'a Effect>,
}

/// The comparison of one action.
#[derive(Debug, Default)]
pub(crate) struct Alignment<'a> {
    /// Entries that are done.
    pub(crate) done: Vec<Pair<'a>>,
    /// Entries whose entity is written by another operation, which is in `effects`.
    pub(crate) mismatched: Vec<Pair<'a>>,
    /// Entries that no step does; empty where the steps are not fully known.
    pub(crate) undone: Vec<Pair<'a>>,
    /// The side effect whose entity no step writes, where one entity is written that nothing declares: the
    /// entry means that one.
    pub(crate) mistaken: Option<(Pair<'a>, EntityId)>,
    /// Writes that no entry stands for, by entity and operation.
    pub(crate) undeclared: BTreeMap<(EntityId, Operation), Vec<&'a Effect>>,
    /// What the steps write is not fully known.
    pub(crate) opaque: bool,
}

impl<'a> Alignment<'a> {
    /// Compares an action that has an `impact`.
    pub(crate) fn of(ctx: &Context<'a>, id: ActionId, action: &'a Action) -> Option<Self> {
        let impact = action.impact.as_deref()?;
        let effects = ctx.workspace.effects(id);
        let mut res = Self { opaque: is_opaque(ctx, id, action, effects), ..Self::default() };
        let unresolved = res.pair(ctx, id, impact);
        res.collect_undeclared(effects);
        res.find_mismatches();
        if res.opaque {
            res.undone.clear();
        }
        // What is still typed, or misspelled, may be the missing declaration.
        let primary = impact.primary.as_ref();
        let has_primary = primary.is_some_and(|it| ctx.primary_of(it).is_some());
        res.undeclared.retain(|(entity, _), _| {
            let name = ctx.workspace.entity(*entity).map_or("", |it| it.name.as_str());
            let misspelled =
                unresolved.iter().any(|it| suggest(it, [name]).is_some() || name.starts_with(it));
            !misspelled && (has_primary || *entity != id.entity)
        });
        if ctx.is_damaged_action(id) {
            res.undeclared.clear();
        }
        res.without_wrong_primary(id);
        res.find_mistaken();
        Some(res)
    }

    /// Forgets what follows from a primary entity that is not the one that is written.
    fn without_wrong_primary(&mut self, id: ActionId) {
        let is_other = |it: &Pair<'_>| it.primary && it.entity != id.entity;
        let is_own = self.undeclared.keys().any(|it| it.0 == id.entity);
        if is_own && self.undone.iter().any(is_other) {
            self.undone.retain(|it| !is_other(it));
            self.undeclared.retain(|it, _| it.0 != id.entity);
        }
    }

    /// One entry that is never done beside one write that is never declared, of one operation, are one mistake.
    fn find_mistaken(&mut self) {
        let ([pair], Some((&(entity, operation), _)), 1) =
            (self.undone.as_slice(), self.undeclared.first_key_value(), self.undeclared.len())
        else {
            return;
        };
        if !pair.primary && pair.entry.operation.is_some() && stands_for(pair.entry, operation) {
            self.mistaken = self.undone.pop().map(|it| (it, entity));
            self.undeclared.clear();
        }
    }

    /// Gives every entry the writes it stands for; answers with the names that resolve to nothing.
    fn pair(&mut self, ctx: &Context<'a>, id: ActionId, impact: &'a Impact) -> Vec<&'a str> {
        let effects = ctx.workspace.effects(id);
        let mut unresolved = Vec::new();
        let primary = impact.primary.iter().map(|it| (it, true));
        for (entry, primary) in primary.chain(impact.side_effects.iter().map(|it| (it, false))) {
            let entity = match &entry.entity {
                Some(name) => match ctx.resolve(&name.text) {
                    Resolution::Found(it) => it,
                    Resolution::Ambiguous(_) | Resolution::Unknown => {
                        unresolved.push(name.as_str());
                        continue;
                    }
                },
                None if primary => id.entity,
                None => continue,
            };
            let of_entity = effects.iter().filter(|it| it.entity == Some(entity));
            let effects: Vec<_> = of_entity.filter(|it| stands_for(entry, it.operation)).collect();
            let pair = Pair { entry, entity, primary, effects };
            if pair.effects.is_empty() { self.undone.push(pair) } else { self.done.push(pair) }
        }
        unresolved
    }

    fn collect_undeclared(&mut self, effects: &'a [Effect]) {
        let of_pair = |it: &Pair<'a>| {
            it.effects.iter().map(|one| (it.entity, one.operation)).collect::<Vec<_>>()
        };
        let done: BTreeSet<(EntityId, Operation)> = self.done.iter().flat_map(of_pair).collect();
        for effect in effects {
            let Some(entity) = effect.entity else { continue };
            let is_done = |operation| done.contains(&(entity, operation));
            // A row that is also inserted or deleted appears in the cascade as that alone.
            let covered = match effect.operation {
                Operation::Update => [Operation::Create, Operation::Upsert, Operation::Delete]
                    .into_iter()
                    .any(is_done),
                _ => false,
            };
            if !covered && !is_done(effect.operation) {
                self.undeclared.entry((entity, effect.operation)).or_default().push(effect);
            }
        }
    }

    /// Of an entity with an entry that is not done and a write that is not declared, the two belong
    /// together.
    fn find_mismatches(&mut self) {
        for mut pair in std::mem::take(&mut self.undone) {
            let other = self.undeclared.keys().copied().find(|it| it.0 == pair.entity);
            match other.and_then(|key| self.undeclared.remove(&key)) {
                Some(effects) => {
                    pair.effects = effects;
                    self.mismatched.push(pair);
                }
                None => self.undone.push(pair),
            }
        }
    }
}

/// Whether an entry stands for an operation; one whose operation is absent or no word stands for all.
fn stands_for(entry: &ImpactEntry, operation: Operation) -> bool {
    let declared = entry.operation.as_ref().and_then(|it| it.value);
    declared.is_none_or(|it| {
        it == operation
            || (it == Operation::Upsert
                && matches!(operation, Operation::Create | Operation::Update))
    })
}

impl Context<'_> {
    /// Whether all that an action of this file writes is known.
    pub(crate) fn knows_steps(&self, id: ActionId) -> bool {
        self.alignment(id).is_some_and(|it| !it.opaque)
    }
}

/// Whether an action may write more than its effects say.
fn is_opaque(ctx: &Context<'_>, id: ActionId, action: &Action, effects: &[Effect]) -> bool {
    // Without steps the generator makes them, or somebody writes the function by hand.
    let mut opaque = action.steps.is_empty()
        || action.pattern.is_some()
        || ctx.is_damaged_action(id)
        || effects.iter().any(|it| it.entity.is_none());
    for step in &action.steps {
        step.walk(&mut |it| opaque |= is_opaque_step(ctx, it));
    }
    opaque
}

fn is_opaque_step(ctx: &Context<'_>, step: &Step) -> bool {
    let unknown = match &step.kind {
        StepKind::Extended | StepKind::Unknown => true,
        StepKind::Call { schema, function, .. } => {
            let schema = schema.as_ref().map(|it| it.text.as_str());
            let called = |name: &Name| ctx.workspace.called(EntityId(ctx.id()), schema, &name.text);
            let called = function.as_ref().and_then(called);
            called.is_none_or(|it| is_unread(ctx, it, &mut Vec::new()))
        }
        _ => is_unread_write(step),
    };
    unknown || !step.problems.is_empty()
}

/// Whether a step writes rows and does not say which or what.
fn is_unread_write(step: &Step) -> bool {
    step.write().is_some_and(|it| !it.is_read())
}

/// Whether a part of an action cannot be read, or stands in it a second time.
pub(crate) fn is_torn(file: &SourceFile, action: &Action) -> bool {
    let mut problems = file.parse().yaml().problems.iter();
    file.is_damaged(action.range)
        || problems.any(|it| {
            matches!(it.kind, ProblemKind::DuplicateKey(..))
                && action.range.contains_range(it.range)
        })
}

/// Whether a called action, or one that it calls, may write more than its effects say.
fn is_unread(ctx: &Context<'_>, id: ActionId, seen: &mut Vec<ActionId>) -> bool {
    if seen.contains(&id) {
        return false;
    }
    seen.push(id);
    let (Some(action), Some(file)) = (ctx.workspace.action(id), ctx.workspace.file(id.entity.0))
    else {
        return true;
    };
    let is_torn = is_torn(file, action);
    let mut unread = action.steps.is_empty() || action.pattern.is_some() || is_torn;
    for step in &action.steps {
        step.walk(&mut |it| {
            unread |= !it.problems.is_empty()
                || match &it.kind {
                    StepKind::Extended | StepKind::Unknown => true,
                    StepKind::Call { schema, function: Some(name), .. } => {
                        let schema = schema.as_ref().map(|it| it.text.as_str());
                        let next = ctx.workspace.called(id.entity, schema, &name.text);
                        next.is_none_or(|it| is_unread(ctx, it, seen))
                    }
                    _ => is_unread_write(it),
                };
        });
    }
    unread
}

/// The fields that writes surely set, each once, in the order of the steps; and whether they may set
/// others as well.
pub(crate) fn written_fields<'a>(effects: &[&'a Effect]) -> (Vec<&'a str>, bool) {
    let mut fields: Vec<&str> = Vec::new();
    let mut open = false;
    for effect in effects {
        let named = match &effect.fields {
            EffectFields::Named(names) => names,
            EffectFields::Input(names) => {
                open = true;
                names
            }
            EffectFields::Row => continue,
        };
        for name in named {
            if !fields.contains(&name.as_str()) {
                fields.push(name);
            }
        }
    }
    (fields, open)
}

/// What happens to a row, in a message.
pub(crate) const fn participle(operation: Option<Operation>) -> &'static str {
    match operation {
        Some(Operation::Create) => "created",
        Some(Operation::Update) => "updated",
        Some(Operation::Delete) => "deleted",
        Some(Operation::Upsert) => "upserted",
        None => "written",
    }
}
