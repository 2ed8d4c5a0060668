//! A DELETE in `impact` lists fields: of a row that is gone none are refreshed.

use specql_model::Operation;

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag};

pub(crate) const RULE: Rule = Rule {
    code: "fields-on-delete",
    level: Level::Warning,
    summary: "`impact` lists fields of a row that it deletes",
    run: fields_on_delete,
    page: include_str!("../../../../docs/rules/fields-on-delete.md"),
};

fn fields_on_delete(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, _, impact) in ctx.impacts() {
        for entry in impact.primary.iter().chain(&impact.side_effects) {
            let deletes =
                entry.operation.as_ref().is_some_and(|it| it.value == Some(Operation::Delete));
            let listed = entry.fields.as_ref().is_some_and(|it| !it.is_empty());
            let Some(range) = entry.fields_range.filter(|_| deletes && listed) else { continue };
            let message = "a deleted row has no fields to refresh, so this list has no effect";
            acc.push(
                ctx.finding(&RULE, ctx.first_line(range), message.to_owned())
                    .tag(Tag::Unnecessary)
                    .fix(remove(ctx, range)),
            );
        }
    }
}

/// Removes the entry with a value.
fn remove(ctx: &Context<'_>, value: specql_text::TextRange) -> Option<Fix> {
    let entry = ctx.entry_of(value)?;
    let edits = ctx.remove_entry(entry);
    Some(Fix::safe("Remove `fields`", ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn fields_of_a_deleted_row() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: remove_post
    steps:
      - delete: Post
    impact:
      primary:
        entity: Post
        operation: DELETE
        fields: [title]
        #       ^^^^^^^ 💡 warning[fields-on-delete]: a deleted row has no fields to refresh, so this list has no effect
"#,
        );
    }

    #[test]
    fn the_list_goes() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: remove_post
    steps:
      - delete: Post
    impact:
      primary:
        entity: Post
        operation: DELETE
        fields:
          - $0title
      idempotent: true
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: remove_post
    steps:
      - delete: Post
    impact:
      primary:
        entity: Post
        operation: DELETE
      idempotent: true
"#,
        );
    }
}
