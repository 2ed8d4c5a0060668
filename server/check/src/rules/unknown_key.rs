//! A key that means nothing where it stands.
//!
//! Keys that the upstream generator documents and ignores are no mistakes. In the configuration it is
//! `invalid-config` that reports.

mod other_forms;
mod synonyms;

use specql_model::keys::{self, MappingSpec, STEP, Shape, Support, Visit};
use specql_model::{FileKind, suggest, types};
use specql_syntax::yaml::{Entry, Mapping, Resolved};
use specql_text::TextRange;

use super::missing_entity;
use crate::{Context, Diagnostic, Level, Rule, context::did_you_mean, variables::STORES};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-key",
    level: Level::Warning,
    summary: "a key that means nothing where it stands",
    run: unknown_key,
    page: include_str!("../../../../docs/rules/unknown-key.md"),
};

/// What a lost key of these blocks costs is a stale cache, a lost event, a wrong audit entry.
const CRITICAL: &[&MappingSpec] = &[
    &keys::IMPACT,
    &keys::PRIMARY,
    &keys::SIDE_EFFECT,
    &keys::INVALIDATION,
    &keys::CASCADE,
    &keys::CDC,
    &keys::AUDIT,
];

fn is_critical(spec: &'static MappingSpec) -> bool {
    CRITICAL.iter().any(|it| std::ptr::eq(*it, spec))
}

/// Where a key may have been meant to stand, the outermost first.
const HOMES: &[&MappingSpec] = &[
    &keys::ENTITY_FILE,
    &keys::ACTION,
    &keys::IMPACT,
    &keys::CDC,
    &keys::CASCADE,
    &keys::SIDE_EFFECT,
    &keys::INVALIDATION,
];

fn unknown_key(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if matches!(ctx.file.kind, FileKind::Entity(_)) {
        report(ctx, &RULE, acc);
    }
}

/// Reports every unknown key of the file as a finding of `rule`.
pub(super) fn report(ctx: &Context<'_>, rule: &Rule, acc: &mut Vec<Diagnostic>) {
    let mut mappings: Vec<&Mapping> = Vec::new();
    let mut free = Free::default();
    // What begins on a damaged line may belong elsewhere.
    let mut misplaced: Vec<TextRange> = Vec::new();
    // Keys are walked in order, so one block is said once.
    let mut reported: Option<TextRange> = None;
    let mut last: Option<&Entry> = None;
    // A slip of `entity` is `missing-entity`.
    let slip = missing_entity::meant_as_entity(ctx);
    ctx.walk_keys(&mut |visit| match visit {
        Visit::Mapping { mapping, node, .. } => {
            if ctx.is_damaged(node.range) && ctx.is_damaged(ctx.first_line(node.range)) {
                misplaced.push(node.range);
            }
            mappings.push(mapping);
        }
        Visit::Entry { spec, entry, key: None } => {
            // A step without a known keyword is reported as a whole.
            let is_own = spec.open.is_some() || std::ptr::eq(spec, &raw const STEP);
            let is_typed = ctx.is_damaged(entry.key.range)
                || ctx.is_older_impact(entry.range)
                || misplaced.iter().any(|it| it.contains_range(entry.range));
            // As in other formats of YAML, such keys hold what anchors name.
            let is_shelf = std::ptr::eq(spec, &raw const keys::ENTITY_FILE)
                && entry.key.text.starts_with("x-");
            let is_slip = slip.is_some_and(|it| std::ptr::eq(it, entry));
            if !is_own
                && !is_shelf
                && !is_slip
                && !entry.merged
                && !entry.missing_colon
                && !is_typed
                && !other_forms::is_second_of_upsert(ctx, spec, entry)
            {
                let holds = |it: &&&Mapping| has(it, entry);
                let siblings = mappings.iter().rev().find(holds);
                let owner = last.filter(|it| siblings.is_some_and(|of| has(of, it)));
                if let Some(owner) = owner.filter(|it| is_empty_owner(spec, it, entry)) {
                    if reported != Some(owner.key.range) {
                        acc.push(beside_its_key(ctx, rule, owner, entry));
                    }
                    reported = Some(owner.key.range);
                    return;
                }
                let free = free.of(spec, siblings.copied());
                acc.push(finding(ctx, rule, spec, entry, free));
            }
        }
        Visit::Entry { entry, .. } => last = Some(entry),
        Visit::Value { .. } => {}
    });
}

