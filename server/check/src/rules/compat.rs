//! A form that the released generators refuse, or read in another way than it is meant.
//!
//! What another rule says at the same place is not said again.

use specql_model::{FileKind, config::Compat};
use specql_text::TextRange;

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

/// The rules about what the types of fields become.
const ABOUT_TYPES: &[&str] =
    &["postgres-type", "lost-nullability", "unknown-type", "invalid-type", "invalid-default"];

fn compat(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let release = ctx.workspace.config().compat;
    if release == Compat::Off || !matches!(ctx.file.kind, FileKind::Entity(_)) {
        return;
    }
    let yaml = ctx.file.parse().yaml();
    let said = Said::of(acc);
    for reading in released::readings(&yaml.root, release) {
        let range = ctx.first_line(reading.range);
        if ctx.is_damaged(range) || said.says(range, &reading) {
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

/// What other rules have found that can leave nothing to say, in the order of the text.
struct Said {
    /// Where, whether the file is refused there anyway, and the last end of all up to here.
    places: Vec<(TextRange, bool, u32)>,
}

impl Said {
    fn of(found: &[Diagnostic]) -> Self {
        let is_error = |it: &Diagnostic| it.level == Level::Error;
        let relevant = found.iter().filter(|it| is_error(it) || ABOUT_TYPES.contains(&it.code));
        let mut places: Vec<_> = relevant.map(|it| (it.range, is_error(it), 0)).collect();
        places.sort_unstable();
        let mut last = 0;
        for (range, _, end) in &mut places {
            last = last.max(range.end());
            *end = last;
        }
        Self { places }
    }

    /// Whether the file is refused at a place anyway, or the finding there is about the same.
    fn says(&self, range: TextRange, reading: &Reading) -> bool {
        let behind = self.places.partition_point(|it| it.0.start() <= range.end());
        let before = self.places.get(..behind).unwrap_or_default().iter().rev();
        let mut near = before.take_while(|it| it.2 >= range.start());
        near.any(|(place, is_error, _)| {
            place.intersects(range) && (*is_error || reading.words.is_none())
        })
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
    #<^^^ info[no-effect]
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
      - call: note(id = id)
      - call: app.note(id = id)
      #       ^^^^^^^^^^^^^^^^^ info[compat]: released generators refuse the file: they know no schema before the name of an action
  - name: note
    steps:
      - validate: title <> ''
"#,
        );
    }
}
