//! Between brackets: a comma that is missing between two entries, and a quote that is missing at the end of a text.

use specql_model::names::is_word;
use specql_syntax::yaml::{Problem, ProblemKind};
use specql_text::{TextEdit, TextRange};

use super::{super::yaml_1_1_trap::quote::TEXTS, RULE};
use crate::{Context, Diagnostic, Fix};

/// What is said of an entry that is torn so.
pub(super) fn torn(ctx: &Context<'_>, problem: &Problem) -> Option<Diagnostic> {
    if problem.kind != ProblemKind::Invalid || !ctx.is_in_flow(problem.range) {
        return None;
    }
    without_quote(ctx, problem).or_else(|| without_comma(ctx, problem))
}

/// `{type: text required: true}`: the key is taken for a part of the value before it.
fn without_comma(ctx: &Context<'_>, problem: &Problem) -> Option<Diagnostic> {
    let start = problem.range.to_usize().start;
    let (before, behind) = ctx.file.text().split_at_checked(start)?;
    let line = behind.split(['\n', '\r']).next()?;
    let entry = line.get(..line.find(": ")?)?;
    let (value, word) = entry.rsplit_once(' ')?;
    let key = before.trim_end_matches(' ').strip_suffix(':')?;
    let key = key.rsplit(|it: char| !it.is_alphanumeric() && it != '_').next();
    // In a sentence a word before a colon is no key.
    let is_sentence = key.is_some_and(|it| TEXTS.contains(&it));
    if is_sentence
        || !is_word(word)
        || value.trim().is_empty()
        || value.contains([',', ';', '{', '['])
    {
        return None;
    }
    let end = start + value.trim_end().len();
    let at = start + entry.len() - word.len();
    let message = format!(
        "a comma is missing before `{word}`, so YAML reads it as a part of the value before it, and nothing of the two \
         is read; write `{}, {word}: …`",
        value.trim_end()
    );
    let edit = TextEdit::replace(TextRange::from(end..end), ",");
    let fix = Fix::review("Write the comma", ctx.id(), vec![edit]);
    Some(ctx.finding(&RULE, TextRange::from(at..at + word.len()), message).fix(Some(fix)))
}

/// `{a: "text!, b: "text"}`: the text ends where the next one was meant to begin.
fn without_quote(ctx: &Context<'_>, problem: &Problem) -> Option<Diagnostic> {
    let end = problem.range.to_usize().start;
    let before = ctx.file.text().get(..end)?.rsplit(['\n', '\r']).next()?;
    let quote = before.chars().next_back().filter(|it| matches!(it, '"' | '\''))?;
    let inside = before.strip_suffix(quote)?;
    let (_, text) = inside.rsplit_once(quote)?;
    let (first, rest) = text.split_once(", ")?;
    let key = rest.rsplit_once(':').map(|it| it.0.rsplit(", ").next().unwrap_or_default())?;
    if !is_word(key.trim()) || !text.trim_end().ends_with(':') {
        return None;
    }
    let start = end - text.len() - 2;
    let message = format!(
        "the text that begins with `{quote}{first}` goes on to the next `{quote}`, so what stands between is a part of \
         it; write the `{quote}` at its end"
    );
    let found = ctx.finding(&RULE, TextRange::from(start..end), message);
    Some(found.related(ctx.id(), problem.range, "what stands behind it is no part of anything"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn entries_between_brackets() {
        check_diagnostics(
            r#"
#- /post.yaml
entity: Post
fields: {title: text! body: text, n: integer}
#                     ^^^^ 💡 error[invalid-yaml]: a comma is missing before `body`, so YAML reads it as a part of the value before it, and nothing of the two is read; write `text!, body: …`
#- /tag.yaml
entity: Tag
fields: {name: "text!, n: "decimal(12, 3)", m: integer}
#              ^^^^^^^^^^^^ error[invalid-yaml]: the text that begins with `"text!` goes on to the next `"`, so what stands between is a part of it; write the `"` at its end
#- /note.yaml
entity: Note
fields:
  name: {type: text required: true}
  #                 ^^^^^^^^ 💡 error[invalid-yaml]
"#,
        );
    }

    #[test]
    fn the_comma_is_written() {
        let before = "entity: Post\nfields: {title: text! $0body: text, n: integer}\n";
        check_fix(before, &before.replace(" $0", ", "));
    }
}
