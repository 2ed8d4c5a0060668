//! A field has a name that the framework keeps for itself.

use specql_model::Entity;
use specql_model::entity::RESERVED;

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "reserved-field",
    level: Level::Error,
    summary: "a field has a name that the framework keeps for itself",
    run: reserved_field,
    page: include_str!("../../../../docs/rules/reserved-field.md"),
};

fn reserved_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        let name = field.name.as_str();
        let built_in = Entity::built_in(name).filter(|it| it.name == name);
        let reason = match (built_in, name.get(..3)) {
            (Some(_), _) => "every entity has this column without declaring it",
            (None, _) if RESERVED.contains(&name) => "the generator has a column of this name",
            (None, Some("pk_" | "fk_")) => "`pk_` and `fk_` begin the names of keys",
            (None, _) => continue,
        };
        let message =
            format!("the name `{name}` is reserved, and the generator refuses the file: {reason}");
        // Only what stays there without its declaration can go unseen.
        let fix = built_in.and_then(|_| remove(ctx, field));
        acc.push(ctx.finding(&RULE, field.name.range, message).fix(fix));
    }
}

fn remove(ctx: &Context<'_>, field: &specql_model::Field) -> Option<Fix> {
    let entry = ctx.entry_of_field(field)?;
    let edits = ctx.remove_entry(entry);
    Some(Fix::review(format!("Remove `{}`", field.name.text), ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn names_that_are_taken() {
        check_diagnostics(
            r#"
entity: Post
fields:
  id: uuid
  #<  💡 error[reserved-field]: the name `id` is reserved, and the generator refuses the file: every entity has this column without declaring it
  path: text
  #<^^ error[reserved-field]: the name `path` is reserved, and the generator refuses the file: the generator has a column of this name
  fk_user: integer
  #<^^^^^ error[reserved-field]: the name `fk_user` is reserved, and the generator refuses the file: `pk_` and `fk_` begin the names of keys
  paths: text
  pk: text
"#,
        );
    }

    #[test]
    fn a_built_in_column_goes() {
        check_fix(
            r#"
entity: Post
fields:
  $0id: uuid!
  title: text
"#,
            r#"
entity: Post
fields:
  title: text
"#,
        );
    }
}
