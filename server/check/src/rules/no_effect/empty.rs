//! A key with nothing behind it.

use specql_model::{
    characters,
    keys::{KeySpec, Shape, Visit},
};
use specql_syntax::yaml::{Entry, Node, NodeKind};

use super::RULE;
use crate::{Context, Diagnostic, Fix, Level, Tag, variables::STORES};

/// Keys of which other findings say what they lack.
const OTHERS: [&str; 7] =
    ["cdc", "then", "do", "cases", "conflict_target", "propagate", "recipient"];

/// Keys of words for people, and those that may be without a value.
const WORDS: [&str; 5] = ["description", "reason", "message", "error", "default"];

/// Keys of steps whose text callers get.
const TOLD: [&str; 4] = ["error", "error_message", "message", "reject"];

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    ctx.walk_keys(&mut |visit| {
        let Visit::Entry { spec, entry, key: Some(key), .. } = visit else { return };
        if key.name == "permissions" {
            acc.extend(no_permission(ctx, entry));
        }
        let is_step = spec.name.ends_with("step");
        if is_step && TOLD.contains(&key.name) {
            acc.extend(no_word(ctx, entry));
        }
        if !is_empty(&entry.value) {
            return;
        }
        let is_setting =
            (!is_step || STORES.contains(&key.name)) && !WORDS.contains(&key.name);
        let is_judged = (holds_block(key) || is_setting)
            && !key.required
            && !OTHERS.contains(&key.name);
        let is_said = || ctx.is_damaged(entry.range) || has_disguised_block(ctx, entry);
        if !is_judged || is_said() {
            return;
        }
        let message = format!(
            "nothing stands behind `{}`, so the file means the same without it; remove it, or write what belongs \
             there",
            entry.key.text
        );
        let found = ctx.finding(&RULE, entry.key.range, message);
        // It may be what somebody is about to write.
        acc.push(found.level(Level::Info).tag(Tag::Unnecessary));
    });
}

/// `error: ""`: a text for callers without a word.
fn no_word(ctx: &Context<'_>, entry: &Entry) -> Option<Diagnostic> {
    let is_blank = entry.value.as_scalar().is_some_and(|it| it.text.trim().is_empty());
    if !is_blank || entry.value.range.is_empty() || entry.value.is_null() {
        return None;
    }
    let message = format!(
        "nothing stands between the quotes of `{}`, so callers are not told what went wrong; write a code or a sentence",
        entry.key.text
    );
    Some(ctx.finding(&RULE, entry.value.range, message))
}

/// `permissions: []`: nobody may, as one reads it; nothing is asked, as it is read.
fn no_permission(ctx: &Context<'_>, entry: &Entry) -> Option<Diagnostic> {
    let is_empty = entry.value.as_sequence().is_some_and(|it| it.items.is_empty());
    if !is_empty || ctx.is_damaged(entry.range) {
        return None;
    }
    let message = "no permission stands here, so none is asked for and everybody may call the action; name one, or \
                   remove the line"
        .to_owned();
    let fix = Fix::review("Remove `permissions`", ctx.id(), ctx.remove_entry(entry));
    Some(ctx.finding(&RULE, entry.key.range, message).fix(fix))
}

/// Whether the line below is indented with what only looks like spaces.
fn has_disguised_block(ctx: &Context<'_>, entry: &Entry) -> bool {
    let text = ctx.file.text();
    let behind = text.get(entry.range.to_usize().end..).unwrap_or_default();
    behind.lines().nth(1).is_some_and(|it| characters::disguises(it).next().is_some())
}

/// Whether a list or a mapping is the only thing that can stand there.
fn holds_block(key: &KeySpec) -> bool {
    let is_block = |it: &Shape| matches!(it, Shape::List(_) | Shape::Mapping(_) | Shape::Steps);
    !key.shapes.is_empty() && key.shapes.iter().all(is_block)
}

/// Nothing at all; `null` and `[]` say that they mean nothing.
fn is_empty(value: &Node) -> bool {
    match &value.kind {
        NodeKind::Missing => true,
        NodeKind::Scalar(_) => value.is_null() && value.range.len() == 0,
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn keys_with_nothing_behind_them() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
outbox:
#<^^^^ info[no-effect]: nothing stands behind `outbox`, so the file means the same without it; remove it, or write what belongs there
#- /post.yaml
entity: Post
fields:
#<^^^^ info[no-effect]: nothing stands behind `fields`, so the file means the same without it; remove it, or write what belongs there
description:
actions:
  - name: look
    params:
    #<^^^^ info[no-effect]
    steps:
    #<^^^ info[no-effect]
    impact:
    #<^^^^ info[no-effect]
  - name: other
    params: {}
    steps:
      - notify: told
    impact:
      primary:
      #<^^^^^ info[no-effect]
      side_effects: []
      permissions: []
      #<^^^^^^^^^ 💡 warning[no-effect]: no permission stands here, so none is asked for and everybody may call the action; name one, or remove the line
    cdc:
      enabled: true
      event_type:
      #<^^^^^^^^ info[no-effect]: nothing stands behind `event_type`, so the file means the same without it; remove it, or write what belongs there
#- /other.yaml
entity: Other
fields: {}
actions: []
"#,
        );
    }
}
