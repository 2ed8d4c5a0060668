//! A partition key whose value can change or be absent.
//!
//! Events of one row then go to several partitions, and consumers see them in another order than they
//! happened.

use specql_model::{ActionId, Column, EffectFields, EntityId, Name, Workspace};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unstable-partition-key",
    level: Level::Warning,
    summary: "a partition key whose value can change or be absent",
    run: unstable_partition_key,
    page: include_str!("../../../../docs/rules/unstable-partition-key.md"),
};

fn unstable_partition_key(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _, cdc) in ctx.publishers() {
        let Some(key) = &cdc.partition_key else { continue };
        let primary = ctx.workspace.effective_primary(id);
        let aggregate = primary.map_or(Some(id.entity), |it| it.entity);
        let Some(aggregate) = aggregate else { continue };
        let path = ctx.workspace.find_dotted(aggregate, key);
        if path.last().is_none() {
            continue;
        }
        let unstable = path.steps.iter().find_map(|it| why(ctx.workspace, it.entity, &it.column));
        if let Some((why, related)) = unstable {
            let message = format!(
                "{why}, so events of one row can change their order; a key that stays is `id`"
            );
            let mut finding = ctx.finding(&RULE, key.range, message);
            if let Some((file, range, text)) = related {
                finding = finding.related(file, range, text);
            }
            acc.push(finding.fix(ctx.rename(key, "id")));
        }
    }
}

/// Whether the value of a column stays the same for the life of a row, so that it can be a partition key.
#[must_use]
pub fn stays(workspace: &Workspace, entity: EntityId, column: &str) -> bool {
    let path = workspace.find_path(entity, &[Name::new(column, TextRange::default())]);
    path.steps.iter().all(|it| why(workspace, it.entity, &it.column).is_none())
}

type Place = (specql_model::FileId, TextRange, &'static str);

/// Why the value of a column is not the same for the life of a row.
fn why(
    workspace: &Workspace,
    entity: EntityId,
    column: &Column<'_>,
) -> Option<(String, Option<Place>)> {
    let name = match column {
        Column::BuiltIn(it) => {
            let changes = ["updated_at", "updated_by", "deleted_at", "deleted_by", "identifier"];
            let why = format!("`{}` changes with the row", it.name);
            return changes.contains(&it.name).then_some((why, None));
        }
        Column::Field(it) => &it.name,
        Column::Part { .. } => return None,
    };
    let Column::Field(field) = column else { return None };
    let place = (entity.0, name.range, "the field");
    if field.nullable {
        return Some((format!("`{}` can be null", name.text), Some(place)));
    }
    let writer = writer(workspace, entity, &name.text)?;
    let action = workspace.action(writer)?;
    let place = (writer.entity.0, action.name.range, "the action that writes it");
    Some((format!("`{}` is written by `{}`", name.text, action.name.text), Some(place)))
}

/// An action that changes a field of rows that are there.
fn writer(workspace: &Workspace, entity: EntityId, field: &str) -> Option<ActionId> {
    let writers: Vec<(ActionId, &EffectFields)> = workspace.updaters(entity).collect();
    let named = writers.iter().find(|(_, fields)| match fields {
        EffectFields::Named(names) | EffectFields::Input(names) => {
            names.iter().any(|it| it == field)
        }
        EffectFields::Row => false,
    });
    let open = || writers.iter().find(|it| matches!(it.1, EffectFields::Input(_)));
    named.or_else(open).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn keys_that_change() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text!
#- /post.yaml
entity: Post
fields:
  title: text!
  status: text
  author: ref(User)!
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
    cdc:
      enabled: true
      partition_key: status
      #              ^^^^^^ 💡 warning[unstable-partition-key]: `status` can be null, so events of one row can change their order; a key that stays is `id`
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {operation: UPDATE}
    cdc:
      enabled: true
      partition_key: title
      #              ^^^^^ 💡 warning[unstable-partition-key]: `title` is written by `rename_post`, so events of one row can change their order; a key that stays is `id`
  - name: delete_post
    steps:
      - delete: Post
    impact:
      primary: {operation: DELETE}
    cdc: {enabled: true, partition_key: author}
"#,
        );
    }

    #[test]
    fn the_id_stays() {
        let before = "entity: Post\nfields:\n  status: text\nactions:\n  - name: create_post\n    steps:\n      - insert: Post\n    impact:\n      primary: {operation: CREATE}\n    cdc: {enabled: true, partition_key: $0status}  # order\n";
        check_fix(before, &before.replace("$0status", "id"));
    }
}
