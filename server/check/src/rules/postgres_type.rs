//! A plain PostgreSQL type: understood here, and made text by released generators.

use specql_model::{Type, config::Compat};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "postgres-type",
    level: Level::Info,
    summary: "a plain PostgreSQL type, of which released generators make text",
    run: postgres_type,
    page: include_str!("../../../../docs/rules/postgres-type.md"),
};

fn postgres_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.workspace.config().compat == Compat::Off {
        return;
    }
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        let Type::Postgres { name, .. } = &field.ty else { continue };
        let better = if field.parameters.is_empty() { equivalent(&name.text) } else { None };
        let hint = better.map(|it| format!("; `{it}` is the SpecQL type")).unwrap_or_default();
        let message = format!("released generators make text of `{}`{hint}", name.text);
        acc.push(
            ctx.finding(&RULE, name.range, message)
                .fix(better.map(|it| ctx.change_to(name.range, it))),
        );
    }
}

/// The SpecQL type with the same type in PostgreSQL.
fn equivalent(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "timestamptz" => Some("datetime"),
        "jsonb" => Some("json"),
        "double" | "double precision" => Some("float"),
        "inet" => Some("ipAddress"),
        "macaddr" => Some("macAddress"),
        "interval" => Some("duration"),
        "point" => Some("coordinates"),
        "int" | "int4" => Some("integer"),
        "int8" => Some("bigint"),
        "bool" => Some("boolean"),
        "varchar" => Some("text"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn types_of_the_database() {
        check_diagnostics(
            r#"
entity: Post
fields:
  sent_at: timestamptz
  #        ^^^^^^^^^^^ 💡 info[postgres-type]: released generators make text of `timestamptz`; `datetime` is the SpecQL type
  price: decimal(10,2)!
  #      ^^^^^^^ info[postgres-type]: released generators make text of `decimal`
  posted: datetime
"#,
        );
    }

    #[test]
    fn without_compatibility() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
compat: off
#- /post.yaml
entity: Post
fields:
  sent_at: timestamptz
"#,
        );
    }

    #[test]
    fn the_same_type_in_specql() {
        check_fix(
            r#"
entity: Post
fields:
  sent_at: $0timestamptz!
"#,
            r#"
entity: Post
fields:
  sent_at: datetime!
"#,
        );
    }
}
