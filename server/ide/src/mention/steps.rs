//! Names in steps: the entity that is written, its fields, the action that is called.

use specql_model::{
    Action, ActionId, EntityId, Name, Step, StepKind, Write,
    expression::{Expression, ExpressionKind},
    scope::Scope,
};

use super::{
    Mentions, Subject,
    expressions::{self, expression},
    field,
};

/// The names of one step, without those of the steps below it.
pub(super) fn step<'a>(id: ActionId, it: &'a Step, acc: &mut Mentions<'a>) {
    let scope = Scope::at(acc.workspace, id, it);
    match &it.kind {
        StepKind::Insert(it)
        | StepKind::Update(it)
        | StepKind::Upsert(it)
        | StepKind::Delete { write: it, .. }
        | StepKind::Find { write: it, .. } => write(it, &scope, acc),
        StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => {
            expression(condition, &scope, None, acc);
        }
        StepKind::ForEach { variable, collection, filter, .. } => {
            for_each(variable.as_ref(), collection, &scope, acc);
            if let Some(filter) = filter {
                expression(filter, &scope, None, acc);
            }
        }
        StepKind::Switch { subject, cases, .. } => {
            expression(subject, &scope, None, acc);
            let of_subject = expressions::compared(subject, &scope);
            let against = of_subject.as_ref();
            cases.iter().for_each(|(when, _)| expression(when, &scope, against, acc));
        }
        StepKind::Call { schema, function, arguments, bind } => {
            let schema = schema.as_ref().map(Name::as_str);
            call(schema, function.as_ref(), arguments, &scope, acc);
            if let Some(name) = bind {
                acc.declare(name.range, Subject::variable(name, None));
            }
        }
        StepKind::Notify { recipient, message, data, .. } => {
            for it in recipient.iter().chain(message).chain(data.iter().map(|it| &it.1)) {
                expression(it, &scope, None, acc);
            }
        }
        StepKind::Refresh { propagate, .. } => {
            propagate.iter().for_each(|it| acc.field(Some(id.entity), it));
        }
        StepKind::Reject(_) | StepKind::Return(_) | StepKind::Extended | StepKind::Unknown => {}
    }
}

fn write<'a>(it: &'a Write, scope: &Scope<'a>, acc: &mut Mentions<'a>) {
    let entity = it.entity.as_ref().and_then(|it| acc.entity(it));
    for name in &it.columns {
        let target = entity.and_then(|it| field(acc.workspace, it, name));
        acc.push_written(name.range, target);
    }
    for name in &it.conflict_target {
        acc.field(entity, name);
    }
    for assignment in &it.assignments {
        let target = entity.and_then(|it| field(acc.workspace, it, &assignment.field));
        expression(&assignment.value, scope, target.as_ref(), acc);
        acc.push_written(assignment.field.range, target);
    }
    if let Some(filter) = &it.filter {
        expression(filter, scope, None, acc);
    }
    if let Some(name) = it.bind.as_deref() {
        acc.declare(name.range, Subject::variable(name, entity));
    }
}

/// The collection of a loop is the name of an entity, or a path.
fn for_each<'a>(
    variable: Option<&'a Name>,
    collection: &'a Expression,
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    let named = match &collection.kind {
        ExpressionKind::Path(path) if !path.dollar => match path.segments.as_slice() {
            [name] => acc.entity_name(name),
            [schema, name] => {
                let text = format!("{}.{}", schema.text, name.text);
                acc.entity_name(&Name::new(text, collection.range))
            }
            _ => None,
        },
        _ => None,
    };
    if named.is_none() {
        expression(collection, scope, None, acc);
    }
    if let Some(name) = variable {
        super::sql::aliases(collection, name, acc);
        acc.declare(name.range, Subject::variable(name, named));
    }
}

fn call<'a>(
    schema: Option<&str>,
    function: Option<&'a Name>,
    arguments: &'a [(Option<Name>, Expression)],
    scope: &Scope<'a>,
    acc: &mut Mentions<'a>,
) {
    let called = function.and_then(|it| acc.workspace.called(acc.own, schema, &it.text));
    if let (Some(name), Some(id)) = (function, called) {
        acc.push(name.range, Subject::Action(id));
    }
    for (name, value) in arguments {
        let target = called.zip(name.as_ref()).and_then(|(id, name)| argument(acc, id, name));
        expression(value, scope, target.as_ref(), acc);
        if let Some(name) = name {
            acc.push_known(name.range, target);
        }
    }
}

/// An argument gives a parameter of the called action, else a field of its entity.
fn argument<'a>(acc: &Mentions<'a>, id: ActionId, name: &Name) -> Option<Subject<'a>> {
    let action: &'a Action = acc.workspace.action(id)?;
    let parameter = action.parameters.iter().find(|it| it.name.text == name.text);
    let owner: EntityId = id.entity;
    parameter.map(|it| Subject::Parameter(owner, it)).or_else(|| field(acc.workspace, owner, name))
}
