//! Whether there is room at the cursor: what is offered stands alone there, and in the column of its
//! siblings.

use specql_model::keys::{PlaceKind, Shape};
use specql_syntax::yaml::ScalarStyle;

use super::{
    context::Context,
    layout::{is_item, line_of, next_line},
    tokens,
};

/// Whether what is offered for the place can stand there.
pub(super) fn has_room(ctx: &Context<'_>) -> bool {
    match ctx.place.kind {
        PlaceKind::Key => has_room_for_key(ctx),
        PlaceKind::Value { .. } => has_room_for_value(ctx),
        PlaceKind::Outside => false,
    }
}

/// A key is one word, in the column of the keys around it; behind a colon stands none.
fn has_room_for_key(ctx: &Context<'_>) -> bool {
    let Some(level) = ctx.level() else { return false };
    if ctx.lead == " " && !opens_item(ctx) {
        return false;
    }
    if !begins_key(ctx) {
        return false;
    }
    if !ctx.has_colon() && !ctx.is_above_block && !ctx.in_flow() && !is_clear_below(ctx) {
        return false;
    }
    let rest = ctx.file.text().get(ctx.replaced.end() as usize..).unwrap_or_default();
    let rest = behind_quote(ctx, rest.lines().next().unwrap_or_default()).trim_start();
    if !rest.is_empty() && !rest.starts_with([':', '#', ',', '}']) {
        return false;
    }
    if is_deeper_than_siblings(ctx) {
        return false;
    }
    let Some(entry) = level.entry else { return true };
    let is_word = |it: &str| it.chars().all(|it| it.is_alphanumeric() || "_-".contains(it));
    if Context::around(&entry.key.text).is_none_or(|(it, rest)| !is_word(it) || !is_word(rest)) {
        return false;
    }
    let Some(mapping) = level.mapping.filter(|it| !it.flow) else { return true };
    let column = |offset: u32| ctx.column_of(offset);
    let mut siblings = mapping.entries.iter().filter(|it| !it.merged);
    siblings.all(|it| column(it.key.range.start()) == column(entry.key.range.start()))
}

/// The next line is a key of the same block in a column before that of the cursor's word.
fn is_deeper_than_siblings(ctx: &Context<'_>) -> bool {
    let around = ctx.place.levels.iter().rev().nth(1).and_then(|it| it.entry);
    let next = next_line(ctx.after()).filter(|it| !ctx.in_flow() && !is_item(it));
    let Some((around, next)) = around.zip(next) else { return false };
    let line = line_of(ctx.marked_before());
    let own = line.trim_end_matches(tokens::is_name).trim_end_matches(['"', '\'']).len();
    let next = next.len() - next.trim_start().len();
    ctx.column_of(around.key.range.start()) < next && next < own
}

/// What follows the quote that closes the key around the cursor.
fn behind_quote<'a>(ctx: &Context<'_>, rest: &'a str) -> &'a str {
    ctx.key_quote.and_then(|it| rest.strip_prefix(it)).unwrap_or(rest)
}

/// The cursor's word begins where keys begin, perhaps in quotes: not behind an anchor or a tag.
fn begins_key(ctx: &Context<'_>) -> bool {
    let line = line_of(ctx.marked_before());
    let head = line.trim_end_matches(|it| tokens::is_name(it) || it == '-');
    let head = ctx.key_quote.and_then(|it| head.strip_suffix(it)).unwrap_or(head).trim();
    if ctx.in_flow() {
        head.is_empty() || head.ends_with(['{', ',', '-'])
    } else {
        head.split(' ').all(|it| it == "-" || it.is_empty())
    }
}

/// Nothing but dashes stands before the cursor's word on its line.
fn opens_item(ctx: &Context<'_>) -> bool {
    let line = line_of(ctx.marked_before());
    let head = line.trim_end_matches(tokens::is_name);
    head.trim().split(' ').all(|it| it == "-" || it.is_empty())
}

/// A value directly behind a colon belongs to that colon, and nothing follows it; on the line of its
/// key it has no block below.
fn has_room_for_value(ctx: &Context<'_>) -> bool {
    if ctx.lead == " " {
        let rest = rest_of_line(ctx);
        let ends = rest.is_empty() || rest.starts_with(['#', '}', ']', ',']);
        if !ends || !(opens_item(ctx) || follows_key(ctx)) {
            return false;
        }
    }
    if ctx.opens_line() && !has_room_for_item(ctx) || is_below_value(ctx) {
        return false;
    }
    !is_before_value(ctx) && !has_block_below(ctx)
}

