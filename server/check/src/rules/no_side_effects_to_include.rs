//! `include_side_effects` where `impact` has no side effects: the payload stays as it is.

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag};

pub(crate) const RULE: Rule = Rule {
    code: "no-side-effects-to-include",
    level: Level::Warning,
    summary: "`include_side_effects` where there are no side effects",
    run: no_side_effects_to_include,
    page: include_str!("../../../../docs/rules/no-side-effects-to-include.md"),
};

fn no_side_effects_to_include(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let (Some(cdc), Some(impact)) = (&action.cdc, &action.impact) else { continue };
        let Some((true, value)) = cdc.include_side_effects else { continue };
        if !impact.side_effects.is_empty() || ctx.is_damaged_action(id) {
            continue;
        }
        let Some(entry) = ctx.entry_of(value) else { continue };
        let message = "the declared impact has no side effects, so there is nothing to include";
        let edits = ctx.remove_entry(entry);
        acc.push(
            ctx.finding(&RULE, entry.key.range, message.to_owned())
                .related(ctx.id(), impact.key, "the declared impact")
                .tag(Tag::Unnecessary)
                .fix(Fix::safe("Remove `include_side_effects`", ctx.id(), edits)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn nothing_to_include() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      include_side_effects: true
      #<^^^^^^^^^^^^^^^^^^ 💡 warning[no-side-effects-to-include]: the declared impact has no side effects, so there is nothing to include
"#,
        );
    }

    #[test]
    fn the_entry_goes() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, $0include_side_effects: true}
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true}
"#,
        );
    }
}
