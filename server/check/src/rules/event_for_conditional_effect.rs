//! An event whose row is written in some runs only: of the others consumers hear nothing. Where its entry in
//! `impact` has a `condition`, that says so.

use specql_contract::{Event, EventKind, Published};
use specql_model::{Action, ActionId, Cdc, Certainty, EntityId, ImpactEntry};

use crate::{
    Context, Diagnostic, Level, Rule,
    impact_block::{condition_of_entity, insert_condition},
};

pub(crate) const RULE: Rule = Rule {
    code: "event-for-conditional-effect",
    level: Level::Info,
    summary: "an event whose row is written in some runs only",
    run: event_for_conditional_effect,
    page: include_str!("../../../../docs/rules/event-for-conditional-effect.md"),
};

fn event_for_conditional_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action, cdc) in ctx.publishers() {
        if !may_miss_runs(ctx, id, cdc) {
            continue;
        }
        let is_known = ctx.knows_steps(id);
        let Some(published) = ctx.published(id).filter(|_| is_known) else { continue };
        for event in published.own_events().filter(|it| !is_said(ctx, action, it)) {
            acc.extend(finding(ctx, (id, action), published, event));
        }
    }
}

/// Whether no step writes, in every run, the rows of an entity with an event. A contract tells, and is many
/// times the work.
fn may_miss_runs(ctx: &Context<'_>, id: ActionId, cdc: &Cdc) -> bool {
    let effects = ctx.workspace.effects(id);
    let is_conditional = |entity: EntityId| {
        let mut of_it = effects.iter().filter(|it| it.entity == Some(entity)).peekable();
        of_it.peek().is_some() && of_it.all(|it| it.certainty != Certainty::Always)
    };
    if !cdc.side_effect_events.is_empty() {
        return effects.iter().filter_map(|it| it.entity).any(is_conditional);
    }
    let primary = ctx.workspace.effective_primary(id).and_then(|it| it.entity);
    is_conditional(primary.unwrap_or(id.entity))
}

/// An entry with a condition says so itself.
fn is_said(ctx: &Context<'_>, action: &Action, event: &Event) -> bool {
    entries(ctx, action, event).iter().any(|it| it.condition.is_some())
}

/// The entries of the `impact` for the rows of an event.
fn entries<'a>(ctx: &Context<'_>, action: &'a Action, event: &Event) -> Vec<&'a ImpactEntry> {
    let is_of = |it: &&ImpactEntry| ctx.entity_of(it).is_some_and(|it| it.id == event.entity);
    let Some(impact) = &action.impact else { return Vec::new() };
    match event.kind {
        EventKind::Primary => impact.primary.iter().collect(),
        EventKind::SideEffect => impact.side_effects.iter().filter(is_of).collect(),
    }
}

fn finding(
    ctx: &Context<'_>,
    (id, action): (ActionId, &Action),
    published: &Published,
    event: &Event,
) -> Option<Diagnostic> {
    let mut changes = published.changes_of(event.entity);
    if changes.any(|it| it.certainty == Certainty::Always) {
        return None;
    }
    let entity = ctx.workspace.entity(event.entity)?;
    let message = format!(
        "the steps write `{}` in some runs only, and the others publish no event",
        entity.name.text
    );
    let step = published.changes_of(event.entity).flat_map(|it| &it.steps).next()?;
    let file = step.action.entity.0;
    let condition = condition_of_entity(ctx.workspace, id, event.entity);
    let entry = entries(ctx, action, event).into_iter().next();
    let fix = condition.zip(entry).and_then(|(it, entry)| insert_condition(ctx, entry, &it));
    Some(ctx.finding(&RULE, event.range, message).related(file, step.step, "the step").fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

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
      #           ^^^^^^^^^^^ 💡 info[event-for-conditional-effect]: the steps write `Post` in some runs only, and the others publish no event
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
  - name: mark_post
    steps:
      - if: featured = true
        then:
          - update: Post SET title = input.title
    impact:
      primary: {operation: UPDATE, condition: featured = true}
    cdc: {enabled: true}
"#,
        );
    }

    #[test]
    fn the_condition_is_written() {
        let with = |primary: &str| {
            format!(
                "entity: Post
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
      primary: {{operation: UPDATE{primary}}}
    cdc:
      enabled: true
      event_type: Post"
            )
        };
        check_fix(
            &format!("{}$0Renamed\n", with("")),
            &format!("{}Renamed\n", with(", condition: featured = true")),
        );
    }
}
