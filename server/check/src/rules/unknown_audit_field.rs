//! `audit` names a field that its entity does not have.

use specql_model::suggest;

use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    names::{is_column, without_comma},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-audit-field",
    level: Level::Error,
    summary: "`audit` names a field that its entity does not have",
    run: unknown_audit_field,
    page: include_str!("../../../../docs/rules/unknown-audit-field.md"),
};

fn unknown_audit_field(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| ctx.knows_fields(it)) else { return };
    let Some(audit) = &entity.audit else { return };
    let tracked = audit.track_fields.iter().flatten().map(|it| (it, "is not recorded"));
    let excluded = audit.exclude_fields.iter().map(|it| (it, "stays in the audit trail"));
    for (name, what) in tracked.chain(excluded) {
        if is_column(entity, &name.text) || name.text.is_empty() {
            continue;
        }
        if let Some((message, fix)) = without_comma(ctx, name, |it| is_column(entity, it)) {
            acc.push(ctx.finding(&RULE, name.range, message).fix(fix));
            continue;
        }
        let near = suggest(&name.text, entity.column_names());
        let message = format!(
            "`{}` has no field `{}`, so what is meant {what}{}",
            entity.name.text,
            name.text,
            did_you_mean(near)
        );
        // One that a list has already would be there twice, or in both.
        let listed = || audit.track_fields.iter().flatten().chain(&audit.exclude_fields);
        let free = near.filter(|near| listed().all(|it| it.as_str() != *near));
        acc.push(ctx.finding(&RULE, name.range, message).fix(free.map(|it| ctx.rename(name, it))));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn fields_that_there_are_not() {
        check_diagnostics(
            r#"
entity: User
fields:
  name: text
  password: text
audit:
  track_fields: [nme]
  #              ^^^ 💡 error[unknown-audit-field]: `User` has no field `nme`, so what is meant is not recorded; did you mean `name`?
  exclude_fields: [pasword, updatedAt]
  #                ^^^^^^^ 💡 error[unknown-audit-field]: `User` has no field `pasword`, so what is meant stays in the audit trail; did you mean `password`?
"#,
        );
    }

    #[test]
    fn the_near_field() {
        let before = "entity: User\nfields:\n  name: text\n  bio: text\naudit: {exclude_fields: [$0nme]}  # private\n";
        check_fix(before, &before.replace("$0nme", "name"));
    }
}
