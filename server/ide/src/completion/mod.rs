//! Completion: what can be written at the cursor.
//!
//! A word is put at the cursor and the file is read again, so a blank line, a lone dash and a
//! half-typed word have a place in the tree like finished text. Names that are offered come from the
//! workspace, which does not know that word.

mod anchors;
mod context;
mod gap;
mod items;
mod keys;
mod layout;
mod line_context;
mod names;
mod operators;
mod paths;
mod rules;
mod scalar;
mod snippet;
mod sql;
mod statement;
mod texts;
mod tokens;
mod types;
mod values;

#[cfg(test)]
mod quality;
#[cfg(test)]
mod tests;

use specql_model::{SourceFile, Workspace, keys::PlaceKind};
use specql_text::{TextRange, line_end_of};

use crate::Completions;

pub use items::COMPLETION_LIMIT;

use context::Context;
use items::Items;

/// The proposals for a cursor, the likeliest first; `trigger` is the character that was typed when the
/// editor asks by itself. What takes long to document is so only where that is wanted.
pub(crate) fn completions(
    workspace: &Workspace,
    file: &SourceFile,
    offset: u32,
    trigger: Option<char>,
    documented: bool,
) -> Completions {
    if let Some(acc) = rules::in_suppression(file, offset) {
        return acc.finish_for("");
    }
    // What follows these signs stands on the next line or behind a space.
    if matches!(trigger, Some(':' | '-' | ',')) {
        return Completions::default();
    }
    if let Some(acc) = anchors::complete(file, offset) {
        return acc.finish_for("");
    }
    let readings = context::Marked::readings(workspace, file, offset);
    let contexts =
        readings.iter().filter_map(|it| Context::new(workspace, file, it, trigger, documented));
    let Some(ctx) = { contexts }.find(gap::has_room) else { return Completions::default() };
    let mut acc = Items::new(ctx.replaced);
    acc.lead = ctx.lead;
    match ctx.place.kind {
        PlaceKind::Key if ctx.is_unasked() && ctx.opens_line() => {}
        PlaceKind::Key => keys::complete(&ctx, &mut acc),
        PlaceKind::Value { shapes, node } => values::complete(&ctx, shapes, node, &mut acc),
        PlaceKind::Outside => {}
    }
    let before = TextRange::new(acc.replaced.start().min(offset), offset);
    let typed = before.slice(file.text()).to_owned();
    let mut res = acc.finish_for(&typed);
    end_lines_as(file.text(), &mut res);
    res
}

/// Lines of proposals end as those of the file, also where a client puts them in as they are.
fn end_lines_as(text: &str, list: &mut Completions) {
    let end = line_end_of(text);
    for it in list.items.iter_mut().filter(|it| end != "\n" && it.edit.text.contains('\n')) {
        it.edit.text = it.edit.text.replace("\r\n", "\n").replace('\n', end);
    }
}
