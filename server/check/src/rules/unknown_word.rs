//! A word that its key does not know: `scope`, `conflict_action`, the channel of a notification.
//!
//! Operations and strategies have rules of their own.

use specql_model::{
    FileKind, Name, RichScalar, StepKind,
    keys::{CHANNELS, OPERATIONS, STRATEGIES, Shape, VIEWS, Visit},
    suggest,
    types::RICH_SCALARS,
};
use specql_syntax::expression::{Expression, ExpressionKind};

use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::{did_you_mean, listed},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-word",
    level: Level::Error,
    summary: "a word outside the vocabulary of its key",
    run: unknown_word,
    page: include_str!("../../../../docs/rules/unknown-word.md"),
};

fn unknown_word(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if !matches!(ctx.file.kind, FileKind::Entity(_)) {
        return;
    }
    let mut consequence = DEFAULT;
    ctx.walk_keys(&mut |visit| {
        if let Visit::Entry { spec, .. } = visit {
            let is_view = std::ptr::eq(spec, &raw const VIEWS);
            consequence = if is_view { REFUSED } else { DEFAULT };
        }
        if let Visit::Value { shapes, node, fits: true } = visit
            && let Some(known) = vocabulary(shapes)
            && let Some(name) = node.name()
        {
            acc.extend(finding(ctx, &name, known, consequence));
        }
    });
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| {
                if let StepKind::Notify { channel: Some(name), message, .. } = &it.kind {
                    let without = message.is_none().then(|| without_channel(ctx, name)).flatten();
                    acc.extend(without.or_else(|| finding(ctx, name, CHANNELS, DEFAULT)));
                }
                it.expressions(&mut |it| it.walk(&mut |it| acc.extend(pattern(ctx, it))));
            });
        }
    }
}

/// `author("saved")`: what is said stands where the channel belongs.
fn without_channel(ctx: &Context<'_>, name: &Name) -> Option<Diagnostic> {
    let quote = ctx.slice(name.range).chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let at = name.range.start();
    if CHANNELS.iter().any(|it| it.0.eq_ignore_ascii_case(&name.text)) {
        return None;
    }
    let message = format!(
        "the channel is missing, so `{}` is taken for one and nothing is said; write it before the text, like \
         `email, {quote}…{quote}`",
        name.text
    );
    let edit = TextEdit::replace(TextRange::new(at, at), "email, ");
    let fix = Fix::review("Write `email` before the text", ctx.id(), vec![edit]);
    Some(ctx.finding(&RULE, name.range, message).fix(Some(fix)))
}

/// `MATCHES` with a name that stands for no pattern.
fn pattern(ctx: &Context<'_>, expression: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::Matches { pattern, quoted: false, .. } = &expression.kind else {
        return None;
    };
    if pattern.text.is_empty() || RichScalar::of_pattern(&pattern.text).is_some() {
        return None;
    }
    let base = pattern.text.strip_suffix("_pattern").unwrap_or(&pattern.text);
    let with_pattern = RICH_SCALARS.iter().filter(|it| it.pattern.is_some()).map(|it| it.name);
    let near = suggest(base, with_pattern);
    let choice = match near {
        Some(_) => did_you_mean(near),
        None => {
            "; name a rich type like `email`, or write a regular expression in quotes".to_owned()
        }
    };
    let message =
        format!("`{}` stands for no pattern, so the action would fail{choice}", pattern.text);
    let fix = near.map(|it| ctx.rename(pattern, it));
    Some(ctx.finding(&RULE, pattern.range, message).fix(fix))
}

/// The words of a value that takes nothing else.
fn vocabulary(shapes: &'static [Shape]) -> Option<&'static [(&'static str, &'static str)]> {
    match shapes {
        [Shape::Word(words)] if !is_same(words, OPERATIONS) && !is_same(words, STRATEGIES) => {
            Some(words)
        }
        _ => None,
    }
}

fn is_same(words: &[(&str, &str)], others: &[(&str, &str)]) -> bool {
    words.first().map(|it| it.0) == others.first().map(|it| it.0)
}

/// What becomes of another word.
const DEFAULT: &str = "so the default holds";
const REFUSED: &str = "so the generator refuses the file";

fn finding(
    ctx: &Context<'_>,
    name: &Name,
    known: &[(&'static str, &str)],
    consequence: &str,
) -> Option<Diagnostic> {
    let is_known = known.iter().any(|it| it.0.eq_ignore_ascii_case(&name.text));
    if is_known || name.text.is_empty() {
        return None;
    }
    let near = suggest(&name.text, known.iter().map(|it| it.0));
    let choice = match near {
        Some(_) => did_you_mean(near),
        None => format!("; it is one of {}", listed(known.iter().map(|it| it.0))),
    };
    let message = format!("`{}` means nothing here, {consequence}{choice}", name.text);
    Some(ctx.finding(&RULE, name.range, message).fix(near.map(|it| ctx.rename(name, it))))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_text_without_its_channel() {
        check_fix(
            r#"
entity: Post
fields: {mail: email}
actions:
  - name: tell
    steps:
      - notify: mail($0"saved")
"#,
            r#"
entity: Post
fields: {mail: email}
actions:
  - name: tell
    steps:
      - notify: mail(email, "saved")
"#,
        );
    }

    #[test]
    fn words_that_mean_nothing() {
        check_diagnostics(
            r#"
entity: Post
fields:
  slug: text
actions:
  - name: save_post
    steps:
      - upsert: Post(slug)
        conflict_target: [slug]
        conflict_action: updat
        #                ^^^^^ 💡 error[unknown-word]: `updat` means nothing here, so the default holds; did you mean `update`?
      - validate: slug MATCHES emial
      #                        ^^^^^ 💡 error[unknown-word]: `emial` stands for no pattern, so the action would fail; did you mean `email`?
      - validate: slug MATCHES phone_pattern OR slug MATCHES 'a+'
      - notify: author(pigeon, "saved")
        #              ^^^^^^ error[unknown-word]: `pigeon` means nothing here, so the default holds; it is one of `email`, `sms`, `push` and `webhook`
    impact:
      primary: {operation: UPSERT}
      cache_invalidations:
        - query: posts
          scope: EXAKT
          #      ^^^^^ 💡 error[unknown-word]: `EXAKT` means nothing here, so the default holds; did you mean `EXACT`?
        - {query: posts, scope: prefix}
table_views:
  mode: forced
  #     ^^^^^^ 💡 error[unknown-word]: `forced` means nothing here, so the generator refuses the file; did you mean `force`?
  refresh: explicit
"#,
        );
    }

    #[test]
    fn the_near_word() {
        let before = "entity: Post\nfields:\n  slug: text\nactions:\n  - name: save_post\n    steps:\n      - upsert: Post(slug)\n        conflict_target: [slug]\n        conflict_action: $0nothin  # keep\n    impact:\n      primary: {operation: UPSERT}\n";
        check_fix(before, &before.replace("$0nothin", "nothing"));
    }
}
