//! An event of `side_effect_events` that stands for no side effect: no step writes its entity, or the action
//! has an event for that write already.

use specql_model::{ActionId, Cdc, Effect, Name, RowSource};

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag, index::event_of};

pub(crate) const RULE: Rule = Rule {
    code: "never-consumed-side-effect-event",
    level: Level::Warning,
    summary: "an event for no side effect: no step writes its entity, or it has its event already",
    run: never_consumed_side_effect_event,
    page: include_str!("../../../../docs/rules/never-consumed-side-effect-event.md"),
};

fn never_consumed_side_effect_event(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(cdc) = &action.cdc else { continue };
        let is_known = ctx.knows_steps(id);
        if !is_known {
            continue;
        }
        acc.extend(of_primary(ctx, id, cdc));
        for (name, event) in &cdc.side_effect_events {
            let Some(entity) = ctx.resolve(&name.text).found() else { continue };
            let mut writes =
                ctx.workspace.effects(id).iter().filter(|it| it.entity == Some(entity));
            match (writes.next(), writes.next()) {
                (None, _) => acc.push(finding(ctx, action.steps_key, name, event)),
                (Some(only), None) => acc.extend(told_already(ctx, id, cdc, only, name)),
                // Of several rows only one is the action's own.
                (Some(_), Some(_)) => {}
            }
        }
    }
}

/// The event of the action itself, when no step writes its aggregate.
fn of_primary(ctx: &Context<'_>, id: ActionId, cdc: &Cdc) -> Option<Diagnostic> {
    let action = ctx.workspace.action(id)?;
    if !cdc.is_enabled() || action.impact.is_none() {
        return None;
    }
    let primary = ctx.workspace.effective_primary(id)?.entity?;
    let effects = ctx.workspace.effects(id);
    if effects.is_empty() || effects.iter().any(|it| it.entity == Some(primary)) {
        return None;
    }
    let entity = ctx.workspace.entity(primary)?;
    let at = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
    let message = format!(
        "no step of the action writes `{}`, so its event is never published",
        entity.name.text
    );
    let mut finding = ctx.finding(&RULE, at, message);
    if let Some(steps) = action.steps_key {
        finding = finding.related(ctx.id(), steps, "the steps");
    }
    Some(finding)
}

/// An event of the primary entity, of which the steps write nothing but the row that the action's own event
/// is about.
fn told_already(
    ctx: &Context<'_>,
    id: ActionId,
    cdc: &Cdc,
    only: &Effect,
    name: &Name,
) -> Option<Diagnostic> {
    let is_primary = ctx.workspace.effective_primary(id)?.entity == only.entity;
    let is_own = matches!(only.rows, RowSource::New | RowSource::InputId);
    if !is_primary || !is_own || !cdc.is_enabled() {
        return None;
    }
    let (own, _) = event_of(ctx.workspace, id, ctx.workspace.action(id)?)?;
    let message = format!(
        "`{}` is the primary entity, and `{own}` is the event of its change, so consumers get it twice; leave this \
         one out",
        name.text
    );
    let edits = ctx.entry_with_key(name.range).map(|it| ctx.remove_entry(it));
    let at = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
    let found = ctx.finding(&RULE, name.range, message).related(ctx.id(), at, "its event");
    Some(found.fix(edits.map(|it| Fix::review("Remove this event", ctx.id(), it))))
}

fn finding(
    ctx: &Context<'_>,
    steps: Option<specql_text::TextRange>,
    name: &Name,
    event: &Name,
) -> Diagnostic {
    let message = format!(
        "no step of the action writes `{}`, so `{}` is never published",
        name.text, event.text
    );
    let edits = ctx.entry_with_key(name.range).map(|it| ctx.remove_entry(it));
    let mut finding = ctx.finding(&RULE, name.range, message).tag(Tag::Unnecessary);
    if let Some(steps) = steps {
        finding = finding.related(ctx.id(), steps, "the steps");
    }
    finding.fix(edits.map(|it| Fix::review("Remove this event", ctx.id(), it)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const FILES: &str = "
#- /user.yaml
entity: User
fields:
  name: text
#- /tag.yaml
entity: Tag
fields:
  name: text
  post: ref(Post)
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
      - insert: Tag(name)
    impact:
      primary: {operation: CREATE}
      side_effects: [{entity: Tag, operation: CREATE}]
    cdc:
      enabled: true
      side_effect_events:
        Tag: TagCreated
        User: UserRenamed
";

    #[test]
    fn the_primary_entity_has_its_event() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
  parent: ref(Post)
actions:
  - name: add_post
    steps:
      - insert: Post(title)
    impact: {primary: {operation: CREATE}}
    cdc:
      enabled: true
      event_type: PostAdded
      side_effect_events: {Post: PostWritten}
      #                    ^^^^ 💡 warning[never-consumed-side-effect-event]: `Post` is the primary entity, and `PostAdded` is the event of its change, so consumers get it twice; leave this one out
  - name: rename_post
    steps:
      - update: Post SET title = 'x'
      - update: Post SET title = 'y' WHERE parent = input.id
    impact: {primary: {operation: UPDATE}}
    cdc: {enabled: true, event_type: PostRenamed, side_effect_events: {Post: ChildRenamed}}
",
        );
    }

    #[test]
    fn an_entity_that_nothing_writes() {
        check_diagnostics(&format!(
            "{FILES}        #<^^ 💡 warning[never-consumed-side-effect-event]: no step of the action writes `User`, so `UserRenamed` is never published\n"
        ));
    }

    #[test]
    fn the_event_goes() {
        let before = FILES.replace("        User:", "        $0User:");
        let own = FILES.split("#- /post.yaml\n").nth(1).unwrap();
        check_fix(&before, &own.replace("        User: UserRenamed\n", ""));
    }
}
