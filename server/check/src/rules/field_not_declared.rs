//! A step sets a field that the `fields` of its `impact` entry leave out.
//!
//! An entry without `fields` declares whatever the steps set, so it is never wrong.

use specql_model::{ActionId, Entity, Name, Step, suggest};
use specql_syntax::edit::Value;
use specql_text::{TextEdit, TextRange};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    alignment::{Alignment, Pair, written_fields},
};

pub(crate) const RULE: Rule = Rule {
    code: "field-not-declared",
    level: Level::Warning,
    summary: "a step sets a field that `impact` leaves out of `fields`",
    run: field_not_declared,
    page: include_str!("../../../../docs/rules/field-not-declared.md"),
};

fn field_not_declared(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _) in ctx.actions() {
        let Some(alignment) = ctx.alignment(id) else { continue };
        for pair in &alignment.done {
            report(ctx, id, alignment, pair, acc);
        }
    }
}

fn report(
    ctx: &Context<'_>,
    id: ActionId,
    alignment: &Alignment<'_>,
    pair: &Pair<'_>,
    acc: &mut Vec<Diagnostic>,
) {
    let (Some(list), Some(entity)) = (pair.entry.fields_range, ctx.workspace.entity(pair.entity))
    else {
        return;
    };
    if ctx.is_damaged(list) {
        return;
    }
    // Several entries of one entity may share its fields.
    let entries = alignment.done.iter().filter(|it| it.entity == pair.entity);
    let names: Vec<&str> =
        entries.flat_map(|it| it.entry.fields.iter().flatten()).map(Name::as_str).collect();
    let is_declared = |field: &str| {
        names.iter().any(|it| match entity.column(it) {
            Some(column) => column.name() == field,
            // A misspelled name in the list is a finding of its own, and so is a path.
            None => {
                let begins_with = || it.split_once('.').is_some_and(|it| it.0 == field);
                *it == "*"
                    || suggest(it, [field]).is_some()
                    || is_key_of(entity, it, field)
                    || begins_with()
            }
        })
    };
    let own = pair.entry.fields.iter().flatten();
    // A list that names nothing is one mistake, however much it leaves out.
    if pair.entry.fields.iter().flatten().next().is_some()
        && own.clone().all(|it| it.text != "*" && entity.column(&it.text).is_none())
        && own.clone().all(|it| entity.reference_id(&it.text).is_none())
    {
        return;
    }
    for effect in &pair.effects {
        for field in written_fields(&[effect]).0 {
            if entity.field(field).is_none() || is_declared(field) {
                continue;
            }
            let message = format!(
                "`{field}` of `{}` is set here, and `fields` of the declared impact leaves it out",
                entity.name.text
            );
            let finding = ctx.at_written_field(&RULE, id, effect, field, message);
            let fix = add(ctx, list, field)
                .map(|it| Fix::safe(format!("Add `{field}` to `fields`"), ctx.id(), it));
            acc.extend(
                finding.map(|it| it.related(ctx.id(), list, "the declared fields").fix(fix)),
            );
        }
    }
}

/// Whether a name is the key of a `ref` field: `author_id` of `author`.
fn is_key_of(entity: &Entity, name: &str, field: &str) -> bool {
    entity.reference_id(name).is_some_and(|it| it.name.as_str() == field)
}

/// Adds fields that a step is to write to the lists of the `impact` that leave them out.
pub(super) fn declare(
    ctx: &Context<'_>,
    id: ActionId,
    step: &Step,
    names: &[&str],
) -> Vec<TextEdit> {
    let Some(alignment) = ctx.alignment(id) else { return Vec::new() };
    let mut pairs = alignment.done.iter();
    let pair = pairs.find(|it| it.effects.iter().any(|effect| effect.step == step.range));
    let Some(pair) = pair else { return Vec::new() };
    let Some(list) = pair.entry.fields_range.filter(|it| !ctx.is_damaged(*it)) else {
        return Vec::new();
    };
    let listed = pair.entry.fields.iter().flatten().map(Name::as_str).collect::<Vec<_>>();
    let missing = names.iter().filter(|it| !listed.contains(it) && !listed.contains(&"*"));
    missing.filter_map(|it| add(ctx, list, it)).flatten().collect()
}

/// Adds the field to the list.
fn add(ctx: &Context<'_>, list: TextRange, field: &str) -> Option<Vec<TextEdit>> {
    let node = ctx.node_at(list).filter(|it| it.as_sequence().is_some())?;
    Some(ctx.append_item(node, &Value::Scalar(field.to_owned())))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_field_that_the_list_leaves_out() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum(draft, published) = draft
  published_at: datetime
actions:
  - name: publish
    steps:
      - update: Post SET status = 'published', published_at = now()
      #                                        ^^^^^^^^^^^^ 💡 warning[field-not-declared]: `published_at` of `Post` is set here, and `fields` of the declared impact leaves it out
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [status]
"#,
        );
    }

    #[test]
    fn either_spelling_declares_and_an_absent_list_declares_all() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum(draft, published) = draft
  published_at: datetime
actions:
  - name: publish
    steps:
      - update: Post SET published_at = now(), updated_at = now()
      #                                        ^^^^^^^^^^ warning[assigns-built-in]
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [publishedAt]
  - name: archive
    steps:
      - update: Post SET status = 'draft'
    impact:
      primary:
        entity: Post
        operation: UPDATE
"#,
        );
    }

    #[test]
    fn the_list_grows() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: edit_post
    steps:
      - update: Post SET title = input.title, $0body = input.body
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields:
          - title  # the headline
"#,
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: edit_post
    steps:
      - update: Post SET title = input.title, body = input.body
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields:
          - title  # the headline
          - body
"#,
        );
    }
}
