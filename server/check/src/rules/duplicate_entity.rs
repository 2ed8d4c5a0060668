//! Two files declare one entity, so their tables would be the same table. The one that is called after it has it
//! rightly, and the other is a copy in which the name was forgotten.

use ecow::EcoString;
use specql_model::{Entity, Resolution, Workspace, name_of_file};

use crate::{Context, Diagnostic, Level, Rule, context::did_you_mean};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-entity",
    level: Level::Error,
    summary: "two files declare one entity",
    run: duplicate_entity,
    page: include_str!("../../../../docs/rules/duplicate-entity.md"),
};

fn duplicate_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| !it.name.text.is_empty()) else { return };
    let named = ctx.workspace.entities_named(&entity.name.text);
    let twins = named.into_iter().filter_map(|it| ctx.workspace.entity(it));
    let twins: Vec<&Entity> =
        twins.map(AsRef::as_ref).filter(|it| it.schema_name() == entity.schema_name()).collect();
    let is_called_so =
        |it: &&&Entity| said_by_file(ctx.workspace, it).is_some_and(|name| name == it.name.text);
    let first = twins.iter().find(is_called_so).or_else(|| twins.first());
    let Some(first) = first.filter(|it| it.id != entity.id) else { return };
    let Some(file) = ctx.workspace.file(first.id.0) else { return };
    let message = format!(
        "the schema `{}` has this entity already, in `{}`, so the two would share a table",
        entity.schema_name(),
        file.path
    );
    let own = said_by_file(ctx.workspace, entity)
        .filter(|it| *it != entity.name.text && ctx.resolve(it) == Resolution::Unknown)
        .filter(|it| ctx.workspace.is_mentioned(it));
    let message = format!("{message}{}", did_you_mean(own.as_deref()));
    let found = ctx.finding(&RULE, entity.name.range, message);
    let found = found.fix(own.map(|it| ctx.rename(&entity.name, &it)));
    acc.push(found.related(first.id.0, first.name.range, "declared here"));
}

/// The name that the file of an entity has.
fn said_by_file(workspace: &Workspace, entity: &Entity) -> Option<EcoString> {
    name_of_file(&workspace.file(entity.id.0)?.path)
}

/// Whether a name that nothing has is that of a file which declares another file's entity: what names it is right.
pub(super) fn is_forgotten(ctx: &Context<'_>, name: &str) -> bool {
    let letters = |it: &str| it.replace(['_', '-'], "").to_lowercase();
    let wanted = letters(name);
    let mut entities = ctx.workspace.entity_names();
    entities.any(|(id, declared, schema)| {
        let stem = ctx
            .workspace
            .file(id.0)
            .and_then(|it| it.path.rsplit('/').next()?.split('.').next().map(letters));
        stem.is_some_and(|it| it == wanted) && declared != name && {
            let named = ctx.workspace.entities_named(declared);
            let twins = named.into_iter().filter_map(|it| ctx.workspace.entity(it));
            twins.filter(|it| it.schema_name() == schema).count() > 1
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn one_table_for_two_files() {
        check_diagnostics(
            r#"
#- /a/post.yaml
entity: Post
schema: blog
#- /b/post.yaml
entity: Post
#       ^^^^ error[duplicate-entity]: the schema `blog` has this entity already, in `/a/post.yaml`, so the two would share a table
schema: blog
#- /c/post.yaml
entity: Post
#       ^^^^ warning[name-collision]
schema: archive
"#,
        );
    }

    #[test]
    fn a_copy_in_which_the_name_was_forgotten() {
        check_diagnostics(
            r#"
#- /comment.yaml
entity: Post
#       ^^^^ 💡 error[duplicate-entity]: the schema `public` has this entity already, in `/post.yaml`, so the two would share a table; did you mean `Comment`?
fields:
  body: text
actions:
  - name: say
    steps:
      - insert: Comment(body)
    impact:
      primary: {entity: Comment, operation: CREATE, fields: [body]}
#- /post.yaml
entity: Post
fields:
  title: text
  first: ref(Comment)
"#,
        );
    }
}
