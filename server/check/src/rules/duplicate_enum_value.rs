//! An enum lists a value twice.

use specql_model::Type;
use specql_syntax::Name;
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-enum-value",
    level: Level::Warning,
    summary: "an enum lists a value twice",
    run: duplicate_enum_value,
    page: include_str!("../../../../docs/rules/duplicate-enum-value.md"),
};

fn duplicate_enum_value(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let fields = ctx.entity().into_iter().flat_map(|it| &it.fields).map(|it| (&it.name, &it.ty));
    let parameters = ctx.actions().flat_map(|(_, it)| &it.parameters).map(|it| (&it.name, &it.ty));
    for (name, ty) in fields.chain(parameters) {
        let Type::Enum(values) = ty else { continue };
        for (at, value) in values.iter().enumerate() {
            let before = values.iter().take(at).find(|it| it.text == value.text);
            let Some(first) = before.filter(|_| !value.text.is_empty()) else { continue };
            let message = format!("`{}` is already a value of `{}`", value.text, name.text);
            acc.push(
                ctx.finding(&RULE, value.range, message)
                    .related(ctx.id(), first.range, "the first one")
                    .tag(Tag::Unnecessary)
                    .fix(remove(ctx, value)),
            );
        }
    }
}

/// Removes a value with the comma before it, or the item of a list.
fn remove(ctx: &Context<'_>, value: &Name) -> Option<Fix> {
    let edits = ctx.remove_item(value.range).or_else(|| {
        let before = ctx.file.text().get(..value.range.to_usize().start)?;
        let kept = before.trim_end().strip_suffix(',')?.trim_end();
        let gap = TextRange::from(kept.len()..value.range.to_usize().end);
        Some(vec![TextEdit::delete(gap)])
    })?;
    Some(Fix::safe(format!("Remove the second `{}`", value.text), ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_value_twice() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum(draft, published, draft)
  #                              ^^^^^ 💡 warning[duplicate-enum-value]: `draft` is already a value of `status`
actions:
  - name: sort_post
    params:
      by: enum(title, date, title)
      #                     ^^^^^ 💡 warning[duplicate-enum-value]: `title` is already a value of `by`
    steps: [{validate: "input.by = 'date'"}]
"#,
        );
    }

    #[test]
    fn the_second_one_goes() {
        check_fix(
            "entity: Post\nfields:\n  status: enum(draft, published, $0draft) = draft!\n",
            "entity: Post\nfields:\n  status: enum(draft, published) = draft!\n",
        );
        check_fix(
            "entity: Post\nfields:\n  status:\n    type: enum\n    values:\n    - draft\n    - $0draft\n    - sent\n",
            "entity: Post\nfields:\n  status:\n    type: enum\n    values:\n    - draft\n    - sent\n",
        );
    }
}
