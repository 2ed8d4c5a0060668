//! What an action is said to return, in the misspelt name of an entity.
//!
//! Nobody but people reads `returns`, and types of GraphQL stand there as well, so a name is left alone that no
//! entity's is near to.

use specql_model::{Name, Resolution, suggest};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Level, context::did_you_mean};

/// Words around the name of an entity: `list(Post)`.
const AROUND: [&str; 5] = ["list", "array", "ref", "setof", "optional"];

/// Types of GraphQL that can be near to the name of an entity.
const OF_GRAPHQL: [&str; 12] = [
    "Boolean", "String", "Int", "Float", "Date", "DateTime", "Time", "Json", "Void", "Any",
    "Object", "Uuid",
];

pub(super) fn report(ctx: &Context<'_>) -> Vec<Diagnostic> {
    ctx.actions().filter_map(|(_, it)| of_action(ctx, it.range)).collect()
}

fn of_action(ctx: &Context<'_>, action: TextRange) -> Option<Diagnostic> {
    let written = ctx.node_at(action)?.get("returns")?.name()?;
    let (name, range) = entity_in(&written)?;
    let last = name.rsplit('.').next()?;
    let is_name = last.starts_with(|it: char| it.is_ascii_uppercase())
        && last.contains(|it: char| it.is_ascii_lowercase())
        && !OF_GRAPHQL.contains(&last);
    if !is_name || ctx.resolve(name) != Resolution::Unknown {
        return None;
    }
    let near = suggest(last, ctx.workspace.entity_names().map(|it| it.1))?;
    let message = format!(
        "there is no entity `{last}` in this workspace, so nobody finds what the action returns{}",
        did_you_mean(Some(near))
    );
    let start = range.end() - u32::try_from(last.len()).ok()?;
    let range = TextRange::new(start, range.end());
    Some(ctx.finding(&RULE, range, message).level(Level::Warning).fix(ctx.change_to(range, near)))
}

/// The one name in what is written that can be an entity's, with its place.
fn entity_in(written: &Name) -> Option<(&str, TextRange)> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let mut words = written
        .text
        .split(|it: char| !is_part(it))
        .filter(|it| !it.is_empty() && !AROUND.iter().any(|word| it.eq_ignore_ascii_case(word)));
    let (word, None) = (words.next()?, words.next()) else { return None };
    // In quotes or escapes the place is not known to the letter.
    if written.range.len() as usize != written.text.len() {
        return None;
    }
    let start = written.range.start() + u32::try_from(written.text.find(word)?).ok()?;
    Some((word, TextRange::new(start, start + u32::try_from(word.len()).ok()?)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn an_entity_that_is_misspelt() {
        check_diagnostics(
            r#"
#- /book.yaml
entity: Book
schema: lib
fields:
  title: text
actions:
  - name: one
    returns: Bok
    #        ^^^ 💡 warning[unknown-entity]: there is no entity `Bok` in this workspace, so nobody finds what the action returns; did you mean `Book`?
    steps:
      - validate: title IS NOT NULL
  - name: two
    returns: list(lib.Boook)!
    #                 ^^^^^ 💡 warning[unknown-entity]
    steps:
      - validate: title IS NOT NULL
  - name: three
    returns: list(Book)
    steps:
      - validate: title IS NOT NULL
  - name: four
    returns: BookPayload
    steps:
      - validate: title IS NOT NULL
  - name: five
    returns: {ok: boolean}
    steps:
      - validate: title IS NOT NULL
  - name: six
    returns: Boolean
    steps:
      - validate: title IS NOT NULL
"#,
        );
    }
}
