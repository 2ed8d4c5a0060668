//! An older form of `impact`: the key `impacts` in one of its shapes, or names in camelCase.
//!
//! It is read all the same. The fix is safe where it carries everything over; a description of one
//! entry, a filter or a comment inside the block would be lost, and then it needs a look.

use specql_model::{ActionId, Entity, Impact, ImpactEntry, suggest};
use specql_syntax::{
    edit::Value,
    yaml::{Entry, Node, NodeKind},
};
use specql_text::TextEdit;

use super::unknown_key;
use crate::{
    Applicability, Context, Diagnostic, Fix, Level, Rule, Tag,
    context::did_you_mean,
    impact_block::{self, condition},
};

pub(crate) const RULE: Rule = Rule {
    code: "legacy-impacts",
    level: Level::Info,
    summary: "an older form of `impact`",
    run: legacy_impacts,
    page: include_str!("../../../../docs/rules/legacy-impacts.md"),
};

/// Names of an `impact` in camelCase, and as they are written.
const CAMEL_CASE: &[(&str, &str)] =
    &[("sideEffects", "side_effects"), ("cacheInvalidations", "cache_invalidations")];

/// Keys of an older entry that are carried over.
const CARRIED: &[&str] = &["entity", "operation", "fields", "collection"];

fn legacy_impacts(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _, impact) in ctx.impacts().filter(|it| it.2.legacy) {
        let message =
            "this is an older form, read as an `impact` whose first entry is the primary one";
        let fix = if ctx.is_damaged_action(id) { None } else { fix(ctx, id, impact) };
        acc.push(ctx.finding(&RULE, impact.key, message.to_owned()).tag(Tag::Deprecated).fix(fix));
        misspelt_keys(ctx, impact, acc);
    }
    for (id, _, impact) in ctx.impacts() {
        acc.extend(beside(ctx, id, impact));
    }
}

/// `impacts` and `impact` in one action, of which one is read.
fn beside(ctx: &Context<'_>, id: ActionId, impact: &Impact) -> Option<Diagnostic> {
    let action = ctx.action_node(id)?.as_mapping()?;
    let is_other = |it: &&Entry| {
        matches!(it.key.text.as_str(), "impact" | "impacts") && it.key.range != impact.key
    };
    let other = action.entries.iter().find(is_other)?;
    // The same key again is `duplicate-key`.
    let read = ctx.slice(impact.key);
    if other.key.text == read {
        return None;
    }
    let message = format!(
        "`{read}` of this action is read, and `{}` is not; move what it says there",
        other.key.text
    );
    let found = ctx.finding(&RULE, other.key.range, message).level(Level::Warning);
    Some(found.related(ctx.id(), impact.key, "what is read"))
}

/// Keys of older entries that are nearly those which are read. Older files have many others.
fn misspelt_keys(ctx: &Context<'_>, impact: &Impact, acc: &mut Vec<Diagnostic>) {
    let Some(entry) = ctx.entry_with_key(impact.key) else { return };
    let entries: &[Node] = match &entry.value.kind {
        NodeKind::Sequence(it) => &it.items,
        _ => std::slice::from_ref(&entry.value),
    };
    for mapping in entries.iter().filter_map(Node::as_mapping) {
        let is_free = |it: &&str| mapping.get(it).is_none();
        for key in mapping.entries.iter().map(|it| &it.key) {
            let known = CARRIED.iter().copied().filter(is_free);
            let Some(near) = suggest(&key.text, known).filter(|it| *it != key.text) else {
                continue;
            };
            let message = format!(
                "an entry of an older impact has no key `{}`, so what stands here is not read{}",
                key.text,
                did_you_mean(Some(near))
            );
            let found = ctx.finding(&unknown_key::RULE, key.range, message);
            acc.push(found.level(Level::Error).fix(ctx.rename(key, near)));
        }
    }
}

fn fix(ctx: &Context<'_>, id: ActionId, impact: &Impact) -> Option<Fix> {
    let entry = ctx.entry_with_key(impact.key)?;
    if is_current(&entry.value) {
        return Some(rename(ctx, entry));
    }
    let edits = ctx.replace_entry(entry, "impact", &block(ctx, id, impact)?);
    let mut fix = Fix::safe("Write it as `impact`", ctx.id(), edits);
    if !carries_all(ctx, entry) {
        fix.applicability = Applicability::Review;
    }
    Some(fix)
}

/// Whether a block has the shape of today, and only names of another time.
fn is_current(node: &Node) -> bool {
    let names = ["primary", "side_effects", "sideEffects"];
    names.iter().any(|it| node.get(it).is_some())
}

fn rename(ctx: &Context<'_>, entry: &Entry) -> Fix {
    let mut edits = Vec::new();
    if entry.key.text != "impact" {
        edits.push(TextEdit::replace(entry.key.range, "impact"));
    }
    for inner in entry.value.as_mapping().into_iter().flat_map(|it| &it.entries) {
        if let Some((_, to)) = CAMEL_CASE.iter().find(|it| it.0 == inner.key.text) {
            edits.push(TextEdit::replace(inner.key.range, *to));
        }
    }
    Fix::safe("Write the names of today", ctx.id(), edits)
}

/// The block of today.
fn block(ctx: &Context<'_>, id: ActionId, impact: &Impact) -> Option<Value> {
    let item = |it: &ImpactEntry| item(ctx, id, it);
    let mut block = Vec::new();
    if let Some(it) = &impact.description {
        block.push(("description".to_owned(), Value::Scalar(it.text.to_string())));
    }
    block.push(("primary".to_owned(), item(impact.primary.as_ref()?)));
    if !impact.side_effects.is_empty() {
        let items = impact.side_effects.iter().map(&item).collect();
        block.push(("side_effects".to_owned(), Value::List(items)));
    }
    Some(Value::Mapping(block))
}

