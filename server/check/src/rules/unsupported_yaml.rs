//! YAML that has no meaning in an entity file: tags and keys that are no names.
//!
//! Of tags the loader knows those of YAML itself; it refuses the file for any other.

use specql_model::types;
use specql_syntax::yaml::ProblemKind;
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "unsupported-yaml",
    level: Level::Error,
    summary: "a tag, or a key that is no name",
    run: unsupported_yaml,
    page: include_str!("../../../../docs/rules/unsupported-yaml.md"),
};

fn unsupported_yaml(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for problem in &ctx.file.parse().yaml().problems {
        let message = match &problem.kind {
            ProblemKind::Tag(tag) if is_known(tag) => {
                format!(
                    "`{tag}` is a tag, which no part of an entity file expects; remove it, and write a text in quotes"
                )
            }
            ProblemKind::Tag(tag) if tag.starts_with("!(") => {
                "YAML takes `!` for a tag, which the loader refuses; write `NOT (…)`".to_owned()
            }
            ProblemKind::Tag(tag) if denies(ctx, tag, problem.range.start()) => format!(
                "YAML takes `!` for a tag, which the loader refuses; write `NOT {}`",
                tag.trim_start_matches('!')
            ),
            ProblemKind::Tag(tag) if is_of_type(ctx, tag, problem.range) => {
                let ty = tag.trim_start_matches('!');
                format!(
                    "YAML takes `!` in front for a tag, which the loader refuses; that a value has to be there stands \
                     behind the type, so write `{ty}!`"
                )
            }
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
        let is_denial = matches!(&problem.kind, ProblemKind::Tag(tag) if denies(ctx, tag, problem.range.start()));
        let sign = TextRange::new(problem.range.start(), problem.range.start() + 1);
        let edit = TextEdit::replace(sign, "NOT ");
        let fix = is_denial.then(|| Fix::review("Write `NOT`", ctx.id(), vec![edit]));
        let required = match &problem.kind {
            ProblemKind::Tag(tag) if is_of_type(ctx, tag, problem.range) => {
                Some(ctx.write(problem.range, &format!("{}!", tag.trim_start_matches('!'))))
            }
            _ => None,
        };
        let fix = fix.or(required);
        acc.push(ctx.finding(&RULE, problem.range, message).fix(fix));
    }
}

/// Whether a tag is a name behind `!` where a condition begins: `if: !published`.
fn denies(ctx: &Context<'_>, tag: &str, at: u32) -> bool {
    let name = tag.strip_prefix('!').unwrap_or_default();
    let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '$');
    let before = ctx.file.text().get(..at as usize).unwrap_or_default().trim_end();
    let key = before.strip_suffix(':').map(|it| it.trim_end().trim_end_matches(['"', '\'']));
    is_name
        && key.is_some_and(|it| ["validate", "if", "condition"].iter().any(|key| it.ends_with(key)))
}

/// Whether a tag is a type behind `!`, with nothing behind it: `title: !text`.
fn is_of_type(ctx: &Context<'_>, tag: &str, at: TextRange) -> bool {
    let name = tag.strip_prefix('!').unwrap_or_default();
    let behind = ctx.file.text().get(at.to_usize().end..).unwrap_or_default();
    let line = behind.lines().next().unwrap_or_default().trim_start();
    (line.is_empty() || line.starts_with('#')) && types::names().any(|it| it == name)
}

/// Whether the loader makes a value of what has this tag.
fn is_known(tag: &str) -> bool {
    let name = tag.strip_prefix("!!").or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:"));
    let name = name.map(|it| it.trim_end_matches('>'));
    let known = [
        "null",
        "bool",
        "int",
        "float",
        "str",
        "timestamp",
        "binary",
        "seq",
        "map",
        "set",
        "omap",
        "pairs",
    ];
    tag == "!" || name.is_some_and(|it| known.contains(&it))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn keys_that_are_no_names() {
        check_diagnostics(
            r#"
entity: Post
[title, body]: text
#<^^^^^^^^^^^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
{title: body}: text
#<^^^^^^^^^^^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
fields:
  ? body
# ^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
  : text
  title: {type: enum, values: &tags [a]}
  *tags : text
  #<^^^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
  meta: {type: text, ? description : a, [unique]: true}
  #                  ^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
  #                                     ^^^^^^^^ error[unsupported-yaml]: the keys of an entity file are names; write `key: value`
"#,
        );
    }

    #[test]
    fn conditions_that_are_denied() {
        let before = "entity: Post\nfields: {live: boolean}\nactions:\n  - name: hide\n    steps:\n      - validate: $0!live\n";
        check_fix(before, &before.replace("$0!", "NOT "));
    }

    #[test]
    fn a_sign_in_front_of_a_type() {
        let before = "entity: Post\nfields:\n  day: $0!date  # when\n";
        check_fix(before, &before.replace("$0!date", "date!"));
    }

    #[test]
    fn tags_of_yaml_itself() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: !!str text
  #      ^^^^^ error[unsupported-yaml]: `!!str` is a tag, which no part of an entity file expects; remove it, and write a text in quotes
  !!str body: text
  #<^^^ error[unsupported-yaml]: `!!str` is a tag, which no part of an entity file expects; remove it, and write a text in quotes
"#,
        );
    }

    #[test]
    fn tags_of_others() {
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
