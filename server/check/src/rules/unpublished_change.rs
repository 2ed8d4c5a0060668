//! Some actions of an entity publish what they change and others do not, so that whoever builds its state
//! from the events has another one.
//!
//! With topics of state it is more than advice: these keep an old state. `cdc: false` says that it is meant.

use specql_contract::Published;
use specql_model::{ActionId, Entity};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unpublished-change",
    level: Level::Hint,
    summary: "an action changes an entity in silence, of which others publish events",
    run: unpublished_change,
    page: include_str!("../../../../docs/rules/unpublished-change.md"),
};

fn unpublished_change(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(own) = ctx.entity() else { return };
    let tells = |it: &Published| it.events.iter().any(|it| it.entity == own.id);
    let mut publishers = ctx.publishers().map(|it| it.0);
    let is_told = |it: &ActionId| ctx.published(*it).is_some_and(tells);
    let Some(publisher) = publishers.find(is_told) else { return };
    for (id, action) in ctx.actions() {
        let is_meant = action.cdc.as_deref().is_some_and(|it| !it.is_enabled());
        if is_meant || ctx.is_damaged_action(id) || !changes(ctx, id, own) {
            continue;
        }
        if ctx.published(id).is_none_or(tells) {
            continue;
        }
        acc.extend(finding(ctx, own, (id, publisher)));
    }
}

fn changes(ctx: &Context<'_>, id: ActionId, own: &Entity) -> bool {
    let effects = ctx.workspace.effects(id);
    effects.iter().any(|it| it.entity == Some(own.id) && it.action == id)
}

fn finding(
    ctx: &Context<'_>,
    own: &Entity,
    (id, publisher): (ActionId, ActionId),
) -> Option<Diagnostic> {
    let (silent, loud) = (ctx.workspace.action(id)?, ctx.workspace.action(publisher)?);
    let (name, entity) = (&silent.name.text, &own.name.text);
    let keeps_state = ctx.workspace.config().kafka.keeps_state();
    let (level, message) = if keeps_state {
        let message = format!(
            "`{name}` changes `{entity}` and publishes nothing, so the topic of its state keeps the old \
             one; give it a `cdc` block, or say `cdc: false`"
        );
        (Level::Warning, message)
    } else {
        let message = format!(
            "`{name}` changes `{entity}` and publishes nothing, so a state that is built from its events \
             is another one; give it a `cdc` block, or say `cdc: false`"
        );
        (RULE.level, message)
    };
    let found = ctx.finding(&RULE, silent.name.range, message).level(level);
    Some(found.related(own.id.0, loud.name.range, "an action that publishes"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    const POST: &str = r#"
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact:
      primary: {entity: Post, operation: CREATE, fields: [title]}
    cdc: {enabled: true}
  - name: rename_post
    #     ^^^^^^^^^^^ LEVEL[unpublished-change]: `rename_post` changes `Post` and publishes nothing, so STATE; give it a `cdc` block, or say `cdc: false`
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
  - name: mend_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc: false
  - name: create_and_note
    steps:
      - call: create_post(title = input.title)
    impact:
      primary: {entity: Post, operation: CREATE, fields: [title]}
"#;

    #[test]
    fn a_change_that_events_do_not_tell() {
        let state = "a state that is built from its events is another one";
        check_diagnostics(&POST.replace("LEVEL", "hint").replace("STATE", state));
    }

    #[test]
    fn a_topic_of_state_gets_old() {
        let config = "#- /specql.config.yaml\nkafka: {compaction: true}\n";
        let state = "the topic of its state keeps the old one";
        let post = POST.replace("LEVEL", "warning").replace("STATE", state);
        check_diagnostics(&format!("{config}{}", post.trim_start()));
    }

    #[test]
    fn an_entity_without_events() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact:
      primary: {entity: Post, operation: CREATE, fields: [title]}
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
"#,
        );
    }
}
