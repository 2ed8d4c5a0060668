//! A side effect that is declared for every run and happens in some of them only.
//!
//! One that has a `condition` says so. Writes inside of loops are an information: over nothing a loop
//! does nothing, which is often what is meant.

use specql_model::{Action, ActionId, Certainty, Effect, RowSource};

use crate::{
    Context, Diagnostic, Level, Rule,
    alignment::{Pair, participle},
    guards::condition_of,
    impact_block::insert_condition,
};

pub(crate) const RULE: Rule = Rule {
    code: "conditional-effect",
    level: Level::Warning,
    summary: "a side effect is declared for every run and happens in some",
    run: conditional_effect,
    page: include_str!("../../../../docs/rules/conditional-effect.md"),
};

fn conditional_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        let Some(alignment) = ctx.alignment(id) else { continue };
        for pair in alignment.done.iter().filter(|it| !it.primary) {
            // An upsert that leaves a row alone that is there is declared like any other.
            let is_sure =
                pair.effects.iter().any(|it| it.certainty == Certainty::Always || it.keeps);
            if !is_sure && !has_condition(ctx, pair) {
                acc.extend(finding(ctx, (id, action), pair));
            }
        }
    }
}

/// A condition that is still being typed is one.
fn has_condition(ctx: &Context<'_>, pair: &Pair<'_>) -> bool {
    let written = || ctx.node_at(pair.entry.range).and_then(|it| it.get("condition"));
    pair.entry.condition.is_some() || written().is_some()
}

