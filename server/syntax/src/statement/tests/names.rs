//! Everything in a statement that is a piece of the text, with its place.

use specql_text::TextRange;

use super::super::*;
use crate::expression::{BinaryOperator, ExpressionKind};

/// What is written, as the statement has it, and where.
pub(super) type Piece = (String, TextRange);

/// All names, numbers and operators, in no order.
pub(super) fn pieces(statement: &Statement) -> Vec<Piece> {
    let mut all = Vec::new();
    match statement {
        Statement::Condition(it) => of_expression(it, &mut all),
        Statement::Write(it) => of_write(it, &mut all),
        Statement::ForEach(it) => {
            it.variable.iter().for_each(|it| push(it, &mut all));
            of_expression(&it.collection, &mut all);
            it.filter.iter().for_each(|it| of_expression(it, &mut all));
        }
        Statement::Call(it) => {
            it.schema.iter().chain(&it.function).for_each(|it| push(it, &mut all));
            for (name, value) in &it.arguments {
                name.iter().for_each(|it| push(it, &mut all));
                of_expression(value, &mut all);
            }
        }
        Statement::Notify(it) => {
            it.recipient.iter().chain(&it.message).for_each(|it| of_expression(it, &mut all));
        }
    }
    all
}

fn push(name: &Name, all: &mut Vec<Piece>) {
    all.push((name.text.to_string(), name.range));
}

fn of_write(it: &WriteStatement, all: &mut Vec<Piece>) {
    it.entity.iter().for_each(|it| of_entity(it, all));
    it.columns.iter().chain(&it.from).for_each(|it| push(it, all));
    for it in &it.assignments {
        push(&it.field, all);
        of_expression(&it.value, all);
    }
    it.filter.iter().for_each(|it| of_expression(it, all));
}

fn of_entity(it: &EntityReference, all: &mut Vec<Piece>) {
    it.schema.iter().chain([&it.name]).for_each(|it| push(it, all));
}

fn of_expression(expression: &Expression, all: &mut Vec<Piece>) {
    expression.walk(&mut |it| match &it.kind {
        ExpressionKind::Path(it) => it.segments.iter().for_each(|it| push(it, all)),
        ExpressionKind::Number(number) => all.push((number.to_string(), it.range)),
        ExpressionKind::RawSql(sql) => all.push((sql.to_string(), it.range)),
        ExpressionKind::Cast(_, ty) => push(ty, all),
        // A keyword, and a call only before a query.
        ExpressionKind::Call { function, .. } if function.text == "EXISTS" => {}
        ExpressionKind::Call { function, .. } => push(function, all),
        ExpressionKind::Exists { entity, .. } => of_entity(entity, all),
        ExpressionKind::Matches { pattern, quoted: false, .. } => push(pattern, all),
        ExpressionKind::Binary(_, BinaryOperator::Sql(sql), range, _) => {
            all.push(((*sql).to_owned(), *range));
        }
        ExpressionKind::Binary(_, BinaryOperator::And, range, _) => {
            all.push(("AND".to_owned(), *range));
        }
        _ => {}
    });
}
