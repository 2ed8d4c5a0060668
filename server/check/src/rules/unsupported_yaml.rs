//! YAML that has no meaning in an entity file: tags and keys that are no names.

use specql_syntax::yaml::ProblemKind;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unsupported-yaml",
    level: Level::Error,
    summary: "a tag or a key that is no name, which the loader refuses",
    run: unsupported_yaml,
    page: include_str!("../../../../docs/rules/unsupported-yaml.md"),
};

fn unsupported_yaml(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for problem in &ctx.file.parse.yaml().problems {
        let message = match &problem.kind {
            ProblemKind::Tag(tag) => {
                format!(
                    "the loader refuses the file for the tag `{tag}`, which means nothing to it; remove it"
                )
            }
            ProblemKind::ComplexKey => {
                "the keys of an entity file are names; write `key: value`".to_owned()
            }
            _ => continue,
        };
        acc.push(ctx.finding(&RULE, problem.range, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn tags_and_complex_keys() {
        check_diagnostics(
            r#"
entity: !name Post
#       ^^^^^ error[unsupported-yaml]: the loader refuses the file for the tag `!name`, which means nothing to it; remove it
fields:
  title: text
"#,
        );
    }
}