fn finding(
    ctx: &Context<'_>,
    (id, action): (ActionId, &Action),
    pair: &Pair<'_>,
) -> Option<Diagnostic> {
    let entity = ctx.workspace.entity(pair.entity)?;
    let first = pair.effects.first()?;
    let is_loop = pair.effects.iter().all(|it| action.is_in_loop(it.via.unwrap_or(it.step)));
    let condition = condition_of(ctx.workspace, id, &pair.effects);
    let may_miss = |it: &&Effect| matches!(it.rows, RowSource::Reference { may_miss: true, .. });
    let (how, what, level) = if is_loop {
        ("a loop, which may have nothing to run over", "", Level::Info)
    } else if condition.is_none() && pair.effects.iter().all(may_miss) {
        ("runs only whose reference leads to such a row", "", Level::Info)
    } else {
        ("some runs", "; say when in `condition`", RULE.level)
    };
    let operation = pair.entry.operation.as_ref().and_then(|it| it.value);
    let message = format!(
        "`{}` is declared to be {} in every run, and the steps do it in {how}{what}",
        entity.name.text,
        participle(operation),
    );
    let at = pair.entry.entity.as_ref().map_or(pair.entry.range, |it| it.range);
    let (file, range) = ctx.place_of(first);
    let mut found = ctx.finding(&RULE, at, message).level(level).related(file, range, "the step");
    if let Some(call) = first.via.filter(|_| file != ctx.id()) {
        found = found.related(ctx.id(), ctx.first_line(call), "the call");
    }
    Some(found.fix(condition.and_then(|it| insert_condition(ctx, pair.entry, &it))))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  featured: boolean
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
";

    #[test]
    fn rows_that_need_not_be_there_and_rows_that_may_be() {
        check_diagnostics(
            r#"
#- /tag.yaml
entity: Tag
fields:
  slug: {type: text, nullable: false, unique: true}
#- /shop.yaml
entity: Shop
fields:
  count: integer = 0
#- /item.yaml
entity: Item
fields:
  title: text
  owner: ref(Shop|Tag)
actions:
  - name: retitle
    steps:
      - update: Item(title)
      - update: Shop SET count = count + 1
      - upsert: Tag(slug)
        conflict_target: [slug]
        conflict_action: nothing
    impact:
      primary: {entity: Item, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Shop, operation: UPDATE, fields: [count]}
        #          ^^^^ info[conditional-effect]: `Shop` is declared to be updated in every run, and the steps do it in runs only whose reference leads to such a row
        - {entity: Tag, operation: UPSERT, fields: [slug]}
"#,
        );
    }

    #[test]
    fn in_a_branch_and_in_a_loop() {
        check_diagnostics(&format!(
            "{HEAD}      - if: featured = true
        then:
          - update: User SET post_count = post_count + 1
    impact:
      primary: {{entity: Post, operation: CREATE}}
      side_effects:
        - entity: User
          #       ^^^^ 💡 warning[conditional-effect]: `User` is declared to be updated in every run, and the steps do it in some runs; say when in `condition`
          operation: UPDATE
  - name: touch_users
    steps:
      - update: Post SET title = 'x'
      - foreach: user in User WHERE post_count > 3
        do:
          - update: User SET post_count = 0 WHERE id = user.id
    impact:
      primary: {{entity: Post, operation: UPDATE}}
      side_effects:
        - entity: User
          #       ^^^^ 💡 info[conditional-effect]: `User` is declared to be updated in every run, and the steps do it in a loop, which may have nothing to run over
          operation: UPDATE
"
        ));
    }

    #[test]
    fn what_happens_in_every_branch_happens() {
        check_diagnostics(&format!(
            "{HEAD}      - if: featured = true
        then:
          - update: User SET post_count = post_count + 1
        else:
          - update: User SET post_count = post_count + 2
    impact:
      primary: {{entity: Post, operation: CREATE}}
      side_effects:
        - {{entity: User, operation: UPDATE}}
"
        ));
    }

    #[test]
    fn that_a_loop_runs_is_a_condition() {
        let with = |condition: &str| {
            format!(
                "    impact:
      primary: {{entity: Post, operation: CREATE}}
      side_effects:
        - entity: $0User
          operation: UPDATE
{condition}"
            )
        };
        for (over, of, condition) in [
            ("it in User", "it.id", "EXISTS User"),
            ("it in User WHERE post_count > 3", "it.id", "EXISTS (User WHERE post_count > 3)"),
            ("it in input.users", "it.id", "jsonb_array_length(input.users) > 0"),
            ("it in (SELECT 1 AS n)", "author.id", "EXISTS (SELECT 1 AS n)"),
        ] {
            let head =
                HEAD.replace("    steps:", "    params:\n      users: list(ref(User))\n    steps:");
            let steps = format!(
                "{head}      - foreach: {over}\n        do:\n          - update: User SET post_count = 0 WHERE id = {of}\n"
            );
            let before = format!("{steps}{}", with(""));
            let own = |text: &str| text.split("#- /post.yaml\n").nth(1).unwrap().replace("$0", "");
            let after = format!("{steps}{}", with(&format!("          condition: {condition}\n")));
            check_fix(&before, &own(&after));
        }
    }

    #[test]
    fn a_return_counts_that_comes_before() {
        let of = |steps: &str| {
            format!(
                "{HEAD}{steps}    impact:
      primary: {{entity: Post, operation: CREATE}}
      side_effects:
        - entity: User
          #       ^^^^ {}warning[conditional-effect]: `User` is declared to be updated in every run, and the steps do it in some runs; say when in `condition`
          operation: UPDATE
",
                if steps.contains("before") { "" } else { "💡 " }
            )
        };
        check_diagnostics(&of("      - switch: featured
        cases:
          - when: true
            then:
              - update: User SET post_count = post_count + 1
        default:
          - return: done
"));
        check_diagnostics(&of("      - if: title = 'x'
        then:
          - return: before
      - if: featured = true
        then:
          - update: User SET post_count = post_count + 1
"));
    }

    #[test]
    fn the_condition_is_written() {
        let before = format!(
            "{HEAD}      - if: featured = true
        then:
          - update: User SET post_count = post_count + 1
    impact:
      primary: {{entity: Post, operation: CREATE}}
      side_effects:
        - entity: $0User  # the author
          operation: UPDATE
"
        );
        let own = before.split("#- /post.yaml\n").nth(1).unwrap().replace("$0", "");
        check_fix(&before, &format!("{own}          condition: featured = true\n"));
    }
}
