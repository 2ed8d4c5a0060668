//! A step sets a column that the generated code keeps.
//!
//! `identifier` is left to the author: nothing else fills it.

use specql_model::{Entity, StepKind};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "assigns-built-in",
    level: Level::Warning,
    summary: "a step sets a column that the generated code keeps",
    run: assigns_built_in,
    page: include_str!("../../../../docs/rules/assigns-built-in.md"),
};

fn assigns_built_in(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| {
                let (StepKind::Insert(write) | StepKind::Update(write) | StepKind::Upsert(write)) =
                    &step.kind
                else {
                    return;
                };
                let assigned = write.assignments.iter().map(|it| &it.field);
                for name in assigned.chain(&write.columns) {
                    let Some(column) = Entity::built_in(&name.text) else { continue };
                    let Some(why) = why(column.name) else { continue };
                    let message = format!("`{}` is kept by the generated code, {why}", name.text);
                    acc.push(ctx.finding(&RULE, name.range, message));
                }
            });
        }
    }
}

/// Why a step should not set a column; nothing where it may.
fn why(column: &str) -> Option<&'static str> {
    Some(match column {
        "id" => "so references and caches that know the row by it lose it; leave it out",
        "tenant_id" => "so the row would move to another tenant; leave it out",
        "created_at" | "created_by" | "updated_at" | "updated_by" => {
            "so the history would say something else than what happened; leave it out"
        }
        "deleted_at" | "deleted_by" => {
            "so neither cascade nor events say that the row is gone; write a `delete` step"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn columns_of_the_generated_code() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: change
    steps:
      - update: Post SET title = 'x', updated_at = now(), identifier = title
      #                               ^^^^^^^^^^ warning[assigns-built-in]: `updated_at` is kept by the generated code, so the history would say something else than what happened; leave it out
      - update: Post SET deleted_at = now()
      #                  ^^^^^^^^^^ warning[assigns-built-in]: `deleted_at` is kept by the generated code, so neither cascade nor events say that the row is gone; write a `delete` step
      - update: Post(title, tenantId)
      #                     ^^^^^^^^ warning[assigns-built-in]
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }
}
