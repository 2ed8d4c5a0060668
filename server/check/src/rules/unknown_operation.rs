//! An operation of `impact` that is no word of the vocabulary, or a synonym of one.

use specql_model::{ImpactEntry, Operation, Resolution, Spelled};

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
            if let Some(it) = swapped(ctx, entry, operation) {
                acc.push(it);
                continue;
            }
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

/// `entity: CREATE, operation: Post`: each has the other one's value.
fn swapped(
    ctx: &Context<'_>,
    entry: &ImpactEntry,
    operation: &Spelled<Operation>,
) -> Option<Diagnostic> {
    let entity = entry.entity.as_ref()?;
    let is_operation =
        Operation::ALL.iter().any(|it| it.as_str().eq_ignore_ascii_case(&entity.text));
    if operation.value.is_some() || !is_operation {
        return None;
    }
    if ctx.resolve(&operation.name.text) == Resolution::Unknown {
        return None;
    }
    let both = [("entity", entity), ("operation", &operation.name)];
    Some(words::swapped(ctx, &RULE, both, "nothing is declared"))
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
    fn values_in_each_others_place() {
        let file = |entity: &str, operation: &str| {
            format!(
                "entity: Post\nfields:\n  title: text\nactions:\n  - name: add\n    steps:\n      - insert: Post\n    \
                 impact:\n      primary:\n        entity: {entity}\n        operation: {operation}\n"
            )
        };
        check_fix(&file("CREATE", "$0Post"), &file("Post", "CREATE"));
        let marked = file(
            "CREATE",
            "Post\n        #          ^^^^ 💡 error[unknown-operation]: `entity` and `operation` have each other's \
             value, so nothing is declared; write `entity: Post` and `operation: CREATE`",
        );
        check_diagnostics(&marked);
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
