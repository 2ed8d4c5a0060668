//! Names of anchors behind the `*` of an alias.
//!
//! Invariant: an anchor of what the cursor stands in is not offered: a value that holds itself has no end.

use specql_model::SourceFile;
use specql_text::TextRange;

use crate::CompletionKind;

use super::{
    items::{Item, Items},
    layout, tokens,
};

/// What the name of an anchor has beside letters, digits and `_`.
const MORE: &str = "-";

/// The anchors above, the nearest first; absent where no value begins with `*`.
pub(super) fn complete(file: &SourceFile, offset: u32) -> Option<Items> {
    let name = tokens::name_range(file.text(), offset, MORE);
    let before = file.text().get(..name.start() as usize)?;
    let head = layout::line_of(before).strip_suffix('*')?;
    let begins = head.trim_end().ends_with([':', '-', '[', '{', ',']) && !head.contains('#');
    if !begins || head.trim_end().len() == head.len() && !head.ends_with(['[', '{', ',']) {
        return None;
    }
    let mut acc = Items::new(TextRange::new(name.start(), name.end()));
    let names = anchors(before);
    acc.extend(names.into_iter().map(|it| Item::new(it, CompletionKind::Variable)));
    Some(acc)
}

/// The names of the anchors of a text that ends at an alias, the last first, without those around its end.
fn anchors(text: &str) -> Vec<&str> {
    let column = |it: &str| it.len() - it.trim_start().len();
    let mut lines = text.rsplit('\n');
    let mut around = lines.next().map_or(0, column);
    let mut res = Vec::new();
    for line in lines.filter(|it| layout::says(it)) {
        if column(line) < around {
            around = column(line);
        } else {
            res.extend(on_line(line));
        }
    }
    res
}

/// The names of the anchors on a line.
fn on_line(line: &str) -> impl Iterator<Item = &str> {
    let begins = |at: usize| {
        line.get(..at).is_some_and(|it| it.ends_with([' ', '[', '{', ',']) && !it.contains(" #"))
    };
    let found = line.match_indices('&').filter(move |it| begins(it.0));
    let names = found.filter_map(|it| line.get(it.0 + 1..)).map(|it| {
        let is_name = |it: char| tokens::is_name(it) || MORE.contains(it);
        it.split(|it| !is_name(it)).next().unwrap_or_default()
    });
    names.filter(|it| !it.is_empty())
}
