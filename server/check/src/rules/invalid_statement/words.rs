//! A text without its quotes in the long form of a step: `body: We pay`.

use specql_model::Step;
use specql_syntax::{statement::LineProblem, yaml::ScalarStyle};

use super::RULE;
use crate::{Context, Diagnostic};

/// Words that an expression is made of.
const OF_EXPRESSIONS: &[&str] = &[
    "and", "or", "not", "is", "in", "null", "like", "ilike", "between", "case", "when", "then",
    "else", "end", "exists", "interval", "at", "select", "from", "where", "distinct", "matches",
    "any", "all",
];

/// The value that a problem lies in, where it is nothing but words.
pub(super) fn of_step(ctx: &Context<'_>, step: &Step, problem: &LineProblem) -> Option<Diagnostic> {
    let write = step.write()?;
    let entry = write.assignments.iter().find_map(|it| {
        let entry = ctx.entry_with_key(it.field.range)?;
        entry.value.range.contains_range(problem.range).then_some(entry)
    })?;
    let scalar = entry.value.as_scalar().filter(|it| it.style == ScalarStyle::Plain)?;
    let words: Vec<&str> = scalar.text.split(' ').collect();
    let is_word = |it: &str| {
        let word = it.trim_end_matches(['.', ',', '!', '?']);
        !word.is_empty() && word.chars().all(char::is_alphabetic)
    };
    let is_of_expression =
        |it: &str| OF_EXPRESSIONS.iter().any(|word| word.eq_ignore_ascii_case(it));
    if words.len() < 2
        || !words.iter().copied().all(is_word)
        || words.iter().copied().any(is_of_expression)
    {
        return None;
    }
    let better = format!("\"'{}'\"", scalar.text);
    let message = format!(
        "a value is an expression, in which a text has quotes of its own, so the step cannot be read; write `{better}`"
    );
    let fix = ctx.write(entry.value.range, &better);
    Some(ctx.finding(&RULE, entry.value.range, message).fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    #[test]
    fn words_become_a_text() {
        let before = "entity: Post\nfields: {title: text!}\nactions:\n  - name: add\n    steps:\n      - insert: Post\n        fields:\n          title: $0We pay soon.\n    impact: {primary: {operation: CREATE, fields: [title]}}\n";
        check_fix(before, &before.replace("$0We pay soon.", "\"'We pay soon.'\""));
    }
}
