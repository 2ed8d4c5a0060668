//! A name that is no entity of the workspace.
//!
//! Everything else about the name is left alone: its fields, its writes, its declared impact.

mod misnamed;
mod returned;

use std::{collections::BTreeMap, sync::Arc};

use ecow::EcoString;
use specql_model::{Entity, Name, Resolution, names::snake_case, suggest};
use specql_syntax::expression::EntityReference;

use super::duplicate_entity;
use crate::{
    Context, Diagnostic, Level, Rule,
    context::{did_you_mean, listed},
    references::{DECLARED, LISTED},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-entity",
    level: Level::Error,
    summary: "a name that is no entity of the workspace",
    run: unknown_entity,
    page: include_str!("../../../../docs/rules/unknown-entity.md"),
};

fn unknown_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    acc.extend(misnamed::report(ctx));
    acc.extend(returned::report(ctx));
    // The nearest name is sought among all entities, so once for each name.
    let mut nearest: BTreeMap<(EcoString, bool), (Option<&str>, bool)> = BTreeMap::new();
    for it in ctx.references() {
        if it.leads_to == Resolution::Unknown {
            let name = &it.to.name.text;
            let is_listed = it.why == LISTED || it.why == DECLARED;
            let near = nearest.entry((name.clone(), is_listed));
            let (near, is_forgotten) = *near.or_insert_with(|| {
                (suggested(ctx, name, is_listed), duplicate_entity::is_forgotten(ctx, name))
            });
            if !is_forgotten && !misnamed::is_meant(ctx, name, near) {
                acc.extend(finding(ctx, &it.to, it.why, near));
            }
        }
    }
}

/// The nearest name of another file's entity: nobody misspells the one that the file declares, but in an `impact`
/// and in a list of entities.
fn suggested<'a>(ctx: &Context<'a>, name: &str, with_own: bool) -> Option<&'a str> {
    let own = ctx.entity().map(|it| it.id).filter(|_| !with_own);
    let others = ctx.workspace.entity_names().filter(|it| Some(it.0) != own);
    suggest(name, others.map(|it| it.1))
}

/// Whether another place says why the name is not found: the file imports it, or its declaration is
/// written in another case, which is reported there.
fn is_explained(ctx: &Context<'_>, name: &str) -> bool {
    let root = &ctx.file.parse().yaml().root;
    let sources = ["import", "imports", "extends"].into_iter().filter_map(|it| root.get(it));
    let is_imported = sources.into_iter().any(|it| {
        let text = ctx.slice(it.range);
        text.contains(name) || text.contains('*')
    });
    let stem = snake_case(name);
    let declared = ctx.index.entities_of_stem(&stem);
    let mut names = declared.iter().filter_map(|it| ctx.workspace.entity(*it));
    is_imported || names.any(|it| !it.name.text.starts_with(|it: char| it.is_ascii_uppercase()))
}

fn finding(
    ctx: &Context<'_>,
    to: &EntityReference,
    why: &str,
    near: Option<&str>,
) -> Option<Diagnostic> {
    let name = &to.name;
    if let Some(found) = to.schema.as_ref().and_then(|it| of_other_schema(ctx, it, name, why)) {
        return Some(found);
    }
    if ctx.index.is_disguised(ctx.workspace, &name.text) || is_explained(ctx, &name.text) {
        return None;
    }
    if near.is_none() && ctx.workspace.has_unnamed_entity() {
        return None;
    }
    let message = format!(
        "there is no entity `{}` in this workspace, {why}{}",
        name.text,
        did_you_mean(near)
    );
    Some(ctx.finding(&RULE, name.range, message).fix(near.map(|it| ctx.rename(name, it))))
}