/// What the key has stands on lines above, and is no statement, which may go on below.
fn is_below_value(ctx: &Context<'_>) -> bool {
    let PlaceKind::Value { shapes, node: Some(node) } = ctx.place.kind else { return false };
    let is_plain = node.as_scalar().is_some_and(|it| it.style == ScalarStyle::Plain);
    let typed = ctx.marked_before().get(node.range.start() as usize..).unwrap_or_default();
    let mut shapes = shapes.iter().flat_map(Shape::alternatives);
    is_plain
        && typed.contains('\n')
        && !shapes.any(|it| matches!(it, Shape::Statement | Shape::Expression))
}

/// The cursor stands between a key or a dash and its value, which begins with a sign and so is no part of
/// what a proposal replaces.
fn is_before_value(ctx: &Context<'_>) -> bool {
    ctx.after().starts_with(['[', '{', '"', '\'', '|', '>', '&', '*'])
        && !ctx.marked_before().ends_with(tokens::is_name)
        && (opens_item(ctx) || follows_key(ctx))
}

/// An item that gets its dash stands alone on its line, in the column of the other dashes.
fn has_room_for_item(ctx: &Context<'_>) -> bool {
    let Some(list) = ctx.level().and_then(|it| it.entry?.value.as_sequence()) else { return true };
    if list.flow {
        return true;
    }
    let line = line_of(ctx.marked_before());
    let column = line.len() - line.trim_start().len();
    let mut dashes = list.items.iter().filter_map(|it| ctx.dash_column(it.range.start()));
    rest_of_line(ctx).is_empty() && is_clear_below(ctx) && dashes.all(|it| it == column)
}

/// What stands on the cursor's line behind its word.
fn rest_of_line<'a>(ctx: &Context<'a>) -> &'a str {
    let rest = ctx.after().trim_start_matches(tokens::is_name);
    rest.lines().next().unwrap_or_default().trim_start()
}

/// The next line that says something is not deeper than the cursor's word, so it stays what it is
/// when that word becomes a key or an item.
fn is_clear_below(ctx: &Context<'_>) -> bool {
    let line = line_of(ctx.marked_before());
    let column = line.trim_end_matches(tokens::is_name).len();
    next_line(ctx.after()).is_none_or(|it| it.len() - it.trim_start().len() <= column)
}

/// What stands behind the cursor's word where that is a key.
pub(super) enum Behind {
    /// Nothing, or something that does not say what it is.
    Nothing,
    List,
    Mapping,
    Scalar,
}

/// What the cursor's word has as its value when it is a key: behind its colon, or in the block below.
pub(super) fn value_behind(ctx: &Context<'_>) -> Behind {
    let rest = ctx.after().trim_start_matches(tokens::is_name);
    let rest = rest.lines().next().unwrap_or_default();
    let value = match behind_quote(ctx, rest).strip_prefix(':') {
        Some(it) => it.trim_start(),
        None if ctx.is_above_block => "",
        None => return Behind::Nothing,
    };
    match value.chars().next() {
        None | Some('#') if !ctx.in_flow() => block_below(ctx),
        None | Some('#' | ',' | '}' | '&' | '*' | '!') => Behind::Nothing,
        Some('[') => Behind::List,
        Some('{') => Behind::Mapping,
        Some(_) => Behind::Scalar,
    }
}

/// The block that is deeper than the cursor's word, or a list in its column.
fn block_below(ctx: &Context<'_>) -> Behind {
    let line = line_of(ctx.marked_before());
    let column = line.trim_end_matches(tokens::is_name).len();
    let Some(next) = next_line(ctx.after()) else { return Behind::Nothing };
    let below = next.len() - next.trim_start().len();
    if is_item(next) && below >= column {
        Behind::List
    } else if below > column {
        Behind::Mapping
    } else {
        Behind::Nothing
    }
}

/// The text between the key and the cursor's word is its colon.
fn follows_key(ctx: &Context<'_>) -> bool {
    let Some(entry) = ctx.level().and_then(|it| it.entry) else { return false };
    let between = ctx.marked_before().get(entry.key.range.end() as usize..).unwrap_or_default();
    let between = between.trim_end_matches(tokens::is_name);
    between.trim() == ":"
}

/// The next line that says something begins a key or an item that is deeper than the cursor's line,
/// or an item below a key: the value is there.
fn has_block_below(ctx: &Context<'_>) -> bool {
    if ctx.in_flow() {
        return false;
    }
    let line = line_of(ctx.marked_before());
    let is_key = line.trim_end_matches(tokens::is_name);
    if !is_key.trim_end().ends_with(':') {
        return false;
    }
    let key_column = line.len() - line.trim_start_matches([' ', '-']).len();
    let Some(next) = next_line(ctx.after()) else { return false };
    let column = next.len() - next.trim_start().len();
    column > key_column || is_item(next) && column == key_column
}
