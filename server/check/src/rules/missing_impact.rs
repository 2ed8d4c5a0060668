//! An action writes and declares no `impact`, so its mutation returns no cascade.
//!
//! An action whose steps come from a pattern, or that has a `cdc` block, is not this rule's business.

use specql_model::{Action, ActionId};

use crate::{
    Context, Diagnostic, Level, Rule, context::listed, impact_block::write_impact,
    nodes::is_nearly_written,
};

pub(crate) const RULE: Rule = Rule {
    code: "missing-impact",
    level: Level::Warning,
    summary: "an action writes and declares no `impact`",
    run: missing_impact,
    page: include_str!("../../../../docs/rules/missing-impact.md"),
};

fn missing_impact(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        acc.extend(without_primary(ctx, id, action));
        let declared = action.impact.is_some() || action.cdc.is_some() || action.pattern.is_some();
        if declared || ctx.is_damaged_action(id) {
            continue;
        }
        let mut written: Vec<&str> = Vec::new();
        for entity in
            ctx.workspace.effects(id).iter().filter_map(|it| ctx.workspace.entity(it.entity?))
        {
            if !written.contains(&entity.name.as_str()) {
                written.push(entity.name.as_str());
            }
        }
        if written.is_empty() {
            continue;
        }
        let message = format!(
            "`{}` writes {} and declares no `impact`, so clients keep what they have cached",
            action.name.text,
            listed(written)
        );
        acc.push(ctx.finding(&RULE, action.name.range, message).fix(write_impact(ctx, id)));
    }
}

/// An `impact` without the entry for the entity that the action is about, and that its steps write.
fn without_primary(ctx: &Context<'_>, id: ActionId, action: &Action) -> Option<Diagnostic> {
    let impact = action.impact.as_deref().filter(|it| it.primary.is_none())?;
    let entry = ctx.entry_with_key(impact.key)?;
    let block = entry.value.as_mapping()?;
    let is_older = ctx.is_older_impact(entry.value.range);
    if is_older || is_nearly_written(&entry.value, "primary") || ctx.is_damaged_action(id) {
        return None;
    }
    // An empty block is still being typed.
    let effects = ctx.workspace.effects(id);
    let own = ctx.entity()?;
    if block.entries.is_empty() || !effects.iter().any(|it| it.entity == Some(own.id)) {
        return None;
    }
    let message = format!(
        "the steps write `{}`, and `impact` has no `primary`, so clients and events do not learn of it",
        own.name.text
    );
    Some(ctx.finding(&RULE, impact.key, message))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn an_action_that_writes() {
        check_diagnostics(
            r#"
#- /author.yaml
entity: Author
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(Author)
actions:
  - name: create_post
    #     ^^^^^^^^^^^ 💡 warning[missing-impact]: `create_post` writes `Post` and `Author` and declares no `impact`, so clients keep what they have cached
    steps:
      - insert: Post
      - update: Author SET post_count = post_count + 1
"#,
        );
    }

    #[test]
    fn an_impact_without_its_primary_entity() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = 'x'
    impact:
    #<^^^^ warning[missing-impact]: the steps write `Post`, and `impact` has no `primary`, so clients and events do not learn of it
      cache_invalidations: [{query: posts}]
  - name: look
    steps:
      - validate: title = 'x'
    impact:
      optimistic_safe: true
"#,
        );
    }

    #[test]
    fn actions_that_write_nothing_or_come_from_a_pattern() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
  - name: look_at_post
    steps:
      - validate: title IS NOT NULL
      - find: Post WHERE title = 'a'
  - name: delete_post
    pattern: crud/delete
"#,
        );
    }

    #[test]
    fn the_block_is_written_from_the_steps() {
        check_fix(
            r#"
#- /author.yaml
entity: Author
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(Author)
actions:
  # Creates a post.
  - name: $0create_post
    steps:
      - insert: Post
      - update: Author SET post_count = post_count + 1
  - name: look_at_post
"#,
            r#"
entity: Post
fields:
  title: text
  author: ref(Author)
actions:
  # Creates a post.
  - name: create_post
    steps:
      - insert: Post
      - update: Author SET post_count = post_count + 1
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: Author
          operation: UPDATE
          fields: [post_count]
  - name: look_at_post
"#,
        );
    }
}
