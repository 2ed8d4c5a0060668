//! Two files declare one entity, so their tables would be the same table.

use crate::{Context, Diagnostic, Level, Rule};

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
    let mut twins = twins.filter(|it| it.schema_name() == entity.schema_name());
    let Some(first) = twins.next().filter(|it| it.id != entity.id) else { return };
    let Some(file) = ctx.workspace.file(first.id.0) else { return };
    let message = format!(
        "the schema `{}` has this entity already, in `{}`, so the two would share a table",
        entity.schema_name(),
        file.path
    );
    acc.push(ctx.finding(&RULE, entity.name.range, message).related(
        first.id.0,
        first.name.range,
        "declared here",
    ));
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
}
