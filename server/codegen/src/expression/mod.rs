//! Expressions of steps to SQL: names to columns and variables, refs to keys and look-ups, `input.x`
//! to typed variables, built-ins to columns. What has no translation becomes `NULL` and a problem.

mod environment;
mod function;
mod input;
mod operator;
mod path;
mod value;

use specql_model::{
    Entity, RichScalar,
    expression::{EntityReference, Expression, ExpressionKind},
};
use specql_text::TextRange;

pub(crate) use environment::{Binding, BindingKind, Environment, Row};
pub(crate) use input::Input;
pub(crate) use value::{Kind, Value};

use crate::{
    catalog::{Column, ColumnType},
    names,
    problem::ProblemKind,
    sql::{Ident, Literal, Sql, TypeName, raw_query, sql},
};

/// The rows whose fields a name can mean, innermost last; then come the variables, then the own row.
pub(crate) type Scope<'s, 'a> = &'s [Row<'a>];

impl<'a> Environment<'a> {
    /// The expression as a condition.
    pub(crate) fn condition(&mut self, expression: &Expression, scope: Scope<'_, 'a>) -> Sql {
        self.translate(expression, scope, None).sql
    }

    /// The expression as a value for a column; `?` and bare words are read with it in mind.
    pub(crate) fn assigned(
        &mut self,
        expression: &Expression,
        scope: Scope<'_, 'a>,
        column: &Column<'a>,
    ) -> Sql {
        let value = self.translate(expression, scope, Some(column));
        self.coerce(value, &column.ty)
    }

