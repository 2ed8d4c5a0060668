//! A step whose keyword is unknown, or that has none: it does nothing.

use specql_model::keys::{self, STEP_KEYWORDS, STEP_ORDER};
use specql_model::{Name, Step, StepKind, suggest};
use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::{did_you_mean, listed},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-step",
    level: Level::Error,
    summary: "a step whose keyword is unknown, so it does nothing",
    run: unknown_step,
    page: include_str!("../../../../docs/rules/unknown-step.md"),
};

fn unknown_step(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| report(ctx, it, acc));
        }
    }
}

fn report(ctx: &Context<'_>, step: &Step, acc: &mut Vec<Diagnostic>) {
    if !matches!(step.kind, StepKind::Unknown) || ctx.is_damaged(step.range) {
        return;
    }
    let keyword = &step.keyword;
    if keyword.text.is_empty() {
        let known = listed(STEP_KEYWORDS.iter().copied());
        let message = format!("this step does nothing; begin it with {known}");
        acc.push(ctx.finding(&RULE, ctx.first_line(step.range), message));
        return;
    }
    if let Some(it) = without_colon(ctx, keyword) {
        acc.push(it);
        return;
    }
    if let Some(it) = without_blank(ctx, keyword).or_else(|| set(ctx, step)) {
        acc.push(it);
        return;
    }
    let near =
        suggest(&keyword.text, STEP_ORDER.iter().copied()).or_else(|| synonym(&keyword.text));
    let message =
        format!("there is no step `{}`, so it does nothing{}", keyword.text, did_you_mean(near));
    acc.push(
        ctx.finding(&RULE, keyword.range, message).fix(near.map(|it| ctx.rename(keyword, it))),
    );
}

/// `delete Post`: a step whose colon is missing.
fn without_colon(ctx: &Context<'_>, written: &Name) -> Option<Diagnostic> {
    if STEP_ORDER.contains(&written.as_str()) {
        let message = format!(
            "`{}` has no `:` and no value behind it, so it does nothing; write `{}: …`",
            written.text, written.text
        );
        return Some(ctx.finding(&RULE, written.range, message));
    }
    let (keyword, rest) = written.text.split_once(' ').filter(|it| STEP_ORDER.contains(&it.0))?;
    let message = format!(
        "`{keyword}` has no `:` behind it, so it does nothing; write `{keyword}: {}`",
        rest.trim()
    );
    // A second `: ` behind it would end the text.
    let is_key = ctx.entry_with_key(written.range).is_some_and(|it| !it.value.is_null());
    let plain = ctx.slice(written.range) == written.as_str() && !is_key;
    let at = written.range.start() + TextRange::from(0..keyword.len()).len();
    let fix = plain.then(|| Fix::review("Add the `:`", ctx.id(), vec![TextEdit::insert(at, ":")]));
    Some(ctx.finding(&RULE, written.range, message).fix(fix))
}

/// `-update: Post`: an item of a list whose blank is missing.
fn without_blank(ctx: &Context<'_>, written: &Name) -> Option<Diagnostic> {
    if let Some(found) = blank_behind_colon(ctx, written) {
        return Some(found);
    }
    let keyword = written.text.strip_prefix('-').filter(|it| STEP_ORDER.contains(it))?;
    let message = format!(
        "`-{keyword}` is no step, because a blank is missing behind `-`, so it does nothing; write `- {keyword}`"
    );
    let plain = ctx.slice(written.range) == written.as_str();
    let at = written.range.start() + 1;
    let fix =
        plain.then(|| Fix::review("Add the blank", ctx.id(), vec![TextEdit::insert(at, " ")]));
    Some(ctx.finding(&RULE, written.range, message).fix(fix))
}

/// `update:Post`: a step whose blank is missing behind the colon.
fn blank_behind_colon(ctx: &Context<'_>, written: &Name) -> Option<Diagnostic> {
    let (keyword, rest) = written.text.split_once(':').filter(|it| STEP_ORDER.contains(&it.0))?;
    if rest.is_empty() || ctx.slice(written.range) != written.as_str() {
        return None;
    }
    let message = format!(
        "a blank is missing behind `{keyword}:`, so this is no step and does nothing; write `{keyword}: {rest}`"
    );
    let at = written.range.start() + TextRange::from(0..keyword.len()).len() + 1;
    let fix = Fix::review("Add the blank", ctx.id(), vec![TextEdit::insert(at, " ")]);
    Some(ctx.finding(&RULE, written.range, message).fix(Some(fix)))
}

