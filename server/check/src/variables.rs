//! The variables of an action at other places than the one where a name stands.

use specql_model::{
    Action, Name, Step, StepKind, Variable, names::snake_case, scope::Scope, suggest,
};
use specql_syntax::expression::Path;

use crate::Context;

/// What a name that means nothing was meant to be.
pub(crate) enum Meant<'a> {
    /// A variable that has no value at this place: where a step gives it one.
    Elsewhere(&'a Name),
    /// Another name, of a variable that has a value here.
    Near(String),
}

/// The variable that was meant by the first name of a path which means nothing.
pub(crate) fn meant<'a>(ctx: &Context<'a>, scope: &Scope<'_>, path: &Path) -> Option<Meant<'a>> {
    let name = path.first()?;
    let action = ctx.actions().find(|(_, it)| it.range.contains_range(name.range))?.1;
    if let Some(it) = declared(action).into_iter().find(|it| it.text == name.text) {
        return Some(Meant::Elsewhere(it));
    }
    if let Some(it) = row_of(ctx, scope, path) {
        return Some(Meant::Near(it));
    }
    let variables: Vec<String> = scope.variables().iter().map(Variable::text).collect();
    let rows = scope.rows().into_iter().filter_map(|it| ctx.workspace.entity(it.known()?));
    let columns: Vec<&str> = rows.flat_map(|it| it.column_names()).collect();
    let all = variables.iter().map(String::as_str).chain(columns);
    let near = suggest(&name.text, all).filter(|it| variables.iter().any(|one| one == it));
    near.map(|it| Meant::Near(it.to_owned()))
}

/// The one variable that holds a row of the entity whose name a path begins with: `ticket.price` behind
/// `as: sold`.
fn row_of(ctx: &Context<'_>, scope: &Scope<'_>, path: &Path) -> Option<String> {
    let (name, part) = (path.first()?, path.segments.get(1)?);
    let entity = |it: &Variable<'_>| {
        let entity = ctx.workspace.entity(it.entity()?)?;
        let is_meant =
            entity.snake_name() == snake_case(&name.text) && entity.column(&part.text).is_some();
        is_meant.then_some(entity.id)
    };
    let mut rows = scope.variables().iter().filter(|it| entity(it).is_some());
    let only = rows.next()?;
    rows.next().is_none().then(|| only.text())
}

/// The names that the steps of an action give: of loops and of stored results, in their order.
pub(crate) fn declared(action: &Action) -> Vec<&Name> {
    let mut names = Vec::new();
    for step in &action.steps {
        step.walk(&mut |it| names.extend(given(it)));
    }
    names
}

/// The keys whose value is the name that a step gives.
pub(crate) const STORES: [&str; 3] = ["as", "store", "result"];

/// The name that a step gives to a value.
pub(crate) fn given(step: &Step) -> Option<&Name> {
    match &step.kind {
        StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => it.bind.as_deref(),
        StepKind::Delete { write: it, .. } | StepKind::Find { write: it, .. } => it.bind.as_deref(),
        StepKind::Call { bind, .. } => bind.as_ref(),
        StepKind::ForEach { variable, .. } => variable.as_ref(),
        _ => None,
    }
}

/// Whether some step of an action may give or read names in a way that is not understood here.
pub(crate) fn has_unread_steps(action: &Action) -> bool {
    let mut found = action.pattern.is_some();
    for step in &action.steps {
        step.walk(&mut |it| {
            found |= matches!(it.kind, StepKind::Extended | StepKind::Unknown)
                || !it.problems.is_empty();
        });
    }
    found
}
