//! A `cdc` block in an action without `impact`: the event has no aggregate, so none can be written.

use crate::{Context, Diagnostic, Level, Rule, impact_block::write_impact};

pub(crate) const RULE: Rule = Rule {
    code: "cdc-without-impact",
    level: Level::Error,
    summary: "an action publishes an event and declares no `impact`",
    run: cdc_without_impact,
    page: include_str!("../../../../docs/rules/cdc-without-impact.md"),
};

fn cdc_without_impact(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(cdc) = action.cdc.as_deref().filter(|it| it.enabled != Some(false)) else {
            continue;
        };
        if action.impact.is_some() || ctx.is_damaged_action(id) {
            continue;
        }
        let message = format!(
            "`{}` declares no `impact`, so its event has no aggregate and is never written",
            action.name.text
        );
        acc.push(ctx.finding(&RULE, cdc.key, message).fix(write_impact(ctx, id)));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn an_event_without_aggregate() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    cdc:
    #<^ 💡 error[cdc-without-impact]: `create_post` declares no `impact`, so its event has no aggregate and is never written
      enabled: true
"#,
        );
    }

    #[test]
    fn the_impact_is_written_from_the_steps() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    $0cdc: true
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact:
      primary:
        entity: Post
        operation: CREATE
        fields: [title]
    cdc: true
"#,
        );
    }
}