    /// The expression; `expected` is the column that it is compared with or assigned to.
    pub(crate) fn translate(
        &mut self,
        expression: &Expression,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        match &expression.kind {
            ExpressionKind::Missing => {
                self.untranslated(expression.range, "an expression is missing")
            }
            ExpressionKind::String(text) => Value::literal(Literal::text(text.as_str())),
            ExpressionKind::Number(text) => {
                Value::scalar(Sql::of(&Literal::number(text)), TypeName::new("numeric"))
            }
            ExpressionKind::Bool(it) => {
                Value::scalar(Sql::of(&Literal::Bool(*it)), TypeName::new("boolean"))
            }
            ExpressionKind::Null => Value::null(),
            ExpressionKind::Parameter => self.parameter(expression.range, expected),
            ExpressionKind::Path(path) => self.path(path, expression.range, scope, expected),
            ExpressionKind::Unary(operator, operand) => {
                self.unary(*operator, operand, scope, expected)
            }
            ExpressionKind::Binary(left, operator, _, right) => {
                self.binary(left, *operator, right, scope, expected)
            }
            ExpressionKind::Call { function, arguments, star } => {
                self.call(function, arguments, *star, scope, expected)
            }
            ExpressionKind::Cast(operand, ty) => {
                let operand = self.translate(operand, scope, None);
                let ty = TypeName::new(ty.as_str());
                Value::scalar(sql!("{}::{}", operand.operand(), ty), ty)
            }
            ExpressionKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), scope, expected)
            }
            ExpressionKind::RawSql(text) => match raw_query(text) {
                Some(query) => Value::atom(query, Kind::Unknown),
                None => self.untranslated(
                    expression.range,
                    "only a closed `(SELECT …)` without comments and escapes is passed on as SQL",
                ),
            },
            _ => self.predicate(expression, scope),
        }
    }

    /// The kinds whose value is a truth value.
    fn predicate(&mut self, expression: &Expression, scope: Scope<'_, 'a>) -> Value<'a> {
        match &expression.kind {
            ExpressionKind::IsNull { operand, negated } => {
                let operand = self.translate(operand, scope, None);
                let test = Sql::raw(if *negated { "IS NOT NULL" } else { "IS NULL" });
                Value::condition(sql!("{} {}", operand.operand(), test))
            }
            ExpressionKind::In { operand, list, negated } => {
                let items: Vec<Sql> =
                    list.iter().map(|it| self.compared(operand, it, scope).1.into_sql()).collect();
                let first = list.first().unwrap_or(operand);
                let left = self.compared(operand, first, scope).0;
                let test = Sql::raw(if *negated { "NOT IN" } else { "IN" });
                Value::condition(sql!("{} {} ({})", left.operand(), test, Sql::join(items, ", ")))
            }
            ExpressionKind::Like { operand, pattern, negated, ignore_case } => {
                let operand = self.translate(operand, scope, None);
                let pattern = self.translate(pattern, scope, None);
                let test = Sql::raw(match (negated, ignore_case) {
                    (false, false) => "LIKE",
                    (false, true) => "ILIKE",
                    (true, false) => "NOT LIKE",
                    (true, true) => "NOT ILIKE",
                });
                Value::condition(sql!("{} {} {}", operand.operand(), test, pattern.operand()))
            }
            ExpressionKind::Between { operand, low, high, negated } => {
                let (left, low) = self.compared(operand, low, scope);
                let (_, high) = self.compared(operand, high, scope);
                let test = Sql::raw(if *negated { "NOT BETWEEN" } else { "BETWEEN" });
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
        let mut condition = self.live(&Sql::of(&alias));
        if let Some(filter) = filter {
            let filter = self.translate(filter, &rows, None);
            condition = sql!("{} AND {}", condition, filter.operand());
        }
        let not = Sql::raw(if negated { "NOT " } else { "" });
        Value::condition(sql!(
            "{}EXISTS (SELECT FROM {} AS {} WHERE {})",
            not,
            names::table(target),
            alias,
            condition
        ))
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

    fn case(
        &mut self,
        operand: Option<&Expression>,
        arms: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let mut res = Sql::raw("CASE");
        let mut kind = Kind::Unknown;
        for (when, then) in arms {
            let when = match operand {
                Some(operand) => {
                    let (left, right) = self.compared(operand, when, scope);
                    sql!("{} = {}", left.operand(), right.operand())
                }
                None => self.translate(when, scope, None).into_sql(),
            };
            let then = self.translate(then, scope, expected);
            res = sql!("{} WHEN {} THEN {}", res, when, then.sql);
            kind = then.kind;
        }
        if let Some(otherwise) = otherwise {
            let otherwise = self.translate(otherwise, scope, expected);
            res = sql!("{} ELSE {}", res, otherwise.sql);
        }
        Value::atom(sql!("{} END", res), kind)
    }

    /// `?`: the input of the field that it is assigned to or compared with.
    fn parameter(&mut self, range: TextRange, expected: Option<&Column<'a>>) -> Value<'a> {
        match expected {
            Some(column) => {
                let name = column.field.clone();
                self.input_value(&[&name], range, None)
            }
            None => self.untranslated(
                range,
                "`?` stands beside no field, so nothing says which input it is",
            ),
        }
    }

    /// A problem, and `NULL` in its place.
    pub(crate) fn untranslated(&mut self, range: TextRange, message: &str) -> Value<'a> {
        self.problem(ProblemKind::UntranslatedStep, range, message);
        Value::null()
    }

    pub(crate) fn unresolved(&mut self, range: TextRange, message: &str) -> Value<'a> {
        self.problem(ProblemKind::UnresolvedName, range, message);
        Value::null()
    }

    /// The value in the type of a column.
    pub(crate) fn coerce(&mut self, value: Value<'a>, ty: &ColumnType<'a>) -> Sql {
        match (ty, value.kind.clone()) {
            (_, Kind::Null) => Sql::raw("NULL"),
            (ColumnType::Scalar(ty), Kind::Untyped) => sql!("{}::{}", value.operand(), ty),
            (ColumnType::Scalar(ty), Kind::Json) => {
                sql!("({} #>> '{{}}')::{}", value.operand(), ty)
            }
            (ColumnType::Scalar(ty), Kind::Key(entity)) if ty.base() == "uuid" => {
                self.id_of(&value, entity)
            }
            (ColumnType::Reference(Some(_)), Kind::InputKey(input)) => {
                Sql::of(&self.input_key(input))
            }
            (ColumnType::Reference(Some(_)), Kind::Key(_)) => value.sql,
            (ColumnType::Reference(Some(target)), _) => self.key_of(&value, target),
            (ColumnType::Json, Kind::Literal(text)) => {
                if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                    sql!("{}::jsonb", value.sql)
                } else {
                    sql!("to_jsonb({}::text)", value.sql)
                }
            }
            (ColumnType::Json, Kind::Scalar(_) | Kind::Untyped) => sql!("to_jsonb({})", value.sql),
            _ => value.sql,
        }
    }

    /// The key of the row with an id that is not deleted; NULL when there is none.
    fn key_of(&mut self, id: &Value<'a>, entity: &'a Entity) -> Sql {
        let alias = self.alias("r");
        let live = self.live(&Sql::of(&alias));
        key_query(&alias, entity, id, &sql!(" AND {}", live))
    }

    /// The key of the row with an id, deleted or not: for comparisons.
    fn any_key_of(&mut self, id: &Value<'a>, entity: &'a Entity) -> Sql {
        let alias = self.alias("r");
        let tenant = self.and_tenant(&Sql::of(&alias));
        key_query(&alias, entity, id, &tenant)
    }

    /// The id of the row with a key.
    fn id_of(&mut self, key: &Value<'a>, entity: &'a Entity) -> Sql {
        let alias = self.alias("r");
        let tenant = self.and_tenant(&Sql::of(&alias));
        sql!(
            "(SELECT {}.id FROM {} AS {} WHERE {}.{} = {}{})",
            alias,
            names::table(entity),
            alias,
            alias,
            names::primary_key(entity),
            key.operand(),
            tenant
        )
    }
}

fn key_query(alias: &Ident, entity: &Entity, id: &Value<'_>, condition: &Sql) -> Sql {
    let is_uuid = matches!(&id.kind, Kind::Scalar(ty) if ty.base() == "uuid");
    let cast = Sql::raw(if is_uuid { "" } else { "::uuid" });
    sql!(
        "(SELECT {}.{} FROM {} AS {} WHERE {}.id = {}{}{})",
        alias,
        names::primary_key(entity),
        names::table(entity),
        alias,
        alias,
        id.operand(),
        cast,
        condition
    )
}

/// The regular expression of a rich type, or of its older name (`email_pattern`).
fn named_pattern(name: &str) -> Option<&'static str> {
    let base = name.strip_suffix("_pattern").unwrap_or(name);
    RichScalar::from_name(base)?.pattern
}
