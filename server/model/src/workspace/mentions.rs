//! Which names of entities and actions a file mentions, and where.

use specql_syntax::{
    Name,
    expression::{EntityReference, Expression, ExpressionKind},
};

use crate::{Action, Cascade, Entity, Impact, Step, StepKind, Type, Write, views::ViewRelation};

/// What a name of an entity is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MentionKind {
    /// The entity's own declaration.
    Declaration,
    /// The target of a `ref`.
    Field,
    /// The entity that a step writes, reads or runs over.
    Step,
    /// `EXISTS Entity WHERE …`.
    Expression,
    /// An entry of `impact`.
    Impact,
    /// A list of `cascade`.
    Cascade,
    /// A key of `side_effect_events`.
    Event,
    /// What an action is said to return.
    Returned,
    /// A relation of `table_views`.
    View,
}

/// A name that may be an entity's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention<'a> {
    pub(super) kind: MentionKind,
    pub(super) schema: Option<&'a Name>,
    pub(super) name: &'a Name,
}

type Visit<'v, 'a> = &'v mut dyn FnMut(Mention<'a>);

/// Calls `visit` for every name in a file that may be an entity's.
pub(super) fn entities<'a>(entity: &'a Entity, visit: Visit<'_, 'a>) {
    plain(MentionKind::Declaration, &entity.name, visit);
    for field in &entity.fields {
        of_type(&field.ty, visit);
    }
    for action in &entity.actions {
        of_action(action, visit);
    }
    for it in entity.views.iter().flat_map(|it| &it.relations) {
        of_relation(it, entity.field(&it.name.text).is_some(), visit);
    }
}

fn plain<'a>(kind: MentionKind, name: &'a Name, visit: Visit<'_, 'a>) {
    visit(Mention { kind, schema: None, name });
}

fn reference<'a>(kind: MentionKind, it: &'a EntityReference, visit: Visit<'_, 'a>) {
    visit(Mention { kind, schema: it.schema.as_ref(), name: &it.name });
}

fn of_type<'a>(ty: &'a Type, visit: Visit<'_, 'a>) {
    match ty {
        Type::Ref(targets) => {
            targets.iter().for_each(|it| reference(MentionKind::Field, it, visit));
        }
        Type::List(item) => of_type(item, visit),
        _ => {}
    }
}

/// A relation is a field first; whether one of other rows is stands in their file.
fn of_relation<'a>(relation: &'a ViewRelation, is_field: bool, visit: Visit<'_, 'a>) {
    if !is_field {
        plain(MentionKind::View, &relation.name, visit);
    }
    relation.relations.iter().for_each(|it| of_relation(it, false, visit));
}

fn of_action<'a>(action: &'a Action, visit: Visit<'_, 'a>) {
    for parameter in &action.parameters {
        of_type(&parameter.ty, visit);
    }
    if let Some(it) = &action.returns {
        plain(MentionKind::Returned, it, visit);
    }
    for step in &action.steps {
        step.walk(&mut |it| of_step(it, visit));
    }
    if let Some(it) = &action.impact {
        of_impact(it, visit);
    }
    if let Some(it) = &action.cascade {
        of_cascade(it, visit);
    }
    if let Some(cdc) = &action.cdc {
        cdc.side_effect_events.iter().for_each(|it| plain(MentionKind::Event, &it.0, visit));
    }
}

fn of_step<'a>(step: &'a Step, visit: Visit<'_, 'a>) {
    match &step.kind {
        StepKind::Insert(write)
        | StepKind::Update(write)
        | StepKind::Upsert(write)
        | StepKind::Delete { write, .. }
        | StepKind::Find { write, .. } => of_write(write, visit),
        StepKind::ForEach { collection, .. } => of_collection(collection, visit),
        _ => {}
    }
    step.expressions(&mut |it| of_expression(it, visit));
}

fn of_write<'a>(write: &'a Write, visit: Visit<'_, 'a>) {
    if let Some(it) = &write.entity {
        reference(MentionKind::Step, it, visit);
    }
}

/// A loop runs over an entity when its collection is one bare name.
fn of_collection<'a>(collection: &'a Expression, visit: Visit<'_, 'a>) {
    if let Some((schema, name)) = collection_entity(collection) {
        visit(Mention { kind: MentionKind::Step, schema, name });
    }
}

/// The name that a loop runs over, when it can be an entity's: `Entity` or `schema.Entity`.
pub(crate) fn collection_entity(collection: &Expression) -> Option<(Option<&Name>, &Name)> {
    match &collection.kind {
        ExpressionKind::Path(path) if !path.dollar => match path.segments.as_slice() {
            [name] => Some((None, name)),
            [schema, name] => Some((Some(schema), name)),
            _ => None,
        },
        _ => None,
    }
}

fn of_expression<'a>(expression: &'a Expression, visit: Visit<'_, 'a>) {
    expression.walk(&mut |it| {
        if let ExpressionKind::Exists { entity, .. } = &it.kind {
            reference(MentionKind::Expression, entity, visit);
        }
    });
}

fn of_impact<'a>(impact: &'a Impact, visit: Visit<'_, 'a>) {
    for entry in impact.primary.iter().chain(&impact.side_effects) {
        if let Some(it) = &entry.entity {
            plain(MentionKind::Impact, it, visit);
        }
    }
}

fn of_cascade<'a>(cascade: &'a Cascade, visit: Visit<'_, 'a>) {
    let included = cascade.include_entities.iter().flatten();
    for it in included.chain(&cascade.exclude_entities) {
        plain(MentionKind::Cascade, it, visit);
    }
}

/// Calls `visit` for the name of every action that a file calls.
pub(super) fn calls<'a>(entity: &'a Entity, visit: &mut dyn FnMut(&'a Name)) {
    for step in entity.actions.iter().flat_map(|it| &it.steps) {
        step.walk(&mut |it| {
            if let Some((_, function)) = it.called() {
                visit(function);
            }
        });
    }
}
