//! Two names of the file or the workspace that are one in GraphQL or in SQL.
//!
//! Reported at the later one, in the order of paths and of the file. Two that are written the same have
//! rules of their own.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use specql_model::{
    ActionId, Entity, EntityId, Name,
    entity::{graphql_name, graphql_spelling},
};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "name-collision",
    level: Level::Error,
    summary: "two names become one in GraphQL or in SQL",
    run: name_collision,
    page: include_str!("../../../../docs/rules/name-collision.md"),
};

fn name_collision(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    fields(ctx, entity, acc);
    for action in &entity.actions {
        let names: Vec<&Name> = action.parameters.iter().map(|it| &it.name).collect();
        among(ctx, &names, "parameters", "a caller", acc);
    }
    acc.extend(entities(ctx, entity));
    for (id, _) in ctx.actions() {
        acc.extend(of_action(ctx, id));
    }
}

/// Fields among themselves and with the columns that every entity has.
fn fields(ctx: &Context<'_>, entity: &Entity, acc: &mut Vec<Diagnostic>) {
    let names: Vec<&Name> = entity.fields.iter().map(|it| &it.name).collect();
    among(ctx, &names, "fields", "a client", acc);
    for name in names {
        let built_in = Entity::built_in(&graphql_spelling(&name.text));
        let Some(built_in) = built_in.filter(|it| it.name != name.text) else { continue };
        let message = format!(
            "`{}` is `{}` in GraphQL, and every entity has that already; give it another name",
            name.text, built_in.graphql
        );
        acc.push(ctx.finding(&RULE, name.range, message));
    }
}

/// Names of one list of which two are the same in GraphQL.
fn among(ctx: &Context<'_>, names: &[&Name], what: &str, who: &str, acc: &mut Vec<Diagnostic>) {
    // Of each spelling the names before, each text once.
    let mut before: FxHashMap<Cow<'_, str>, SmallVec<[&Name; 1]>> = FxHashMap::default();
    for name in names.iter().filter(|it| !it.text.is_empty()) {
        let spelled = graphql_spelling(&name.text);
        let same = before.entry(spelled.clone()).or_default();
        let twin = same.iter().find(|it| it.text != name.text).copied();
        if !same.iter().any(|it| it.text == name.text) {
            same.push(name);
        }
        let Some(twin) = twin else { continue };
        let message = format!(
            "the {what} `{}` and `{}` are both `{spelled}` in GraphQL, so {who} sees one of them; rename \
             one",
            twin.text, name.text
        );
        acc.push(ctx.finding(&RULE, name.range, message).related(
            ctx.id(),
            twin.range,
            "the other",
        ));
    }
}

/// Another entity before this one that has its table, or its name outside of its schema.
fn entities(ctx: &Context<'_>, entity: &Entity) -> Option<Diagnostic> {
    let snake = entity.snake_name();
    let same = ctx.index.entities_of_stem(&snake);
    let before = same.iter().take_while(|it| **it != entity.id);
    let others = before.filter_map(|it: &EntityId| ctx.workspace.entity(*it));
    let mut in_schema = others.filter(|it| it.schema_name() == entity.schema_name());
    let told = |it: &Entity| format!("`{}.{}`", it.schema_name(), it.name.text);
    if let Some(other) = in_schema.next() {
        // Written the same it is `duplicate-entity`.
        let clash = format!("the table `{}.tb_{snake}`", entity.schema_name());
        let message =
            format!("{} and {} both have {clash}; rename one of them", told(other), told(entity));
        return (other.name.text != entity.name.text)
            .then(|| with_other(ctx.finding(&RULE, entity.name.range, message), other));
    }
    let outside = ctx.workspace.type_name(entity);
    if let Some(other) = ctx.workspace.rival_of_type_name(entity) {
        let message = format!(
            "{} and {} are both `{outside}` to clients, in events and in the audit; rename one of them",
            told(other),
            told(entity)
        );
        return Some(with_other(ctx.finding(&RULE, entity.name.range, message), other));
    }
    let other = ctx.workspace.owner_of_plain_name(entity).filter(|_| !entity.qualified)?;
    let message = format!(
        "{} has the name already, so this one is `{outside}` to clients, in events and in the audit; \
         write `qualified: true` at the root, so that this does not depend on the order of files",
        told(other)
    );
    let finding = ctx.finding(&RULE, entity.name.range, message).level(Level::Warning);
    Some(with_other(finding, other))
}

