//! An event whose row is written in some runs only: of the others consumers hear nothing.

use specql_model::{Action, ActionId, Certainty, EntityId, Name};

use crate::{Context, Diagnostic, Level, Rule, alignment::Alignment};

pub(crate) const RULE: Rule = Rule {
    code: "event-for-conditional-effect",
    level: Level::Info,
    summary: "an event whose row is written in some runs only",
    run: event_for_conditional_effect,
    page: include_str!("../../../../docs/rules/event-for-conditional-effect.md"),
};

fn event_for_conditional_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(cdc) = action.cdc.as_ref().filter(|it| it.is_enabled()) else { continue };
        let is_known = Alignment::of(ctx, id, action).is_some_and(|it| !it.opaque);
        if !is_known {
            continue;
        }
        let primary = ctx.workspace.effective_primary(id).and_then(|it| it.entity);
        if let Some(entity) = primary {
            let at = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
            acc.extend(finding(ctx, id, entity, at));
        }
        for (name, event) in &cdc.side_effect_events {
            acc.extend(of_side_effect(ctx, id, action, name, event));
        }
    }
}

fn of_side_effect(
    ctx: &Context<'_>,
    id: ActionId,
    action: &Action,
    name: &Name,
    event: &Name,
) -> Option<Diagnostic> {
    let entity = ctx.resolve(&name.text).found()?;
    // A side effect with a condition says so itself.
    let entries = action.impact.iter().flat_map(|it| &it.side_effects);
    let mut of_entity = entries.filter(|it| ctx.entity_of(it).is_some_and(|it| it.id == entity));
    let is_said = of_entity.any(|it| it.condition.is_some());
    if is_said { None } else { finding(ctx, id, entity, event.range) }
}

fn finding(
    ctx: &Context<'_>,
    id: ActionId,
    entity: EntityId,
    at: specql_text::TextRange,
) -> Option<Diagnostic> {
    let effects = ctx.workspace.effects(id);
    let mut own = effects.iter().filter(|it| it.entity == Some(entity));
    let first = own.next().filter(|it| it.certainty == Certainty::Sometimes)?;
    if own.any(|it| it.certainty == Certainty::Always) {
        return None;
    }
    let message = format!(
        "the steps write `{}` in some runs only, and the others publish no event",
        first.target.text
    );
    let (file, range) = ctx.place_of(first);
    Some(ctx.finding(&RULE, at, message).related(file, range, "the step"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn in_a_branch() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  featured: boolean
actions:
  - name: rename_post
    steps:
      - if: featured = true
        then:
          - update: Post SET title = input.title
    impact:
      primary: {operation: UPDATE}
    cdc:
      enabled: true
      event_type: PostRenamed
      #           ^^^^^^^^^^^ info[event-for-conditional-effect]: the steps write `Post` in some runs only, and the others publish no event
  - name: touch_post
    steps:
      - if: featured = true
        then:
          - update: Post SET title = input.title
        else:
          - update: Post SET title = 'x'
    impact:
      primary: {operation: UPDATE}
    cdc: {enabled: true}
"#,
        );
    }
}
