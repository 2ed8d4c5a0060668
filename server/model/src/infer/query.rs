//! Queries in SQL: what they give as values and as the rows of a loop, with types where the tables are those
//! of entities.

use specql_syntax::{
    QueryNames, QueryResult, SqlColumn, SqlValue,
    expression::{BinaryOperator, Expression},
    query_result,
};

use super::{BOOLEAN, Inference, MismatchKind, TEXT, ValueType, call, mixed, operator};
use crate::{
    Entity, EntityId, Type, Workspace,
    functions::Function,
    query_row::{ColumnSource, QueryRow, RowColumn, Tables, query_row},
    types::Scalar,
};

/// The type of a column of the row that a query gives to a loop in the file of an entity. The key of a row means
/// that row.
#[must_use]
pub fn type_of_column<'a>(
    workspace: &'a Workspace,
    own: EntityId,
    row: &QueryRow<'a>,
    column: &RowColumn<'a>,
) -> ValueType<'a> {
    let query = Query { workspace, own, names: &row.names };
    match &column.source {
        ColumnSource::Value(value) => query.of(value),
        ColumnSource::Inner => ValueType::Unknown,
        ColumnSource::Table(entity, name) => {
            workspace.entity(*entity).map_or(ValueType::Unknown, |it| query.of_row(it, name))
        }
    }
}

impl<'a> Inference<'_, 'a> {
    /// A query that stands for one value.
    pub(super) fn query(&mut self, expression: &'a Expression, text: &str) -> ValueType<'a> {
        let Some(result) = query_result(text) else { return ValueType::Unknown };
        let (workspace, own) = (self.scope.workspace(), self.scope.own_entity());
        let is_value = |it: &SqlColumn| matches!(it, SqlColumn::Value { .. });
        let count = match &result.columns {
            Some(all) if all.iter().all(is_value) => Some(all.len()),
            Some(_) => {
                let row = query_row(workspace, own, text);
                (!row.is_open).then_some(row.columns.len())
            }
            None => None,
        };
        if let Some(count) = count.filter(|it| *it != 1) {
            self.report(expression.range, MismatchKind::Columns(count));
            return ValueType::Unknown;
        }
        Query { workspace, own, names: &result.names }.of_first(&result)
    }
}

/// The operator that a sign stands for.
pub(super) const fn operator_of(sign: char) -> BinaryOperator {
    match sign {
        '+' => BinaryOperator::Add,
        '-' => BinaryOperator::Subtract,
        '*' => BinaryOperator::Multiply,
        '/' => BinaryOperator::Divide,
        _ => BinaryOperator::Modulo,
    }
}

pub(super) struct Query<'q, 'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) own: EntityId,
    pub(super) names: &'q QueryNames,
}

