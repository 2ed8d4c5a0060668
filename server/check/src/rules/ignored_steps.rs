//! Steps that released generators pass over: those of actions named `create_…`, `update_…`, `delete_…`.

use specql_model::{Action, config::Compat};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "ignored-steps",
    level: Level::Info,
    summary: "steps that released generators pass over",
    run: ignored_steps,
    page: include_str!("../../../../docs/rules/ignored-steps.md"),
};

fn ignored_steps(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.workspace.config().compat == Compat::Off {
        return;
    }
    let Some(entity) = ctx.entity() else { return };
    let folded = entity.name.text.to_lowercase();
    for (_, action) in ctx.actions() {
        let Some(verb) = verb(action) else { continue };
        if action.steps.iter().all(|it| it.keyword.text == verb) {
            continue;
        }
        let message = format!(
            "released generators write `{verb}_{folded}` for every action named `{verb}_…` and pass over its \
             steps"
        );
        acc.push(ctx.finding(&RULE, action.name.range, message));
    }
}

/// The word before the first `_` of the action's name that decides.
fn verb(action: &Action) -> Option<&'static str> {
    let written = ["create", "update", "delete"];
    let is_first =
        |it: &&str| action.name.text.strip_prefix(*it).is_some_and(|rest| rest.starts_with('_'));
    written.into_iter().find(is_first)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn steps_of_three_names() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
rules: {missing-impact: "off"}
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    #     ^^^^^^^^^^^ info[ignored-steps]: released generators write `create_post` for every action named `create_…` and pass over its steps
    steps:
      - validate: title IS NOT NULL
      - insert: Post
  - name: delete_post
    steps:
      - delete: Post
  - name: publish_post
    steps:
      - update: Post SET title = 'x'
"#,
        );
    }
}
