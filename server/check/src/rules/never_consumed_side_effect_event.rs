//! An event of `side_effect_events` that is never written: no step writes its entity.

use specql_model::{ActionId, Cdc, Name};

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag};

pub(crate) const RULE: Rule = Rule {
    code: "never-consumed-side-effect-event",
    level: Level::Warning,
    summary: "an event for an entity that no step writes",
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
            let is_written = ctx.workspace.effects(id).iter().any(|it| it.entity == Some(entity));
            if !is_written {
                acc.push(finding(ctx, action.steps_key, name, event));
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
