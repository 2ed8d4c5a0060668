//! Types of fields and parameters, in their one-line form.

use specql_model::types::{COMPOSITES, RICH_SCALARS};

use crate::{CompletionKind, hover};

use super::{
    context::Context,
    items::{Item, Items},
    names::{self, Own},
    paths,
    tokens::{Line, Token},
};

const BASIC: &[(&str, &str)] = &[
    ("text", "Text of any length; `text(50)` limits it."),
    ("integer", "A whole number of 32 bits."),
    ("bigint", "A whole number of 64 bits."),
    ("float", "A floating point number."),
    ("boolean", "`true` or `false`."),
];

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
            Some(it) if it.is_word("list") => types(acc),
            _ => {}
        },
        None if tokens.is_empty() => types(acc),
        None if ends_with_type(tokens) && !ctx.is_unasked() => {
            acc.push(Item::new("= default", CompletionKind::Keyword).snippet("= $0"));
        }
        None => {}
    }
}

fn ends_with_type(tokens: &[Token<'_>]) -> bool {
    matches!(tokens.last(), Some(Token::Word(_) | Token::Symbol(")" | "]" | "!")))
}

fn types(acc: &mut Items) {
    acc.extend(BASIC.iter().map(|(name, documentation)| {
        Item::new(*name, CompletionKind::Type).documentation(*documentation)
    }));
    for (label, snippet, documentation) in [
        ("ref(…)", "ref($0)", "A reference to a row of another entity."),
        ("enum(…)", "enum($0)", "One of the values listed."),
        ("list(…)", "list($0)", "A list, kept as JSONB."),
    ] {
        acc.push(
            Item::new(label, CompletionKind::Type).snippet(snippet).documentation(documentation),
        );
    }
    acc.extend(RICH_SCALARS.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail(it.sql_type).documentation(hover::rich(it))
    }));
    acc.extend(COMPOSITES.iter().map(|it| {
        Item::new(it.name, CompletionKind::Type).detail("JSONB").documentation(hover::composite(it))
    }));
}
