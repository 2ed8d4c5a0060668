//! Types of fields and parameters, in their one-line form.

use specql_model::{
    EntityId,
    config::Compat,
    types::{COMPOSITES, RICH_ALIASES, RICH_SCALARS, plain_types},
};

use crate::{CompletionKind, built_ins::BASIC, hover};

use super::{
    context::Context,
    items::{Item, Items},
    names::{self, Own},
    paths,
    tokens::{self, Line, Token},
};

/// What can stand at the cursor of `TYPE[!][ = DEFAULT]`.
pub(super) fn complete(ctx: &Context<'_>, before: &str, acc: &mut Items) {
    let line = Line::read(before);
    let tokens = line.tokens.as_slice();
    if tokens.iter().any(|it| it.is_symbol("=")) {
        if let Some(field) = ctx.field() {
            paths::defaults(&field.ty, acc);
        }
        return;
    }
    let open = tokens.iter().rposition(|it| it.is_symbol("(") || it.is_symbol("["));
    let closed = tokens.iter().rposition(|it| it.is_symbol(")") || it.is_symbol("]"));
    match open.filter(|open| closed.is_none_or(|closed| closed < *open)) {
        Some(at) => match tokens.get(..at).and_then(<[_]>::last) {
            Some(it) if it.is_word("ref") => {
                let listed = tokens.get(at + 1..).unwrap_or_default();
                let taken = entities(ctx, listed, acc);
                names::entities(ctx, line.word, Own::Last, &taken, acc);
            }
            Some(it) if it.is_word("list") => types(ctx, acc),
            _ => {}
        },
        None if tokens.is_empty() => types(ctx, acc),
        None if ends_with_type(tokens) && !ctx.is_unasked() => {
            let before = if line.is_glued { " " } else { "" };
            let text = format!("{before}= $0");
            acc.push(Item::new("= default", CompletionKind::Keyword).snippet(text));
        }
        None => {}
    }
}

/// The entities that a `ref(` names around the word that is typed.
fn entities(ctx: &Context<'_>, before: &[Token<'_>], acc: &Items) -> Vec<EntityId> {
    let behind = ctx.file.text().get(acc.replaced.end() as usize..).unwrap_or_default();
    let behind = Line::read(behind.split(['\n', ')']).next().unwrap_or_default());
    let last = Token::Word(behind.word);
    let all = before.iter().chain(&behind.tokens).chain([&last]);
    let names = all.filter_map(|it| match it {
        Token::Word(it) => ctx.entity_named(it),
        _ => None,
    });
    names.collect()
}

