//! Types of fields and parameters, in their one-line form.

use specql_model::types::{COMPOSITES, RICH_SCALARS};

use crate::{CompletionKind, built_ins::BASIC, hover};

use super::{
    context::Context,
    items::{Item, Items},
    names::{self, Own},
    paths,
    tokens::{Line, Token},
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
            Some(it) if it.is_word("ref") => names::entities(ctx, line.word, Own::Last, acc),
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
    let (likely, others): (Vec<Item>, Vec<Item>) =
        all(ctx.is_called()).into_iter().partition(|it| is_likely(&it.label, &name));
    acc.extend(likely);
    acc.extend(others);
}

/// Whether the name of a field says its type: it is the type's, begins it or ends as such names do.
fn is_likely(ty: &str, field: &str) -> bool {
    let (first, last) = match field.split_once('_') {
        Some((first, _)) => (first, field.rsplit('_').next().unwrap_or_default()),
        None => ("", field),
    };
    let of_ending = BY_ENDING.iter().any(|it| it.0 == ty && it.1.contains(&last));
    let lower = ty.to_lowercase();
    let is_named = field.replace('_', "").ends_with(&lower) && lower.len() > 3;
    let is_begun = last.len() > 4 && lower.starts_with(last);
    of_ending || is_named || is_begun || (ty == "boolean" && matches!(first, "is" | "has" | "can"))
}

/// Every type; `is_called` where an opening parenthesis follows already.
fn all(is_called: bool) -> Vec<Item> {
    let mut acc: Vec<Item> = BASIC
        .iter()
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
    acc.extend(RICH_SCALARS.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail(it.sql_type).documentation(hover::rich(it))
    }));
    acc.extend(COMPOSITES.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail("JSONB").documentation(hover::composite(it))
    }));
    acc
}
