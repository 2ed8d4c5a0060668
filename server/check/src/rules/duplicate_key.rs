//! A mapping has a key twice, and the loader keeps the last one in silence.
//!
//! The fix removes the entry that is not read, so it changes nothing but what the author sees.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use specql_model::keys::{KeySpec, Support, Visit};
use specql_syntax::yaml::{Entry, Problem, ProblemKind};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-key",
    level: Level::Error,
    summary: "a mapping has a key twice, and only the last one is read",
    run: duplicate_key,
    page: include_str!("../../../../docs/rules/duplicate-key.md"),
};

fn duplicate_key(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    two_spellings(ctx, acc);
    let yaml = ctx.file.parse().yaml();
    // Every further key names the same first one, and a fix looks at all of their mapping.
    if let Some(range) = second_entity(ctx) {
        let message = "a second entity begins here, and of each key the last one is read alone, so the two \
                       are mixed; move it to a file of its own";
        let again = yaml.problems.iter().filter(|it| {
            matches!(it.kind, ProblemKind::DuplicateKey(..)) && it.range.start() > range.start()
        });
        let found = ctx.finding(&RULE, range, message.to_owned());
        acc.push(again.fold(found, |found, it| found.related(ctx.id(), it.range, "read alone")));
    }
    let mut fixes: BTreeMap<u32, Option<Fix>> = BTreeMap::new();
    let second = second_entity(ctx);
    let is_other = |it: &&Problem| !matches!(it.kind, ProblemKind::DuplicateKey(..));
    let unread = yaml.problems.iter().filter(is_other).map(|it| it.range.start());
    let mut unread: Vec<u32> = unread.collect();
    unread.sort_unstable();
    let mut of_nameless = FxHashSet::default();
    for keys in actions_without_name(ctx) {
        acc.extend(again(ctx, &keys));
        of_nameless.extend(keys);
    }
    for problem in &yaml.problems {
        let ProblemKind::DuplicateKey(key, first) = &problem.kind else { continue };
        if of_nameless.contains(&problem.range) {
            continue;
        }
        let is_of_second = second.is_some_and(|it| it.start() <= problem.range.start());
        if is_of_second || follows(&unread, *first, problem.range) {
            continue;
        }
        let earlier = ctx.slice(*first);
        let is_same =
            earlier.trim_matches(['"', '\'']) == key || ctx.slice(problem.range) == earlier;
        let message = if is_same {
            format!(
                "`{key}` stands here a second time; only the last one is read, so what the first one says is lost"
            )
        } else {
            format!(
                "`{key}` is the same key as `{earlier}` to the loader; only the last one is read, so what the first one says is lost"
            )
        };
        acc.push(
            ctx.finding(&RULE, problem.range, message)
                .related(ctx.id(), *first, "the first one")
                .fix(
                    fixes.entry(first.start()).or_insert_with(|| remove_first(ctx, *first)).clone(),
                ),
        );
    }
}

/// Keys of actions that stand a second time in one, by the action: what begins there is another action, whose name is
/// gone.
fn actions_without_name(ctx: &Context<'_>) -> Vec<Vec<TextRange>> {
    let mut by_mapping: BTreeMap<u32, Vec<TextRange>> = BTreeMap::new();
    for problem in &ctx.file.parse().yaml().problems {
        if let ProblemKind::DuplicateKey(key, _) = &problem.kind
            && key != "name"
            && let Some(mapping) = ctx.mapping_with_key(problem.range)
        {
            by_mapping.entry(mapping.range.start()).or_default().push(problem.range);
        }
    }
    by_mapping.retain(|_, keys| keys.len() > 1);
    if by_mapping.is_empty() {
        return Vec::new();
    }
    let actions = ctx.actions().filter_map(|it| ctx.action_node(it.0));
    let actions: FxHashSet<u32> = actions.map(|it| it.range.start()).collect();
    by_mapping.into_iter().filter(|it| actions.contains(&it.0)).map(|it| it.1).collect()
}

fn again(ctx: &Context<'_>, keys: &[TextRange]) -> Option<Diagnostic> {
    let (first, others) = keys.split_first()?;
    let message = format!(
        "`{}` and what follows it stand here a second time, so what the action said before is lost; another action \
         begins here, and its `- name:` is missing",
        ctx.slice(*first)
    );
    let found = ctx.finding(&RULE, *first, message);
    let related = |found: Diagnostic, it| found.related(ctx.id(), it, "a second time too");
    Some(others.iter().copied().fold(found, related))
}

