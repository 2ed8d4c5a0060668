//! Proposals inside statements and expressions.

use specql_model::{Row, types::RICH_SCALARS};

use crate::{CompletionKind, describe, hover};

use super::{
    context::Context,
    items::{Item, Items},
    line_context::{self, Expected},
    names::{self, Own},
    paths,
    tokens::{Line, Token},
};

/// The value of a step's keyword.
pub(super) fn statement(ctx: &Context<'_>, keyword: &str, before: &str, acc: &mut Items) {
    let line = Line::read(before);
    propose(ctx, line_context::statement(keyword, &line), keyword, &line, acc);
}

/// An expression alone, such as a value under `set`; `against` is the field it belongs to.
pub(super) fn expression(ctx: &Context<'_>, against: Option<&str>, before: &str, acc: &mut Items) {
    let line = Line::read(before);
    propose(ctx, line_context::value(&line, against), "", &line, acc);
}

fn propose(
    ctx: &Context<'_>,
    expected: Expected<'_>,
    keyword: &str,
    line: &Line<'_>,
    acc: &mut Items,
) {
    match expected {
        Expected::Operand { against, inside } => operand(ctx, against, inside, line, acc),
        _ if line.quote.is_some() => {}
        // The author may be done.
        Expected::Keyword(_) | Expected::Operator(_) if ctx.is_unasked() => {}
        Expected::Entity => names::entities(ctx, line.word, Own::First, acc),
        Expected::Keyword(words) | Expected::Operator(words) => acc.extend(
            words.iter().map(|it| Item::new(*it, CompletionKind::Keyword).text(format!("{it} "))),
        ),
        Expected::Target if keyword == "call" => arguments(ctx, line, acc),
        Expected::Target => targets(ctx, line, acc),
        Expected::Source => {
            acc.push(
                Item::new("input", CompletionKind::Variable)
                    .detail("every field that the caller gives"),
            );
        }
        Expected::Pattern => {
            acc.extend(
                RICH_SCALARS.iter().filter(|it| it.pattern.is_some()).map(|it| {
                    Item::new(it.name, CompletionKind::Type).documentation(hover::rich(it))
                }),
            );
        }
        Expected::SqlType => acc.extend(
            [
                "text",
                "integer",
                "bigint",
                "numeric",
                "boolean",
                "uuid",
                "date",
                "timestamptz",
                "jsonb",
            ]
            .map(|it| Item::new(it, CompletionKind::Type)),
        ),
        Expected::Collection => match line.path() {
            (Some(path), _) => {
                paths::members(ctx, &ctx.scope(), path, acc);
                names::entities(ctx, line.word, Own::First, acc);
            }
            (None, word) => {
                names::entities(ctx, word, Own::First, acc);
                paths::lists(ctx, acc);
            }
        },
        Expected::Callee => names::actions(ctx, acc),
        Expected::Nothing => {}
    }
}

fn operand(
    ctx: &Context<'_>,
    against: Option<&str>,
    inside: Option<&str>,
    line: &Line<'_>,
    acc: &mut Items,
) {
    let mut scope = ctx.scope();
    if let Some(name) = inside {
        scope = scope.within(ctx.entity_named(name).map_or(Row::Unknown, Row::Of));
    }
    let in_string = line.quote.is_some();
    if let (Some(path), _) = line.path() {
        return paths::members(ctx, &scope, path, acc);
    }
    if let Some(ty) = against.and_then(|it| paths::type_of(&scope, it)) {
        paths::literals(&ty, in_string, acc);
    }
    if !in_string {
        paths::operands(ctx, &scope, acc);
    }
}

/// Fields that can be set; without those that have a value already.
fn targets(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(owner) = ctx.written().flatten() else { return };
    let taken = set(line);
    paths::fields(ctx, owner, &|it| taken.contains(&it), acc);
}

/// The names that are set already: those behind a keyword, an opening parenthesis or a comma.
fn set<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let begins = |it: &Token<'_>| {
        it.is_symbol("(") || it.is_symbol(",") || it.is_word("SET") || it.is_word("VALUES")
    };
    let pairs = line.tokens.iter().zip(line.tokens.iter().skip(1));
    pairs
        .filter_map(|(before, name)| match name {
            Token::Word(it) if begins(before) => Some(*it),
            _ => None,
        })
        .collect()
}

/// The parameters of the called action, else the fields of its entity.
fn arguments(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(Token::Word(name)) = line.tokens.first() else { return };
    let (schema, name) = name.rsplit_once('.').map_or((None, *name), |(it, name)| (Some(it), name));
    let Some(id) = ctx.workspace.called(ctx.own(), schema, name) else { return };
    let Some(action) = ctx.workspace.action(id) else { return };
    let taken = set(line);
    for it in action.parameters.iter().filter(|it| !taken.contains(&it.name.as_str())) {
        acc.push(
            Item::new(it.name.as_str(), CompletionKind::Variable)
                .snippet(format!("{} = $0", it.name.text))
                .detail(describe::type_name(&it.ty)),
        );
    }
    if !taken.contains(&"id") {
        acc.push(Item::new("id", CompletionKind::Field).snippet("id = $0").detail("uuid"));
    }
    paths::fields(ctx, id.entity, &|it| taken.contains(&it), acc);
}
