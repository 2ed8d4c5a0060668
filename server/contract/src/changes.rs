//! What an action changes, in the order in which cascade, events and answer list it.

use std::collections::BTreeSet;

use ecow::EcoString;
use specql_model::{
    ActionId, Cdc, Certainty, Effect, EffectFields, EntityId, ImpactEntry, Operation, RowSource,
    Step, StepKind,
};
use specql_text::TextRange;

use crate::{
    Place,
    rows::{Handle, Rows, handle},
};

/// One operation on one entity, by however many steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The entity.
    pub entity: EntityId,
    /// What happens to its rows.
    pub operation: Operation,
    /// An upsert that leaves a row alone that is there.
    pub keeps: bool,
    /// In every run that succeeds, or in some.
    pub certainty: Certainty,
    /// How many rows.
    pub rows: Rows,
    /// The `ref` field of the own row that leads there, where no condition and no insert does.
    pub through: Option<EcoString>,
    /// The fields that it writes.
    pub fields: EffectFields,
    /// The entry of the `impact` that declares it, in the action's file.
    pub declared: Option<TextRange>,
    /// The steps that do it, in the order in which they run; none where only the `impact` says it.
    pub steps: Vec<ChangeStep>,
}

/// A step that changes rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeStep {
    /// The action whose step it is: the action itself or one that it calls.
    pub action: ActionId,
    /// The step, in that action's file.
    pub step: TextRange,
    /// The `call` in the own action through which it comes.
    pub via: Option<TextRange>,
    /// In every run that succeeds, or in some.
    pub certainty: Certainty,
    /// How many rows.
    pub rows: Rows,
    /// Which row it is.
    pub(crate) handle: Handle,
}

impl ChangeStep {
    /// The step itself.
    pub(crate) fn of<'a>(&self, place: &Place<'a>) -> Option<&'a Step> {
        place.workspace.action(self.action)?.step_at(self.step)
    }

    /// Whether it removes rows instead of marking them.
    pub(crate) fn removes(&self, place: &Place<'_>) -> bool {
        self.of(place).is_some_and(|it| matches!(it.kind, StepKind::Delete { hard: true, .. }))
    }
}

/// What a client sees of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and has other values.
    Updated,
    /// It is gone.
    Deleted,
}

impl Outcome {
    /// The word in `_cascade`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
        }
    }

    /// What an operation can come to.
    #[must_use]
    pub const fn of(operation: Operation) -> &'static [Self] {
        match operation {
            Operation::Create => &[Self::Created],
            Operation::Update => &[Self::Updated],
            Operation::Delete => &[Self::Deleted],
            Operation::Upsert => &[Self::Created, Self::Updated],
        }
    }
}

impl Change {
    /// What it can come to.
    #[must_use]
    pub const fn outcomes(&self) -> &'static [Outcome] {
        if self.keeps { &[Outcome::Created] } else { Outcome::of(self.operation) }
    }

    /// Whether a run that succeeds has surely done it to some row.
    #[must_use]
    pub fn surely_finds_one_row(&self) -> bool {
        let sure = |certainty, rows| certainty == Certainty::Always && rows == Rows::One;
        sure(self.certainty, self.rows) || self.steps.iter().any(|it| sure(it.certainty, it.rows))
    }

    /// Whether it surely comes to this, in a run that does it.
    pub(crate) fn is_only(&self, outcome: Outcome) -> bool {
        self.outcomes() == [outcome]
    }
}

/// The changes of an action.
pub(crate) fn changes(place: &Place<'_>) -> Vec<Change> {
    let mut res = if place.declared_only() { declared_changes(place) } else { done(place) };
    for change in &mut res {
        change.declared = declaration(place, change);
    }
    let order = declared_order(place);
    let rank =
        |it: &Change| order.iter().position(|entity| *entity == it.entity).unwrap_or(order.len());
    // The sort is stable: what nobody declares keeps the order of the steps.
    let first = |entity: EntityId, all: &[Change]| all.iter().position(|it| it.entity == entity);
    let firsts: Vec<Option<usize>> = res.iter().map(|it| first(it.entity, &res)).collect();
    let mut keyed: Vec<_> = res.into_iter().zip(firsts).collect();
    keyed.sort_by_key(|(change, first)| (rank(change), *first));
    keyed.into_iter().map(|it| it.0).collect()
}

/// What the steps do, those of called actions included. A write that finds no row is none.
fn done(place: &Place<'_>) -> Vec<Change> {
    let effects = place.workspace.effects(place.id);
    let mut res: Vec<Change> = Vec::new();
    for effect in effects {
        let Some(entity) = effect.entity else { continue };
        if matches!(effect.rows, RowSource::Unreachable | RowSource::Ambiguous(_)) {
            continue;
        }
        let step = step(place, effects, effect);
        let known =
            res.iter_mut().find(|it| it.entity == entity && it.operation == effect.operation);
        match known {
            Some(change) => add(change, effect, step),
            None => res.push(Change {
                entity,
                operation: effect.operation,
                keeps: effect.keeps,
                certainty: step.certainty,
                rows: step.rows,
                through: through(effect),
                fields: effect.fields.clone(),
                declared: None,
                steps: vec![step],
            }),
        }
    }
    res
}