/// An entity of the name in another schema than is written: the one whose name is near, else the only one.
fn of_other_schema(ctx: &Context<'_>, schema: &Name, name: &Name, why: &str) -> Option<Diagnostic> {
    let ids = ctx.workspace.entities_named(&name.text);
    let entities: Vec<&Arc<Entity>> =
        ids.into_iter().filter_map(|it| ctx.workspace.entity(it)).collect();
    let schemas = || entities.iter().map(|it| it.schema_name());
    let near = suggest(&schema.text, schemas());
    let meant = match (near, entities.as_slice()) {
        (_, []) => return None,
        (Some(near), _) => entities.iter().find(|it| it.schema_name() == near),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let choice = match (near, meant) {
        (Some(_), _) => did_you_mean(near),
        (None, Some(it)) => format!("; it is in `{}`", it.schema_name()),
        (None, None) => format!("; it is in {}", listed(schemas())),
    };
    let message =
        format!("the schema `{}` has no entity `{}`, {why}{choice}", schema.text, name.text);
    let found = ctx.finding(&RULE, schema.range, message);
    let found = entities
        .iter()
        .filter(|it| meant.is_none_or(|by| by.id == it.id))
        .fold(found, |found, it| found.related(it.id.0, it.name.range, "declared here"));
    Some(found.fix(meant.map(|it| ctx.rename(schema, it.schema_name()))))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn the_schema_that_is_near() {
        check_diagnostics(
            "
#- /a.yaml
entity: Item
schema: alpha
fields: {n: integer}
#- /b.yaml
entity: Item
schema: beta
qualified: true
fields:
  one: ref(bet.Item)
  #        ^^^ 💡 error[unknown-entity]: the schema `bet` has no entity `Item`, so the reference leads nowhere; did you mean `beta`?
  two: ref(ALPHA.Item)
  #        ^^^^^ 💡 error[unknown-entity]: the schema `ALPHA` has no entity `Item`, so the reference leads nowhere; did you mean `alpha`?
  other: ref(warehouse.Item)
  #          ^^^^^^^^^ error[unknown-entity]: the schema `warehouse` has no entity `Item`, so the reference leads nowhere; it is in `alpha` and `beta`
",
        );
    }

    #[test]
    fn a_file_whose_name_joins_or_parts_the_words_says_no_other_name() {
        check_diagnostics(
            "
#- /userprofile.yaml
entity: UserProfile
fields:
  t: text
#- /s p.yaml
entity: Sp
fields:
  t: text
#- /apikey.specql.yaml
entity: ApiKey
fields:
  profile: ref(UserProfile)
",
        );
    }

    #[test]
    fn wherever_an_entity_is_named() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: people
fields:
  post_count: integer
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  author: ref(Usr)!
  #           ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so the reference leads nowhere; did you mean `User`?
  editor: ref(blog.User)
  #           ^^^^ 💡 error[unknown-entity]: the schema `blog` has no entity `User`, so the reference leads nowhere; it is in `people`
  readers: list(ref(Reader))
  #                 ^^^^^^ error[unknown-entity]: there is no entity `Reader` in this workspace, so the reference leads nowhere
actions:
  - name: create_post
    steps:
      - validate: EXISTS Usr WHERE id = input.author
      #                  ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so the condition has no rows to look at; did you mean `User`?
      - foreach: user in Usr
        #                ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so the loop has no rows to run over; did you mean `User`?
        do:
          - update: Post SET title = 'a'
      - foreach: user in blog.User WHERE post_count = 1
        #                ^^^^ 💡 error[unknown-entity]: the schema `blog` has no entity `User`, so the loop has no rows to run over; it is in `people`
        do:
          - update: Post SET title = 'a'
      - insert: Post
      - update: Usr SET post_count = post_count + 1
      #         ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so the step has no rows to work on; did you mean `User`?
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: Usr
          #       ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so clients refresh nothing for it; did you mean `User`?
          operation: UPDATE
          fields: [post_count]
    cascade:
      exclude_entities: [Usr, Psot]
      #                  ^^^ 💡 error[unknown-entity]: there is no entity `Usr` in this workspace, so it changes nothing here; did you mean `User`?
      #                       ^^^^ 💡 error[unknown-entity]: there is no entity `Psot` in this workspace, so it changes nothing here; did you mean `Post`?
"#,
        );
    }

    #[test]
    fn one_cause_is_one_finding() {
        check_diagnostics(
            r#"
#- /book.yaml
entity: book
#       ^^^^ 💡 error[naming]
fields:
  title: text
#- /loan.yaml
entity: Loan
import: [crm.Person]
fields:
  book: ref(Book)
  person: ref(Person)
  other: ref(Loam)
  #          ^^^^ error[unknown-entity]: there is no entity `Loam` in this workspace, so the reference leads nowhere
"#,
        );
    }

    #[test]
    fn a_misspelt_declaration_is_one_finding() {
        check_diagnostics(
            r#"
#- /book.yaml
entity: Boko
#       ^^^^ 💡 error[unknown-entity]: this entity is called `Book` everywhere else, so nothing leads to it; did you mean `Book`?
fields:
  title: text
actions:
  - name: add_book
    steps:
      - insert: Book(title)
    impact:
      primary: {entity: Book, operation: CREATE}
#- /shelf.yaml
entity: Shlef
#       ^^^^^ 💡 error[unknown-entity]
fields:
  label: text
#- /loan.yaml
entity: Loan
fields:
  book: ref(Book)
  shelf: ref(Shelf)
  other: ref(Shelv)
  #          ^^^^^ error[unknown-entity]
"#,
        );
    }

    #[test]
    fn a_name_that_is_being_typed_says_nothing_of_the_declaration() {
        check_diagnostics(
            r#"
#- /book.yaml
entity: Book
fields:
  title: text
actions:
  - name: add_book
    steps:
      - insert: Boo
      #         ^^^ error[unknown-entity]
#- /loan.yaml
entity: Loan
fields:
  book: ref(Book)
"#,
        );
    }

    #[test]
    fn tables_and_schemas_lead_to_entities() {
        check_diagnostics(
            r#"
#- /contact.yaml
entity: BlogPost
schema: blog
fields:
  title: text
actions:
  - name: look
    steps:
      - find: blog.tb_blog_post WHERE title = 'a'
      - find: blog.BlogPost WHERE title = 'a'
"#,
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
            "#- /user.yaml\nentity: User\n#- /post.yaml\nentity: Post\nfields:\n  author: ref($0Usr)!  # who\n",
            "entity: Post\nfields:\n  author: ref(User)!  # who\n",
        );
        check_fix(
            "#- /user.yaml\nentity: User\nschema: people\n#- /post.yaml\nentity: Post\nfields:\n  author: ref($0blog.User)!\n",
            "entity: Post\nfields:\n  author: ref(people.User)!\n",
        );
    }
}
