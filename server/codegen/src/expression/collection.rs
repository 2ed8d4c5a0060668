//! Arrays, rows, subscripts, and comparisons with all that a collection holds. A `list(T)` is a column of
//! JSON, so it becomes an array where SQL wants one.

use specql_model::{
    Name,
    expression::{Expression, ExpressionKind},
};

use super::{Environment, Kind, Scope, Value};
use crate::{
    catalog::ColumnType,
    sql::{Literal, Sql, TypeName, raw_query, sql},
};

/// The word and the argument of `ANY (…)`, `SOME (…)`, `ALL (…)`.
pub(super) fn quantifier(expression: &Expression) -> Option<(&'static str, &[Expression])> {
    let ExpressionKind::Call { function, arguments, star: false, distinct: false } =
        &expression.kind
    else {
        return None;
    };
    let words = ["ANY", "SOME", "ALL"];
    let word = words.into_iter().find(|it| it.eq_ignore_ascii_case(&function.text))?;
    (arguments.len() == 1).then_some((word, arguments))
}

impl<'a> Environment<'a> {
    pub(super) fn array(&mut self, items: &[Expression], scope: Scope<'_, 'a>) -> Value<'a> {
        let items: Vec<Sql> =
            items.iter().map(|it| self.translate(it, scope, None).into_sql()).collect();
        Value::atom(sql!("ARRAY[{}]", Sql::join(items, ", ")), Kind::Array)
    }

    pub(super) fn row(&mut self, items: &[Expression], scope: Scope<'_, 'a>) -> Value<'a> {
        let items = items.iter().map(|it| self.translate(it, scope, None).into_sql()).collect();
        row_of(items)
    }

    /// Two rows of one length, their columns in one type each.
    pub(super) fn compared_rows(
        &mut self,
        left: &[Expression],
        right: &[Expression],
        scope: Scope<'_, 'a>,
    ) -> (Value<'a>, Value<'a>) {
        let pairs = left.iter().zip(right).map(|(left, right)| {
            let (left, right) = self.compared(left, right, scope);
            (left.into_sql(), right.into_sql())
        });
        let (left, right) = pairs.unzip();
        (row_of(left), row_of(right))
    }

    /// `a['b'][1]`: of JSON the text at that path, as `a.b` is; items count from 0, as PostgreSQL's do.
    pub(super) fn subscript(&mut self, expression: &Expression, scope: Scope<'_, 'a>) -> Value<'a> {
        let (mut base, mut indices) = (expression, Vec::new());
        while let ExpressionKind::Subscript { operand, index } = &base.kind {
            indices.push(&**index);
            base = operand;
        }
        let base = self.translate(base, scope, None);
        let indices: Vec<Value<'a>> =
            indices.into_iter().rev().map(|it| self.translate(it, scope, None)).collect();
        if !matches!(base.kind, Kind::Json | Kind::Untyped) {
            let brackets = indices.into_iter().map(|it| sql!("[{}]", it.sql));
            let sql = sql!("({}){}", base.sql, Sql::join(brackets, ""));
            return Value::atom(sql, Kind::Unknown);
        }
        let json = self.json(base);
        let path = indices.into_iter().map(|it| match it.kind {
            Kind::Literal(text) => Sql::of(&Literal::text(text)),
            _ => sql!("{}::text", it.operand()),
        });
        let sql = sql!("({} #>> ARRAY[{}])", json.operand(), Sql::join(path, ", "));
        Value::atom(sql, Kind::Untyped)
    }

    /// A value as JSON: text out of JSON is read again.
    pub(super) fn json(&mut self, value: Value<'a>) -> Value<'a> {
        match value.kind {
            Kind::Untyped => Value::atom(sql!("{}::jsonb", value.operand()), Kind::Json),
            _ => value,
        }
    }

    /// A list of JSON as an array; other values are left alone.
    pub(super) fn as_array(&mut self, value: Value<'a>, item: Option<&TypeName>) -> Sql {
        let cast = item.filter(|it| it.base() != "text").map(|it| sql!("::{}", it.array()));
        let cast = cast.unwrap_or_default();
        match value.kind {
            Kind::Json => {
                sql!("ARRAY(SELECT jsonb_array_elements_text({})){}", value.sql, cast)
            }
            Kind::Untyped => match item {
                Some(item) => sql!("{}::{}", value.operand(), item.array()),
                None => sql!("{}::text[]", value.operand()),
            },
            _ => value.into_sql(),
        }
    }

    /// `left = ANY (…)`, `left LIKE ALL (…)`.
    pub(super) fn quantified(
        &mut self,
        left: &Expression,
        test: &Sql,
        word: &'static str,
        collection: &[Expression],
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let Some(collection) = collection.first() else {
            return self.untranslated(left.range, "nothing stands in the parentheses");
        };
        let (left, right) = match &collection.kind {
            ExpressionKind::RawSql(query) => {
                let left = self.translate(left, scope, None);
                let Some(query) = raw_query(query) else {
                    return self.translate(collection, scope, None);
                };
                let sql = sql!("{} {} {} {}", left.operand(), test, Sql::raw(word), query);
                return Value::condition(sql);
            }
            ExpressionKind::Array(items) if !items.is_empty() => {
                let pairs: Vec<_> = items.iter().map(|it| self.compared(left, it, scope)).collect();
                let first = pairs.first().map(|it| it.0.clone()).unwrap_or_else(Value::null);
                let items = pairs.into_iter().map(|it| it.1.into_sql());
                (first, sql!("ARRAY[{}]", Sql::join(items, ", ")))
            }
            _ => {
                let left = self.translate(left, scope, None);
                let right = self.translate(collection, scope, None);
                let left = match left.kind {
                    Kind::Key(entity) if matches!(right.kind, Kind::Json | Kind::Untyped) => {
                        Value::scalar(self.id_of(&left, entity), TypeName::new("uuid"))
                    }
                    Kind::InputKey(_) => Value::scalar(left.sql, TypeName::new("uuid")),
                    _ => left,
                };
                let item = match &left.kind {
                    Kind::Scalar(ty) => Some(ty.clone()),
                    _ => None,
                };
                let right = self.as_array(right, item.as_ref());
                (left, right)
            }
        };
        Value::condition(sql!("{} {} {} ({})", left.operand(), test, Sql::raw(word), right))
    }

    /// Operators that are PostgreSQL's alone.
    pub(super) fn sql_operator(
        &mut self,
        left: &Expression,
        operator: &'static str,
        right: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let column = self.column_of(left, scope);
        let left = self.translate(left, scope, None);
        let right = self.translate(right, scope, column.as_ref());
        let word = Sql::raw(operator);
        let (left, right) = match operator {
            "->" | "->>" | "#>" | "#>>" | "?" | "@?" => {
                (self.json(left).operand(), right.operand())
            }
            "?|" | "?&" => (self.json(left).operand(), self.as_array(right, None)),
            "&&" => (self.as_array(left, None), self.as_array(right, None)),
            "@>" | "<@" => match (&left.kind, &right.kind) {
                (Kind::Json, Kind::Array) => (left.operand(), sql!("to_jsonb({})", right.sql)),
                (Kind::Array, Kind::Json) => (sql!("to_jsonb({})", left.sql), right.operand()),
                _ => (self.json(left).operand(), self.json(right).operand()),
            },
            _ => (left.operand(), right.operand()),
        };
        let sql = sql!("{} {} {}", left, word, right);
        match operator {
            "->" | "#>" => Value::compound(sql, Kind::Json),
            "->>" | "#>>" => Value::compound(sql, Kind::Untyped),
            "&" | "|" | "<<" | ">>" => Value::compound(sql, Kind::Scalar(TypeName::new("integer"))),
            _ => Value::condition(sql),
        }
    }

    /// A moment at a place: with a zone it loses it, without one it gets it.
    pub(super) fn at_time_zone(
        &mut self,
        left: &Expression,
        zone: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let value = self.translate(left, scope, None);
        let zone = self.translate(zone, scope, None).operand();
        let with_zone = TypeName::new("timestamptz");
        let is_local = matches!(&value.kind, Kind::Scalar(ty) if is_local(ty.base()));
        let value = match value.kind {
            Kind::Untyped | Kind::Json | Kind::Literal(_) => {
                self.coerced_operand(value, &ColumnType::Scalar(with_zone.clone()))
            }
            _ => value.operand(),
        };
        let ty = if is_local { with_zone } else { TypeName::new("timestamp") };
        Value::compound(sql!("{} AT TIME ZONE {}", value, zone), Kind::Scalar(ty))
    }

    fn coerced_operand(&mut self, value: Value<'a>, ty: &ColumnType<'a>) -> Sql {
        match (&value.kind, ty) {
            (Kind::Literal(_), ColumnType::Scalar(ty)) => sql!("{}::{}", value.operand(), ty),
            _ => self.coerce(value, ty),
        }
    }

    /// `EXISTS (SELECT …)` and `ARRAY(SELECT …)`, the words that stand before a query as a function does.
    pub(super) fn before_query(
        &mut self,
        function: &Name,
        query: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Option<Value<'a>> {
        let word =
            ["EXISTS", "ARRAY"].into_iter().find(|it| it.eq_ignore_ascii_case(&function.text))?;
        let ExpressionKind::RawSql(text) = &query.kind else { return None };
        let Some(query) = raw_query(text) else { return Some(self.translate(query, scope, None)) };
        Some(match word {
            "EXISTS" => Value::condition(sql!("EXISTS {}", query)),
            _ => Value::atom(sql!("ARRAY{}", query), Kind::Array),
        })
    }
}

fn row_of<'a>(items: Vec<Sql>) -> Value<'a> {
    Value::atom(sql!("ROW({})", Sql::join(items, ", ")), Kind::Unknown)
}

fn is_local(base: &str) -> bool {
    matches!(base, "timestamp" | "timestamp without time zone" | "date")
}
