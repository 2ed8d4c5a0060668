//! An audit trail that records no field, so that no change of a row is in it.

use specql_model::{Entity, Field};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "audit-excludes-all",
    level: Level::Warning,
    summary: "an audit trail that records no field",
    run: audit_excludes_all,
    page: include_str!("../../../../docs/rules/audit-excludes-all.md"),
};

fn audit_excludes_all(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| ctx.knows_fields(it)) else { return };
    let Some(audit) = entity.audit.as_ref().filter(|it| it.enabled != Some(false)) else { return };
    let is_excluded =
        |field: &&Field| audit.exclude_fields.iter().any(|it| is_it(entity, field, &it.text));
    let tracked = |field: &&Field| {
        let names = audit.track_fields.as_ref();
        names.is_none_or(|names| names.iter().any(|it| is_it(entity, field, &it.text)))
    };
    let is_kept = |field: &&Field| tracked(field) && !is_excluded(field);
    // A list of built-in columns is one that somebody has thought of, and what a name means that means
    // nothing is not known.
    let is_other = |name: &str| !entity.fields.iter().any(|field| is_it(entity, field, name));
    let tracks_other = audit.track_fields.iter().flatten().any(|it| is_other(&it.text));
    if entity.fields.iter().any(|it| is_kept(&it)) || tracks_other {
        return;
    }
    let message = "nothing of a row is recorded, so no change of it is in the audit trail; write \
                   `audit: false` when that is meant";
    let at = audit.exclude_fields.first().map_or(audit.key, |it| it.range);
    acc.push(ctx.finding(&RULE, at, message.to_owned()));
}

fn is_it(entity: &Entity, field: &Field, name: &str) -> bool {
    let named = entity.field(name).or_else(|| entity.reference_id(name));
    named.is_some_and(|it| it.name.text == field.name.text)
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn no_field_is_left() {
        check_diagnostics(
            r#"
#- /a.yaml
entity: User
fields:
  name: text
  password: text
audit:
  exclude_fields: [name, password]
  #                ^^^^ warning[audit-excludes-all]: nothing of a row is recorded, so no change of it is in the audit trail; write `audit: false` when that is meant
#- /b.yaml
entity: Post
fields:
  title: text
audit:
#<^^^ warning[audit-excludes-all]
  track_fields: []
#- /c.yaml
entity: Tag
fields:
  name: text
  secret: text
audit: {exclude_fields: [secret]}
"#,
        );
    }
}