fn step(place: &Place<'_>, effects: &[Effect], effect: &Effect) -> ChangeStep {
    let (handle, rows) = handle(place, effects, effect);
    ChangeStep {
        action: effect.action,
        step: effect.step,
        via: effect.via,
        certainty: effect.certainty,
        rows,
        handle,
    }
}

fn through(effect: &Effect) -> Option<EcoString> {
    match &effect.rows {
        RowSource::Reference { field, forward: true, .. } if effect.via.is_none() => {
            Some(field.clone())
        }
        _ => None,
    }
}

fn add(change: &mut Change, effect: &Effect, step: ChangeStep) {
    change.fields.add(&effect.fields);
    change.keeps &= effect.keeps;
    if step.certainty == Certainty::Always {
        change.certainty = Certainty::Always;
    }
    let same_row = change.steps.iter().all(|it| it.handle == step.handle);
    change.rows = if same_row { change.rows.max(step.rows) } else { Rows::Many };
    change.through = change.through.take().or_else(|| through(effect));
    change.steps.push(step);
}

/// What the `impact` says, where there are no steps to ask.
fn declared_changes(place: &Place<'_>) -> Vec<Change> {
    let Some(impact) = &place.action.impact else { return Vec::new() };
    let change = |entity, operation, entry: &ImpactEntry| Change {
        entity,
        operation,
        keeps: false,
        certainty: match entry.condition {
            None => Certainty::Always,
            Some(_) => Certainty::Sometimes,
        },
        rows: if entry.collection.is_some() { Rows::Many } else { Rows::One },
        through: None,
        fields: declared_fields(entry, operation),
        declared: Some(entry.range),
        steps: Vec::new(),
    };
    let primary = impact.primary.iter().map(|it| change(place.primary.id, place.operation, it));
    let side_effects = impact.side_effects.iter().filter_map(|it| {
        let entity = place.named(it.entity.as_ref()?)?;
        Some(change(entity.id, declared_operation(it), it))
    });
    primary.chain(side_effects).collect()
}

fn declared_fields(entry: &ImpactEntry, operation: Operation) -> EffectFields {
    match &entry.fields {
        Some(fields) => EffectFields::Named(fields.iter().map(|it| it.text.clone()).collect()),
        None if operation == Operation::Delete => EffectFields::Row,
        None => EffectFields::Input(Vec::new()),
    }
}

/// The operation of a side effect; an update where none is written.
pub(crate) fn declared_operation(entry: &ImpactEntry) -> Operation {
    entry.operation.as_ref().and_then(|it| it.value).unwrap_or(Operation::Update)
}

/// The entry of the `impact` that stands for a change: of its entity, best with its operation.
fn declaration(place: &Place<'_>, change: &Change) -> Option<TextRange> {
    let impact = place.action.impact.as_deref()?;
    let is_primary = change.entity == place.primary.id;
    let primary = impact.primary.iter().filter(|_| is_primary);
    let of_entity = impact.side_effects.iter().filter(|it| {
        let entity = it.entity.as_ref().and_then(|it| place.named(it));
        entity.is_some_and(|it| it.id == change.entity)
    });
    let entries: Vec<(&ImpactEntry, Operation)> = primary
        .map(|it| (it, place.operation))
        .chain(of_entity.map(|it| (it, declared_operation(it))))
        .collect();
    let exact = entries.iter().find(|it| it.1 == change.operation);
    exact.or(entries.first()).map(|it| it.0.range)
}

/// The primary entity and the declared side effects, each once.
fn declared_order(place: &Place<'_>) -> Vec<EntityId> {
    let mut res = vec![place.primary.id];
    for entry in place.action.impact.iter().flat_map(|it| &it.side_effects) {
        let entity = entry.entity.as_ref().and_then(|it| place.named(it));
        if let Some(entity) = entity.filter(|it| !res.contains(&it.id)) {
            res.push(entity.id);
        }
    }
    res
}

/// Changes grouped by entity, in their order.
pub(crate) fn by_entity(changes: &[Change]) -> Vec<(EntityId, Vec<&Change>)> {
    let mut res: Vec<(EntityId, Vec<&Change>)> = Vec::new();
    for change in changes {
        match res.iter_mut().find(|it| it.0 == change.entity) {
            Some((_, group)) => group.push(change),
            None => res.push((change.entity, vec![change])),
        }
    }
    res
}

/// The rows of several changes together: one only if all touch the same.
pub(crate) fn together<'a>(changes: impl Iterator<Item = &'a Change>) -> Option<Rows> {
    let mut handles = BTreeSet::new();
    let mut res = None;
    for change in changes {
        res = Some(res.unwrap_or(Rows::One).max(change.rows));
        handles.extend(change.steps.iter().map(|it| it.handle.clone()));
    }
    if handles.len() > 1 { Some(Rows::Many) } else { res }
}

/// Whether a run can write an event.
pub(crate) fn writes_event(place: &Place<'_>, changes: &[Change]) -> bool {
    let touched = changes.iter().any(|it| it.entity == place.primary.id);
    touched && place.action.cdc.as_deref().is_some_and(Cdc::is_enabled)
}
