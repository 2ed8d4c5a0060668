//! What a query in SQL gives: its columns, what each is called and of what it is made.
//!
//! Invariant: what is not understood is [`SqlValue::Unknown`], so that nobody takes it for a type.

use std::ops::Range;

use sqlparser::{
    ast::{
        BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
        Ident, Query, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, UnaryOperator, Value,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

use super::{MAX_DEPTH, QueryNames, check, names::Names};

/// What a query gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryResult {
    /// The columns in their order; absent where nothing is known of them.
    pub columns: Option<Vec<SqlColumn>>,
    /// The tables that the columns can come from.
    pub names: QueryNames,
}

/// A column that a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlColumn {
    /// One value.
    Value {
        /// What PostgreSQL calls it; absent where that depends on more than is read here.
        name: Option<String>,
        /// The value.
        value: SqlValue,
        /// Bytes of the query where the name stands; absent where PostgreSQL makes it up.
        place: Option<Range<usize>>,
        /// It is given by `AS`, so it means this column alone.
        is_alias: bool,
    },
    /// `*`, or `t.*` with the name before the dot: all columns of the tables, or of one.
    All(Option<String>),
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
    Text(String),
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
    // What the tables of `WITH` have is not looked for here.
    result.names.is_open |= query.with.is_some();
    if let Some(with) = &query.with {
        result.names.given.extend(with.cte_tables.iter().map(|it| it.alias.name.value.clone()));
    }
    result
}

fn of_set(set: &SetExpr, text: &str) -> QueryResult {
    match set {
        SetExpr::Query(it) => of_query(it, text),
        SetExpr::SetOperation { left, .. } => of_set(left, text),
        SetExpr::Select(select) => {
            let mut names = QueryNames::default();
            Names::new(text).select(select, &mut names);
            let columns = select.projection.iter().map(|it| column(it, text)).collect();
            QueryResult { columns, names }
        }
        _ => QueryResult::default(),
    }
}

/// What the columns of a query are called, where that is known of all of them.
pub(super) fn column_names(query: &Query) -> Option<Vec<String>> {
    let mut body = &*query.body;
    loop {
        body = match body {
            SetExpr::Query(it) => &it.body,
            SetExpr::SetOperation { left, .. } => left,
            SetExpr::Select(select) => {
                let name = |it: &SelectItem| match it {
                    SelectItem::UnnamedExpr(it) => Some(column_name(it)?.text),
                    SelectItem::ExprWithAlias { alias, .. } => Some(folded(alias)),
                    _ => None,
                };
                return select.projection.iter().map(name).collect();
            }
            _ => return None,
        }
    }
}

fn column(item: &SelectItem, text: &str) -> Option<SqlColumn> {
    let place = |it: &Ident| Some(Names::new(text).place(it));
    match item {
        SelectItem::UnnamedExpr(it) => Some(SqlColumn::Value {
            name: column_name(it).map(|it| it.text),
            value: value(it, text),
            place: written_name(it).and_then(place),
            is_alias: false,
        }),
        SelectItem::ExprWithAlias { expr, alias } => Some(SqlColumn::Value {
            name: Some(folded(alias)),
            value: value(expr, text),
            place: place(alias),
            is_alias: true,
        }),
        SelectItem::Wildcard(_) => Some(SqlColumn::All(None)),
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
            let [table] = name.0.as_slice() else { return None };
            Some(SqlColumn::All(Some(table.as_ident()?.value.clone())))
        }
        _ => None,
    }
}

/// The word of a query that names a column without `AS`: another column, or a function.
fn written_name(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Identifier(it) => Some(it),
        Expr::CompoundIdentifier(names) => names.last(),
        Expr::Function(call) => call.name.0.last()?.as_ident(),
        Expr::Nested(it) | Expr::Cast { expr: it, .. } => written_name(it),
        _ => None,
    }
}

/// The name that PostgreSQL gives to a column without `AS`.
struct ColumnName {
    text: String,
    /// It comes from a name in the query, so a cast around it does not change it.
    is_strong: bool,
}

