//! Expressions of steps to SQL: names to columns and variables, refs to keys and look-ups, `input.x`
//! to typed variables, built-ins to columns. What has no translation becomes `NULL` and a problem.

mod collection;
mod environment;
mod function;
mod input;
mod operator;
mod path;
mod predicate;
mod value;

use specql_model::{
    Entity, Name, RichScalar,
    expression::{Expression, ExpressionKind},
};
use specql_text::TextRange;

pub(crate) use environment::{Asked, Binding, BindingKind, Environment, NamedRow, Read, Row};
pub(crate) use input::{Input, Items};
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
            ExpressionKind::Call { function, arguments, star, distinct } => {
                let plain = !star && !distinct;
                self.call(function, arguments, plain, scope, expected)
            }
            ExpressionKind::Cast(operand, ty) => self.cast(operand, ty, scope),
            ExpressionKind::Trim { side, characters, operand } => {
                self.trim(*side, characters.as_deref(), operand, scope)
            }
            ExpressionKind::Array(items) => self.array(items, scope),
            ExpressionKind::Row(items) => self.row(items, scope),
            ExpressionKind::Subscript { .. } => self.subscript(expression, scope),
            ExpressionKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), scope, expected)
            }
            ExpressionKind::RawSql(text) => match raw_query(text) {
                Some(query) => Value::atom(query, Kind::Unknown),
                None => self.untranslated(
                    expression.range,
                    "only a closed `(SELECT …)` without escapes and names behind `$` is passed on as SQL",
                ),
            },
            _ => self.predicate(expression, scope),
        }
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

    fn cast(&mut self, operand: &Expression, ty: &Name, scope: Scope<'_, 'a>) -> Value<'a> {
        // A rich scalar means the type that a column of it has.
        let rich = RichScalar::from_name(ty.as_str()).map(|it| it.sql_type);
        let Some(name) = TypeName::parse(rich.unwrap_or(ty.as_str())) else {
            let message = format!("`{}` is no type that can be passed on as SQL", ty.text);
            return self.untranslated(ty.range, &message);
        };
        let operand = self.translate(operand, scope, None);
        if name.is_array() {
            let array = self.as_array(operand, None);
            return Value::atom(sql!("({})::{}", array, name), Kind::Array);
        }
        let operand = match operand.kind {
            Kind::Untyped => {
                return Value::scalar(name.of_text(&operand.operand()), name);
            }
            Kind::Key(entity) if matches!(name.base(), "uuid" | "text") => {
                self.id_of(&operand, entity)
            }
            _ => operand.operand(),
        };
        Value::scalar(sql!("{}::{}", operand, name), name)
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
            (ColumnType::Scalar(ty), Kind::Untyped) => ty.of_text(&value.operand()),
            (ColumnType::Scalar(ty), Kind::Json) => {
                ty.of_text(&sql!("({} #>> '{{}}')", value.operand()))
            }
            (ColumnType::Scalar(ty), Kind::Key(entity)) if ty.base() == "uuid" => {
                self.id_of(&value, entity)
            }
            (ColumnType::Reference(Some(_)), Kind::InputKey(input)) => self.input_key(input),
            (ColumnType::Reference(Some(_)), Kind::Key(_)) => value.sql,
            (ColumnType::Reference(Some(target)), _) => self.key_of(&value, target),
            (ColumnType::Json, Kind::Literal(text)) => {
                if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                    sql!("{}::jsonb", value.sql)
                } else {
                    sql!("to_jsonb({}::text)", value.sql)
                }
            }
            (ColumnType::Json, Kind::Scalar(_) | Kind::Untyped | Kind::Array) => {
                sql!("to_jsonb({})", value.sql)
            }
            _ => value.sql,
        }
    }

    /// The key of the row with an id that is not deleted; NULL when there is none.
    pub(super) fn key_of(&mut self, id: &Value<'a>, entity: &'a Entity) -> Sql {
        let alias = self.alias("r");
        let live = self.live_one(&Sql::of(&alias));
        self.key_query(&alias, entity, id, &sql!(" AND {}", live))
    }

    /// The key of the row with an id, deleted or not: for comparisons.
    pub(super) fn any_key_of(&mut self, id: &Value<'a>, entity: &'a Entity) -> Sql {
        let alias = self.alias("r");
        let tenant = self.and_tenant(&Sql::of(&alias));
        self.key_query(&alias, entity, id, &tenant)
    }

    fn key_query(
        &mut self,
        alias: &Ident,
        entity: &Entity,
        id: &Value<'a>,
        condition: &Sql,
    ) -> Sql {
        let is_uuid = matches!(&id.kind, Kind::Scalar(ty) if ty.base() == "uuid");
        let cast = Sql::raw(if is_uuid { "" } else { "::uuid" });
        let id = sql!("{}{}", id.operand(), cast);
        let key = sql!(
            "(SELECT {}.{} FROM {} AS {} WHERE {}.id = {}{})",
            alias,
            names::primary_key(entity),
            names::table(entity),
            alias,
            alias,
            id,
            condition
        );
        self.look_up(&key, id);
        key
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
