//! A step works on another entity, and several `ref` fields lead to its rows.

use specql_model::{Entity, RowSource};

use crate::{
    Context, Diagnostic, Level, Rule,
    context::listed,
    rows::{add_where, unled},
};

pub(crate) const RULE: Rule = Rule {
    code: "ambiguous-row",
    level: Level::Error,
    summary: "several fields lead to the rows that a step means",
    run: ambiguous_row,
    page: include_str!("../../../../docs/rules/ambiguous-row.md"),
};

fn ambiguous_row(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        for it in unled(ctx, id, action) {
            let RowSource::Ambiguous(fields) = &it.rows else { continue };
            let (Some(own), step, written) = (ctx.entity(), it.step, it.entity) else { continue };
            let message = format!(
                "{} lead between `{}` and `{}`, so it is not said which {}; add a `WHERE`",
                listed(fields.iter().map(ecow::EcoString::as_str)),
                own.name.text,
                written.name.text,
                it.what
            );
            let mut finding = ctx.finding(&RULE, it.range, message);
            for field in fields {
                let (condition, owner) = condition(own, written, field);
                if let Some(it) = owner.field(field) {
                    finding = finding.related(owner.id.0, it.name.range, "one of the ways");
                }
                finding = finding.fix(add_where(ctx, step, &condition));
            }
            acc.push(finding);
        }
    }
}

/// The condition that chooses a field, and the entity that has it.
fn condition<'a>(own: &'a Entity, written: &'a Entity, field: &str) -> (String, &'a Entity) {
    let leads_forward = own.field(field).is_some();
    if leads_forward {
        // A column of the written entity would be taken before that of the file's.
        let is_hidden = written.column(field).is_some();
        let source = if is_hidden { "input." } else { "" };
        (format!("id = {source}{field}"), own)
    } else {
        (format!("{field} = input.id"), written)
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix, check_nth_fix};

    const BEFORE: &str = r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
  editor: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: $0User SET post_count = post_count + 1
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: User, operation: UPDATE}
"#;

    #[test]
    fn two_ways() {
        check_diagnostics(&BEFORE.replace("$0", "").replace(
            "    impact:",
            "      #         ^^^^ 💡 error[ambiguous-row]: `author` and `editor` lead between `Post` and `User`, so it is not said which rows are written; add a `WHERE`\n    impact:",
        ));
    }

    #[test]
    fn one_fix_for_each_way() {
        let after = |field: &str| {
            let own = BEFORE.split("#- /post.yaml\n").nth(1).unwrap();
            own.replace("$0", "").replace("+ 1\n", &format!("+ 1 WHERE id = {field}\n"))
        };
        check_fix(BEFORE, &after("author"));
        check_nth_fix(1, BEFORE, &after("editor"));
    }
}
