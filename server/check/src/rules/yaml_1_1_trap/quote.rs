//! `error: not_found"`: a quote at the end of a text that none begins is a part of it.

use specql_model::keys::Visit;
use specql_syntax::yaml::ScalarStyle;
use specql_text::{TextEdit, TextRange};

use super::RULE;
use crate::{Context, Diagnostic, Fix};

/// Keys of texts for people and of codes.
pub(in crate::rules) const TEXTS: [&str; 8] = [
    "error",
    "error_message",
    "message",
    "reject",
    "return",
    "description",
    "reason",
    "collection",
];

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    // Most files have no such line, and need not be walked through.
    let is_open = |it: &str| it.trim_end().ends_with('"') && it.matches('"').count() == 1;
    if !ctx.file.text().lines().any(is_open) {
        return;
    }
    ctx.walk_keys(&mut |visit| {
        let Visit::Entry { entry, key: Some(key), .. } = visit else { return };
        let is_plain = |it: &ScalarStyle| *it == ScalarStyle::Plain;
        let Some(scalar) = entry.value.as_scalar().filter(|it| is_plain(&it.style)) else { return };
        let is_closed = scalar.text.ends_with('"') && scalar.text.matches('"').count() == 1;
        if !TEXTS.contains(&key.name) || !is_closed || ctx.is_damaged(entry.range) {
            return;
        }
        let range = entry.value.range;
        let message = format!(
            "the quote at the end is a part of the text, because none stands before it; write `\"{}`",
            scalar.text
        );
        let at = TextRange::empty(range.start());
        let edit = vec![TextEdit::replace(at, "\"")];
        let found = ctx.finding(&RULE, range, message);
        acc.push(found.fix(Fix::review("Write the first quote", ctx.id(), edit)));
    });
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_quote_that_closes_nothing() {
        check_diagnostics(
            r#"
entity: A
fields: {n: integer}
description: the "second" and 5"
actions:
  - name: look
    description: 'more"'
    steps:
      - validate: n > 0
        error: not_found"
        #      ^^^^^^^^^^ 💡 warning[yaml-1-1-trap]: the quote at the end is a part of the text, because none stands before it; write `"not_found"`
      - reject: gone"
        #       ^^^^^ 💡 warning[yaml-1-1-trap]
"#,
        );
    }

    #[test]
    fn the_first_quote() {
        let before = "entity: A\nfields: {n: integer}\nactions:\n  - name: look\n    steps:\n      - reject: $0gone\"\n";
        check_fix(before, &before.replace("$0", "\""));
    }
}