/// Whether the known key above an unknown one has nothing behind it, and the unknown one belongs in its block.
fn is_empty_owner(spec: &'static MappingSpec, owner: &Entry, entry: &Entry) -> bool {
    let block = keys::mapping_of(spec.shapes_of(&owner.key.text));
    let is_empty = owner.value.is_null() && owner.value.range.is_empty() && !owner.merged;
    is_empty && block.is_some_and(|it| it.key(&entry.key.text).is_some())
}

fn has(mapping: &Mapping, entry: &Entry) -> bool {
    mapping.entries.as_ptr_range().contains(&std::ptr::from_ref(entry))
}

/// A block whose keys stand beside its own key.
fn beside_its_key(ctx: &Context<'_>, rule: &Rule, owner: &Entry, first: &Entry) -> Diagnostic {
    let message = format!(
        "nothing stands below `{0}`, and `{1}` beside it belongs there, so it is not read; indent `{1}`, and what \
         follows it, deeper than `{0}`",
        owner.key.text, first.key.text
    );
    let found = ctx.finding(rule, owner.key.range, message).level(Level::Error);
    found.related(ctx.id(), first.key.range, "what belongs below")
}

/// The keys that can still be written in the mapping that was looked at last: a list of unknown keys asks
/// for those of one mapping again and again.
#[derive(Default)]
struct Free<'a> {
    of: Option<(&'static MappingSpec, Option<&'a Mapping>)>,
    keys: Vec<&'static str>,
}

impl<'a> Free<'a> {
    fn of(&mut self, spec: &'static MappingSpec, siblings: Option<&'a Mapping>) -> &[&'static str] {
        let is_same = self.of.is_some_and(|(known, mapping)| {
            std::ptr::eq(known, spec)
                && mapping.map(std::ptr::from_ref) == siblings.map(std::ptr::from_ref)
        });
        if !is_same {
            let known = spec.keys.iter().filter(|it| it.support == Support::Full).map(|it| it.name);
            let is_free = |name: &&str| siblings.is_none_or(|it| it.get(name).is_none());
            self.keys = known.filter(is_free).collect();
            self.of = Some((spec, siblings));
        }
        &self.keys
    }
}

/// Whether a key is what other languages have for an `if` among the steps of `else`.
pub(crate) fn is_else_if(key: &str) -> bool {
    matches!(key, "elif" | "elsif" | "elseif" | "else_if" | "else if")
}

/// The key whose other spelling is meant: `parametrs`, `expr`.
fn by_another_name(
    spec: &'static MappingSpec,
    key: &str,
    free: &[&'static str],
) -> Option<&'static str> {
    let others = spec.keys.iter().filter(|it| free.contains(&it.name));
    let others: Vec<&'static str> = others.flat_map(|it| it.aliases).copied().collect();
    suggest(key, others.iter().copied()).or_else(|| whole(key, &others))
}

