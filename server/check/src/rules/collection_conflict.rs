//! Two side effects of an action share a `collection`, or use a key that the result has itself.

use specql_model::Name;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "collection-conflict",
    level: Level::Error,
    summary: "two side effects share a `collection`, and one of them is lost",
    run: collection_conflict,
    page: include_str!("../../../../docs/rules/collection-conflict.md"),
};

/// Keys of `extra_metadata` that every result has.
const TAKEN: &[&str] = &["_cascade", "_meta"];

fn collection_conflict(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        let mut seen: Vec<&Name> = Vec::new();
        let entries = action.impact.iter().flat_map(|it| &it.side_effects);
        for collection in entries.filter_map(|it| it.collection.as_ref()) {
            if TAKEN.contains(&collection.as_str()) {
                let message = format!(
                    "`{}` is a key of every result, so this collection would replace it",
                    collection.text
                );
                acc.push(ctx.finding(&RULE, collection.range, message));
            } else if let Some(first) = seen.iter().find(|it| it.text == collection.text) {
                let message = format!(
                    "the collection `{}` belongs to another side effect, so the rows of one of them \
                     are lost",
                    collection.text
                );
                acc.push(ctx.finding(&RULE, collection.range, message).related(
                    ctx.id(),
                    first.range,
                    "the other one",
                ));
            } else {
                seen.push(collection);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn one_key_for_two_lists() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /tag.yaml
entity: Tag
fields:
  name: text
  post: ref(Post)
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
      - insert: Tag
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - entity: User
          operation: UPDATE
          collection: changed
        - entity: Tag
          operation: CREATE
          collection: changed
          #           ^^^^^^^ error[collection-conflict]: the collection `changed` belongs to another side effect, so the rows of one of them are lost
"#,
        );
    }
}
