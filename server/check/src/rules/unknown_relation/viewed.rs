//! `table_views` names relations that there are not, or columns that their rows do not have.

use specql_model::{
    Entity, Name, Type, segments, suggest,
    views::{FilterColumn, Related, ViewRelation},
};

use super::{RULE, nearest};
use crate::{Context, Diagnostic, Level, context::did_you_mean, names::is_column};

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    let Some(views) = entity.views.as_deref() else { return };
    relations(ctx, entity, &views.relations, acc);
    views.columns.iter().for_each(|it| column(ctx, entity, it, acc));
}

fn relations(ctx: &Context<'_>, entity: &Entity, all: &[ViewRelation], acc: &mut Vec<Diagnostic>) {
    for it in all {
        let Some(target) = related(ctx, entity, &it.name, acc) else { continue };
        acc.extend(it.fields.iter().filter_map(|name| no_field(ctx, target, name)));
        relations(ctx, target, &it.relations, acc);
    }
}

/// The entity that a relation leads to; reports one that leads nowhere.
fn related<'a>(
    ctx: &Context<'a>,
    entity: &Entity,
    name: &Name,
    acc: &mut Vec<Diagnostic>,
) -> Option<&'a Entity> {
    if name.text.is_empty() || ctx.is_damaged(name.range) || !ctx.knows_references(entity) {
        return None;
    }
    let row = ctx.workspace.related(entity, &name.text);
    match &row {
        Related::Field(field, None) if is_reference(&field.ty) => {}
        Related::Field(_, None) => acc.push(no_relation(ctx, entity, name, true)),
        Related::Unknown => acc.push(no_relation(ctx, entity, name, false)),
        Related::Field(..) | Related::Entity(_) | Related::Ambiguous(_) => {}
    }
    Some(ctx.workspace.entity(row.entity()?)?)
}

/// Rows of several entities, and lists of rows, lead to something too.
fn is_reference(ty: &Type) -> bool {
    !ty.targets().is_empty() || matches!(ty, Type::List(_))
}

fn no_relation(ctx: &Context<'_>, entity: &Entity, name: &Name, is_field: bool) -> Diagnostic {
    let near = nearest(ctx, entity, name, Type::leads_to_one_row);
    let what = if is_field { "is no reference" } else { "is no reference of it" };
    let message = format!(
        "the view of `{}` takes in rows that it refers to, and `{}` {what}{}",
        entity.name.text,
        name.text,
        did_you_mean(near)
    );
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    let found = found.related(entity.id.0, entity.name.range, "the entity");
    found.fix(near.map(|it| ctx.rename(name, it)))
}

/// A column is a field of the entity, unless its source is a field of other rows.
fn column(ctx: &Context<'_>, entity: &Entity, it: &FilterColumn, acc: &mut Vec<Diagnostic>) {
    let Some(source) = &it.source else {
        acc.extend(no_field(ctx, entity, &it.name));
        return;
    };
    if let [relation, field] = segments(source).as_slice()
        && let Some(target) = related(ctx, entity, relation, acc)
    {
        acc.extend(no_field(ctx, target, field));
    }
}

/// A name that is no column of a row.
fn no_field(ctx: &Context<'_>, of: &Entity, name: &Name) -> Option<Diagnostic> {
    let is_known = name.text.is_empty() || name.text == "*" || is_column(of, &name.text);
    if is_known || !ctx.knows_fields(of) || ctx.is_damaged(name.range) {
        return None;
    }
    let near = suggest(&name.text, of.column_names());
    let message = format!(
        "`{}` has no field `{}`, so the view cannot take it in{}",
        of.name.text,
        name.text,
        did_you_mean(near)
    );
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    let found = found.related(of.id.0, of.name.range, "the entity");
    Some(found.fix(near.map(|it| ctx.rename(name, it))))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn relations_of_views() {
        check_diagnostics(
            "
#- /team.yaml
entity: Team
fields: {name: text}
#- /user.yaml
entity: User
fields: {name: text, team: ref(Team)}
#- /post.yaml
entity: Post
fields: {title: text, author: ref(User), readers: list(ref(User))}
table_views:
  mode: force
  include_relations:
    - author:
        fields: [name, nmae, id, '*']
        #              ^^^^ 💡 warning[unknown-relation]: `User` has no field `nmae`, so the view cannot take it in; did you mean `name`?
        include_relations:
          - team: {fields: [name]}
          - taem: {fields: [name]}
          # ^^^^ 💡 warning[unknown-relation]: the view of `User` takes in rows that it refers to, and `taem` is no reference of it; did you mean `team`?
    - athor: {fields: [name]}
    # ^^^^^ 💡 warning[unknown-relation]: the view of `Post` takes in rows that it refers to, and `athor` is no reference of it; did you mean `author`?
    - title: {fields: ['*']}
    # ^^^^^ warning[unknown-relation]: the view of `Post` takes in rows that it refers to, and `title` is no reference
    - Team: {fields: [name]}
    - readers: {fields: [name]}
",
        );
    }

    #[test]
    fn columns_of_views() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields: {name: text}
#- /post.yaml
entity: Post
fields: {title: text, author: ref(User)}
table_views:
  extra_filter_columns:
    - title
    - created_at
    - titel
    # ^^^^^ 💡 warning[unknown-relation]: `Post` has no field `titel`, so the view cannot take it in; did you mean `title`?
    - author_name: {source: author.name, type: text}
    - author_mail: {source: author.mial}
    #                              ^^^^ warning[unknown-relation]: `User` has no field `mial`, so the view cannot take it in
    - athor_name: {source: athor.name}
    #                      ^^^^^ 💡 warning[unknown-relation]: the view of `Post` takes in rows that it refers to, and `athor` is no reference of it; did you mean `author`?
    - authr: {type: text}
    # ^^^^^ 💡 warning[unknown-relation]: `Post` has no field `authr`, so the view cannot take it in; did you mean `author`?
",
        );
    }
}
