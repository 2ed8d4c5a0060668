//! What an action is said to return, in the misspelt name of an entity.
//!
//! Nobody but people reads `returns`, and types of GraphQL stand there as well, so a name is left alone that no
//! entity's is near to.

use specql_model::{Name, Resolution, suggest};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Level, context::did_you_mean};

/// Types of GraphQL that can be near to the name of an entity.
const OF_GRAPHQL: [&str; 12] = [
    "Boolean", "String", "Int", "Float", "Date", "DateTime", "Time", "Json", "Void", "Any",
    "Object", "Uuid",
];

pub(super) fn report(ctx: &Context<'_>) -> Vec<Diagnostic> {
    ctx.actions().filter_map(|(_, it)| of_name(ctx, it.returns.as_ref()?)).collect()
}

fn of_name(ctx: &Context<'_>, name: &Name) -> Option<Diagnostic> {
    let (name, range) = (name.as_str(), name.range);
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
    // Where letters are escaped, the last of them are not known by their number.
    let is_verbatim = range.len() as usize == name.len();
    let start = range.end() - u32::try_from(last.len()).ok()?;
    let range = if is_verbatim { TextRange::new(start, range.end()) } else { range };
    Some(ctx.finding(&RULE, range, message).level(Level::Warning).fix(ctx.change_to(range, near)))
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
  - name: seven
    returns: "list(lib.Boook)"
    #                  ^^^^^ 💡 warning[unknown-entity]
    steps:
      - validate: title IS NOT NULL
"#,
        );
    }
}
