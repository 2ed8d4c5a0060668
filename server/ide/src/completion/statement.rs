//! Proposals inside statements and expressions.

use specql_model::{EntityId, types::RICH_SCALARS};

use crate::{CompletionKind, hover, scope};

use super::{
    context::Context,
    items::{Item, Items},
    line_context::{self, Expected},
    names, paths,
    tokens::Line,
};

/// The value of a step's keyword.
pub(super) fn statement(ctx: &Context<'_>, keyword: &str, before: &str, acc: &mut Items) {
    let line = Line::read(before);
    propose(ctx, line_context::statement(keyword, &line), keyword, &line, acc);
}

/// An expression alone, such as a value under `set`; `against` is the field it belongs to.
pub(super) fn expression(
    ctx: &Context<'_>,
    against: Option<&str>,
    before: &str,
    acc: &mut Items,
) {
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
        Expected::Entity => names::entities(ctx, line.word, acc),
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
            acc.extend(RICH_SCALARS.iter().filter(|it| it.pattern.is_some()).map(|it| {
                Item::new(it.name, CompletionKind::Type).documentation(hover::rich(it))
            }));
        }
        Expected::SqlType => acc.extend(
            ["text", "integer", "bigint", "numeric", "boolean", "uuid", "date", "timestamptz", "jsonb"]
                .map(|it| Item::new(it, CompletionKind::Type)),
        ),
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
        scope = scope.on_rows_of(scope::entity_named(ctx.workspace, ctx.file.id, name).found());
    }
    let against = against.and_then(|it| paths::type_of(&scope, it));
    if line.quote.is_some() {
        if let Some(ty) = against {
            paths::literals(ty, true, acc);
        }
        return;
    }
    if let (Some(path), _) = line.path() {
        return paths::members(&scope, path, acc);
    }
    if let Some(ty) = against {
        paths::literals(ty, false, acc);
    }
    paths::operands(&scope, acc);
}

/// Fields that can be set; without those that have a value already.
fn targets(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    let Some(owner) = ctx.written().flatten() else { return };
    let taken = assigned(line);
    let scope = ctx.scope();
    let Some(entity) = scope.workspace.entity(owner) else { return };
    for it in entity.fields.iter().filter(|it| !it.name.text.is_empty()) {
        if !taken.contains(&it.name.as_str()) {
            acc.push(paths::field(&scope, entity, it));
        }
    }
}

/// The names before an equals sign.
fn assigned<'a>(line: &Line<'a>) -> Vec<&'a str> {
    use super::tokens::Token;
    let pairs = line.tokens.iter().zip(line.tokens.iter().skip(1));
    pairs
        .filter_map(|(name, sign)| match name {
            Token::Word(it) if sign.is_symbol("=") => Some(*it),
            _ => None,
        })
        .collect()
}

/// The parameters of the called action, else the fields of its entity.
fn arguments(ctx: &Context<'_>, line: &Line<'_>, acc: &mut Items) {
    use super::tokens::Token;
    let Some(Token::Word(name)) = line.tokens.first() else { return };
    let Some((id, action)) = scope::action_named(ctx.workspace, ctx.own(), name) else { return };
    let taken = assigned(line);
    for it in action.parameters.iter().filter(|it| !taken.contains(&it.name.as_str())) {
        acc.push(
            Item::new(it.name.as_str(), CompletionKind::Variable)
                .snippet(format!("{} = $0", it.name.text))
                .detail(crate::describe::type_name(&it.ty)),
        );
    }
    argument_fields(ctx, id.entity, &taken, acc);
}

fn argument_fields(ctx: &Context<'_>, owner: EntityId, taken: &[&str], acc: &mut Items) {
    let scope = ctx.scope();
    if !taken.contains(&"id") {
        acc.push(Item::new("id", CompletionKind::Field).snippet("id = $0").detail("uuid"));
    }
    paths::fields(&scope, owner, &|it| taken.contains(&it), acc);
}