/// An entry of today. Of one that names its entity alone, the steps say what happens to that.
fn item(ctx: &Context<'_>, id: ActionId, entry: &ImpactEntry) -> Value {
    let names_entity = entry.operation.is_none() && entry.fields.is_none();
    if names_entity && let Some(it) = ctx.entity_of(entry).and_then(|it| from_steps(ctx, id, it)) {
        return it;
    }
    let mut item = Vec::new();
    let mut add =
        |key: &str, text: &str| item.push((key.to_owned(), Value::Scalar(text.to_owned())));
    if let Some(it) = &entry.entity {
        add("entity", &it.text);
    }
    if let Some(it) = &entry.operation {
        add("operation", it.value.map_or(it.name.as_str(), |it| it.as_str()));
    }
    if let Some(it) = &entry.collection {
        add("collection", &it.text);
    }
    if let Some(it) = entry.fields.as_ref().filter(|it| !it.is_empty()) {
        let names = it.iter().map(|it| it.text.to_string()).collect();
        item.push(("fields".to_owned(), Value::FlowList(names)));
    }
    Value::Mapping(item)
}

/// What the steps do to an entity, where that is one thing.
fn from_steps(ctx: &Context<'_>, id: ActionId, entity: &Entity) -> Option<Value> {
    let own = ctx.workspace.effects(id).iter().filter(|it| it.entity == Some(entity.id));
    let effects: Vec<_> = own.collect();
    let operation = effects.first()?.operation;
    let is_one = effects.iter().all(|it| it.operation == operation);
    let condition = condition(ctx.workspace, id, &effects).filter(|_| entity.id != id.entity);
    is_one.then(|| {
        impact_block::entry(ctx.workspace, id.entity, entity, operation, &effects, condition)
    })
}

/// Whether an older block says nothing that the new one leaves out.
fn carries_all(ctx: &Context<'_>, entry: &Entry) -> bool {
    let comments = &ctx.file.parse().yaml().comments;
    // An entity alone does not say what happens to it.
    let is_carried = |it: &Node| {
        let entries = it.as_mapping().map(|it| it.entries.as_slice());
        entries.is_some_and(|it| it.iter().all(|it| CARRIED.contains(&it.key.text.as_str())))
    };
    let carries = entry.value.as_sequence().is_some_and(|it| it.items.iter().all(is_carried));
    carries && !comments.iter().any(|it| entry.range.contains_range(*it))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn an_older_form_beside_the_current_one() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: rename
    steps:
      - update: Post SET title = 'x'
    impacts:
    #<^^^^^ warning[legacy-impacts]: `impact` of this action is read, and `impacts` is not; move what it says there
      - {entity: Post, operation: UPDATE, fields: [title]}
    impact: {primary: {operation: UPDATE, fields: [title]}}
"#,
        );
    }

    #[test]
    fn older_forms_are_read() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    impacts:
    #<^^^^^ 💡 info[legacy-impacts]: this is an older form, read as an `impact` whose first entry is the primary one
      - {entity: Post, operation: insert}
      - {entity: User, operation: update, fields: [post_count]}
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
  - name: wrong_post
    impacts:
    #<^^^^^ 💡 info[legacy-impacts]: this is an older form, read as an `impact` whose first entry is the primary one
      - {entity: Post, operation: insrt}
      #                           ^^^^^ 💡 error[unknown-operation]: there is no operation `insrt`, so what happens is not known; did you mean `insert`?
      - {entity: User, operation: update, feilds: [post_count]}
      #                                   ^^^^^^ 💡 error[unknown-key]: an entry of an older impact has no key `feilds`, so what stands here is not read; did you mean `fields`?
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
  - name: add_post
    impacts:
    #<^^^^^ 💡 info[legacy-impacts]
      inserts: [Post]
    steps:
      - insert: Post
  - name: make_post
    impact:
    #<^^^^ 💡 info[legacy-impacts]
      primary: {entity: Post, operation: CREATE}
      sideEffects:
        - {entity: User, operation: UPDATE}
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
  - name: drop_post
    impacts: [Post]
    #<^^^^^ 💡 info[legacy-impacts]
    steps:
      - delete: Post
"#,
        );
    }

    #[test]
    fn the_block_of_today() {
        check_fix(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    $0impacts:
      - {entity: Post, operation: insert}
      - {entity: User, operation: update, fields: [post_count]}
    steps:  # what happens
      - insert: Post
      - update: User SET post_count = post_count + 1
"#,
            r#"
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [post_count]
    steps:  # what happens
      - insert: Post
      - update: User SET post_count = post_count + 1
"#,
        );
    }

    #[test]
    fn entities_alone() {
        let before = "#- /user.yaml\nentity: User\nfields:\n  post_count: integer\n#- /post.yaml\nentity: Post\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: create_post\n    $0impacts: [Post, User]\n    steps:\n      - insert: Post\n      - if: title = 'x'\n        then:\n          - update: User SET post_count = 1\n";
        let own = before.split("#- /post.yaml\n").nth(1).unwrap();
        let impact = "impact:\n      primary:\n        entity: Post\n        operation: CREATE\n      side_effects:\n        - entity: User\n          operation: UPDATE\n          fields: [post_count]\n          condition: title = 'x'\n";
        check_fix(before, &own.replace("$0impacts: [Post, User]\n", impact));
    }

    #[test]
    fn the_names_of_today() {
        check_fix(
            r#"
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
    $0impact:
      primary: {entity: Post, operation: CREATE}
      sideEffects:  # the author
        - {entity: User, operation: UPDATE}
"#,
            r#"
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:  # the author
        - {entity: User, operation: UPDATE}
"#,
        );
    }
}
