//! Names in steps: the entity that is written, its fields, the action that is called.

use specql_model::{
    Action, ActionId, EntityId, Name, Step, StepKind, Write,
    expression::{Expression, ExpressionKind},
};

use super::{Mentions, Subject, expressions::expression};
use crate::scope::{self, Scope};

pub(super) fn steps<'a>(
    id: ActionId,
    action: &'a Action,
    steps: &'a [Step],
    acc: &mut Mentions<'a>,
) {
    for it in steps {
        let scope = acc.scope(id, action, it.range.start());
        step(it, &scope, acc);
        it.branches().into_iter().for_each(|it| self::steps(id, action, it, acc));
    }
}

fn step<'a>(it: &'a Step, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    match &it.kind {
        StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => write(it, scope, acc),
        StepKind::Delete { write: it, .. } | StepKind::Find { write: it, .. } => {
            write(it, scope, acc);
        }
        StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => {
            expression(condition, scope, None, acc);
        }
        StepKind::ForEach { variable, collection, filter, .. } => {
            let entity = scope.rows_of(collection);
            if let Some(name) = variable {
                acc.push(name.range, variable_of(name, entity));
            }
            if !loop_over_entity(collection, acc) {
                expression(collection, scope, None, acc);
            }
            if let Some(filter) = filter {
                expression(filter, &scope.on_rows_of(entity.or(scope.row)), None, acc);
            }
        }
        StepKind::Switch { subject, cases, .. } => {
            expression(subject, scope, None, acc);
            cases.iter().for_each(|(when, _)| expression(when, scope, None, acc));
        }
        StepKind::Call { function, arguments, bind, .. } => {
            call(function.as_ref(), arguments, scope, acc);
            if let Some(name) = bind {
                acc.push(name.range, variable_of(name, None));
            }
        }
        StepKind::Notify { recipient, message, .. } => {
            for it in recipient.iter().chain(message) {
                expression(it, scope, None, acc);
            }
        }
        StepKind::Refresh { propagate, .. } => {
            propagate.iter().for_each(|it| acc.field(Some(scope.own), it));
        }
        StepKind::Reject(_) | StepKind::Return(_) | StepKind::Extended | StepKind::Unknown => {}
    }
}

fn write<'a>(it: &'a Write, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let entity = it.entity.as_ref().and_then(|it| acc.entity(it));
    let rows = scope.on_rows_of(entity);
    for name in it.columns.iter().chain(&it.conflict_target) {
        acc.field(entity, name);
    }
    for assignment in &it.assignments {
        let field = entity.and_then(|it| scope::field(scope.workspace, it, &assignment.field.text));
        expression(&assignment.value, &rows, field.as_ref(), acc);
        acc.push_known(assignment.field.range, field);
    }
    if let Some(filter) = &it.filter {
        expression(filter, &rows, None, acc);
    }
    if let Some(name) = &it.bind {
        acc.push(name.range, variable_of(name, entity));
    }
}

fn call<'a>(
    function: Option<&'a Name>,
    arguments: &'a [(Option<Name>, Expression)],
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    let called = function.and_then(|it| scope::action_named(scope.workspace, scope.own, &it.text));
    if let (Some(name), Some((id, _))) = (function, called) {
        acc.push(name.range, Subject::Action(id));
    }
    for (name, value) in arguments {
        let target = called.zip(name.as_ref()).and_then(|((id, action), name)| {
            let parameter = action.parameters.iter().find(|it| it.name.text == name.text);
            parameter
                .map(|it| Subject::Parameter(id, it))
                .or_else(|| scope::field(scope.workspace, id.entity, &name.text))
        });
        expression(value, scope, target.as_ref(), acc);
        if let Some(name) = name {
            acc.push_known(name.range, target);
        }
    }
}

/// `foreach: x in Comment`: the collection is an entity, not a path.
fn loop_over_entity(collection: &Expression, acc: &mut Mentions<'_>) -> bool {
    match &collection.kind {
        ExpressionKind::Path(path) => match path.segments.as_slice() {
            [name] => acc.entity_name(name).is_some(),
            _ => false,
        },
        _ => false,
    }
}

fn variable_of(name: &Name, entity: Option<EntityId>) -> Subject<'_> {
    Subject::Variable { name, declared: name.range, entity }
}