fn ends_with_type(tokens: &[Token<'_>]) -> bool {
    matches!(tokens.last(), Some(Token::Word(_) | Token::Symbol(")" | "]" | "!")))
}

/// The last words of names of fields, and the type that most such fields have.
const BY_ENDING: &[(&str, &[&str])] = &[
    ("datetime", &["at", "time", "timestamp", "seen", "login"]),
    ("date", &["on", "date", "day", "until", "since", "from", "to", "due", "birthday"]),
    ("money", &["price", "amount", "total", "cost", "salary", "fee", "balance", "budget", "net"]),
    ("integer", &["count", "quantity", "number", "position", "rank", "stock", "size", "level"]),
    ("percentage", &["percent", "rate", "share", "discount"]),
    ("boolean", &["active", "enabled", "visible", "paid", "published", "archived"]),
];

fn types(ctx: &Context<'_>, acc: &mut Items) {
    let name = ctx.field().map(|it| it.name.text.to_lowercase()).unwrap_or_default();
    if !is_opened(ctx) {
        references(ctx, &name, acc);
    }
    let (likely, others): (Vec<Item>, Vec<Item>) =
        all(is_opened(ctx)).into_iter().partition(|it| is_likely(&it.label, &name));
    acc.extend(likely);
    acc.extend(others);
    // What older files call a type is proposed to nobody, and stays where it is typed.
    let typed = acc.replaced.slice(ctx.file.text());
    let (whole, begun): (Vec<_>, Vec<_>) = RICH_ALIASES
        .iter()
        .copied()
        .filter(|it| it.0.starts_with(typed))
        .partition(|it| it.0 == typed);
    acc.is_cut |= !begun.is_empty();
    plain_names(ctx, typed, acc);
    acc.extend(whole.into_iter().map(|(name, of)| {
        Item::new(name, CompletionKind::Type).documentation(format!("Another name of `{of}`."))
    }));
}

/// PostgreSQL's own names that begin with what is typed, where no released generator reads the file: it would
/// make texts of them.
fn plain_names(ctx: &Context<'_>, typed: &str, acc: &mut Items) {
    if ctx.workspace.config().compat != Compat::Off {
        return;
    }
    acc.is_cut = true;
    let begun = plain_types().filter(|it| !typed.is_empty() && it.0.starts_with(typed));
    acc.extend(begun.map(|(name, of)| Item::new(name, CompletionKind::Type).detail(of)));
}

/// The brackets of a type follow the word, round or square.
fn is_opened(ctx: &Context<'_>) -> bool {
    ctx.is_called() || ctx.after().trim_start_matches(tokens::is_name).starts_with('[')
}

/// The reference to the entity that a field is named after, the list of such for a name in the plural.
fn references(ctx: &Context<'_>, field: &str, acc: &mut Items) {
    let own = ctx.workspace.entity(ctx.own());
    let Some(own) = own.filter(|_| !field.is_empty()) else { return };
    let Some(to) = specql_check::entity_of_query(ctx.workspace, own, field) else { return };
    let name = names::entity(ctx, to, false).label;
    let is_one = to.snake_name() == field;
    let ty = if is_one { format!("ref({name})") } else { format!("list(ref({name}))") };
    acc.push(Item::new(ty, CompletionKind::Type).documentation(hover::entity_summary(to)));
}

/// Whether the name of a field says its type: it is the type's, begins it or ends as such names do.
fn is_likely(ty: &str, field: &str) -> bool {
    let (first, last) = match field.split_once('_') {
        Some((first, _)) => (first, field.rsplit('_').next().unwrap_or_default()),
        None => ("", field),
    };
    let of_ending = BY_ENDING.iter().any(|it| it.0 == ty && it.1.contains(&last));
    let lower = ty.to_lowercase();
    let plain = field.replace('_', "");
    let is_named = plain.ends_with(&lower) && (lower.len() > 3 || plain == lower);
    let is_begun = last.len() > 4 && lower.starts_with(last);
    of_ending || is_named || is_begun || (ty == "boolean" && matches!(first, "is" | "has" | "can"))
}

/// Every type; where `is_called`, an opening parenthesis follows already, those that have one.
fn all(is_called: bool) -> Vec<Item> {
    let mut acc: Vec<Item> = BASIC
        .iter()
        .filter(|it| !is_called || it.0 != "boolean")
        .map(|(name, documentation)| {
            Item::new(*name, CompletionKind::Type).documentation(*documentation)
        })
        .collect();
    for (label, snippet, documentation) in [
        ("ref(…)", "ref($0)", "A reference to a row of another entity."),
        ("enum(…)", "enum($0)", "One of the values listed."),
        ("list(…)", "list($0)", "A list, kept as JSONB."),
    ] {
        let mut item = Item::new(label, CompletionKind::Type).documentation(documentation);
        match snippet.split_once('(').filter(|_| is_called) {
            Some((name, _)) => item.text = Some(name.to_owned()),
            None => item = item.snippet(snippet),
        }
        acc.push(item);
    }
    if is_called {
        return acc;
    }
    acc.extend(RICH_SCALARS.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail(it.sql_type).documentation(hover::rich(it))
    }));
    acc.extend(COMPOSITES.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail("JSONB").documentation(hover::composite(it))
    }));
    acc
}
