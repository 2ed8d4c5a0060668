//! A `cdc` block that does not say `enabled`: it looks like an event and writes none.
//!
//! `enabled: false` is a decision and not reported.

use specql_syntax::edit::Value;

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "cdc-disabled",
    level: Level::Error,
    summary: "a `cdc` block does not say `enabled: true`, so it does nothing",
    run: cdc_disabled,
    page: include_str!("../../../../docs/rules/cdc-disabled.md"),
};

fn cdc_disabled(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(cdc) = action.cdc.as_deref().filter(|it| it.enabled.is_none()) else { continue };
        let block = ctx.action_node(id).and_then(|it| it.get("cdc"));
        // What is written for `enabled` and is no boolean is another rule's business.
        let is_written = block.is_some_and(|it| it.get("enabled").is_some_and(|it| !it.is_null()));
        let is_mapping = block.is_some_and(|it| it.is_null() || it.as_mapping().is_some());
        if is_written || !is_mapping || ctx.is_damaged_action(id) {
            continue;
        }
        let message = "`cdc` is off unless it says `enabled: true`, so this event is never written";
        let edits = block.filter(|it| it.as_mapping().is_some()).map(|block| {
            let value = Value::Scalar("true".to_owned());
            match block.as_mapping().and_then(|it| it.get("enabled")) {
                Some(empty) => ctx.replace_entry(empty, "enabled", &value),
                None => ctx.insert_entry(block, "event_type", "enabled", &value),
            }
        });
        let fix = edits.map(|it| Fix::review("Add `enabled: true`", ctx.id(), it));
        acc.push(ctx.finding(&RULE, cdc.key, message.to_owned()).fix(fix));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_block_that_does_nothing() {
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
      primary: {entity: Post, operation: CREATE}
    cdc:
    #<^ 💡 error[cdc-disabled]: `cdc` is off unless it says `enabled: true`, so this event is never written
      event_type: PostCreated
  - name: add_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: false
      event_type: PostCreated
"#,
        );
    }

    #[test]
    fn a_key_that_waits_for_its_value_gets_it() {
        let head = "entity: A\nfields: {n: integer}\nactions:\n  - name: make\n    steps:\n      - insert: A(n)\n    \
                    impact:\n      primary: {entity: A, operation: CREATE}\n";
        let before =
            format!("{head}    $0cdc:\n      enabled:  # one day\n      event_type: AMade\n");
        check_fix(&before, &before.replace("$0", "").replace("enabled: ", "enabled: true "));
        let before = format!("{head}    $0cdc: {{enabled: , event_type: AMade}}\n");
        check_fix(&before, &before.replace("$0", "").replace("enabled: ,", "enabled: true ,"));
    }

    #[test]
    fn it_is_enabled() {
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
      primary: {entity: Post, operation: CREATE}
    $0cdc:
      event_type: PostCreated  # read by the mailer
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
    cdc:
      event_type: PostCreated  # read by the mailer
      enabled: true
"#,
        );
    }
}
