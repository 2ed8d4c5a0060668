//! What a query in SQL gives: how many columns, and of what the first one is made.
//!
//! Invariant: what is not understood is [`SqlValue::Unknown`], so that nobody takes it for a type.

use sqlparser::{
    ast::{
        BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query,
        SelectItem, SetExpr, UnaryOperator, Value,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

use super::{MAX_DEPTH, QueryNames, check, names::Names};

/// What a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryResult {
    /// So many columns; absent where `*` stands for some.
    pub columns: Option<usize>,
    /// The tables that the first column can come from.
    pub names: QueryNames,
    /// The first column.
    pub value: SqlValue,
}

/// A value in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlValue {
    /// A column of one of the tables.
    Column {
        /// The name before the dot.
        table: Option<String>,
        /// The column, in small letters where it stands without quotes.
        name: String,
    },
    /// A number as written.
    Number(String),
    /// A text in quotes.
    Text,
    /// `true`, a comparison, a condition.
    Boolean,
    /// A value in the type that is named.
    Cast(String),
    /// A call of a function, by its name in small letters; `*` is no argument.
    Call(String, Vec<SqlValue>),
    /// `+`, `-`, `*`, `/` or `%` between two values.
    Computed(Box<SqlValue>, char, Box<SqlValue>),
    /// One of several values: `CASE`.
    OneOf(Vec<SqlValue>),
    /// A query inside of the query.
    Query(Box<QueryResult>),
    /// Anything else.
    Unknown,
}

/// What a query in parentheses gives; nothing for one that cannot be read.
#[must_use]
pub fn query_result(query: &str) -> Option<QueryResult> {
    if check(query).is_some() {
        return None;
    }
    let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(MAX_DEPTH);
    let parsed = parser.try_with_sql(query).ok()?.parse_query().ok()?;
    Some(of_query(&parsed, query))
}

fn of_query(query: &Query, text: &str) -> QueryResult {
    let mut result = of_set(&query.body, text);
    if let Some(with) = &query.with {
        result.names.given.extend(with.cte_tables.iter().map(|it| it.alias.name.value.clone()));
    }
    result
}

fn of_set(set: &SetExpr, text: &str) -> QueryResult {
    let unknown =
        QueryResult { columns: None, names: QueryNames::default(), value: SqlValue::Unknown };
    match set {
        SetExpr::Query(it) => of_query(it, text),
        SetExpr::SetOperation { left, .. } => of_set(left, text),
        SetExpr::Select(select) => {
            let mut names = QueryNames::default();
            Names { text }.select(select, &mut names);
            let values: Option<Vec<&Expr>> = select.projection.iter().map(projected).collect();
            let Some(values) = values else { return QueryResult { names, ..unknown } };
            let value = values.first().map_or(SqlValue::Unknown, |it| value(it, text));
            QueryResult { columns: Some(values.len()), names, value }
        }
        _ => unknown,
    }
}

fn projected(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(it) | SelectItem::ExprWithAlias { expr: it, .. } => Some(it),
        _ => None,
    }
}

fn value(expression: &Expr, text: &str) -> SqlValue {
    let folded = |it: &sqlparser::ast::Ident| match it.quote_style {
        Some(_) => it.value.clone(),
        None => it.value.to_ascii_lowercase(),
    };
    match expression {
        Expr::Identifier(it) => SqlValue::Column { table: None, name: folded(it) },
        Expr::CompoundIdentifier(names) => match names.as_slice() {
            [table, name] => {
                SqlValue::Column { table: Some(table.value.clone()), name: folded(name) }
            }
            _ => SqlValue::Unknown,
        },
        Expr::Value(it) => literal(&it.value),
        Expr::Nested(it) => value(it, text),
        Expr::Cast { expr: _, data_type, .. } => {
            SqlValue::Cast(data_type.to_string().to_ascii_lowercase())
        }
        Expr::Subquery(it) => SqlValue::Query(Box::new(of_query(it, text))),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => value(expr, text),
        Expr::BinaryOp { left, op, right } => computed(left, op, right, text),
        Expr::Case { conditions, else_result, .. } => {
            let results = conditions.iter().map(|it| &it.result);
            let others = else_result.iter().map(AsRef::as_ref);
            SqlValue::OneOf(results.chain(others).map(|it| value(it, text)).collect())
        }
        Expr::Function(call) => called(call, text),
        Expr::Extract { .. } => SqlValue::Cast("numeric".to_owned()),
        Expr::UnaryOp { op: UnaryOperator::Not, .. }
        | Expr::Exists { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::Like { .. }
        | Expr::ILike { .. }
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..) => SqlValue::Boolean,
        _ => SqlValue::Unknown,
    }
}

fn literal(value: &Value) -> SqlValue {
    match value {
        Value::Number(it, _) => SqlValue::Number(it.clone()),
        Value::SingleQuotedString(_) | Value::EscapedStringLiteral(_) => SqlValue::Text,
        Value::Boolean(_) => SqlValue::Boolean,
        _ => SqlValue::Unknown,
    }
}

fn computed(left: &Expr, operator: &BinaryOperator, right: &Expr, text: &str) -> SqlValue {
    let sign = match operator {
        BinaryOperator::Plus => '+',
        BinaryOperator::Minus => '-',
        BinaryOperator::Multiply => '*',
        BinaryOperator::Divide => '/',
        BinaryOperator::Modulo => '%',
        BinaryOperator::Gt
        | BinaryOperator::Lt
        | BinaryOperator::GtEq
        | BinaryOperator::LtEq
        | BinaryOperator::Eq
        | BinaryOperator::NotEq
        | BinaryOperator::And
        | BinaryOperator::Or => return SqlValue::Boolean,
        _ => return SqlValue::Unknown,
    };
    SqlValue::Computed(Box::new(value(left, text)), sign, Box::new(value(right, text)))
}

fn called(call: &Function, text: &str) -> SqlValue {
    let [name] = call.name.0.as_slice() else { return SqlValue::Unknown };
    let Some(name) = name.as_ident() else { return SqlValue::Unknown };
    let arguments = match &call.args {
        FunctionArguments::List(list) => list.args.as_slice(),
        _ => &[],
    };
    let arguments = arguments.iter().map(|it| match it {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) => Some(value(it, text)),
        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => None,
        _ => Some(SqlValue::Unknown),
    });
    SqlValue::Call(name.value.to_ascii_lowercase(), arguments.flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> SqlValue {
        query_result(query).unwrap().value
    }

    #[test]
    fn the_first_column() {
        let column = |table: Option<&str>, name: &str| SqlValue::Column {
            table: table.map(Into::into),
            name: name.to_owned(),
        };
        assert_eq!(of("(SELECT u.Name FROM crm.tb_user u)"), column(Some("u"), "name"));
        assert_eq!(of("(SELECT (a) FROM t UNION SELECT 1)"), column(None, "a"));
        assert_eq!(of("(SELECT a::Date FROM t)"), SqlValue::Cast("date".to_owned()));
        assert_eq!(of("(SELECT a > 1 OR b FROM t)"), SqlValue::Boolean);
        assert_eq!(of("(SELECT count(*) FROM t)"), SqlValue::Call("count".to_owned(), Vec::new()));
        assert_eq!(of("(SELECT app.f(1))"), SqlValue::Unknown);
        assert_eq!(query_result("(SELECT a, b FROM t)").unwrap().columns, Some(2));
        assert_eq!(query_result("(SELECT t.* FROM t)").unwrap().columns, None);
        assert_eq!(query_result("(SELECT FROM WHERE)"), None);
    }
}
