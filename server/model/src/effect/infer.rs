//! What the steps of one action write and call themselves, and whether they surely do.
//!
//! Invariant: every write and every call of the steps is in the result once, in the order of the text.

use std::collections::BTreeSet;

use ecow::EcoString;
use specql_syntax::Name;
use specql_text::TextRange;

use super::{Call, Certainty, Effect, EffectFields, OwnEffects, RowSource, rows::rows};
use crate::{Action, ActionId, Entity, Operation, Step, StepKind, Workspace, Write};

pub(super) fn own(
    workspace: &Workspace,
    entity: &Entity,
    id: ActionId,
    action: &Action,
) -> OwnEffects {
    if action.pattern.is_some() {
        return OwnEffects::default();
    }
    let context = Context { workspace, entity, action: id };
    let block = block(&context, &action.steps);
    let (mut effects, mut calls) = (Vec::new(), Vec::new());
    for item in block.items {
        match item.kind {
            ItemKind::Write(effect) => {
                effects.push(Effect { certainty: item.certainty, ..effect });
            }
            ItemKind::Call(action, step) => {
                calls.push(Call { action, certainty: item.certainty, step });
            }
        }
    }
    effects.sort_by_key(|it: &Effect| it.step.start());
    OwnEffects { effects: effects.into(), calls }
}

struct Context<'a> {
    workspace: &'a Workspace,
    entity: &'a Entity,
    action: ActionId,
}

/// What a list of steps does.
struct Block {
    items: Vec<Item>,
    end: End,
}

/// A write or a call, and whether it happens in every run of its block that succeeds.
struct Item {
    kind: ItemKind,
    certainty: Certainty,
}

enum ItemKind {
    Write(Effect),
    Call(ActionId, TextRange),
}

/// How a list of steps ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At its last step.
    Falls,
    /// Perhaps by a `return`.
    MayReturn,
    /// By a `return`, whatever happens.
    Returns,
    /// By a `reject`, so that a run which comes here never succeeds.
    Rejects,
}

/// What is done, apart from where: the same in every branch means that it surely happens.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Write(EcoString, Operation),
    Call(ActionId),
}

impl Item {
    fn deed(&self) -> Deed {
        match &self.kind {
            ItemKind::Write(it) => Deed::Write(it.target.text.clone(), it.operation),
            ItemKind::Call(it, _) => Deed::Call(*it),
        }
    }
}

fn block(context: &Context<'_>, steps: &[Step]) -> Block {
    let mut all = Block { items: Vec::new(), end: End::Falls };
    for step in steps {
        let mut next = single(context, step);
        if all.end != End::Falls {
            next.items.iter_mut().for_each(|it| it.certainty = Certainty::Sometimes);
        }
        all.items.append(&mut next.items);
        all.end = match (all.end, next.end) {
            (End::Returns | End::Rejects, _) => all.end,
            // A run that did not return before still ends here.
            (End::MayReturn, End::Falls | End::Rejects) => End::MayReturn,
            (_, end) => end,
        };
    }
    all
}

fn single(context: &Context<'_>, step: &Step) -> Block {
    let nothing = |end| Block { items: Vec::new(), end };
    match &step.kind {
        StepKind::Insert(it) => write(context, step, it, Operation::Create),
        StepKind::Update(it) => write(context, step, it, Operation::Update),
        StepKind::Upsert(it) => write(context, step, it, Operation::Upsert),
        StepKind::Delete { write: it, .. } => write(context, step, it, Operation::Delete),
        StepKind::If { then, otherwise, .. } => branches(context, &[then, otherwise]),
        StepKind::Switch { cases, default, .. } => {
            let cases = cases.iter().map(|it| it.1.as_slice());
            branches(context, &cases.chain([default.as_slice()]).collect::<Vec<_>>())
        }
        StepKind::ForEach { body, .. } => repeated(block(context, body)),
        StepKind::Call { .. } => call(context, step),
        StepKind::Return(_) => nothing(End::Returns),
        StepKind::Reject(_) => nothing(End::Rejects),
        StepKind::Validate { .. }
        | StepKind::Find { .. }
        | StepKind::Notify { .. }
        | StepKind::Refresh { .. }
        | StepKind::Extended
        | StepKind::Unknown => nothing(End::Falls),
    }
}