fn with_other(finding: Diagnostic, other: &Entity) -> Diagnostic {
    finding.related(other.id.0, other.name.range, "the other entity")
}

/// Another action before this one whose mutation has the same name.
fn of_action(ctx: &Context<'_>, id: ActionId) -> Option<Diagnostic> {
    let action = ctx.workspace.action(id).filter(|it| !it.name.text.is_empty())?;
    let spelled = graphql_name(&action.name.text);
    let same = ctx.index.actions_of_mutation(&spelled);
    let before = same.iter().take_while(|it| **it != id);
    let (other, twin) = before
        .filter_map(|it| Some((*it, ctx.workspace.action(*it)?)))
        .find(|(_, it)| it.name.text != action.name.text)?;
    let message = format!(
        "the actions `{}` and `{}` are both the mutation `{spelled}`; rename one",
        twin.name.text, action.name.text
    );
    Some(ctx.finding(&RULE, action.name.range, message).related(
        other.entity.0,
        twin.name.range,
        "the other action",
    ))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn fields_parameters_and_actions() {
        check_diagnostics(
            r#"
entity: Addr
schema: geo
fields:
  foo_bar: text
  fooBar: text
  #<^^^^ error[name-collision]: the fields `foo_bar` and `fooBar` are both `fooBar` in GraphQL, so a client sees one of them; rename one
  line_1: text
  line1: text
  #<^^^ error[name-collision]: the fields `line_1` and `line1` are both `line1` in GraphQL, so a client sees one of them; rename one
  created__at: text
  #<^^^^^^^^^ error[name-collision]: `created__at` is `createdAt` in GraphQL, and every entity has that already; give it another name
actions:
  - name: move_addr
    params: {line_2: text, line2: text}
    #                      ^^^^^ error[name-collision]: the parameters `line_2` and `line2` are both `line2` in GraphQL, so a caller sees one of them; rename one
    steps:
      - validate: $line_2 = $line2
  - name: move__addr
    #     ^^^^^^^^^^ error[name-collision]: the actions `move_addr` and `move__addr` are both the mutation `moveAddr`; rename one
    steps:
      - reject: nothing
"#,
        );
    }

    #[test]
    fn entities_of_a_workspace() {
        check_diagnostics(
            r#"
#- /a.yaml
entity: BlogPost
schema: blog
fields:
  title: text
#- /b.yaml
entity: Blog_Post
#       ^^^^^^^^^ error[name-collision]: `blog.BlogPost` and `blog.Blog_Post` both have the table `blog.tb_blog_post`; rename one of them
schema: blog
fields:
  title: text
#- /c.yaml
entity: BlogPost
#       ^^^^^^^^ warning[name-collision]: `blog.BlogPost` has the name already, so this one is `ShopBlogPost` to clients, in events and in the audit; write `qualified: true` at the root, so that this does not depend on the order of files
schema: shop
fields:
  title: text
#- /d.yaml
entity: BlogPost
schema: news
qualified: true
audit: false
fields:
  title: text
#- /e.yaml
entity: NewsBlogPost
#       ^^^^^^^^^^^^ error[name-collision]: `news.BlogPost` and `web.NewsBlogPost` are both `NewsBlogPost` to clients, in events and in the audit; rename one of them
schema: web
fields:
  title: text
"#,
        );
    }
}
