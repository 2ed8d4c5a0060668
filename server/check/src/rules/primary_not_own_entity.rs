//! The primary entity of an action is another file's.

use specql_model::Certainty;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "primary-not-own-entity",
    level: Level::Warning,
    summary: "the primary entity of an action is another file's",
    run: primary_not_own_entity,
    page: include_str!("../../../../docs/rules/primary-not-own-entity.md"),
};

fn primary_not_own_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(own) = ctx.entity() else { return };
    for (id, action) in ctx.actions() {
        let Some(primary) = action.impact.as_deref().and_then(|it| it.primary.as_ref()) else {
            continue;
        };
        let (Some(name), Some(entity)) = (&primary.entity, ctx.primary_of(primary)) else {
            continue;
        };
        if entity.id == own.id {
            continue;
        }
        let effects = ctx.workspace.effects(id);
        // An action that never writes its own entity is about the one that it writes.
        let mut of_own = effects.iter().filter(|it| it.entity == Some(own.id)).peekable();
        if of_own.peek().is_none() {
            continue;
        }
        let is_other = ctx.knows_steps(id) && effects.iter().all(|it| it.entity != Some(entity.id));
        if is_other {
            let message = format!(
                "no step writes `{}`, so result and event are about a row that does not change; the steps \
                 write `{}`, whose file this is",
                entity.name.text, own.name.text
            );
            let found =
                ctx.finding(&RULE, name.range, message).fix(ctx.rename(name, &own.name.text));
            acc.push(found.related(ctx.id(), own.name.range, "the entity of this file"));
            continue;
        }
        if of_own.all(|it| it.certainty != Certainty::Always) {
            continue;
        }
        let message = format!(
            "the steps write `{}`, whose file this is, and the primary entity is `{}`, so result and event \
             are about the other one; declare `{}` as a side effect",
            own.name.text, entity.name.text, entity.name.text
        );
        acc.push(ctx.finding(&RULE, name.range, message).related(
            ctx.id(),
            own.name.range,
            "the entity of this file",
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn the_other_entity_first() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
    impact:
      primary: {entity: User, operation: UPDATE}
      #                 ^^^^ warning[primary-not-own-entity]: the steps write `Post`, whose file this is, and the primary entity is `User`, so result and event are about the other one; declare `User` as a side effect
      side_effects:
        - {entity: Post, operation: CREATE}
  - name: reset_author
    steps:
      - update: User SET post_count = 0
    impact:
      primary: {entity: User, operation: UPDATE}
"#,
        );
    }
}
