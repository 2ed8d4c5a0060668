//! A field that says it needs a value, in a way that released generators do not read.

use specql_model::{Field, config::Compat};
use specql_syntax::{Name, edit::Value};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "lost-nullability",
    level: Level::Info,
    summary: "a field needs a value, and released generators make it nullable",
    run: lost_nullability,
    page: include_str!("../../../../docs/rules/lost-nullability.md"),
};

fn lost_nullability(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.workspace.config().compat == Compat::Off {
        return;
    }
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        let Some(range) =
            field.lost_nullability.as_deref().copied().filter(|_| field.problems.is_empty())
        else {
            continue;
        };
        let (message, fix) = if ctx.slice(range) == "!" {
            move_bang(ctx, field, range)
        } else {
            use_nullable(ctx, range)
        };
        acc.push(ctx.finding(&RULE, range, message).fix(fix));
    }
}

/// `enum(a)! = a` becomes `enum(a) = a!`; in the long form the `!` becomes `nullable: false`.
fn move_bang(ctx: &Context<'_>, field: &Field, bang: TextRange) -> (String, Option<Fix>) {
    let entry = ctx.entry_of_field(field);
    let long = entry.map(|it| &it.value).filter(|it| it.as_mapping().is_some());
    if let Some(long) = long {
        let message = "released generators take the `!` for a part of the type's name, so the column \
                       is nullable text; write `nullable: false`";
        let value = Value::Scalar("false".to_owned());
        let mut edits = ctx.insert_entry(long, "type", "nullable", &value);
        edits.push(TextEdit::delete(bang));
        let fix = (long.get("nullable").is_none())
            .then(|| Fix::safe("Write `nullable: false`", ctx.id(), edits));
        return (message.to_owned(), fix);
    }
    let message = "released generators read `!` only at the end, so the column is nullable text; write \
                   it behind the default";
    let end = field.default.as_ref().map(|it| end_of(ctx, &it.text));
    let fix = end.map(|end| {
        let edits = vec![TextEdit::delete(bang), TextEdit::insert(end, "!")];
        Fix::safe("Write `!` behind the default", ctx.id(), edits)
    });
    (message.to_owned(), fix)
}

/// The end of a default, with the quote that closes it.
fn end_of(ctx: &Context<'_>, default: &Name) -> u32 {
    let end = default.range.end();
    let quote = TextRange::new(end, end + 1);
    let begins =
        default.range.start().checked_sub(1).map(|at| ctx.slice(TextRange::new(at, at + 1)));
    let closes = begins.is_some_and(|it| matches!(it, "'" | "\"") && it == ctx.slice(quote));
    if closes { end + 1 } else { end }
}

/// `required: true` becomes `nullable: false`.
fn use_nullable(ctx: &Context<'_>, key: TextRange) -> (String, Option<Fix>) {
    let message = "released generators do not read `required`, so the column is nullable; write \
                   `nullable: false`";
    let fix = ctx.entry_with_key(key).map(|entry| {
        let edits = vec![
            TextEdit::replace(entry.key.range, "nullable"),
            TextEdit::replace(entry.value.range, "false"),
        ];
        Fix::safe("Write `nullable: false`", ctx.id(), edits)
    });
    (message.to_owned(), fix)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn what_released_generators_do_not_read() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text!
  status: enum(draft, sent)! = draft
  #                        ^ 💡 info[lost-nullability]: released generators read `!` only at the end, so the column is nullable text; write it behind the default
  slug: {type: slug, required: true}
  #                  ^^^^^^^^ 💡 info[lost-nullability]: released generators do not read `required`, so the column is nullable; write `nullable: false`
  code: {type: text, nullable: false}
  kind: enum(a, b) = a!
"#,
        );
    }

    #[test]
    fn behind_the_default() {
        check_fix(
            "entity: Post\nfields:\n  status: enum(draft, sent)$0! = draft  # first\n",
            "entity: Post\nfields:\n  status: enum(draft, sent) = draft!  # first\n",
        );
        check_fix(
            "entity: Post\nfields:\n  title: text$0! = 'untitled'\n",
            "entity: Post\nfields:\n  title: text = 'untitled'!\n",
        );
    }

    #[test]
    fn as_nullable() {
        check_fix(
            "entity: Post\nfields:\n  slug:\n    type: slug\n    $0required: true  # for links\n",
            "entity: Post\nfields:\n  slug:\n    type: slug\n    nullable: false  # for links\n",
        );
    }
}