fn column_name(expression: &Expr) -> Option<ColumnName> {
    let strong = |text: String| Some(ColumnName { text, is_strong: true });
    let weak = |text: &str| Some(ColumnName { text: text.to_owned(), is_strong: false });
    match expression {
        Expr::Identifier(it) => strong(folded(it)),
        Expr::CompoundIdentifier(names) => strong(folded(names.last()?)),
        Expr::Function(call) => strong(folded(call.name.0.last()?.as_ident()?)),
        Expr::Nested(it) => column_name(it),
        // Without a name inside, the type gives it.
        Expr::Cast { expr, data_type, .. } => match column_name(expr) {
            Some(it) if it.is_strong => Some(it),
            None => None,
            Some(_) => weak(type_name(data_type)?),
        },
        Expr::Case { else_result, .. } => {
            let otherwise = else_result.as_deref().map(column_name);
            match otherwise {
                Some(found) if found.as_ref().is_none_or(|it| it.is_strong) => found,
                _ => weak("case"),
            }
        }
        Expr::Subquery(query) => strong(column_names(query)?.into_iter().next()?),
        Expr::Exists { .. } => strong("exists".to_owned()),
        Expr::Extract { .. } => strong("extract".to_owned()),
        Expr::Value(_)
        | Expr::BinaryOp { .. }
        | Expr::UnaryOp { .. }
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::Between { .. }
        | Expr::In { .. }
        | Expr::Like { .. }
        | Expr::ILike { .. } => weak("?column?"),
        _ => None,
    }
}

/// The name that PostgreSQL has for a type.
fn type_name(ty: &DataType) -> Option<&'static str> {
    Some(match ty.to_string().to_ascii_lowercase().split('(').next()?.trim() {
        "int" | "integer" | "int4" => "int4",
        "bigint" | "int8" => "int8",
        "smallint" | "int2" => "int2",
        "boolean" | "bool" => "bool",
        "real" | "float4" => "float4",
        "double precision" | "float8" => "float8",
        "numeric" | "decimal" => "numeric",
        "text" => "text",
        "varchar" | "character varying" => "varchar",
        "date" => "date",
        "interval" => "interval",
        "timestamptz" => "timestamptz",
        "uuid" => "uuid",
        "jsonb" => "jsonb",
        "json" => "json",
        _ => return None,
    })
}

/// A name as PostgreSQL reads it.
pub(super) fn folded(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_ascii_lowercase(),
    }
}

pub(super) fn value(expression: &Expr, text: &str) -> SqlValue {
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
        Value::SingleQuotedString(it) => SqlValue::Text(it.clone()),
        Value::EscapedStringLiteral(_) => SqlValue::Cast("text".to_owned()),
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
        match query_result(query).unwrap().columns.unwrap().swap_remove(0) {
            SqlColumn::Value { value, .. } => value,
            SqlColumn::All(_) => SqlValue::Unknown,
        }
    }

    fn names(query: &str) -> Vec<String> {
        let columns = query_result(query).unwrap().columns.unwrap();
        let shown = columns.into_iter().map(|it| match it {
            SqlColumn::Value { name, .. } => name.unwrap_or_else(|| "…".to_owned()),
            SqlColumn::All(table) => format!("{}*", table.unwrap_or_default()),
        });
        shown.collect()
    }

    #[test]
    fn columns_have_the_names_that_postgres_gives() {
        let query = "(SELECT a, t.B, \"C\", d AS E, count(*), app.f(1), (g), h::text, 1::int, 2, x + 1, \
                     CASE WHEN a THEN b END, CASE WHEN a THEN 1 ELSE b END, (SELECT max(i) FROM u), *, t.* FROM t)";
        assert_eq!(
            names(query),
            [
                "a", "b", "C", "e", "count", "f", "g", "h", "int4", "?column?", "?column?", "case",
                "b", "max", "*", "t*"
            ]
        );
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
        assert_eq!(query_result("(VALUES (1))").map(|it| it.columns), Some(None));
        assert_eq!(query_result("(SELECT FROM WHERE)"), None);
    }
}