/// A key beside another spelling of it: `as` and `store`.
fn two_spellings(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if !has_second_spelling(ctx) {
        return;
    }
    ctx.walk_keys(&mut |visit| {
        let Visit::Mapping { spec, mapping, .. } = visit else { return };
        let mut seen: Vec<(&str, &Entry)> = Vec::new();
        for entry in mapping.entries.iter().filter(|it| !it.merged) {
            let is_read = |it: &&KeySpec| !it.aliases.is_empty() && it.support == Support::Full;
            let Some(key) = spec.key(&entry.key.text).filter(is_read) else { continue };
            let first = seen.iter().find(|it| it.0 == key.name).map(|it| it.1);
            match first.filter(|it| it.key.text != entry.key.text) {
                Some(first) => acc.push(second_spelling(ctx, first, entry)),
                None => seen.push((key.name, entry)),
            }
        }
    });
}

/// Whether a key of the file stands in another spelling than its first: most files have none.
fn has_second_spelling(ctx: &Context<'_>) -> bool {
    let mut found = false;
    ctx.walk_keys(&mut |visit| {
        if let Visit::Entry { entry, key: Some(key), .. } = visit {
            found |= entry.key.text != key.name;
        }
    });
    found
}

fn second_spelling(ctx: &Context<'_>, first: &Entry, second: &Entry) -> Diagnostic {
    let message = format!(
        "`{}` is `{}` in another spelling, which stands here already, and only one of the two is read; remove \
         the other",
        second.key.text, first.key.text
    );
    let edits = ctx.remove_entry(second);
    ctx.finding(&RULE, second.key.range, message)
        .level(Level::Warning)
        .related(ctx.id(), first.key.range, "the first one")
        .fix(Some(Fix::review(format!("Remove `{}`", second.key.text), ctx.id(), edits)))
}

/// Whether something between the two cannot be read, and may be where another mapping was meant to begin.
/// `unread` is in order.
fn follows(unread: &[u32], first: TextRange, second: TextRange) -> bool {
    let behind = unread.partition_point(|it| *it < first.end());
    unread.get(behind).is_some_and(|it| *it < second.start())
}

/// The key of a second entity in the file, with all that follows the first.
fn second_entity(ctx: &Context<'_>) -> Option<TextRange> {
    let mut problems = ctx.file.parse().yaml().problems.iter();
    let found = problems.find(|it| match &it.kind {
        ProblemKind::DuplicateKey(key, _) => key == "entity" && is_at_margin(ctx, it.range),
        _ => false,
    });
    found.map(|it| it.range)
}

fn is_at_margin(ctx: &Context<'_>, range: TextRange) -> bool {
    let before = ctx.file.text().get(..range.to_usize().start).unwrap_or_default();
    before.is_empty() || before.ends_with('\n')
}

/// Removes the entry whose key stands at a place.
fn remove_first(ctx: &Context<'_>, key: TextRange) -> Option<Fix> {
    let entry = ctx.entry_with_key(key)?;
    let edits = ctx.remove_entry(entry);
    Some(Fix::review("Remove the first one, which is not read", ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_key_twice() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  body: text
  title: text!
  #<^^^ 💡 error[duplicate-key]: `title` stands here a second time; only the last one is read, so what the first one says is lost
"#,
        );
    }

    #[test]
    fn a_whole_entity_again_is_one_finding() {
        check_diagnostics(
            r#"
entity: Post
schema: blog
fields:
  title: text
entity: Tag
#<^^^^ error[duplicate-key]: a second entity begins here, and of each key the last one is read alone, so the two are mixed; move it to a file of its own
schema: blog
fields:
  name: text
"#,
        );
    }

    #[test]
    fn a_key_beside_another_spelling_of_it() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    params: {title: text}
    inputs: {title: text}
    #<^^^^ 💡 warning[duplicate-key]: `inputs` is `params` in another spelling, which stands here already, and only one of the two is read; remove the other
    steps:
      - find: Post WHERE title = $title
        as: one
        store: two
        #<^^^ 💡 warning[duplicate-key]: `store` is `as` in another spelling, which stands here already, and only one of the two is read; remove the other
        comment: a
        description: b
"#,
        );
    }

    #[test]
    fn two_spellings_of_one_key() {
        check_diagnostics(
            r#"
entity: Post
actions:
  - name: look
    steps:
      - switch: 1
        cases: {"10": [], 0xA: [], 10: [], 1.0: []}
        #                          ^^ 💡 error[duplicate-key]: `10` is the same key as `0xA` to the loader; only the last one is read, so what the first one says is lost
      #                                    ^^^ error[type-mismatch]
"#,
        );
    }

    #[test]
    fn keys_of_different_mappings_are_different() {
        check_diagnostics(
            r#"
entity: Post
description: a
fields:
  title: {type: text, description: a}
  body: {type: text, description: b}
"#,
        );
    }

    #[test]
    fn the_entry_that_is_not_read_goes() {
        check_fix(
            r#"
entity: Post
fields:
  title: text  # old
  body: text
  $0title: text!  # new
"#,
            r#"
entity: Post
fields:
  body: text
  title: text!  # new
"#,
        );
    }
}
