//! A type in another form than there is: `Enum[a, b]`, `list<text>`, `decimal[10, 2]`. Some of them are read as what
//! they mean, and generators make plain text of them.

use specql_model::{Type, names::is_word, types};
use specql_syntax::Name;
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, Level};

/// The finding of a type that stands at a place, in a value that goes on to an end; `is_read` says whether it is
/// understood in spite of its form.
pub(super) fn report(
    ctx: &Context<'_>,
    ty: TextRange,
    end: u32,
    is_read: bool,
) -> Option<Diagnostic> {
    let (range, better) = meant(ctx, ty, end)?;
    let written = ctx.slice(range);
    let message = format!(
        "`{written}` is no form of a type, so generators make plain text of it; write `{better}`"
    );
    let level = if is_read { Level::Warning } else { Level::Error };
    Some(ctx.finding(&RULE, range, message).level(level).fix(ctx.change_to(range, &better)))
}

/// The type as it is written, brackets included, and how it should be.
pub(in crate::rules) fn meant(
    ctx: &Context<'_>,
    ty: TextRange,
    end: u32,
) -> Option<(TextRange, String)> {
    if ty.start() >= end {
        return None;
    }
    let rest = ctx.first_line(TextRange::new(ty.start(), end));
    let text = ctx.slice(rest);
    if is_plainly_right(text) {
        return None;
    }
    let (better, length) = in_its_form(text)?;
    let range = TextRange::new(ty.start(), ty.start() + TextRange::from(0..length).len());
    (text.get(..length)? != better).then_some((range, better))
}

/// Whether a text begins with a type that needs no look, as nearly all do: one without brackets, or with round ones
/// behind a name in lower case and no others.
fn is_plainly_right(text: &str) -> bool {
    let Some(open) = text.find(['(', '[', '{', '<']) else { return true };
    let (head, rest) = text.split_at(open);
    matches!(head, "enum" | "ref" | "text" | "decimal" | "integer")
        && rest.starts_with('(')
        && !rest.contains(['[', '{', '<', ']', '}', '>'])
        && rest.matches('(').count() == 1
        && rest.contains(')')
}

/// A type with brackets in the form that there is, and how long it is as written.
fn in_its_form(text: &str) -> Option<(String, usize)> {
    let open = text.find(['(', '[', '{', '<'])?;
    let head = text.get(..open)?;
    let length = closed(text, open)?;
    let inner = text.get(open + 1..length - 1)?.trim();
    let (first, last) = (text.get(open..=open)?, text.get(length - 1..length)?);
    if !is_word(head) {
        return None;
    }
    let (name, brackets) = match head.to_ascii_lowercase().as_str() {
        "enum" if (first, last) == ("[", "]") => ("enum", ("[", "]")),
        "enum" => ("enum", ("(", ")")),
        "list" | "array" => ("list", ("(", ")")),
        "ref" | "reference" | "belongs_to" | "foreignkey" | "foreign_key" | "fk" => {
            ("ref", ("(", ")"))
        }
        _ if first != "(" && is_with_numbers(head, inner) => (head, ("(", ")")),
        _ => return None,
    };
    let inner = match in_its_form(inner) {
        Some((item, length)) if name == "list" => format!("{item}{}", inner.get(length..)?),
        _ => text.get(open + 1..length - 1)?.to_owned(),
    };
    Some((format!("{name}{}{inner}{}", brackets.0, brackets.1), length))
}

/// The length of a text up to the bracket that closes one, of whatever kind.
pub(super) fn closed(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in text.char_indices().skip_while(|it| it.0 < open) {
        match sign {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + sign.len_utf8());
        }
    }
    None
}

/// Whether a type that there is has numbers behind it: `decimal[10, 2]`.
fn is_with_numbers(name: &str, inner: &str) -> bool {
    let is_number =
        |it: &str| !it.trim().is_empty() && it.trim().bytes().all(|it| it.is_ascii_digit());
    let is_type =
        !matches!(Type::from_name(&Name::new(name, TextRange::default()), &[]), Type::Unknown(_));
    (is_type || types::names().any(|it| it == name)) && inner.split(',').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::in_its_form;
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn forms_of_other_languages() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  a: Enum[draft, done]
  #  ^^^^^^^^^^^^^^^^^ 💡 warning[invalid-type]: `Enum[draft, done]` is no form of a type, so generators make plain text of it; write `enum[draft, done]`
  b: ENUM(draft, done) = done!
  #  ^^^^^^^^^^^^^^^^^ 💡 warning[invalid-type]
  c: List(text)
  #  ^^^^^^^^^^ 💡 warning[invalid-type]: `List(text)` is no form of a type, so generators make plain text of it; write `list(text)`
  d: enum{draft, done} = done
  #  ^^^^^^^^^^^^^^^^^ 💡 error[invalid-type]: `enum{draft, done}` is no form of a type, so generators make plain text of it; write `enum(draft, done)`
  e: list<ref[User]>
  #  ^^^^^^^^^^^^^^^ 💡 error[invalid-type]: `list<ref[User]>` is no form of a type, so generators make plain text of it; write `list(ref(User))`
  f: ref[User]!
  #  ^^^^^^^^^ 💡 warning[invalid-type]
  g: array[text]
  #  ^^^^^^^^^^^ 💡 error[invalid-type]: `array[text]` is no form of a type, so generators make plain text of it; write `list(text)`
  h: decimal[10, 2]
  #  ^^^^^^^ info[postgres-type]
  #  ^^^^^^^^^^^^^^ 💡 warning[invalid-type]: `decimal[10, 2]` is no form of a type, so generators make plain text of it; write `decimal(10, 2)`
  i: {type: "Enum(draft, done)", default: done}
  #          ^^^^^^^^^^^^^^^^^ 💡 warning[invalid-type]
  j: enum[draft, done)
  #  ^^^^^^^^^^^^^^^^^ 💡 warning[invalid-type]
actions:
  - name: act
    params:
      to: Ref(User)!
      #   ^^^^^^^^^ 💡 warning[invalid-type]
    steps:
      - update: Post SET f = $to
    impact:
      primary: {operation: UPDATE}
"#,
        );
        check_fix(
            "#- /user.yaml\nentity: User\n#- /post.yaml\nentity: Post\nfields:\n  f: $0Ref<User>!  # who\n",
            "entity: Post\nfields:\n  f: ref(User)!  # who\n",
        );
    }

    #[test]
    fn forms_that_there_are() {
        for it in [
            "enum(a, b)",
            "enum[a, b]",
            "list(text)",
            "list(enum[a])",
            "ref(a.B|C)",
            "text[]",
            "decimal(10, 2)",
            "text(50)",
        ] {
            let form = in_its_form(it).map(|form| form.0);
            assert!(form.is_none_or(|form| form == it), "{it}");
        }
        for it in ["enum(a", "a b(c)", "<text>", "text", "x[1]", ""] {
            assert_eq!(in_its_form(it), None, "{it}");
        }
    }
}
