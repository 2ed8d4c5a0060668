//! An action writes an entity that its `impact` does not declare.
//!
//! Clients refresh what the cascade lists, so a write that is not declared leaves stale rows in every
//! client's cache. One finding for each entity and operation, at the first step that does it.

use specql_model::{Action, ActionId, Certainty, Effect, Entity, Operation};
use specql_syntax::edit::Value;

use crate::{
    Applicability, Context, Diagnostic, Fix, Level, Rule,
    alignment::participle,
    impact_block::{condition, entry},
};

pub(crate) const RULE: Rule = Rule {
    code: "missing-side-effect",
    level: Level::Error,
    summary: "an action writes an entity that its `impact` does not declare",
    run: missing_side_effect,
    page: include_str!("../../../../docs/rules/missing-side-effect.md"),
};

fn missing_side_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action, impact) in ctx.impacts() {
        let Some(alignment) = ctx.alignment(id) else { continue };
        // An entry that does not say its entity may be the missing one.
        if impact.side_effects.iter().any(|it| it.entity.is_none()) {
            continue;
        }
        for ((entity, operation), effects) in &alignment.undeclared {
            let (Some(entity), Some(first)) = (ctx.workspace.entity(*entity), effects.first())
            else {
                continue;
            };
            let message = format!(
                "`{}` is {} here and `impact` does not say so, so clients keep stale data",
                entity.name.text,
                participle(Some(*operation))
            );
            acc.push(
                ctx.at_effect(&RULE, action, first, message)
                    .related(ctx.id(), impact.key, "the declared impact")
                    .fix(declare(ctx, id, action, entity, *operation, effects)),
            );
        }
    }
}

/// Adds the entity to `side_effects`.
fn declare(
    ctx: &Context<'_>,
    id: ActionId,
    action: &Action,
    entity: &Entity,
    operation: Operation,
    effects: &[&Effect],
) -> Option<Fix> {
    if action.impact.as_deref()?.legacy {
        return None;
    }
    let impact = ctx.action_node(id)?.get("impact")?;
    let is_sure = effects.iter().any(|it| it.certainty == Certainty::Always);
    let condition = condition(ctx.workspace, id, effects);
    let is_said = is_sure || condition.is_some();
    let item = entry(ctx.workspace, id.entity, entity, operation, effects, condition);
    let edits = match impact.get("side_effects") {
        Some(list) if list.as_sequence().is_some() => ctx.append_item(list, &item),
        Some(_) => return None,
        None => ctx.insert_entry(impact, "primary", "side_effects", &Value::List(vec![item])),
    };
    let fix = Fix::safe(format!("Add `{}` to `side_effects`", entity.name.text), ctx.id(), edits);
    // When it happens is for the author to say.
    let applicability = if is_said { Applicability::Safe } else { Applicability::Review };
    Some(Fix { applicability, ..fix })
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_write_outside_the_impact() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
  last_post_at: datetime
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
      #         ^^^^ 💡 error[missing-side-effect]: `User` is updated here and `impact` does not say so, so clients keep stale data
      - update: User SET last_post_at = now()
    impact:
      primary:
        entity: Post
        operation: CREATE
"#,
        );
    }

    #[test]
    fn declared_writes_are_fine() {
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
      - update: Post SET title = 'new'
      - update: User SET post_count = post_count + 1
    impact:
      primary:
        entity: Post
        operation: create
      side_effects:
        - entity: User
          operation: UPDATE
"#,
        );
    }

    #[test]
    fn a_misspelled_entry_is_one_mistake() {
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
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: Usr
          #       ^^^ 💡 error[unknown-entity]
          operation: UPDATE
"#,
        );
    }

    #[test]
    fn the_list_is_created() {
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
  author: ref(User)
actions:
  - name: create_post
    impact:
      primary:
        entity: Post
        operation: CREATE
      idempotent: false
    steps:
      - insert: Post
      - update: $0User SET post_count = post_count + 1
"#,
            r#"
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [post_count]
      idempotent: false
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
"#,
        );
    }

    #[test]
    fn the_list_grows_in_its_style() {
        check_fix(
            r#"
#- /tag.yaml
entity: Tag
fields:
  name: text
  post: ref(Post)
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
  impact:
    primary: {entity: Post, operation: CREATE}
    side_effects:
    - entity: User  # the author
      operation: UPDATE
      fields: [post_count]
  steps:
  - insert: Post
  - update: User SET post_count = post_count + 1
  - insert: $0Tag(name)
"#,
            r#"
entity: Post
fields:
  title: text
  author: ref(User)
actions:
- name: create_post
  impact:
    primary: {entity: Post, operation: CREATE}
    side_effects:
    - entity: User  # the author
      operation: UPDATE
      fields: [post_count]
    - entity: Tag
      operation: CREATE
      fields: [name]
  steps:
  - insert: Post
  - update: User SET post_count = post_count + 1
  - insert: Tag(name)
"#,
        );
    }
}
