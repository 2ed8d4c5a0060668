//! Two actions have one name, so the function of one replaces that of the other.
//!
//! The function `fn_<action>` lies in the entity's schema. Released generators have one namespace for
//! all schemas, which is worth knowing and no mistake.

use specql_model::{ActionId, Entity, config::Compat};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-action",
    level: Level::Error,
    summary: "two actions share a name, and one replaces the other",
    run: duplicate_action,
    page: include_str!("../../../../docs/rules/duplicate-action.md"),
};

fn duplicate_action(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    let compat = ctx.workspace.config().compat;
    for (id, action) in ctx.actions() {
        if action.name.text.is_empty() {
            continue;
        }
        // Of an entity that is declared twice every action is there twice.
        let key = |it: &Entity| (it.schema_name().to_owned(), it.name.text.clone());
        let is_twin = |it: &ActionId| {
            let other = ctx.workspace.entity(it.entity);
            it.entity != id.entity && other.is_some_and(|it| key(it) == key(entity))
        };
        let all = ctx.workspace.actions_named(&action.name.text).iter().copied();
        let before = || all.clone().take_while(|it| *it != id).filter(|it| !is_twin(it));
        let same_schema = before().find(|it| schema_of(ctx, *it) == Some(entity.schema_name()));
        if let Some(first) = same_schema {
            let message = format!(
                "the schema `{}` has an action `{}` already, so one function replaces the other",
                entity.schema_name(),
                action.name.text
            );
            acc.extend(finding(ctx, action, first, message, RULE.level));
        } else if let (Some(first), true) = (before().next(), compat != Compat::Off) {
            let message = format!(
                "released generators write one function `app.{}` for all schemas, and `{}` has one as \
                 well",
                action.name.text,
                schema_of(ctx, first).unwrap_or_default()
            );
            acc.extend(finding(ctx, action, first, message, Level::Info));
        }
    }
}

fn schema_of<'a>(ctx: &Context<'a>, id: ActionId) -> Option<&'a str> {
    Some(ctx.workspace.entity(id.entity)?.schema_name())
}

fn finding(
    ctx: &Context<'_>,
    action: &specql_model::Action,
    first: ActionId,
    message: String,
    level: Level,
) -> Option<Diagnostic> {
    let other = ctx.workspace.action(first)?;
    let finding = ctx.finding(&RULE, action.name.range, message).level(level);
    Some(finding.related(first.entity.0, other.name.range, "the other action"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn one_function_for_two_actions() {
        check_diagnostics(
            r#"
#- /a.yaml
entity: Post
schema: blog
actions:
  - name: publish
  - name: publish
    #     ^^^^^^^ error[duplicate-action]: the schema `blog` has an action `publish` already, so one function replaces the other
#- /b.yaml
entity: Comment
schema: blog
actions:
  - name: publish
    #     ^^^^^^^ error[duplicate-action]: the schema `blog` has an action `publish` already, so one function replaces the other
#- /c.yaml
entity: Catalog
schema: shop
actions:
  - name: publish
    #     ^^^^^^^ info[duplicate-action]: released generators write one function `app.publish` for all schemas, and `blog` has one as well
"#,
        );
    }
}
