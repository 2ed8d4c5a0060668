//! Every place of a file that names an entity.

use specql_model::{Action, Cascade, FileKind, Impact, Name, Resolution, Step, StepKind, Type};
use specql_syntax::expression::{EntityReference, Expression, ExpressionKind};

use crate::Context;

/// Of the entries of an `impact`.
pub(crate) const DECLARED: &str = "so clients refresh nothing for it";
/// Of the entities that a cascade lists, among which that of the file can be.
pub(crate) const LISTED: &str = "so it changes nothing here";

/// A name of an entity, what it leads to and what it is named for.
#[derive(Debug)]
pub(crate) struct Reference {
    /// As written.
    pub(crate) to: EntityReference,
    /// What that leads to.
    pub(crate) leads_to: Resolution,
    /// Why it matters that it leads somewhere: the end of a message.
    pub(crate) why: &'static str,
}

/// The references of the file, by kind and then in the order of the file. Rules ask for [`Context::references`].
pub(crate) fn find(ctx: &Context<'_>) -> Vec<Reference> {
    let mut acc = Vec::new();
    named(ctx, &mut acc);
    acc.retain(|it| !it.0.name.text.is_empty());
    let reference = |(to, why): Named| Reference { leads_to: ctx.resolve_reference(&to), to, why };
    acc.into_iter().map(reference).collect()
}

/// A name of an entity as written, and why it matters that it leads somewhere.
type Named = (EntityReference, &'static str);

fn named(ctx: &Context<'_>, acc: &mut Vec<Named>) {
    if let FileKind::Config(config) = &ctx.file.kind {
        of_cascade(&config.cascade, acc);
    }
    let Some(entity) = ctx.entity() else { return };
    // What a type is made of that cannot be read is not known.
    for field in entity.fields.iter().filter(|it| it.problems.is_empty()) {
        of_type(&field.ty, acc);
    }
    for action in &entity.actions {
        for parameter in &action.parameters {
            of_type(&parameter.ty, acc);
        }
        for step in &action.steps {
            step.walk(&mut |it| of_step(it, acc));
        }
        if let Some(impact) = &action.impact {
            of_impact(impact, acc);
        }
        of_blocks(action, acc);
    }
}

fn of_type(ty: &Type, acc: &mut Vec<Named>) {
    match ty {
        Type::Ref(targets) => {
            let why = "so the reference leads nowhere";
            acc.extend(targets.iter().map(|to| (to.clone(), why)));
        }
        Type::List(item) => of_type(item, acc),
        _ => {}
    }
}

fn of_step(step: &Step, acc: &mut Vec<Named>) {
    let written = match &step.kind {
        StepKind::Find { write, .. } => Some(write),
        _ => step.write(),
    };
    if let Some(to) = written.and_then(|it| it.entity.clone()) {
        acc.push((to, "so the step has no rows to work on"));
    }
    if let StepKind::ForEach { collection, filter, .. } = &step.kind
        && let Some(to) = of_loop(collection, filter.is_some())
    {
        acc.push((to, "so the loop has no rows to run over"));
    }
    step.expressions(&mut |it| {
        it.walk(&mut |it| {
            if let ExpressionKind::Exists { entity, .. } = &it.kind {
                let why = "so the condition has no rows to look at";
                acc.push((*entity.clone(), why));
            }
        });
    });
}

/// What a loop runs over, where it is an entity: a `WHERE` says so, or a capital letter does.
fn of_loop(collection: &Expression, has_filter: bool) -> Option<EntityReference> {
    let ExpressionKind::Path(path) = &collection.kind else { return None };
    let is_capital = |it: &Name| it.text.starts_with(|it: char| it.is_ascii_uppercase());
    match path.segments.as_slice() {
        [name] if !path.dollar && (has_filter || is_capital(name)) => {
            Some(EntityReference { schema: None, name: name.clone() })
        }
        [schema, name] if !path.dollar && has_filter && is_capital(name) => {
            Some(EntityReference { schema: Some(schema.clone()), name: name.clone() })
        }
        _ => None,
    }
}

fn of_impact(impact: &Impact, acc: &mut Vec<Named>) {
    let entries = impact.primary.iter().chain(&impact.side_effects);
    let names = entries.filter_map(|it| it.entity.as_ref());
    acc.extend(names.map(|it| (EntityReference::of(it), DECLARED)));
}

fn of_cascade(cascade: &Cascade, acc: &mut Vec<Named>) {
    let listed = cascade.include_entities.iter().flatten().chain(&cascade.exclude_entities);
    acc.extend(listed.map(|it| (EntityReference::of(it), LISTED)));
}

fn of_blocks(action: &Action, acc: &mut Vec<Named>) {
    action.cascade.iter().for_each(|it| of_cascade(it, acc));
    let events = action.cdc.iter().flat_map(|it| &it.side_effect_events);
    let why = "so its event is never written";
    acc.extend(events.map(|it| (EntityReference::of(&it.0), why)));
}
