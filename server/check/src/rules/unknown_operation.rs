//! An operation of `impact` that is no word of the vocabulary, or a synonym of one.

use specql_model::Operation;

use crate::{Context, Diagnostic, Level, Rule, words};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-operation",
    level: Level::Error,
    summary: "`impact` names an operation that there is not",
    run: unknown_operation,
    page: include_str!("../../../../docs/rules/unknown-operation.md"),
};

fn unknown_operation(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, _, impact) in ctx.impacts() {
        for entry in impact.primary.iter().chain(&impact.side_effects) {
            let Some(operation) = &entry.operation else { continue };
            // The older shape has words of its own, and a rule that rewrites it.
            if impact.legacy && operation.value.is_some() {
                continue;
            }
            let known = if impact.legacy { OLDER } else { Operation::ALL.map(Operation::as_str) };
            let means = operation.value.map(Operation::as_str);
            acc.extend(words::check(ctx, &RULE, "operation", operation, means, &known, synonym));
        }
    }
}

/// The words of the older shapes.
const OLDER: [&str; 4] = ["insert", "update", "delete", "upsert"];

/// The operation that a word of SQL or of events means.
fn synonym(word: &str) -> Option<&'static str> {
    match word.to_ascii_uppercase().as_str() {
        "ADD" | "NEW" | "CREATED" | "INSERTED" => Some("CREATE"),
        "MODIFY" | "CHANGE" | "EDIT" | "PATCH" | "UPDATED" => Some("UPDATE"),
        "REMOVE" | "DESTROY" | "DELETED" | "REMOVED" => Some("DELETE"),
        "MERGE" | "SAVE" => Some("UPSERT"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn words_outside_the_vocabulary() {
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
        operation: CRATE
        #          ^^^^^ 💡 error[unknown-operation]: there is no operation `CRATE`, so what happens is not known; did you mean `CREATE`?
  - name: add_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: insert
        #          ^^^^^^ 💡 info[unknown-operation]: `insert` is read as the operation `CREATE`
  - name: make_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: frobnicate
        #          ^^^^^^^^^^ error[unknown-operation]: there is no operation `frobnicate`, so what happens is not known; it is one of `CREATE`, `UPDATE`, `DELETE` and `UPSERT`
"#,
        );
    }

    #[test]
    fn any_case_will_do() {
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
      primary: {entity: Post, operation: create}
"#,
        );
    }

    #[test]
    fn the_word_that_is_meant() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: $0insert}
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
"#,
        );
    }
}