/// A loop's body: there may be nothing to run over.
fn repeated(mut body: Block) -> Block {
    body.items.iter_mut().for_each(|it| it.certainty = Certainty::Sometimes);
    body.end = match body.end {
        End::MayReturn | End::Returns => End::MayReturn,
        End::Falls | End::Rejects => End::Falls,
    };
    body
}

/// Branches of which one runs. What all of them do that can succeed, surely happens.
fn branches(context: &Context<'_>, branches: &[&[Step]]) -> Block {
    let mut blocks: Vec<Block> = branches.iter().map(|it| block(context, it)).collect();
    let live = || blocks.iter().filter(|it| it.end != End::Rejects);
    let sure = |it: &Block| {
        let items = it.items.iter().filter(|it| it.certainty == Certainty::Always);
        items.map(Item::deed).collect::<BTreeSet<_>>()
    };
    let in_all = live()
        .map(sure)
        .reduce(|left, right| left.into_iter().filter(|it| right.contains(it)).collect());
    let in_all = in_all.unwrap_or_default();
    let end = end_of(live().map(|it| it.end));
    for block in &mut blocks {
        let succeeds = block.end != End::Rejects;
        for item in &mut block.items {
            if !succeeds || !in_all.contains(&item.deed()) {
                item.certainty = Certainty::Sometimes;
            }
        }
    }
    Block { items: blocks.into_iter().flat_map(|it| it.items).collect(), end }
}

/// How branches end of which one runs; those that reject are left out.
fn end_of(ends: impl Iterator<Item = End>) -> End {
    ends.reduce(|left, right| match (left, right) {
        (End::Falls, End::Falls) => End::Falls,
        (End::Returns, End::Returns) => End::Returns,
        _ => End::MayReturn,
    })
    .unwrap_or(End::Rejects)
}

fn write(context: &Context<'_>, step: &Step, write: &Write, operation: Operation) -> Block {
    let Context { workspace, entity, action } = context;
    if write.is_untyped() || (write.unread && write.entity.is_none()) {
        return Block { items: Vec::new(), end: End::Falls };
    }
    let found = match &write.entity {
        Some(it) => workspace.resolve(entity.id, it).found(),
        // Without a name it is the file's entity: `update:` with its keys beside it.
        None => Some(entity.id),
    };
    let target = match &write.entity {
        Some(it) => it.name.clone(),
        None => Name::new(entity.name.text.clone(), step.keyword.range),
    };
    let effect = Effect {
        fields: fields(
            found.and_then(|it| workspace.entity(it)).map(AsRef::as_ref),
            write,
            operation,
        ),
        rows: rows(workspace, *action, entity, found, write, operation),
        entity: found,
        target,
        operation,
        keeps: operation == Operation::Upsert && write.keeps_existing(),
        certainty: Certainty::Always,
        step: step.range,
        action: *action,
        via: None,
    };
    let may_miss = matches!(effect.rows, RowSource::Reference { may_miss: true, .. });
    let certainty = if effect.keeps || may_miss { Certainty::Sometimes } else { Certainty::Always };
    let item = Item { kind: ItemKind::Write(effect), certainty };
    Block { items: vec![item], end: End::Falls }
}

fn call(context: &Context<'_>, step: &Step) -> Block {
    let called = step.called().and_then(|(schema, function)| {
        let schema = schema.map(|it| it.text.as_str());
        context.workspace.called(context.entity.id, schema, &function.text)
    });
    let item = called
        .map(|it| Item { kind: ItemKind::Call(it, step.range), certainty: Certainty::Always });
    Block { items: item.into_iter().collect(), end: End::Falls }
}

/// The fields that a write sets, each once, as declared.
fn fields(entity: Option<&Entity>, write: &Write, operation: Operation) -> EffectFields {
    if operation == Operation::Delete {
        return EffectFields::Row;
    }
    let assigned = write.assignments.iter().map(|it| &it.field);
    let mut named: Vec<EcoString> = Vec::new();
    for written in write.columns.iter().chain(assigned) {
        let declared = entity.and_then(|it| {
            let by_id = || it.reference_id(&written.text).map(|it| it.name.text.clone());
            it.column(&written.text).map(|it| it.name().into()).or_else(by_id)
        });
        let name = declared.unwrap_or_else(|| written.text.clone());
        if !name.is_empty() && !named.contains(&name) {
            named.push(name);
        }
    }
    if write.all_input || write.from.is_some() {
        EffectFields::Input(named)
    } else {
        EffectFields::Named(named)
    }
}
