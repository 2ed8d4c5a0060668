//! A file that is named as an entity file declares no entity, or one without a name.

use specql_syntax::yaml::ProblemKind;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "missing-entity",
    level: Level::Error,
    summary: "an entity file that declares no entity",
    run: missing_entity,
    page: include_str!("../../../../docs/rules/missing-entity.md"),
};

fn missing_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| it.name.text.is_empty()) else { return };
    let yaml = ctx.file.parse.yaml();
    // Of several documents another may declare it, and that there are several is the mistake.
    if yaml.problems.iter().any(|it| it.kind == ProblemKind::SecondDocument) {
        return;
    }
    let root = &yaml.root;
    let is_shaped = root.get("entity").is_none_or(specql_syntax::yaml::Node::is_null);
    if ctx.is_damaged(root.range) || !is_shaped {
        return;
    }
    let at = if entity.name.range.is_empty() { root.range } else { entity.name.range };
    let message = "the file does not name its entity, so nothing in it is generated; begin it with \
                   `entity: Name`";
    acc.push(ctx.finding(&RULE, ctx.first_line(at), message.to_owned()));
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn a_name_that_is_not_typed_yet() {
        check_diagnostics(
            r#"
entity:
#<^^^^ error[missing-entity]: the file does not name its entity, so nothing in it is generated; begin it with `entity: Name`
fields:
  title: text
"#,
        );
    }

    #[test]
    fn a_file_named_as_an_entity_file() {
        check_diagnostics(
            r#"
#- /post.specql.yaml
schema: blog
#<^^^^^^^^^^ error[missing-entity]
fields:
  title: text
"#,
        );
    }

    #[test]
    fn other_yaml_is_passed_over() {
        check_diagnostics(
            r#"
#- /compose.yaml
services:
  database: {image: postgres}
"#,
        );
    }
}
