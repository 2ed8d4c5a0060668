//! A name in the `fields` of an `impact` entry is no field of its entity.
//!
//! Both spellings of a field are accepted (`post_count`, `postCount`), the built-in columns, and the
//! identifier of a `ref` (`author_id`).

use specql_model::{Entity, ImpactEntry, suggest};

use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    names::{is_column, without_comma},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-impact-field",
    level: Level::Error,
    summary: "`impact` names a field that its entity does not have",
    run: unknown_impact_field,
    page: include_str!("../../../../docs/rules/unknown-impact-field.md"),
};

fn unknown_impact_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (entry, entity) in ctx.all_entries().filter(|it| ctx.knows_fields(it.1)) {
        report(ctx, entry, entity, acc);
    }
}

fn report(ctx: &Context<'_>, entry: &ImpactEntry, entity: &Entity, acc: &mut Vec<Diagnostic>) {
    for name in entry.fields.iter().flatten() {
        if name.as_str() == "*" || is_column(entity, name.as_str()) {
            continue;
        }
        if let Some((message, fix)) = without_comma(ctx, name, |it| is_column(entity, it)) {
            acc.push(ctx.finding(&RULE, name.range, message).fix(fix));
            continue;
        }
        let near = suggest(name.as_str(), entity.column_names());
        let message = format!(
            "`{}` has no field `{}`, so nothing is refreshed for it{}",
            entity.name.text,
            name.text,
            did_you_mean(near)
        );
        acc.push(
            ctx.finding(&RULE, name.range, message)
                .related(entity.id.0, entity.name.range, "the entity")
                .fix(near.map(|it| ctx.rename(name, it))),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn names_of_another_entity() {
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
        fields: [id, title, author_id, createdAt, titel]
        #                                         ^^^^^ 💡 error[unknown-impact-field]: `Post` has no field `titel`, so nothing is refreshed for it; did you mean `title`?
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [postCount, title]
          #                   ^^^^^ error[unknown-impact-field]: `User` has no field `title`, so nothing is refreshed for it
"#,
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
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
        fields: ["$0titel"]
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
        fields: ["title"]
"#,
        );
    }
}
