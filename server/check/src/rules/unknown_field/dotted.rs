//! A column that is set with something before a dot: of the row behind a reference, or with the name of its entity.

use specql_model::{Entity, Name};

use super::RULE;
use crate::{Context, Diagnostic, names::is_column};

pub(super) fn finding(ctx: &Context<'_>, entity: &Entity, name: &Name) -> Option<Diagnostic> {
    let (before, column) = name.text.split_once('.')?;
    let found = |message| {
        let found = ctx.finding(&RULE, name.range, message);
        found.related(entity.id.0, entity.name.range, "the entity")
    };
    if [entity.name.as_str(), &entity.snake_name()].contains(&before) && is_column(entity, column) {
        let message = format!(
            "a step names the columns that it sets without their entity, so `{}` is none; write `{column}`",
            name.text
        );
        return Some(found(message).fix(ctx.rename(name, column)));
    }
    let field = entity.field(before).filter(|it| it.ty.leads_to_one_row())?;
    let other = ctx.workspace.entity(ctx.workspace.target(entity.id, &field.ty)?)?;
    if !is_column(other, column) {
        return None;
    }
    let message = format!(
        "a step sets columns of one row, and `{}` is one of another row, a `{of}`; write a step for it, like `update: \
         {of} SET {column} = …`",
        name.text,
        of = other.name.text
    );
    Some(found(message))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn columns_behind_a_dot() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields: {karma: integer}
#- /post.yaml
entity: Post
fields: {title: text, author: ref(User)}
actions:
  - name: rate
    steps:
      - update: Post SET author.karma = 5, title = 'x'
      #                  ^^^^^^^^^^^^ error[unknown-field]: a step sets columns of one row, and `author.karma` is one of another row, a `User`; write a step for it, like `update: User SET karma = …`
      - update:
          entity: Post
          set: {Post.title: 'y', author.name: 'z'}
          #     ^^^^^^^^^^ 💡 error[unknown-field]: a step names the columns that it sets without their entity, so `Post.title` is none; write `title`
          #                      ^^^^^^^^^^^ error[unknown-field]: `Post` has no field `author.name`, so the action would fail
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
",
        );
    }
}
