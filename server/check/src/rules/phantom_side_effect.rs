//! An entry of `impact` that no step does.
//!
//! Silent where the steps are not fully known: a call of a function outside the workspace, a step of
//! the extended dialect, a pattern, an entity that resolves to nothing.

use specql_model::{Action, ActionId, EntityId, ImpactEntry};
use specql_syntax::expression::EntityReference;

use crate::{
    Context, Diagnostic, Fix, Level, Rule, Tag,
    alignment::{Pair, participle},
    names::is_column,
};

pub(crate) const RULE: Rule = Rule {
    code: "phantom-side-effect",
    level: Level::Warning,
    summary: "`impact` declares a write that no step does",
    run: phantom_side_effect,
    page: include_str!("../../../../docs/rules/phantom-side-effect.md"),
};

fn phantom_side_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(alignment) = ctx.alignment(id) else { continue };
        if let Some((pair, meant)) = &alignment.mistaken {
            acc.extend(mistaken(ctx, action, pair, *meant));
        }
        for pair in &alignment.undone {
            let Some(entity) = ctx.workspace.entity(pair.entity) else { continue };
            if is_of_called(ctx, action, pair) {
                continue;
            }
            let operation = pair.entry.operation.as_ref().and_then(|it| it.value);
            let message = format!(
                "`{}` is declared to be {}, and no step of `{}` does that, so clients and consumers wait for \
                 a change that never comes",
                entity.name.text,
                participle(operation),
                action.name.text
            );
            let at = pair.entry.entity.as_ref().map_or(pair.entry.range, |it| it.range);
            let steps = action.steps_key.unwrap_or(action.name.range);
            acc.push(
                ctx.finding(&RULE, at, message)
                    .related(ctx.id(), steps, "the steps")
                    .tag(Tag::Unnecessary)
                    .fix(remove(ctx, pair)),
            );
        }
    }
}

/// Whether an action that is called declares the same, so that it is told there.
fn is_of_called(ctx: &Context<'_>, action: &Action, pair: &Pair<'_>) -> bool {
    let operation = |it: &ImpactEntry| it.operation.as_ref().and_then(|it| it.value);
    let declares = |id: ActionId, called: &Action| {
        let entries = called.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        entries.filter(|it| operation(it) == operation(pair.entry)).any(|it| {
            it.entity.as_ref().map_or(id.entity == pair.entity, |name| {
                let name = EntityReference::of(name);
                ctx.workspace.resolve(id.entity, &name).found() == Some(pair.entity)
            })
        })
    };
    let mut found = false;
    for step in &action.steps {
        step.walk(&mut |it| found |= ctx.called(it).is_some_and(|(id, it)| declares(id, it)));
    }
    found
}

/// A side effect that names the wrong entity.
fn mistaken(
    ctx: &Context<'_>,
    action: &Action,
    pair: &Pair<'_>,
    meant: EntityId,
) -> Option<Diagnostic> {
    let (entity, meant) = (ctx.workspace.entity(pair.entity)?, ctx.workspace.entity(meant)?);
    let name = pair.entry.entity.as_ref()?;
    let operation = participle(pair.entry.operation.as_ref().and_then(|it| it.value));
    let is_elsewhere = ctx.resolve(&meant.name.text).found() != Some(meant.id);
    let better = if is_elsewhere {
        format!("{}.{}", meant.schema_name(), meant.name.text)
    } else {
        meant.name.text.to_string()
    };
    let message = format!(
        "`{}` is declared to be {operation}, and the steps write `{}`, which is not declared, so clients keep \
         stale data; did you mean `{better}`?",
        entity.name.text, meant.name.text
    );
    let steps = action.steps_key.unwrap_or(action.name.range);
    // Fields of the one entity are none of the other: the author alone knows which are meant.
    let mut fields = pair.entry.fields.iter().flatten();
    let fits = fields.all(|it| is_column(meant, &it.text));
    Some(
        ctx.finding(&RULE, name.range, message)
            .level(Level::Error)
            .related(ctx.id(), steps, "the steps")
            .fix(fits.then(|| ctx.rename(name, &better))),
    )
}

/// Removes a side effect; the primary entity has to be some other one, which only the author knows.
fn remove(ctx: &Context<'_>, pair: &Pair<'_>) -> Option<Fix> {
    if pair.primary {
        return None;
    }
    let edits = ctx.remove_item(pair.entry.range)?;
    Some(Fix::safe("Remove this side effect", ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn declared_and_never_done() {
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
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          #       ^^^^ 💡 warning[phantom-side-effect]: `User` is declared to be updated, and no step of `create_post` does that, so clients and consumers wait for a change that never comes
          operation: UPDATE
"#,
        );
    }

    #[test]
    fn a_side_effect_of_the_wrong_entity_is_one_mistake() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /tag.yaml
entity: Tag
fields:
  label: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post(title, author)
      - update: User SET post_count = 1
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: Tag
          #       ^^^ 💡 error[phantom-side-effect]: `Tag` is declared to be updated, and the steps write `User`, which is not declared, so clients keep stale data; did you mean `User`?
          operation: UPDATE
          fields: [post_count]
"#,
        );
    }

    #[test]
    fn what_a_step_that_cannot_be_read_does_is_not_denied() {
        for (operation, step) in [
            ("DELETE", "- delete:\n        #<^^^^ error[invalid-statement]"),
            ("DELETE", "- delete: [User]\n      #         ^^^^^^ 💡 error[wrong-shape]"),
            (
                "DELETE",
                "- delete: {where: id = author}\n      #         ^^^^^^^^^^^^^^^^^^^^ error[missing-key]",
            ),
            ("UPDATE", "- update: User\n        set: []\n        #    ^^ error[wrong-shape]"),
            ("UPDATE", "- update: User\n        set: {}\n        #    ^^ error[invalid-statement]"),
        ] {
            check_diagnostics(&format!(
                "
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
      {step}
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: {operation}
"
            ));
        }
    }

    #[test]
    fn what_is_not_known_is_not_denied() {
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
actions:
  - name: create_post
    steps:
      - insert: Post
      - call: crm.recount_posts(user = input.title)
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
  - name: close_post
    pattern: state_machine/transition
    impact:
      primary:
        entity: Post
        operation: UPDATE
"#,
        );
    }

    #[test]
    fn the_entry_goes() {
        check_fix(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: $0User
          operation: UPDATE
      optimistic_safe: true
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
      optimistic_safe: true
"#,
        );
    }
}
