//! A step changes any number of rows, and the cascade reads each of them, up to its limit.
//!
//! An action or a configuration that sets a limit of its own has thought of it.

use specql_contract::{Cascade, Outcome, Rows};
use specql_model::{Action, Effect, RowSource, Write, expression::EntityReference};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "large-cascade",
    level: Level::Hint,
    summary: "the cascade of an action reads any number of rows",
    run: large_cascade,
    page: include_str!("../../../../docs/rules/large-cascade.md"),
};

fn large_cascade(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let effects = ctx.workspace.effects(id);
        if has_own_limit(ctx, action) || !effects.iter().any(finds_many) {
            continue;
        }
        let Some(cascade) = ctx.published(id).and_then(|it| it.cascade.as_ref()) else { continue };
        for effect in effects.iter().filter(|it| it.action == id && finds_many(it)) {
            acc.extend(of_step(ctx, action, cascade, effect));
        }
    }
}

fn has_own_limit(ctx: &Context<'_>, action: &Action) -> bool {
    let own = action.cascade.as_deref().and_then(|it| it.max_entities);
    own.or(ctx.workspace.config().cascade.max_entities).is_some()
}

/// Rows by a condition, or those that refer to the own row; rows of the input are as many as the caller gives.
fn finds_many(effect: &Effect) -> bool {
    matches!(
        effect.rows,
        RowSource::Filter { one: false } | RowSource::Reference { forward: false, .. }
    )
}

fn of_step(
    ctx: &Context<'_>,
    action: &Action,
    cascade: &Cascade,
    effect: &Effect,
) -> Option<Diagnostic> {
    let entity = ctx.workspace.entity(effect.entity?)?;
    let mut entries = cascade.entries.iter().filter(|it| it.entity == entity.id);
    let is_read = entries.any(|it| it.rows == Rows::Many && it.outcome != Outcome::Deleted);
    if !is_read || !cascade.full_data {
        return None;
    }
    let written = action.step_at(effect.step)?.write()?;
    let (name, most) = (&entity.name.text, cascade.max_updated);
    let message = format!(
        "the cascade reads each `{name}` that this changes, up to {most}, within the call; where there \
         can be thousands, leave `{name}` out with `exclude_entities` and name the queries that get \
         stale under `cache_invalidations`"
    );
    Some(ctx.finding(&RULE, place(written).unwrap_or(effect.step), message))
}

fn place(written: &Write) -> Option<specql_text::TextRange> {
    written.entity.as_ref().map(EntityReference::range)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn any_number_of_rows() {
        check_diagnostics(
            r#"
#- /comment.yaml
entity: Comment
fields:
  post: ref(Post)
  hidden: boolean
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: hide_comments
    steps:
      - update: Post SET title = 'x'
      - update: Comment SET hidden = true
      #         ^^^^^^^ hint[large-cascade]: the cascade reads each `Comment` that this changes, up to 500, within the call; where there can be thousands, leave `Comment` out with `exclude_entities` and name the queries that get stale under `cache_invalidations`
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Comment, operation: UPDATE, fields: [hidden]}
  - name: hide_some
    steps:
      - update: Post SET title = 'x'
      - update: Comment SET hidden = true
    cascade: {exclude_entities: [Comment]}
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Comment, operation: UPDATE, fields: [hidden]}
  - name: hide_few
    steps:
      - update: Post SET title = 'x'
      - update: Comment SET hidden = true WHERE post = input.id AND NOT hidden
    cascade: {max_entities: 20}
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Comment, operation: UPDATE, fields: [hidden]}
  - name: drop_comments
    steps:
      - update: Post SET title = 'x'
      - delete: Comment
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Comment, operation: DELETE}
"#,
        );
    }
}
