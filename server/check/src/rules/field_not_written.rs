//! `fields` of an `impact` entry names a field that no step sets.
//!
//! A created row has its defaults, and every row its built-in columns: those are never reported. Silent
//! where a step takes its fields from the input, and where the steps are not fully known.

use specql_model::{ActionId, Entity, Field, Name, Operation};

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    alignment::{Pair, written_fields},
};

pub(crate) const RULE: Rule = Rule {
    code: "field-not-written",
    level: Level::Warning,
    summary: "`impact` declares a field that no step sets",
    run: field_not_written,
    page: include_str!("../../../../docs/rules/field-not-written.md"),
};

fn field_not_written(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(alignment) = ctx.alignment(id).filter(|it| !it.opaque) else {
            continue;
        };
        for pair in &alignment.done {
            let Some(entity) = ctx.workspace.entity(pair.entity) else { continue };
            for name in unwritten(ctx, id, entity, pair) {
                let message = format!(
                    "`{}` is declared as changed, and no step of `{}` sets it, so clients wait for a change that \
                     never comes",
                    name.text, action.name.text
                );
                let mut finding = ctx.finding(&RULE, name.range, message);
                if let Some(effect) = pair.effects.first() {
                    let (file, range) = ctx.place_of(effect);
                    finding = finding.related(file, range, "the step");
                }
                let edits = ctx.remove_item(name.range);
                let title = format!("Remove `{}`", name.text);
                acc.push(finding.fix(edits.map(|it| Fix::review(title, ctx.id(), it))));
            }
        }
    }
}

/// The declared fields that none of the writes of the entity sets.
fn unwritten<'a>(
    ctx: &Context<'_>,
    id: ActionId,
    entity: &Entity,
    pair: &Pair<'a>,
) -> Vec<&'a Name> {
    let operations: Vec<Operation> = pair.effects.iter().map(|it| it.operation).collect();
    if operations.contains(&Operation::Delete) {
        return Vec::new();
    }
    // An update of a row that is also inserted sets a field of that row.
    let effects = ctx.workspace.effects(id).iter().filter(|it| it.entity == Some(pair.entity));
    let (written, open) = written_fields(&effects.collect::<Vec<_>>());
    if open {
        return Vec::new();
    }
    let inserts = operations.iter().any(|it| *it != Operation::Update);
    let declared = pair.entry.fields.iter().flatten();
    declared
        .filter(|name| {
            entity.field(name.as_str()).is_some_and(|field| {
                let own = field.name.as_str();
                // A column that there is not is a finding of its own, and may be this one misspelled.
                let misspelled = |it: &&str| entity.column(it).is_none();
                !written.contains(&own)
                    && !written.iter().any(misspelled)
                    // Without a value for a required field the insert fails, which is said there.
                    && !(inserts
                        && (field.default.is_some()
                            || !field.nullable
                            || leads_to(ctx, id, entity, field)))
            })
        })
        .collect()
}

/// Whether a field refers to the entity whose action it is: a new row of another entity belongs to the
/// row of the action, without a step that says so.
fn leads_to(ctx: &Context<'_>, id: ActionId, entity: &Entity, field: &Field) -> bool {
    entity.id != id.entity && ctx.workspace.target(entity.id, &field.ty) == Some(id.entity)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_field_that_no_step_sets() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  status: enum(draft, published) = draft
  published_at: datetime
actions:
  - name: publish
    steps:
      - update: Post SET status = 'published'
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [status, publishedAt, updatedAt]
        #                ^^^^^^^^^^^ 💡 warning[field-not-written]: `publishedAt` is declared as changed, and no step of `publish` sets it, so clients wait for a change that never comes
"#,
        );
    }

    #[test]
    fn a_new_row_has_its_defaults_and_built_in_columns() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  status: enum(draft, published) = draft
actions:
  - name: create_post
    steps:
      - insert: Post(title)
    impact:
      primary:
        entity: Post
        operation: CREATE
        fields: [id, title, status, created_at]
"#,
        );
    }

    #[test]
    fn input_may_set_any_field() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: update_post
    steps:
      - update: Post
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [title, body]
"#,
        );
    }

    #[test]
    fn the_name_goes() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [title, $0body]  # what changes
"#,
            r#"
entity: Post
fields:
  title: text
  body: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [title]  # what changes
"#,
        );
    }
}
