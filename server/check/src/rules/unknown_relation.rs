//! `include_relations` or `propagate` names no reference of its entity.

mod propagated;

use specql_model::{Entity, ImpactEntry, Type, suggest};

use crate::{Context, Diagnostic, Level, Rule, context::did_you_mean};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-relation",
    level: Level::Error,
    summary: "`include_relations` or `propagate` names no reference of its entity",
    run: unknown_relation,
    page: include_str!("../../../../docs/rules/unknown-relation.md"),
};

fn unknown_relation(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (entry, entity) in ctx.all_entries().filter(|it| ctx.knows_references(it.1)) {
        report(ctx, entry, entity, acc);
    }
    propagated::report(ctx, acc);
}

fn report(ctx: &Context<'_>, entry: &ImpactEntry, entity: &Entity, acc: &mut Vec<Diagnostic>) {
    for name in &entry.relations {
        let stem = name.text.strip_suffix("_id").or_else(|| name.text.strip_suffix("Id"));
        let field = entity.field(&name.text).or_else(|| entity.field(stem?));
        let message = match field {
            Some(it) if is_reference(&it.ty) => continue,
            Some(_) => format!("`{}` is no reference, so there is no row to send along", name.text),
            None if is_back_reference(ctx, entity, &name.text) => continue,
            None => format!("`{}` has no reference `{}`", entity.name.text, name.text),
        };
        let references = entity.fields.iter().filter(|it| is_reference(&it.ty));
        let near = suggest(&name.text, references.map(|it| it.name.as_str()));
        let message = format!("{message}{}", did_you_mean(near));
        acc.push(
            ctx.finding(&RULE, name.range, message)
                .related(entity.id.0, entity.name.range, "the entity")
                .fix(near.map(|it| ctx.rename(name, it))),
        );
    }
}

fn is_reference(ty: &Type) -> bool {
    match ty {
        Type::Ref(_) => true,
        Type::List(item) => is_reference(item),
        _ => false,
    }
}

/// Whether a name is the plural of an entity that refers to this one: `comments` of a post.
fn is_back_reference(ctx: &Context<'_>, entity: &Entity, name: &str) -> bool {
    let referrers = ctx.workspace.referrers(entity.id);
    let mut others = referrers.iter().filter_map(|it| ctx.workspace.file(it.file)?.entity());
    others.any(|it| it.id != entity.id && name.starts_with(&it.snake_name()))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn no_reference() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
        include_relations: [author, authr, title]
        #                           ^^^^^ 💡 error[unknown-relation]: `Post` has no reference `authr`; did you mean `author`?
        #                                  ^^^^^ error[unknown-relation]: `title` is no reference, so there is no row to send along
"#,
        );
    }

    #[test]
    fn views_of_other_rows() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
  editors: list(ref(User))
actions:
  - name: refresh
    steps:
      - refresh_table_view: {scope: propagate, propagate: [author, authr, User, title, editors, nothing]}
      #                                                            ^^^^^ 💡 error[unknown-relation]: `authr` is no reference of `Post`, so no view of another row is refreshed; did you mean `author`?
      #                                                                   ^^^^ 💡 error[unknown-relation]: `User` is an entity, and no reference of `Post`, so no view of another row is refreshed; did you mean `author`?
      #                                                                         ^^^^^ error[unknown-relation]: `title` is no reference to one row, so no view of another row is refreshed
      #                                                                                ^^^^^^^ error[unknown-relation]: `editors` is no reference to one row, so no view of another row is refreshed
      #                                                                                         ^^^^^^^ error[unknown-relation]: `nothing` is no reference of `Post`, so no view of another row is refreshed
"#,
        );
    }

    #[test]
    fn the_near_reference() {
        let before = "#- /user.yaml\nentity: User\nfields:\n  name: text\n#- /post.yaml\nentity: Post\nfields:\n  author: ref(User)\nactions:\n  - name: create_post\n    steps:\n      - insert: Post\n    impact:\n      primary: {operation: CREATE, include_relations: [$0authr]}  # one\n";
        let own = before.split("#- /post.yaml\n").nth(1).unwrap();
        check_fix(before, &own.replace("$0authr", "author"));
    }
}
