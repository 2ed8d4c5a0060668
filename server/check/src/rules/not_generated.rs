//! Something that is read and has no effect in the generated code.

use specql_model::StepKind;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "not-generated",
    level: Level::Warning,
    summary: "something that is read and has no effect in the generated code",
    run: not_generated,
    page: include_str!("../../../../docs/rules/not-generated.md"),
};

fn not_generated(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        if let Some(requires) = &action.requires {
            let message = format!(
                "the generated function does not check `{}`; check it before the call",
                requires.text
            );
            acc.push(ctx.finding(&RULE, requires.range, message).level(Level::Info));
        }
        for step in &action.steps {
            step.walk(&mut |it| {
                if matches!(it.kind, StepKind::Extended) {
                    let message = format!(
                        "no code is generated for `{}`, so the action fails when it gets there",
                        it.keyword.text
                    );
                    acc.push(ctx.finding(&RULE, it.keyword.range, message));
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn steps_and_permissions() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: publish_post
    requires: caller.can_publish
    #         ^^^^^^^^^^^^^^^^^^ info[not-generated]: the generated function does not check `caller.can_publish`; check it before the call
    steps:
      - raw_sql: "SELECT 1"
      # ^^^^^^^ warning[not-generated]: no code is generated for `raw_sql`, so the action fails when it gets there
"#,
        );
    }
}