/// `set: status = 'published'`: what an `update` of the own row says behind its entity.
fn set(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    let (keyword, entity) = (&step.keyword, ctx.entity()?);
    let value = ctx.slice(step.value_range);
    let is_plain = value.starts_with(|it: char| it.is_alphabetic()) && value.contains('=');
    if keyword.text != "set" || !is_plain || ctx.slice(keyword.range) != "set" {
        return None;
    }
    let begin = format!("{} SET ", entity.name.text);
    let message = format!("there is no step `set`, so it does nothing; write `update: {begin}…`");
    let edits = vec![
        TextEdit::replace(keyword.range, "update"),
        TextEdit::insert(step.value_range.start(), begin),
    ];
    let fix = Fix::review("Write it as `update`", ctx.id(), edits);
    Some(ctx.finding(&RULE, keyword.range, message).fix(Some(fix)))
}

/// Whether a finding is of a step whose keyword is a key that steps have beside theirs: `- error: taken`.
pub(crate) fn is_of_key(ctx: &Context<'_>, it: &Diagnostic) -> bool {
    let word = ctx.slice(it.range);
    it.code == RULE.code && STEP_KEYWORDS.iter().any(|it| keys::step_spec(it).key(word).is_some())
}

/// The step that a word of another language means.
fn synonym(keyword: &str) -> Option<&'static str> {
    let step = match keyword {
        "create" | "add" => "insert",
        "set" | "modify" | "change" => "update",
        "remove" => "delete",
        "check" | "assert" | "require" => "validate",
        "for" | "each" | "loop" => "foreach",
        "raise" | "fail" | "error" => "reject",
        "get" | "fetch" | "load" => "find",
        "perform" | "execute" | "invoke" => "call",
        "emit" | "send" => "notify",
        "merge" => "upsert",
        "refresh" => "refresh_table_view",
        _ => return None,
    };
    Some(step)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn keys_of_the_step_above() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text!
  label: text
actions:
  - name: look
    steps:
      - if: label = 'x'
      - then:
      # ^^^^ 💡 error[unknown-step]: `then` is a key of the item above, and its dash makes another item of it; leave the `-` out
          - update: Post SET title = 'x'
      - find: Post WHERE title = 'y'
      - as: other
      # ^^ 💡 error[unknown-step]
      - validate: other.label = 'z'
      - error: bad
      # ^^^^^ 💡 error[unknown-step]: `error` is a key of the item above, and its dash makes another item of it; leave the `-` out
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title], condition: "label = 'x'"}
"#,
        );
        let before = "entity: Post\nfields: {title: text}\nactions:\n  - name: look\n    steps:\n      - validate: title IS NULL\n      - $0error: taken\n      - refresh_table_view: {}\n";
        check_fix(before, &before.replace("- $0error", "  error"));
    }

    #[test]
    fn keywords_that_are_none() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - vaildate: title IS NOT NULL
      # ^^^^^^^^ 💡 error[unknown-step]: there is no step `vaildate`, so it does nothing; did you mean `validate`?
      - set: title = 'x'
      # ^^^ 💡 error[unknown-step]: there is no step `set`, so it does nothing; write `update: Post SET …`
      - frobnicate: title
      # ^^^^^^^^^^ error[unknown-step]: there is no step `frobnicate`, so it does nothing
      - raw_sql: SELECT 1
      - reject
      # ^^^^^^ error[unknown-step]: `reject` has no `:` and no value behind it, so it does nothing; write `reject: …`
      - delete Post
      # ^^^^^^^^^^^ 💡 error[unknown-step]: `delete` has no `:` behind it, so it does nothing; write `delete: Post`
      - if: title IS NULL
        then:
          - create: Post
          # ^^^^^^ 💡 error[unknown-step]: there is no step `create`, so it does nothing; did you mean `insert`?
"#,
        );
    }

    #[test]
    fn the_near_keyword() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - $0vaildate: title IS NOT NULL  # first
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: title IS NOT NULL  # first
"#,
        );
    }
}
