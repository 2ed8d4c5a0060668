//! An action calls itself, or another action that comes back to it.

use specql_model::{Name, Step};

use crate::{Context, Diagnostic, Level, Rule, calls::way, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "recursive-call",
    level: Level::Error,
    summary: "an action that calls itself, directly or through others",
    run: recursive_call,
    page: include_str!("../../../../docs/rules/recursive-call.md"),
};

fn recursive_call(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let mut calls: Vec<(&Step, &Name)> = Vec::new();
        for step in &action.steps {
            step.walk(&mut |it| calls.extend(it.called().map(|(_, name)| (it, name))));
        }
        for (step, name) in calls {
            let Some((target, called)) = ctx.called(step) else { continue };
            let Some(way) = way(ctx.workspace, target, id) else { continue };
            let between: Vec<&str> = way
                .iter()
                .filter(|it| **it != id)
                .filter_map(|it| Some(ctx.workspace.action(*it)?.name.as_str()))
                .collect();
            let message = if between.is_empty() {
                format!("`{}` calls itself, so it may never end", action.name.text)
            } else {
                format!(
                    "`{}` comes back to itself through {}, so it may never end",
                    action.name.text,
                    listed(between)
                )
            };
            let found = ctx.finding(&RULE, name.range, message);
            acc.push(found.related(target.entity.0, called.name.range, "the called action"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn circles_of_calls() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
actions:
  - name: greet_user
    params:
      post: uuid
    steps:
      - call: publish_post(id = $post)
      #       ^^^^^^^^^^^^ error[recursive-call]: `greet_user` comes back to itself through `publish_post`, so it may never end
  - name: start
    steps:
      - call: greet_user
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: publish_post
    steps:
      - if: title = 'x'
        then:
          - call: greet_user
          #       ^^^^^^^^^^ error[recursive-call]
  - name: again
    steps:
      - call: again
      #       ^^^^^ error[recursive-call]: `again` calls itself, so it may never end
"#,
        );
    }
}
