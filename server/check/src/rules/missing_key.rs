//! A mapping lacks a key without which it says nothing.

use specql_model::FileKind;
use specql_model::keys::{ENTITY_FILE, MappingSpec, Visit};
use specql_syntax::yaml::{Mapping, Node};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "missing-key",
    level: Level::Error,
    summary: "a mapping lacks a key without which it says nothing",
    run: missing_key,
    page: include_str!("../../../../docs/rules/missing-key.md"),
};

fn missing_key(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if matches!(ctx.file.kind, FileKind::Entity(_)) {
        report(ctx, &RULE, acc);
    }
}

/// Reports every missing key of the file as a finding of `rule`.
pub(super) fn report(ctx: &Context<'_>, rule: &Rule, acc: &mut Vec<Diagnostic>) {
    ctx.walk_keys(&mut |visit| {
        if let Visit::Mapping { spec, mapping, node } = visit
            && !std::ptr::eq(spec, &raw const ENTITY_FILE)
            && !ctx.is_damaged(node.range)
        {
            report_mapping(ctx, rule, spec, mapping, node, acc);
        }
    });
}

fn report_mapping(
    ctx: &Context<'_>,
    rule: &Rule,
    spec: &'static MappingSpec,
    mapping: &Mapping,
    node: &Node,
    acc: &mut Vec<Diagnostic>,
) {
    for key in spec.keys.iter().filter(|it| it.required) {
        let spellings = std::iter::once(&key.name).chain(key.aliases);
        let written = spellings.into_iter().find_map(|it| mapping.get(it));
        let (range, what) = match written {
            Some(entry)
                if entry.value.is_null()
                    || entry.value.as_scalar().is_some_and(|it| it.text.trim().is_empty()) =>
            {
                (entry.key.range, "says nothing")
            }
            Some(_) => continue,
            None => (ctx.first_line(node.range), "is missing"),
        };
        let message = format!("`{}` {what}, and {} means nothing without it", key.name, spec.name);
        acc.push(ctx.finding(rule, range, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn keys_that_are_missing() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
actions:
  - description: no name
  # ^^^^^^^^^^^^^^^^^^^^ error[missing-key]: `name` is missing, and an action means nothing without it
    impact:
      side_effects:
        - operation: UPDATE
        # ^^^^^^^^^^^^^^^^^ error[missing-key]: `entity` is missing, and a side effect means nothing without it
      cache_invalidations:
        - query:
        # ^^^^^ error[missing-key]: `query` says nothing, and a cache invalidation means nothing without it
"#,
        );
    }

    #[test]
    fn a_mapping_that_is_still_typed() {
        check_diagnostics(
            r#"
entity: Post
actions:
  - description: no name yet
    nam
    #<^ error[invalid-yaml]
"#,
        );
    }
}