/// The one key that begins like this: `expression` of `expr`.
fn whole(key: &str, free: &[&'static str]) -> Option<&'static str> {
    let mut of_it = free.iter().filter(|it| key.len() > 3 && it.starts_with(key));
    of_it.next().copied().filter(|_| of_it.next().is_none())
}

/// The one key without which the mapping says nothing, where it lacks one that can have such a value.
fn lacking(
    spec: &'static MappingSpec,
    entry: &Entry,
    free: &[&'static str],
) -> Option<&'static str> {
    // A file that names no entity is told of.
    if std::ptr::eq(spec, &raw const keys::ENTITY_FILE) {
        return None;
    }
    let mut lacking = spec.keys.iter().filter(|it| it.required && free.contains(&it.name));
    let (key, None) = (lacking.next()?, lacking.next()) else { return None };
    let is_text = entry.value.as_scalar().is_some_and(|it| it.resolved == Resolved::Str);
    let is_list = entry.value.as_sequence().is_some() && keys::items_of(key.shapes).is_some();
    (is_list || (is_text && key.shapes.iter().any(Shape::accepts_scalar))).then_some(key.name)
}

/// The key of which another one is the plural: `query` of `queries`.
fn singular(key: &str, free: &[&'static str]) -> Option<&'static str> {
    let is_it = |it: &&&str| {
        key.strip_suffix("ies").zip(it.strip_suffix('y')).is_some_and(|it| it.0 == it.1)
            || key.strip_suffix("es") == Some(**it)
            || key.strip_suffix('s') == Some(**it)
    };
    free.iter().find(is_it).copied()
}

fn finding(
    ctx: &Context<'_>,
    rule: &Rule,
    spec: &'static MappingSpec,
    entry: &Entry,
    free: &[&'static str],
) -> Diagnostic {
    let key = &entry.key;
    let near = suggest(&key.text, free.iter().copied());
    let near = near.or_else(|| synonyms::meant(spec, entry, free));
    let near = near.or_else(|| singular(&key.text, free)).or_else(|| whole(&key.text, free));
    let near = near.or_else(|| by_another_name(spec, &key.text, free));
    let is_home =
        |it: &MappingSpec| it.key(&key.text).is_some_and(|it| it.support != Support::Ignored);
    let home = HOMES.iter().find(|it| near.is_none() && is_home(it));
    let near = near.or_else(|| lacking(spec, entry, free).filter(|_| home.is_none()));
    let elsewhere = match home {
        Some(it) => format!("; it belongs into {}", it.name),
        None if near.is_some() => String::new(),
        None if is_else_if(key.as_str()) => {
            "; write another `if` among the steps of `else`".to_owned()
        }
        None if spec.name.ends_with(" step") && STEP.key(&key.text).is_some() => {
            format!("; it is a step of its own, so write `- {}:`", key.text)
        }
        None => String::new(),
    };
    let other = value_of_case(ctx, rule, spec, entry, free)
        .or_else(|| other_forms::with_equals_sign(ctx, rule, spec, entry, free))
        .or_else(|| other_forms::of_upsert(ctx, rule, spec, entry));
    if let Some(it) = other {
        return it;
    }
    let message = format!(
        "{} has no key `{}`, so what stands here is not read{}{elsewhere}",
        spec.name,
        key.text,
        did_you_mean(near)
    );
    let is_critical = is_critical(spec)
        || near.is_some_and(|it| holds_much(spec, it))
        || is_lost_name(spec, entry, near);
    let level = if is_critical { Level::Error } else { rule.level };
    ctx.finding(rule, key.range, message).level(level).fix(near.map(|it| ctx.rename(key, it)))
}

/// Whether a mapping means nothing without a key, or a whole block stands behind it: what is said of that is as
/// grave as what would be said without it.
fn holds_much(spec: &'static MappingSpec, key: &str) -> bool {
    let Some(key) = spec.key(key) else { return false };
    let is_block = keys::mapping_of(key.shapes).is_some() || keys::items_of(key.shapes).is_some();
    key.required || (is_block && key.support == Support::Full)
}

/// Whether a name is given a type beside `fields` or in the long form of another field: one that the entity has not;
/// or a step gives a name to what it stores, and has nothing to store.
fn is_lost_name(spec: &'static MappingSpec, entry: &Entry, near: Option<&str>) -> bool {
    let is = |other: &'static MappingSpec| std::ptr::eq(spec, other);
    let names_type = || entry.value.as_scalar().is_some_and(|it| types::begins_with_name(&it.text));
    let is_field = (is(&keys::ENTITY_FILE) || is(&keys::FIELD)) && names_type();
    let is_stored = || spec.name.ends_with(" step") && STORES.contains(&&*entry.key.text);
    near.is_none() && (is_field || is_stored())
}

/// `- draft:` for `- when: draft`.
fn value_of_case(
    ctx: &Context<'_>,
    rule: &Rule,
    spec: &'static MappingSpec,
    entry: &Entry,
    free: &[&'static str],
) -> Option<Diagnostic> {
    let is_case = std::ptr::eq(spec, &raw const keys::CASE);
    if !is_case || !entry.value.is_null() || !free.contains(&"when") {
        return None;
    }
    let written = ctx.slice(entry.key.range);
    let better = format!("when: {written}");
    let message = format!(
        "{} begins with `when`, so what stands here is not read; write `{better}`",
        spec.name
    );
    let behind = ctx.file.text().get(entry.key.range.to_usize().end..)?;
    let colon = behind.len() - behind.trim_start_matches(' ').strip_prefix(':')?.len();
    let end = entry.key.range.end() + u32::try_from(colon).ok()?;
    let fix = ctx.write(TextRange::new(entry.key.range.start(), end), &better);
    Some(ctx.finding(rule, entry.key.range, message).fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_block_beside_its_key() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
actions:
  - name: rename
    steps:
      - update: Post SET title = 'x'
    impact:
      primary:
      #<^^^^^ 💡 error[unknown-key]: nothing stands below `primary`, and `entity` beside it belongs there, so it is not read; indent `entity`, and what follows it, deeper than `primary`
      entity: Post
      operation: UPDATE
      fields: [title]
    cdc:
    #<^ 💡 error[unknown-key]
    enabled: true
    event_type: PostRenamed
",
        );
    }

    #[test]
    fn keys_that_mean_nothing() {
        check_diagnostics(
            r#"
entity: Post
filds:
#<^^^ 💡 error[unknown-key]: an entity file has no key `filds`, so what stands here is not read; did you mean `fields`?
  title: text
colour: red
#<^^^^ warning[unknown-key]: an entity file has no key `colour`, so what stands here is not read
actions:
  - name: create_post
    step:
    #<^^ 💡 error[unknown-key]
      - insert: Post
    impcat:
    #<^^^^ 💡 error[unknown-key]: an action has no key `impcat`, so what stands here is not read; did you mean `impact`?
      primary: {entity: Post, operation: CREATE}
"#,
        );
    }

    #[test]
    fn a_lost_part_of_the_impact_is_an_error() {
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
      primary:
        entity: Post
        operation: CREATE
        field: [title]
        #<^^^ 💡 error[unknown-key]: the primary entity of an impact block has no key `field`, so what stands here is not read; did you mean `fields`?
      cdc:
      #<^ 💡 error[unknown-key]: `cdc` stands too deep; it belongs beside `impact`, so indent it like that
        enabled: true
"#,
        );
    }

    #[test]
    fn keys_of_upstream_and_names_of_the_author_are_known() {
        check_diagnostics(
            r#"
entity: Post
schema: blog
hierarchical: true
organization: {table_code: "012345"}
_metadata: {source_language: python}
fields:
  filds: text
actions:
  - name: get_post
    returns: Post
    on_error: rollback
"#,
        );
    }

    #[test]
    fn the_near_key() {
        check_fix(
            r#"
entity: Post
"$0filds":  # all
  title: text
"#,
            r#"
entity: Post
"fields":  # all
  title: text
"#,
        );
    }

    #[test]
    fn a_case_without_its_key() {
        let file = "entity: Post\nfields:\n  state: enum(draft, done)\nactions:\n  - name: look\n    steps:\n      - \
                    switch: state\n        cases:\n          - CASE\n            then: [{reject: not_yet}]\n";
        check_fix(
            &file.replace("CASE", "$0draft:  # one"),
            &file.replace("CASE", "when: draft  # one"),
        );
    }

    #[test]
    fn words_of_other_languages() {
        check_diagnostics(
            "
entity: Post
fields: {title: text}
actions:
  - name: look
    steps:
      - if: title IS NULL
        do:
        #< 💡 error[unknown-key]: an `if` step has no key `do`, so what stands here is not read; did you mean `then`?
          - notify: none
      - if: title IS NULL
        then:
          - notify: none
        elif: title = 'x'
        #<^^ warning[unknown-key]: an `if` step has no key `elif`, so what stands here is not read; write another `if` among the steps of `else`
      - validate: title IS NOT NULL
        update: Post SET title = 'x'
        #<^^^^ 💡 warning[unknown-key]: `update` begins an item of the list; write `- ` before it
",
        );
    }
}
