//! `table_views` names relations that there are not, or columns that their rows do not have.
//!
//! Generators look for a field of the name first, then for an entity.

use specql_model::{Entity, Resolution, Type, suggest};
use specql_syntax::{Name, yaml::Node};

use super::{RULE, nearest};
use crate::{Context, Diagnostic, Level, context::did_you_mean, names::is_column};

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let root = &ctx.file.parse().yaml().root;
    let relations = root.get("table_views").and_then(|it| it.get("include_relations"));
    if let (Some(relations), Some(entity)) = (relations, ctx.entity()) {
        in_list(ctx, entity, relations, acc);
    }
}

fn in_list(ctx: &Context<'_>, entity: &Entity, relations: &Node, acc: &mut Vec<Diagnostic>) {
    let items = relations.as_sequence().map(|it| it.items.as_slice()).unwrap_or_default();
    if !ctx.knows_references(entity) {
        return;
    }
    for entry in items.iter().filter_map(Node::as_mapping).flat_map(|it| &it.entries) {
        let name = Name::new(&entry.key.text, entry.key.range);
        let field = entity.field(&name.text);
        let target = match field {
            Some(it) if it.ty.leads_to_one_row() => ctx.workspace.target(entity.id, &it.ty),
            Some(it) if !it.ty.targets().is_empty() || matches!(it.ty, Type::List(_)) => continue,
            None if ctx.resolve(&name.text) != Resolution::Unknown => continue,
            _ => {
                acc.extend(no_relation(ctx, entity, &name, field.is_some()));
                continue;
            }
        };
        if let Some(target) = target.and_then(|it| ctx.workspace.entity(it)) {
            acc.extend(no_columns(ctx, target, &entry.value));
            let deeper = entry.value.get("include_relations");
            deeper.into_iter().for_each(|it| in_list(ctx, target, it, acc));
        }
    }
}

fn no_relation(
    ctx: &Context<'_>,
    entity: &Entity,
    name: &Name,
    is_field: bool,
) -> Option<Diagnostic> {
    if name.text.is_empty() || ctx.is_damaged(name.range) {
        return None;
    }
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
    Some(found.fix(near.map(|it| ctx.rename(name, it))))
}

/// The names in `fields` that are no columns of the row.
fn no_columns(ctx: &Context<'_>, target: &Entity, relation: &Node) -> Vec<Diagnostic> {
    let fields = relation.get("fields").and_then(Node::as_sequence);
    let names = fields.into_iter().flat_map(|it| &it.items).filter_map(Node::name);
    let unknown = names.filter(|it| {
        ctx.knows_fields(target)
            && !it.text.is_empty()
            && it.text != "*"
            && !is_column(target, &it.text)
    });
    let finding = |name: Name| {
        let near = suggest(&name.text, target.column_names());
        let message = format!(
            "`{}` has no field `{}`, so the view cannot take it in{}",
            target.name.text,
            name.text,
            did_you_mean(near)
        );
        let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
        let found = found.related(target.id.0, target.name.range, "the entity");
        found.fix(near.map(|it| ctx.rename(&name, it)))
    };
    unknown.map(finding).collect()
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
}
