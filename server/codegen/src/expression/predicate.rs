//! Expressions whose value is a truth value, but for comparisons.

use specql_model::{
    Entity, RichScalar,
    expression::{BinaryOperator, EntityReference, Expression, ExpressionKind, LikeKind},
};

use super::{Asked, Environment, Kind, Row, Scope, Value, collection::quantifier};
use crate::{
    catalog::ColumnType,
    names,
    sql::{Literal, Sql, TypeName, sql},
};

impl<'a> Environment<'a> {
    /// The kinds whose value is a truth value.
    pub(super) fn predicate(&mut self, expression: &Expression, scope: Scope<'_, 'a>) -> Value<'a> {
        match &expression.kind {
            ExpressionKind::IsNull { operand, negated } => {
                let operand = self.translate(operand, scope, None);
                let test = Sql::raw(if *negated { "IS NOT NULL" } else { "IS NULL" });
                Value::condition(sql!("{} {}", operand.operand(), test))
            }
            ExpressionKind::IsBool { operand, value, negated } => {
                let operand = self.translate(operand, scope, None);
                let operand = match operand.kind {
                    Kind::Untyped | Kind::Json => {
                        let boolean = ColumnType::Scalar(TypeName::new("boolean"));
                        self.coerce(operand, &boolean)
                    }
                    _ => operand.operand(),
                };
                let not = Sql::raw(if *negated { "NOT " } else { "" });
                Value::condition(sql!("{} IS {}{}", operand, not, Literal::Bool(*value)))
            }
            ExpressionKind::In { operand, list, negated } => {
                self.membership(operand, list, *negated, scope)
            }
            ExpressionKind::Like { operand, pattern, escape, kind, negated } => {
                let test = Sql::raw(like(*kind, *negated));
                if let Some((word, items)) = quantifier(pattern) {
                    return self.quantified(operand, &test, word, items, scope);
                }
                let operand = self.translate(operand, scope, None);
                let pattern = self.translate(pattern, scope, None);
                let escape = escape.as_deref().map(|it| self.translate(it, scope, None).operand());
                let escape = escape.map(|it| sql!(" ESCAPE {}", it)).unwrap_or_default();
                let (operand, pattern) = (operand.operand(), pattern.operand());
                Value::condition(sql!("{} {} {}{}", operand, test, pattern, escape))
            }
            ExpressionKind::Between { operand, low, high, symmetric, negated } => {
                let (left, low) = self.compared(operand, low, scope);
                let (_, high) = self.compared(operand, high, scope);
                let test = Sql::raw(match (negated, symmetric) {
                    (false, false) => "BETWEEN",
                    (true, false) => "NOT BETWEEN",
                    (false, true) => "BETWEEN SYMMETRIC",
                    (true, true) => "NOT BETWEEN SYMMETRIC",
                });
                Value::condition(sql!(
                    "{} {} {} AND {}",
                    left.operand(),
                    test,
                    low.operand(),
                    high.operand()
                ))
            }
            ExpressionKind::Exists { entity, filter, negated } => {
                self.exists(entity, filter.as_deref(), *negated, scope)
            }
            ExpressionKind::Matches { operand, pattern, quoted, negated } => {
                let regex =
                    if *quoted { Some(pattern.as_str()) } else { named_pattern(pattern.as_str()) };
                let Some(regex) = regex else {
                    let text = format!(
                        "`{}` names no pattern; use a rich type or a quoted regular expression",
                        pattern.text
                    );
                    return self.untranslated(pattern.range, &text);
                };
                let operand = self.translate(operand, scope, None);
                let test = Sql::raw(if *negated { "!~*" } else { "~*" });
                Value::condition(sql!("{} {} {}", operand.operand(), test, Literal::text(regex)))
            }
            ExpressionKind::IsValid(operand) => self.is_valid(operand, scope),
            ExpressionKind::IsUnique { operand, negated } => {
                self.is_unique(operand, *negated, scope)
            }
            _ => self.untranslated(expression.range, "this expression has no translation"),
        }
    }

    /// `x IN (…)`; in a list of JSON the value is one of its items.
    fn membership(
        &mut self,
        operand: &Expression,
        list: &[Expression],
        negated: bool,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        if let [one] = list
            && matches!(one.kind, ExpressionKind::Path(_))
            && matches!(self.translate(one, scope, None).kind, Kind::Json)
        {
            let found = self.quantified(operand, &Sql::raw("="), "ANY", list, scope);
            let not = Sql::raw(if negated { "NOT " } else { "" });
            return Value::condition(sql!("{}{}", not, found.operand()));
        }
        let items: Vec<Sql> =
            list.iter().map(|it| self.compared(operand, it, scope).1.into_sql()).collect();
        let first = list.first().unwrap_or(operand);
        let left = self.compared(operand, first, scope).0;
        let test = Sql::raw(if negated { "NOT IN" } else { "IN" });
        Value::condition(sql!("{} {} ({})", left.operand(), test, Sql::join(items, ", ")))
    }

    fn exists(
        &mut self,
        entity: &EntityReference,
        filter: Option<&Expression>,
        negated: bool,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let Some(target) = self.catalog.resolve(self.entity.id, entity) else {
            return self.unresolved(
                entity.range(),
                &format!("`{}` is no entity of the workspace", entity.name.text),
            );
        };
        let alias = self.alias("e");
        let mut rows = scope.to_vec();
        rows.push(Row { alias: Sql::of(&alias), entity: target });
        let live = self.live(&Sql::of(&alias));
        let mut condition = live.clone();
        let mut asked = Asked {
            entity: target,
            alias: Sql::of(&alias),
            condition: live.clone(),
            parents: Vec::new(),
        };
        if let Some(filter) = filter {
            let step_rows = self.step_rows;
            self.step_rows = step_rows.or(Some(scope.len()));
            asked.parents = self.parents(filter, &rows);
            let filter = self.translate(filter, &rows, None).operand();
            self.step_rows = step_rows;
            condition = sql!("{} AND {}", live, filter);
            // As a `find` or a write says it, so that rows of both are locked once.
            asked.condition = sql!("{} AND {}", filter, live);
        }
        self.asked.push(asked);
        let not = Sql::raw(if negated { "NOT " } else { "" });
        Value::condition(sql!(
            "{}EXISTS (SELECT FROM {} AS {} WHERE {})",
            not,
            names::table(target),
            alias,
            condition
        ))
    }

    /// The rows that those of a condition belong to: `ref = value`, alone or with `AND`.
    fn parents(&mut self, filter: &Expression, rows: &[Row<'a>]) -> Vec<(&'a Entity, Sql)> {
        let ExpressionKind::Binary(left, operator, _, right) = &filter.kind else {
            return Vec::new();
        };
        match operator {
            BinaryOperator::And => {
                let mut res = self.parents(left, rows);
                res.extend(self.parents(right, rows));
                res
            }
            BinaryOperator::Equal => {
                for (reference, value) in [(left, right), (right, left)] {
                    let own = rows.last().cloned().into_iter().collect::<Vec<_>>();
                    let Some(column) = self.column_of(reference, &own) else { continue };
                    let ColumnType::Reference(Some(target)) = column.ty else { continue };
                    let value = self.translate(value, rows, Some(&column));
                    if !rows.last().is_some_and(|it| value.is_field_of(&it.alias)) {
                        return vec![(target, self.coerce(value, &column.ty))];
                    }
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// A value is valid when it is there and fits its field's type.
    fn is_valid(&mut self, operand: &Expression, scope: Scope<'_, 'a>) -> Value<'a> {
        let field = self.field_of(operand, scope);
        let value = self.translate(operand, scope, None);
        let constraint =
            field.and_then(|it| crate::constraint::constraint(&it.ty, &value.operand()));
        let present = sql!("{} IS NOT NULL", value.operand());
        Value::condition(match constraint {
            Some(it) => sql!("{} AND {}", present, it.condition),
            None => present,
        })
    }

    /// A value is unique when no other row that is not deleted has it.
    fn is_unique(
        &mut self,
        operand: &Expression,
        negated: bool,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let Some(column) = self.column_of(operand, scope) else {
            return self.untranslated(operand.range, "only a field can be unique");
        };
        let value = self.assigned(operand, scope, &column);
        let own = self.own();
        let alias = self.alias("e");
        let key = names::primary_key(own.entity);
        let not = Sql::raw(if negated { "" } else { "NOT " });
        Value::condition(sql!(
            "{}EXISTS (SELECT FROM {} AS {} WHERE {}.{} = {} AND {}.{} IS DISTINCT FROM {}.{} AND {})",
            not,
            names::table(own.entity),
            alias,
            alias,
            column.name,
            value,
            alias,
            key,
            own.alias,
            key,
            self.live(&Sql::of(&alias)),
        ))
    }
}

const fn like(kind: LikeKind, negated: bool) -> &'static str {
    match (kind, negated) {
        (LikeKind::Like, false) => "LIKE",
        (LikeKind::Like, true) => "NOT LIKE",
        (LikeKind::ILike, false) => "ILIKE",
        (LikeKind::ILike, true) => "NOT ILIKE",
        (LikeKind::Similar, false) => "SIMILAR TO",
        (LikeKind::Similar, true) => "NOT SIMILAR TO",
    }
}

/// The regular expression of a rich type, or of its older name (`email_pattern`).
fn named_pattern(name: &str) -> Option<&'static str> {
    RichScalar::of_pattern(name)?.pattern
}
