//! A name holds a character that cannot be seen, or a letter that looks like a Latin one.
//!
//! It is reported where the name is written, once; that other places do not find the name then is no
//! finding of its own. Texts in quotes inside of statements are left alone.

use specql_model::{
    FileKind,
    characters::{self, Disguise},
    keys::{Shape, Visit},
};
use specql_syntax::yaml::Entry;
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "invisible-character",
    level: Level::Error,
    summary: "a name holds a character that cannot be seen, or looks like another",
    run: invisible_character,
    page: include_str!("../../../../docs/rules/invisible-character.md"),
};

/// Keys whose text is a name.
const NAMES: &[&str] =
    &["entity", "name", "schema", "event_type", "topic", "collection", "query", "table"];

fn invisible_character(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    // What is not written as such is written as an escape.
    let text = ctx.file.text();
    let has_others = !text.is_ascii() || text.contains('\\');
    if matches!(ctx.file.kind, FileKind::Other) || !has_others {
        return;
    }
    let mut held: Option<&Entry> = None;
    ctx.walk_keys(&mut |visit| match visit {
        Visit::Entry { entry, .. } => {
            held = Some(entry).filter(|it| !it.merged);
            if !entry.merged {
                acc.extend(finding(ctx, &entry.key.text, entry.key.range));
            }
        }
        Visit::Value { shapes, node, fits: true } => {
            let key = held.filter(|it| it.value.range == node.range).map_or("", |it| &*it.key.text);
            if let Some(scalar) = node.as_scalar().filter(|_| is_named(shapes, key)) {
                acc.extend(finding(ctx, &scalar.text, node.range));
            }
        }
        Visit::Mapping { .. } | Visit::Value { .. } => {}
    });
}

/// Whether a value holds names.
fn is_named(shapes: &[Shape], key: &str) -> bool {
    shapes.iter().flat_map(Shape::alternatives).any(|it| match it {
        Shape::Text => NAMES.contains(&key),
        Shape::Word(_)
        | Shape::Entity
        | Shape::Field
        | Shape::FieldPath
        | Shape::FieldType
        | Shape::Expression
        | Shape::Statement => true,
        _ => false,
    })
}

fn finding(ctx: &Context<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let (at, disguise) = characters::disguises(text).find(|it| !is_in_quotes(text, it.0))?;
    let written = ctx.slice(range);
    let word = word_around(text, at, disguise);
    let place = match written.find(word) {
        Some(start) => {
            let start = range.to_usize().start + start;
            TextRange::from(start..start + word.len())
        }
        None => ctx.first_line(range),
    };
    let message = message(text, word, disguise);
    Some(ctx.finding(&RULE, place, message).fix(as_it_looks(ctx, place)))
}

fn message(text: &str, word: &str, disguise: Disguise) -> String {
    let Disguise { character, name, looks_like } = disguise;
    let code = format!("U+{:04X} ({name})", u32::from(character));
    let shown = characters::as_it_looks(word);
    match looks_like {
        " " if text.starts_with([character, ' ']) => format!(
            "this begins with {code}, which is no space to YAML but a part of the name; indent with spaces"
        ),
        " " => format!(
            "`{}` holds {code}, which is no space to YAML but a part of the name; write a space or nothing",
            shown.trim()
        ),
        "" => format!(
            "`{shown}` holds {code}, which cannot be seen, so no other `{shown}` is this name; remove it"
        ),
        letter => format!(
            "`{shown}` is written with {code} in the place of `{letter}`, so no other `{shown}` is this name; \
             write the Latin letter"
        ),
    }
}

/// The name around a character: letters, digits, `_`, and what is disguised.
fn word_around(text: &str, at: usize, disguise: Disguise) -> &str {
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == disguise.character;
    let is_part = |it: char| is_part(it) || (disguise.looks_like == " " && it == ' ');
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - after.trim_start_matches(is_part).len();
    text.get(start..end).unwrap_or(text)
}

/// Whether a place is inside of a text in single quotes.
fn is_in_quotes(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.matches('\'').count() % 2 == 1 && text.get(at..).is_some_and(|it| it.contains('\''))
}

fn as_it_looks(ctx: &Context<'_>, place: TextRange) -> Option<Fix> {
    let shown = characters::as_it_looks(ctx.slice(place));
    let is_blank = shown.trim().is_empty();
    let edit = TextEdit::replace(place, shown.clone());
    let fix = Fix::review(format!("Write `{}` as it looks", shown.trim()), ctx.id(), vec![edit]);
    (!is_blank).then_some(fix)
}

/// Whether a value of the file is disguised, so that what else is said of it would mislead.
pub(crate) fn hides(found: &[Diagnostic], other: &Diagnostic) -> bool {
    let is_about_name = other.code.starts_with("unknown-")
        || matches!(other.code, "naming" | "invalid-name" | "invalid-type" | "invalid-statement");
    is_about_name && found.iter().any(|it| it.code == RULE.code && it.range.intersects(other.range))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_name_that_ends_in_nothing() {
        check_diagnostics(
            "
#- /post.yaml
entity: Post
fields:
  author: ref(User)
#- /user.yaml
entity: User\u{200b}
#       ^^^^^ 💡 error[invisible-character]: `User` holds U+200B (zero width space), which cannot be seen, so no other `User` is this name; remove it
fields:
  a: text
",
        );
    }

    #[test]
    fn a_letter_of_another_script() {
        check_diagnostics(
            "
entity: Post
fields:
  t\u{456}tle: text
  #<^^^ 💡 error[invisible-character]: `title` is written with U+0456 (cyrillic small letter byelorussian-ukrainian i) in the place of `i`, so no other `title` is this name; write the Latin letter
actions:
  - name: rename
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
",
        );
    }

    #[test]
    fn a_space_that_is_none() {
        check_diagnostics(
            "
entity: Post
fields:
\u{a0} \u{a0} a: text
#<^^^ 💡 error[invisible-character]: this begins with U+00A0 (no-break space), which is no space to YAML but a part of the name; indent with spaces
",
        );
    }

    #[test]
    fn in_a_statement_and_not_in_a_text() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
actions:
  - name: rename
    steps:
      - update: Post SET title\u{200b} = 'so\u{ad}lo'
      #                  ^^^^^^ 💡 error[invisible-character]
    impact:
      primary: {entity: Post, operation: UPDATE}
",
        );
    }

    #[test]
    fn as_it_looks() {
        check_fix(
            "entity: Post\nfields:\n  t\u{456}tle$0: text  # the title\n",
            "entity: Post\nfields:\n  title: text  # the title\n",
        );
    }
}
