//! A form that the released generators refuse, or read in another way than it is meant.
//!
//! What another rule says at the same place is not said again.

use specql_model::{FileKind, config::Compat};

use crate::{
    Context, Diagnostic, Level, Rule,
    released::{self, Reading},
};

pub(crate) const RULE: Rule = Rule {
    code: "compat",
    level: Level::Info,
    summary: "a form that released generators refuse or read in another way",
    run: compat,
    page: include_str!("../../../../docs/rules/compat.md"),
};

fn compat(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let release = ctx.workspace.config().compat;
    if release == Compat::Off || !matches!(ctx.file.kind, FileKind::Entity(_)) {
        return;
    }
    let yaml = ctx.file.parse().yaml();
    let said_before = acc.len();
    for reading in released::readings(&yaml.root, release) {
        let range = ctx.first_line(reading.range);
        let is_said = |it: &Diagnostic| it.range.intersects(range) && says_it(it, &reading);
        let before = acc.get(..said_before).unwrap_or_default();
        if ctx.is_damaged(range) || before.iter().any(is_said) {
            continue;
        }
        let reason = reading.form.reason.replace("{}", &reading.subject);
        let message = format!("released generators {reason}{}", reading.more);
        let finding = ctx.finding(&RULE, range, message);
        acc.push(match reading.words {
            Some(words) => finding.help(format!("they say: {}", first_line(&words))),
            None => finding,
        });
    }
}

/// Whether a finding leaves nothing to say: the file is refused here anyway, or it is about the same.
fn says_it(finding: &Diagnostic, reading: &Reading) -> bool {
    let is_about_types = matches!(
        finding.code,
        "postgres-type" | "lost-nullability" | "unknown-type" | "invalid-type" | "invalid-default"
    );
    match reading.words {
        Some(_) => finding.level == Level::Error,
        None => finding.level == Level::Error || is_about_types,
    }
}

fn first_line(words: &str) -> &str {
    words.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn what_the_releases_refuse() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text!
  author: ref(User)
  size: text(20)
  #     ^^^^^^^^ info[compat]: released generators make plain text of `text(20)`, and read no more of it
  price: money = 0.00
  #      ^^^^^^^^^^^^ info[compat]: released generators drop the default of `money`
actions:
  - name: look
    steps:
      - validate: title IN ('a', 'b') AND length(title) > 3
      #                 ^^ info[compat]: released generators refuse the file: they do not know `in`, and look for a field of this name; behind it they stumble over `length`
      - validate: author.name <> ''
      #                  ^^^^ info[compat]: released generators refuse the file: they follow no reference, and look for a field `name` in this entity
      - foreach: user in User WHERE name = 'a'
      # ^^^^^^^ info[compat]: released generators refuse the file: they know no step `foreach`
        do:
          - validate: user.name <> ''
      - validate: title = 'now()' AND NOT title IS NULL
"#,
        );
    }

    #[test]
    fn updates_and_calls() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: rename
    steps:
      - update: Post
      #         ^^^^ info[compat]: released generators refuse the file: they want `SET` in an update; write `update: Post SET …`
      - update: Post set title = 'a'
      #              ^^^ info[compat]: released generators refuse the file: they want `SET` in upper case
      - call: note
      #       ^^^^ info[compat]: released generators refuse the file: they want parentheses in a call; write `note()`
    impact:
      primary: {operation: UPDATE}
  - name: note
    steps:
    #<^^^ info[compat]: released generators refuse the file: `steps` has to be a list; leave it out, or write a step
"#,
        );
    }

    #[test]
    fn what_is_said_by_another_rule_is_not_said_again() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
compat: "0.5"
#- /post.yaml
entity: Post
fields:
  title: text
  id: uuid
  #<  💡 error[reserved-field]
  amount: timestamptz
  #       ^^^^^^^^^^^ 💡 info[postgres-type]
actions:
  - name: look
    steps:
      - frobnicate: title
      # ^^^^^^^^^^ error[unknown-step]
      - call: note()
      - call: app.note()
      #       ^^^^^^^^^^ info[compat]: released generators refuse the file: they know no schema before the name of an action
  - name: note
    steps:
      - validate: title <> ''
"#,
        );
    }
}
