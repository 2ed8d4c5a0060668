//! A step that writes another entity than its author means: none of its columns is there, and an entity that
//! the `impact` declares and no step writes has them all.

use specql_model::{Action, ActionId, Entity, EntityId, Name, Step, StepKind};
use specql_syntax::expression::EntityReference;

use super::RULE;
use crate::{Context, Diagnostic, context::did_you_mean, names::is_column, wanted::reference};

/// The finding of such a step, at the name of the entity.
pub(super) fn mistaken(
    ctx: &Context<'_>,
    id: ActionId,
    action: &Action,
    step: &Step,
) -> Option<Diagnostic> {
    let written = written(step)?;
    let (entity, meant) = meant(ctx, id, action, step)?;
    let EntityReference { schema, name } = written.entity.as_ref()?;
    let first = columns(written).next()?;
    let better = reference(ctx.workspace, EntityId(ctx.id()), meant.id)?;
    let message = format!(
        "`{}` has no field `{}`, so the action would fail, and `{}` is declared to change and has it{}",
        entity.name.text,
        first.text,
        better,
        did_you_mean(Some(&better))
    );
    let whole = schema.as_ref().map_or(name.range, |it| it.range.cover(name.range));
    let found = ctx.finding(&RULE, name.range, message).fix(ctx.change_to(whole, &better));
    Some(found.related(meant.id.0, meant.name.range, "the entity that has it"))
}

/// The entity that such a step writes, and the one that is meant.
pub(crate) fn meant<'a>(
    ctx: &Context<'a>,
    id: ActionId,
    action: &Action,
    step: &Step,
) -> Option<(&'a Entity, &'a Entity)> {
    let written = written(step)?;
    let entity = ctx.resolve_reference(written.entity.as_ref()?).found()?;
    let entity = ctx.workspace.entity(entity).filter(|it| ctx.knows_fields(it))?;
    let fits = |it: &Entity| columns(written).all(|name| is_column(it, &name.text));
    let is_any = columns(written).any(|name| is_column(entity, &name.text));
    if is_any || columns(written).next().is_none() {
        return None;
    }
    let effects = ctx.workspace.effects(id);
    let declared = action.impact.iter().flat_map(|it| &it.side_effects);
    let mut declared = declared.filter_map(|it| {
        let found = ctx.resolve(&it.entity.as_ref()?.text).found()?;
        ctx.workspace.entity(found).filter(|_| effects.iter().all(|it| it.entity != Some(found)))
    });
    let meant = declared.find(|it| it.id != entity.id && ctx.knows_fields(it) && fits(it))?;
    Some((entity, meant))
}

fn written(step: &Step) -> Option<&specql_model::Write> {
    match &step.kind {
        StepKind::Insert(it) | StepKind::Update(it) | StepKind::Upsert(it) => Some(it),
        _ => None,
    }
}

fn columns(write: &specql_model::Write) -> impl Iterator<Item = &Name> {
    let all = write.assignments.iter().map(|it| &it.field).chain(&write.columns);
    all.filter(|it| !it.text.is_empty() && it.text != "*")
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn another_entity_is_meant() {
        check_diagnostics(
            "
#- /marina.yaml
entity: Marina
fields: {title: text, income: money, boats: integer = 0}
#- /job.yaml
entity: Job
fields: {title: text, boat: ref(Boat)}
#- /boat.yaml
entity: Boat
fields: {name: text, marina: ref(Marina)}
actions:
  - name: add_boat
    steps:
      - insert: Boat(name, marina)
      - update: Job SET boats = boats + 1, income = income + 5
      #         ^^^ 💡 error[unknown-field]: `Job` has no field `boats`, so the action would fail, and `Marina` is declared to change and has it; did you mean `Marina`?
    impact:
      primary: {entity: Boat, operation: CREATE, fields: [name, marina]}
      side_effects:
        - {entity: Marina, operation: UPDATE, fields: [boats, income]}
    cascade: {include_entities: [Boat, Marina]}
    cdc:
      enabled: true
      event_type: BoatAdded
      side_effect_events: {Marina: MarinaBoatCounted}
  - name: mark_boat
    steps:
      - update: Job SET income = 5 WHERE boat = input.id
      #                 ^^^^^^ error[unknown-field]: `Job` has no field `income`, so the action would fail
    impact:
      primary: {entity: Job, operation: UPDATE, fields: [title]}
",
        );
    }
}
