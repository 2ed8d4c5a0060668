//! `propagate` of a `refresh_table_view` names the references whose rows are refreshed too.

use specql_model::{Entity, Name, StepKind, Type};

use super::{RULE, nearest};
use crate::{Context, Diagnostic, context::did_you_mean};

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| ctx.knows_references(it)) else { return };
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| {
                if let StepKind::Refresh { propagate, .. } = &step.kind {
                    acc.extend(propagate.iter().filter_map(|it| finding(ctx, entity, it)));
                }
            });
        }
    }
}

fn finding(ctx: &Context<'_>, entity: &Entity, name: &Name) -> Option<Diagnostic> {
    let field = entity.field(&name.text);
    if name.text.is_empty() || field.is_some_and(|it| is_one(&it.ty)) {
        return None;
    }
    let target = ctx.resolve(&name.text).found();
    let near = nearest(ctx, entity, name, is_one);
    let what = match (field, target) {
        (Some(_), _) => "is no reference to one row".to_owned(),
        (None, Some(_)) => format!("is an entity, and no reference of `{}`", entity.name.text),
        (None, None) => format!("is no reference of `{}`", entity.name.text),
    };
    let message = format!(
        "`{}` {what}, so no view of another row is refreshed{}",
        name.text,
        did_you_mean(near)
    );
    let found = ctx.finding(&RULE, name.range, message);
    let place = field.map_or((entity.name.range, "the entity"), |it| (it.name.range, "the field"));
    Some(found.related(entity.id.0, place.0, place.1).fix(near.map(|it| ctx.rename(name, it))))
}

/// Whether a field leads to one row of one entity.
fn is_one(ty: &Type) -> bool {
    matches!(ty, Type::Ref(targets) if targets.len() == 1)
}
