//! An action that reads and changes nothing: reads have their own way, the read model.

use specql_model::{ActionId, Step, StepKind};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "query-as-action",
    level: Level::Hint,
    summary: "an action that only reads, which a query does better",
    run: query_as_action,
    page: include_str!("../../../../docs/rules/query-as-action.md"),
};

fn query_as_action(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(own) = ctx.entity() else { return };
    for (id, action) in ctx.actions() {
        let declares = action.impact.is_some() || action.cdc.is_some() || action.pattern.is_some();
        if declares || ctx.is_damaged_action(id) || !only_reads(ctx, id, &action.steps) {
            continue;
        }
        let message = format!(
            "`{}` reads and changes nothing; queries read `tv_{}`, which stands beside the table and is \
             refreshed in the transaction of each change",
            action.name.text,
            own.snake_name()
        );
        acc.push(ctx.finding(&RULE, action.name.range, message));
    }
}

/// Whether some step finds a row, and none does more than to read, decide and answer.
fn only_reads(ctx: &Context<'_>, id: ActionId, steps: &[Step]) -> bool {
    let (mut finds, mut acts) = (false, !ctx.workspace.effects(id).is_empty());
    for step in steps {
        step.walk(&mut |it| match &it.kind {
            StepKind::Find { .. } => finds = true,
            StepKind::Validate { .. }
            | StepKind::If { .. }
            | StepKind::ForEach { .. }
            | StepKind::Switch { .. }
            | StepKind::Reject(_)
            | StepKind::Return(_) => {}
            _ => acts = true,
        });
    }
    finds && !acts
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn only_what_changes_nothing() {
        check_diagnostics(
            r#"
entity: BlogPost
fields:
  title: text
actions:
  - name: look_at_post
    #     ^^^^^^^^^^^^ hint[query-as-action]: `look_at_post` reads and changes nothing; queries read `tv_blog_post`, which stands beside the table and is refreshed in the transaction of each change
    params:
      title: text
    steps:
      - find: BlogPost WHERE title = input.title
        as: found
      - return: found
  - name: tell_of_post
    params:
      title: text
    steps:
      - find: BlogPost WHERE title = input.title
        as: found
      - notify: editors
        message: found.title
  - name: check_title
    steps:
      - validate: title IS NOT NULL
"#,
        );
    }
}
