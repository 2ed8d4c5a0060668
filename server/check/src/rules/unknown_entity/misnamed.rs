//! An entity whose declaration is misspelt: its own steps, or its file, say another name, which nothing has.
//!
//! It is reported where it is declared, and not at each place that names it.

use ecow::EcoString;
use specql_model::{
    Action, Entity, EntityId, Name, Read, Resolution, name_of_file, names::snake_case, note,
    suggest,
};

use super::RULE;
use crate::{Context, Diagnostic, context::did_you_mean};

/// The finding in the file of such an entity.
pub(super) fn report(ctx: &Context<'_>) -> Option<Diagnostic> {
    let entity = ctx.entity().filter(|it| !it.name.text.is_empty())?;
    let meant = meant(ctx, entity)?;
    // A name that something has is no misspelt one's, and one that a file alone has is not called by it.
    if ctx.resolve(&meant) != Resolution::Unknown || !ctx.workspace.is_mentioned(&meant) {
        return None;
    }
    let message = format!(
        "this entity is called `{meant}` everywhere else, so nothing leads to it{}",
        did_you_mean(Some(&meant))
    );
    let found = ctx.finding(&RULE, entity.name.range, message);
    Some(found.fix(ctx.rename(&entity.name, &meant)))
}

/// Whether an unknown name means an entity whose declaration is reported: the file's own, or the one with
/// the nearest name.
pub(super) fn is_meant(ctx: &Context<'_>, name: &str, near: Option<&str>) -> bool {
    let is_it = |entity: &Entity| meant(ctx, entity).is_some_and(|it| it == name);
    let own = ctx.entity().filter(|it| suggest(name, [it.name.as_str()]).is_some());
    if own.is_some_and(is_it) {
        return true;
    }
    let near = near.map(|it| ctx.workspace.entities_named(it)).unwrap_or_default();
    near.into_iter().any(|id: EntityId| {
        // Its steps may say the name.
        note(|| Read::Body(id.0));
        ctx.workspace.entity(id).is_some_and(|it| is_it(it))
    })
}

/// The name that an entity seems to be meant to have: its steps say it, else its file.
fn meant(ctx: &Context<'_>, entity: &Entity) -> Option<EcoString> {
    said_by_steps(entity).or_else(|| said_by_file(ctx, entity))
}

/// The one near name that the actions of an entity write, where none writes the entity itself. The beginning of
/// its name that stands once is a name that is being typed.
fn said_by_steps(entity: &Entity) -> Option<EcoString> {
    let own = entity.name.as_str();
    let names: Vec<&str> = entity.actions.iter().flat_map(written).collect();
    if names.contains(&own) {
        return None;
    }
    let said = *names.iter().find(|it| suggest(it, [own]).is_some())?;
    let is_half_typed =
        own.starts_with(said) && names.iter().filter(|it| **it == said).count() == 1;
    (!is_half_typed).then(|| said.into())
}

/// The names of the entities that an action writes, and of its primary one.
fn written(action: &Action) -> Vec<&str> {
    let primary = action.impact.iter().filter_map(|it| it.primary.as_ref()?.entity.as_ref());
    let mut names: Vec<&str> = primary.map(Name::as_str).collect();
    for step in &action.steps {
        step.walk(&mut |step| {
            let entity = step.write().and_then(|it| it.entity.as_ref());
            names.extend(entity.map(|it| it.name.as_str()));
        });
    }
    names
}

/// The near name that a file has: `book.yaml` with `entity: Boko`.
fn said_by_file(ctx: &Context<'_>, entity: &Entity) -> Option<EcoString> {
    let path = &ctx.workspace.file(entity.id.0)?.path;
    let stem = path.rsplit('/').next()?.split('.').next()?;
    let own = entity.snake_name();
    let stem = snake_case(stem);
    // `userprofile.yaml` and `s p.yaml` only join or part the words of a name, and `crm_account.yaml` says the
    // schema as well.
    let letters = |it: &str| it.replace(['_', '-', ' '], "");
    let qualified = format!("{}{own}", entity.schema_name());
    if [letters(&own), letters(&qualified)].contains(&letters(&stem))
        || suggest(&stem, [own.as_str()]).is_none()
    {
        return None;
    }
    name_of_file(path)
}
