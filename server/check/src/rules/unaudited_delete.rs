//! A row is removed for good, and nothing has kept what it was.

use specql_contract::is_audited;
use specql_model::{StepKind, expression::EntityReference};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unaudited-delete",
    level: Level::Hint,
    summary: "rows of an entity without audit are removed for good",
    run: unaudited_delete,
    page: include_str!("../../../../docs/rules/unaudited-delete.md"),
};

fn unaudited_delete(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _) in ctx.actions() {
        ctx.each_step(id, &mut |_, step| {
            let StepKind::Delete { write, hard: true } = &step.kind else { return };
            let Some(entity) = ctx.written(write) else { return };
            if is_audited(ctx.workspace.config(), entity) {
                return;
            }
            let range = write.entity.as_ref().map_or(step.range, EntityReference::range);
            let message = format!(
                "the audit of `{}` is off, so nobody can say later what was removed here, when and by \
                 whom; turn `audit` on, or leave `hard` out to mark the row instead",
                entity.name.text
            );
            let setting = entity.audit.as_ref().map_or(entity.name.range, |it| it.key);
            acc.push(ctx.finding(&RULE, range, message).related(entity.id.0, setting, "the entity"));
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn rows_that_leave_no_trace() {
        check_diagnostics(
            r#"
#- /line.yaml
entity: Line
audit: false
fields:
  order: ref(Order)
  draft: boolean
#- /order.yaml
entity: Order
fields:
  number: text
actions:
  - name: cancel_order
    steps:
      - delete: Line
      #         ^^^^ hint[unaudited-delete]: the audit of `Line` is off, so nobody can say later what was removed here, when and by whom; turn `audit` on, or leave `hard` out to mark the row instead
        hard: true
      - delete: Line WHERE draft
      - delete: Order
        hard: true
    impact:
      primary: {entity: Order, operation: DELETE}
      side_effects:
        - {entity: Line, operation: DELETE}
"#,
        );
    }

    #[test]
    fn the_configuration_turns_audit_off() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
audit: {enabled: false}
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: drop_post
    steps:
      - if: title IS NULL
        then:
          - delete: Post
          #         ^^^^ hint[unaudited-delete]
            hard: true
    impact:
      primary: {entity: Post, operation: DELETE}
#- /kept.yaml
entity: Kept
audit: true
fields:
  title: text
actions:
  - name: drop_kept
    steps:
      - delete: Kept
        hard: true
    impact:
      primary: {entity: Kept, operation: DELETE}
"#,
        );
    }
}
