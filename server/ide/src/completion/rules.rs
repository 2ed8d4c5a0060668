//! Codes of rules: in the configuration, and in the comments that silence findings.

use specql_check::RULES;
use specql_model::{SourceFile, keys::Place};

use crate::{CompletionKind, hover};

use super::{
    context::Context,
    items::{Item, Items},
    tokens::name_range,
};

/// Whether a place is a key under `rules` of the configuration.
pub(super) fn is_list(place: &Place<'_>) -> bool {
    let above = place.levels.iter().rev().nth(1);
    above.and_then(|it| it.key).is_some_and(|it| it.name == "rules")
}

/// The rules that have no level yet.
pub(super) fn keys(ctx: &Context<'_>, present: &[&str], acc: &mut Items) {
    acc.replaced = ctx.word("-");
    acc.extend(codes().filter(|it| !present.contains(&it.label.as_str())));
}

/// The codes for `# specql: allow(` before the cursor.
pub(super) fn in_suppression(file: &SourceFile, offset: u32) -> Option<Items> {
    let comments = &file.parse().yaml().comments;
    let comment = comments.iter().find(|it| it.start() < offset && offset <= it.end())?;
    let before = file.text().get(comment.start() as usize..offset as usize)?;
    let list = before.trim_start_matches('#').trim_start().strip_prefix("specql:")?;
    let word = list.trim_start();
    if "allow".starts_with(word) {
        let mut acc = Items::new(name_range(file.text(), offset, ""));
        acc.extend(allow(list.is_empty()));
        return Some(acc);
    }
    let list = word.strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    if list.contains(')') {
        return None;
    }
    let mut acc = Items::new(name_range(file.text(), offset, "-"));
    let behind = comment.slice(file.text()).get(before.len()..)?;
    let behind = behind.split(')').next().unwrap_or_default();
    // The word around the cursor is on neither side.
    let before = list.split(',').rev().skip(1);
    let present: Vec<&str> = before.chain(behind.split(',').skip(1)).map(str::trim).collect();
    acc.extend(codes().filter(|it| !present.contains(&it.label.as_str())));
    Some(acc)
}

/// What can stand behind `# specql:`.
fn allow(behind_colon: bool) -> Option<Item> {
    let text = if behind_colon { " allow($0)" } else { "allow($0)" };
    let what = "Silences findings of the next line, or of its own when something stands before it.";
    Some(Item::new("allow", CompletionKind::Keyword).snippet(text).documentation(what))
}

fn codes() -> impl Iterator<Item = Item> {
    RULES.iter().map(|it| {
        Item::new(it.code, CompletionKind::Value).detail(it.summary).documentation(hover::rule(it))
    })
}