impl<'a> Query<'_, 'a> {
    /// The first column of a query.
    fn of_first(&self, result: &QueryResult) -> ValueType<'a> {
        match result.columns.as_ref().and_then(|it| it.first()) {
            Some(SqlColumn::Value { value, .. }) => self.of(value),
            Some(SqlColumn::All(_)) | None => ValueType::Unknown,
        }
    }

    /// A column of a table, where the key of a row means that row.
    fn of_row(&self, entity: &'a Entity, name: &str) -> ValueType<'a> {
        if name.strip_prefix("pk_").is_some_and(|it| it == entity.snake_name()) {
            return ValueType::Row(entity.id);
        }
        let field = entity.fields.iter().find(|it| it.table_column() == name);
        match field.map(|it| &it.ty) {
            Some(ty @ Type::Ref(targets)) if targets.len() == 1 => {
                ValueType::of_type(self.workspace, entity.id, ty)
            }
            _ => self.of_entity(entity, name),
        }
    }

    pub(super) fn of(&self, value: &SqlValue) -> ValueType<'a> {
        match value {
            SqlValue::Column { table, name } => self.column(table.as_deref(), name),
            SqlValue::Number(text) => ValueType::Scalar(super::number(text)),
            SqlValue::Text(_) => TEXT,
            SqlValue::Boolean => BOOLEAN,
            SqlValue::Cast(name) => ValueType::of_sql(name),
            SqlValue::Call(name, arguments) => self.call(name, arguments),
            SqlValue::Computed(left, sign, right) => {
                let operator = operator_of(*sign);
                match (self.of(left), self.of(right)) {
                    (ValueType::Scalar(left), ValueType::Scalar(right)) => {
                        operator::computed(left, operator, right).unwrap_or(ValueType::Unknown)
                    }
                    _ => ValueType::Unknown,
                }
            }
            SqlValue::OneOf(values) => self.one_of(values),
            SqlValue::Query(inner) => Query { names: &inner.names, ..*self }.of_first(inner),
            SqlValue::Unknown => ValueType::Unknown,
        }
    }

    fn one_of(&self, values: &[SqlValue]) -> ValueType<'a> {
        let mut types = values.iter().map(|it| self.of(it));
        let first = types.next().unwrap_or(ValueType::Unknown);
        types.fold(first, |one, other| mixed(one, other).unwrap_or(ValueType::Unknown))
    }

    /// A column of a table of which all columns are known.
    fn column(&self, table: Option<&str>, name: &str) -> ValueType<'a> {
        self.owner(table, name)
            .map_or(ValueType::Unknown, |(entity, name)| self.of_entity(entity, name))
    }

    /// The entity whose table has a column of the query, and the column's name.
    pub(super) fn owner<'n>(
        &self,
        table: Option<&str>,
        name: &'n str,
    ) -> Option<(&'a Entity, &'n str)> {
        let tables = Tables { workspace: self.workspace, own: self.own, names: self.names };
        tables.owner(table, name)
    }

    fn of_entity(&self, entity: &'a Entity, name: &str) -> ValueType<'a> {
        let field = entity.fields.iter().find(|it| it.table_column() == name);
        if let Some(field) = field {
            return match &field.ty {
                _ if !field.problems.is_empty() => ValueType::Unknown,
                Type::Ref(targets) if targets.len() == 1 => ValueType::Scalar(Scalar::Integer),
                Type::Ref(_) => ValueType::Scalar(Scalar::Uuid),
                Type::List(_) | Type::Composite(_) => ValueType::Scalar(Scalar::Json),
                ty => ValueType::of_type(self.workspace, entity.id, ty),
            };
        }
        if name.strip_prefix("pk_").is_some_and(|it| it == entity.snake_name()) {
            return ValueType::Scalar(Scalar::Integer);
        }
        let built_in = Entity::built_in(name).filter(|it| it.name == name);
        built_in.map_or(ValueType::Unknown, |it| ValueType::of_sql(it.sql_type))
    }

    fn call(&self, name: &str, arguments: &[SqlValue]) -> ValueType<'a> {
        use Scalar::{Array, Bigint, Float, Integer, Interval, Json, Numeric, Real, Smallint};
        let first = arguments.first().map_or(ValueType::Unknown, |it| self.of(it));
        let scalar = match first {
            ValueType::Scalar(it) => Some(it),
            _ => None,
        };
        let found = match (name, scalar) {
            ("count" | "row_number" | "rank" | "dense_rank", _) => Some(Bigint),
            ("min" | "max", _) => {
                return if matches!(first, ValueType::Enum(_)) { TEXT } else { first };
            }
            ("coalesce" | "greatest" | "least", _) => return self.one_of(arguments),
            ("nullif", _) => return first,
            ("sum", Some(Smallint | Integer)) => Some(Bigint),
            ("sum", Some(Bigint)) => Some(Numeric),
            ("avg", Some(Smallint | Integer | Bigint)) => Some(Numeric),
            ("avg", Some(Real)) => Some(Float),
            ("sum" | "avg", Some(it @ (Numeric | Real | Float | Interval))) => Some(it),
            ("string_agg", _) => return TEXT,
            ("bool_and" | "bool_or" | "every", _) => return BOOLEAN,
            ("array_agg" | "array", _) => Some(Array),
            ("json_agg" | "jsonb_agg" | "json_object_agg" | "jsonb_object_agg", _) => Some(Json),
            _ => return self.known(name, arguments),
        };
        found.map_or(ValueType::Unknown, ValueType::Scalar)
    }

    /// What a function of PostgreSQL gives, where its arguments say which of its name it is.
    fn known(&self, name: &str, arguments: &[SqlValue]) -> ValueType<'a> {
        let types: Vec<ValueType<'a>> = arguments.iter().map(|it| self.of(it)).collect();
        match crate::functions::function(name) {
            Function::Word(it) => ValueType::Scalar(it),
            Function::Known(signatures) => call::given(&types, signatures),
            Function::Named | Function::Aggregate | Function::Unknown => ValueType::Unknown,
        }
    }
}
