//! A suppression comment that silences nothing.
//!
//! It runs last: what the other rules have found is in the accumulator.

use specql_model::suggest;
use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule, Tag,
    context::did_you_mean,
    suppression::{Suppression, misspelled, suppressions},
};

pub(crate) const RULE: Rule = Rule {
    code: "unused-suppression",
    level: Level::Warning,
    summary: "a suppression comment that silences nothing",
    run: unused_suppression,
    page: include_str!("../../../../docs/rules/unused-suppression.md"),
};

fn unused_suppression(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    for suppression in suppressions(ctx.file) {
        for code in &suppression.codes {
            let covers = |it: &&Diagnostic| {
                it.code == code.as_str() && suppression.covers(it.code, it.range.start())
            };
            let rule = ctx.rules.iter().find(|it| it.code == code.text);
            let is_left_out = rule.is_some_and(|it| !ctx.looks_for(it));
            if is_left_out || acc.iter().any(|it| covers(&it)) {
                continue;
            }
            let (message, tag) = if rule.is_some() {
                (
                    format!("nothing is found here that `{}` would silence", code.text),
                    Some(Tag::Unnecessary),
                )
            } else {
                let near = suggest(&code.text, ctx.rules.iter().map(|it| it.code));
                (format!("there is no rule `{}`{}", code.text, did_you_mean(near)), None)
            };
            let mut finding = ctx.finding(&RULE, code.range, message);
            finding.tags.extend(tag);
            found.push(finding.fix(remove(ctx, &suppression, code.range)));
        }
    }
    found.extend(misspelled(ctx.file).into_iter().map(|it| no_suppression(ctx, it)));
    acc.append(&mut found);
}

/// A comment that is meant to silence something and is written in another way.
fn no_suppression(ctx: &Context<'_>, range: TextRange) -> Diagnostic {
    let written = ctx.slice(range);
    let message = format!(
        "`{written}` silences nothing; a suppression is written `specql: allow(code) reason`"
    );
    let behind = ctx.file.text().get(range.to_usize().end..).unwrap_or_default();
    let edit = TextEdit::replace(range, "specql: allow".to_owned());
    let is_other = written != "specql: allow";
    let fix = (is_other && behind.trim_start().starts_with('('))
        .then(|| Fix::review("Write `specql: allow`", ctx.id(), vec![edit]));
    ctx.finding(&RULE, range, message).fix(fix)
}

/// Removes the code, or the comment when it names no other.
fn remove(ctx: &Context<'_>, suppression: &Suppression, code: TextRange) -> Fix {
    let text = ctx.file.text();
    if suppression.codes.len() > 1 {
        let is_first = suppression.codes.first().is_some_and(|it| it.range == code);
        let neighbour = suppression.codes.iter().find(|it| it.range.start() > code.start());
        let before = suppression.codes.iter().rev().find(|it| it.range.start() < code.start());
        let gap = match (is_first, neighbour, before) {
            (true, Some(next), _) => TextRange::new(code.start(), next.range.start()),
            (_, _, Some(before)) => TextRange::new(before.range.end(), code.end()),
            _ => code,
        };
        return Fix::safe("Remove the code", ctx.id(), vec![TextEdit::delete(gap)]);
    }
    let comment = suppression.comment.to_usize();
    let head = text.get(..comment.start).unwrap_or_default();
    let kept = head.trim_end_matches([' ', '\t']);
    let alone = kept.is_empty() || kept.ends_with('\n');
    let line_end = text.get(comment.end..).map_or(comment.end, |rest| {
        let ending = rest.len() - rest.trim_start_matches('\r').trim_start_matches('\n').len();
        comment.end + if alone { ending } else { 0 }
    });
    let gap = TextRange::from(kept.len()..line_end);
    Fix::safe("Remove the suppression", ctx.id(), vec![TextEdit::delete(gap)])
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const STEPS: &str = "
entity: Post
fields:
  title: text!
actions:
  - name: look
    steps:
";

    #[test]
    fn a_text_of_several_lines_is_covered_as_a_whole() {
        check_diagnostics(&format!(
            "{STEPS}      # specql: allow(unknown-field) old column
      - validate: |
          title IS NOT NULL
          AND titel IS NOT NULL
      - validate: > # specql: allow(unknown-field) old column
          title IS NOT NULL
          AND titel IS NOT NULL
      # specql: allow(unknown-field) old column
      - validate: \"title IS NOT NULL
          AND titel IS NOT NULL\"
      - validate: titel IS NOT NULL
      #           ^^^^^ 💡 error[unknown-field]
"
        ));
    }

    #[test]
    fn other_words_silence_nothing() {
        check_diagnostics(&format!(
            "{STEPS}      # specql: ignore(unknown-field) old column
      # ^^^^^^^^^^^^^^ 💡 warning[unused-suppression]: `specql: ignore` silences nothing; a suppression is written `specql: allow(code) reason`
      - validate: titel IS NOT NULL
      #           ^^^^^ 💡 error[unknown-field]
      # specql: Allow(unknown-field)
      # ^^^^^^^^^^^^^ 💡 warning[unused-suppression]
      - validate: titel IS NULL
      #           ^^^^^ 💡 error[unknown-field]
      # specql: alow(unknown-field)
      # ^^^^^^^^^^^^ 💡 warning[unused-suppression]: `specql: alow` silences nothing; a suppression is written `specql: allow(code) reason`
      - validate: titel <> 'x'
      #           ^^^^^ 💡 error[unknown-field]
      # spceql: allow(unknown-field)
      # ^^^^^^^^^^^^^ 💡 warning[unused-suppression]
      # specql: allow()
      # ^^^^^^^^^^^^^ warning[unused-suppression]
      # specql is the language, and this silences nothing
      - validate: title IS NOT NULL
"
        ));
    }

    #[test]
    fn the_right_word() {
        let before = format!(
            "{STEPS}      # specql: $0Ignore(unknown-field) old\n      - validate: titel IS NOT NULL\n"
        );
        check_fix(&before, &before.replace("$0Ignore", "allow"));
    }

    #[test]
    fn suppressions_that_silence_something() {
        check_diagnostics(
            r#"
entity: Post
fields:
  price: mony  # specql: allow(unknown-type) a type of our own
  # specql: allow(reserved-field, unknown-type) both are ours
  path: mony
  title: text
"#,
        );
    }

    #[test]
    fn suppressions_that_silence_nothing() {
        check_diagnostics(
            r#"
entity: Post
fields:
  price: money  # specql: allow(unknown-type) a type of our own
  #                             ^^^^^^^^^^^^ 💡 warning[unused-suppression]: nothing is found here that `unknown-type` would silence
  title: text  # specql: allow(unknown-typ)
  #                            ^^^^^^^^^^^ 💡 warning[unused-suppression]: there is no rule `unknown-typ`; did you mean `unknown-type`?
  # about specql: allow(unknown-type) is text
  text: text
"#,
        );
    }

    #[test]
    fn the_comment_goes() {
        check_fix(
            "entity: Post\nfields:\n  title: text  # specql: allow($0unknown-type) ours\n  text: text\n",
            "entity: Post\nfields:\n  title: text\n  text: text\n",
        );
        check_fix(
            "entity: Post\nfields:\n  # specql: allow($0unknown-type)\n  title: text\n",
            "entity: Post\nfields:\n  title: text\n",
        );
        check_fix(
            "entity: Post\nfields:\n  # specql: allow(unknown-type, $0reserved-field)\n  price: mony\n",
            "entity: Post\nfields:\n  # specql: allow(unknown-type)\n  price: mony\n",
        );
    }
}
