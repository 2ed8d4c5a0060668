//! `include_relations` or `propagate` names no reference of its entity, in an `impact`, a step or a view.

mod propagated;
mod viewed;

use specql_model::{Entity, ImpactEntry, Name, Type, suggest};

use crate::{Context, Diagnostic, Fix, Level, Rule, context::did_you_mean, names::without_comma};

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
    viewed::report(ctx, acc);
}

fn report(ctx: &Context<'_>, entry: &ImpactEntry, entity: &Entity, acc: &mut Vec<Diagnostic>) {
    for name in &entry.relations {
        let is_known = |it: &str| entity.field(it).is_some_and(|it| is_reference(&it.ty));
        if let Some((message, fix)) = without_comma(ctx, name, is_known) {
            acc.push(ctx.finding(&RULE, name.range, message).fix(fix));
            continue;
        }
        let stem = name.text.strip_suffix("_id").or_else(|| name.text.strip_suffix("Id"));
        let field = entity.field(&name.text).or_else(|| entity.field(stem?));
        let message = match field {
            Some(it) if it.ty.leads_to_one_row() || !it.problems.is_empty() => continue,
            Some(it) if !it.ty.targets().is_empty() => format!(
                "`{}` leads to rows of several entities, so no row is sent along; its type and id are in the answer as they are",
                name.text
            ),
            Some(it) if is_reference(&it.ty) => format!(
                "`{}` is a list of references, so no rows are sent along; their ids are in the answer as they are",
                name.text
            ),
            Some(_) => format!("`{}` is no reference, so there is no row to send along", name.text),
            None if is_back_reference(ctx, entity, &name.text) => {
                let message = format!(
                    "rows that refer to `{}` are not sent along, so clients get no `{}`; invalidate the query that gives them",
                    entity.name.text, name.text
                );
                let fix = ctx
                    .remove_item(name.range)
                    .map(|it| Fix::review(format!("Remove `{}`", name.text), ctx.id(), it));
                let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
                acc.push(found.related(entity.id.0, entity.name.range, "the entity").fix(fix));
                continue;
            }
            None => format!("`{}` has no reference `{}`", entity.name.text, name.text),
        };
        let is_other = field.is_none_or(|it| !is_reference(&it.ty));
        let near = nearest(ctx, entity, name, Type::leads_to_one_row).filter(|_| is_other);
        let message = format!("{message}{}", did_you_mean(near));
        // One that is listed already need not be said again.
        let is_free = |near: &&str| entry.relations.iter().all(|it| it.as_str() != *near);
        let fix = match near.filter(is_free) {
            Some(it) => Some(ctx.rename(name, it)),
            None => ctx
                .remove_item(name.range)
                .map(|it| Fix::review(format!("Remove `{}`", name.text), ctx.id(), it)),
        };
        let found = ctx.finding(&RULE, name.range, message);
        acc.push(found.related(entity.id.0, entity.name.range, "the entity").fix(fix));
    }
}

/// The reference that is meant: the only one that leads to an entity of the name, written in any way, else
/// one whose name is near.
fn nearest<'a>(
    ctx: &Context<'_>,
    entity: &'a Entity,
    name: &Name,
    is_reference: fn(&Type) -> bool,
) -> Option<&'a str> {
    let references = || entity.fields.iter().filter(|it| is_reference(&it.ty));
    let is_named = |it: &Entity| it.name.text == name.text || it.snake_name() == name.text.as_str();
    let mut to_target = references().filter(|it| {
        let target = ctx.workspace.target(entity.id, &it.ty);
        target.and_then(|it| ctx.workspace.entity(it)).is_some_and(|it| is_named(it))
    });
    match (to_target.next(), to_target.next()) {
        (Some(it), None) => Some(it.name.as_str()),
        _ => suggest(&name.text, references().map(|it| it.name.as_str())),
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
  about: ref(User|Post)
  readers: list(ref(User))
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
        #                                  ^^^^^ 💡 error[unknown-relation]: `title` is no reference, so there is no row to send along
  - name: send_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
        include_relations: [author_id, about, readers]
        #                              ^^^^^ 💡 error[unknown-relation]: `about` leads to rows of several entities, so no row is sent along; its type and id are in the answer as they are
        #                                     ^^^^^^^ 💡 error[unknown-relation]: `readers` is a list of references, so no rows are sent along; their ids are in the answer as they are
  - name: make_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE, include_relations: [User, user]}
      #                                                              ^^^^ 💡 error[unknown-relation]: `Post` has no reference `User`; did you mean `author`?
      #                                                                    ^^^^ 💡 error[unknown-relation]: `Post` has no reference `user`; did you mean `author`?
"#,
        );
    }

    #[test]
    fn what_is_no_reference_goes() {
        let before = "entity: Post\nfields:\n  title: text\n  to: ref(Post)\nactions:\n  - name: create_post\n    steps:\n      - insert: Post\n    impact:\n      primary: {operation: CREATE, include_relations: [to, $0title]}\n";
        check_fix(before, &before.replace(", $0title", ""));
        let before = before.replace("[to, $0title]", "[$0title]");
        check_fix(&before, &before.replace(", include_relations: [$0title]", ""));
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

    #[test]
    fn rows_that_refer_to_the_changed_one() {
        check_diagnostics(
            "
#- /comment.yaml
entity: Comment
fields: {post: ref(Post)}
#- /post.yaml
entity: Post
fields: {title: text}
actions:
  - name: add_post
    steps:
      - insert: Post
    impact: {primary: {operation: CREATE, include_relations: [comments]}}
    #                                                         ^^^^^^^^ 💡 warning[unknown-relation]: rows that refer to `Post` are not sent along, so clients get no `comments`; invalidate the query that gives them
",
        );
    }
}
