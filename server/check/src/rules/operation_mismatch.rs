//! `impact` declares another operation than the steps do.

use specql_model::{ActionId, Effect, ImpactEntry, Name, Operation};

use crate::{
    Applicability, Context, Diagnostic, FileEdit, Fix, Level, Rule,
    alignment::{is_torn, participle},
};

pub(crate) const RULE: Rule = Rule {
    code: "operation-mismatch",
    level: Level::Error,
    summary: "`impact` declares another operation than the steps do",
    run: operation_mismatch,
    page: include_str!("../../../../docs/rules/operation-mismatch.md"),
};

fn operation_mismatch(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _) in ctx.actions() {
        let Some(alignment) = ctx.alignment(id) else { continue };
        for pair in &alignment.mismatched {
            let (Some(declared), Some(effect), Some(entity)) =
                (&pair.entry.operation, pair.effects.first(), ctx.workspace.entity(pair.entity))
            else {
                continue;
            };
            if is_of_torn(ctx, id, effect) {
                continue;
            }
            let message = format!(
                "`{}` is {} by the steps, not {}, so clients and consumers are told something else",
                entity.name.text,
                participle(Some(effect.operation)),
                participle(declared.value),
            );
            let (file, range) = ctx.place_of(effect);
            acc.push(
                ctx.finding(&RULE, declared.name.range, message)
                    .related(file, range, "the step")
                    .fix(change(ctx, pair.entry, &declared.name, effect.operation)),
            );
        }
    }
}

/// Whether a write is that of a called action of which a part is not read: that is told where it stands.
fn is_of_torn(ctx: &Context<'_>, id: ActionId, effect: &Effect) -> bool {
    let called = || {
        let file = ctx.workspace.file(effect.action.entity.0)?;
        Some(is_torn(file, ctx.workspace.action(effect.action)?))
    };
    effect.action != id && called().unwrap_or_default()
}

/// Writes what is done. A row that is deleted has no fields, so a list of them goes.
fn change(ctx: &Context<'_>, entry: &ImpactEntry, declared: &Name, done: Operation) -> Fix {
    let mut fix = Fix { applicability: Applicability::Safe, ..ctx.rename(declared, done.as_str()) };
    let fields = entry.fields_range.filter(|_| done == Operation::Delete);
    if let Some(fields) = fields.and_then(|it| ctx.entry_of(it)) {
        let edits = ctx.remove_entry(fields).into_iter();
        fix.edits.extend(edits.map(|edit| FileEdit { file: ctx.id(), edit }));
    }
    fix
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn another_operation() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: UPDATE
        #          ^^^^^^ 💡 error[operation-mismatch]: `Post` is created by the steps, not updated, so clients and consumers are told something else
"#,
        );
    }

    #[test]
    fn upsert_stands_for_both_of_its_halves() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: save_post
    steps:
      - if: input.id IS NULL
        then:
          - insert: Post
        else:
          - update: Post
    impact:
      primary:
        entity: Post
        operation: UPSERT
"#,
        );
    }

    #[test]
    fn the_step_is_right() {
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
      primary: {entity: Post, operation: $0UPDATE}
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
      primary: {entity: Post, operation: DELETE}
"#,
        );
    }
}
