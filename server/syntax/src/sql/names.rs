//! The tables and the columns that a query in SQL names, each with its place in the query.
//!
//! Invariant: what is not understood (a function as a table, `NATURAL JOIN`) leaves its query open, so
//! that nobody takes a name in it for unknown.

use std::{cell::RefCell, ops::Range};

use sqlparser::{
    ast::{
        BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
        GroupByExpr, Ident, InTarget, JoinConstraint, JoinOperator, ObjectName, OrderByKind, Query,
        Select, SelectItem, SetExpr, TableAlias, TableFactor, Value, ValueWithSpan, WindowType,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
    tokenizer::Span,
};

use super::{
    MAX_DEPTH, check,
    grouping::Grouping,
    offset_of,
    result::{SqlValue, column_names, folded, value},
};

/// The names of one `SELECT`, and those inside of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryNames {
    /// What stands behind `FROM` and `JOIN`.
    pub tables: Vec<QueryTable>,
    /// The columns, as far as they belong to this `SELECT` itself.
    pub columns: Vec<QueryColumn>,
    /// It may have further columns, which are not known.
    pub is_open: bool,
    /// The names that its `WITH` gives, which stand for tables in it and in the queries inside.
    pub given: Vec<String>,
    /// The functions without a schema that it calls.
    pub calls: Vec<QueryName>,
    /// The types of casts that are no words of SQL.
    pub types: Vec<QueryName>,
    /// What it compares, as far as it belongs to this `SELECT` itself.
    pub comparisons: Vec<QueryComparison>,
    /// The calls and the computations of this `SELECT` itself.
    pub values: Vec<QuerySide>,
    /// The windows that it names and does not have.
    pub windows: Vec<QueryName>,
    /// Functions over rows in its `WHERE`, which chooses these rows.
    pub misplaced: Vec<QueryName>,
    /// Columns of single rows beside functions over rows; some may be of a query around it.
    pub ungrouped: Vec<QueryColumn>,
    /// The queries inside of it.
    pub inner: Vec<Self>,
}

/// A name of a query that is no table and no column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryName {
    /// The name as written.
    pub name: String,
    /// Bytes of the query.
    pub range: Range<usize>,
}

/// A table of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTable {
    /// The schema before the dot.
    pub schema: Option<String>,
    /// The table; empty for a query in its place.
    pub name: String,
    /// The name that columns can have before their dot.
    pub alias: String,
    /// Bytes of the query: the table's name.
    pub range: Range<usize>,
    /// Its columns, where it is a query inside of this one or a name that `WITH` gives, and they are known.
    pub columns: Option<Vec<String>>,
}

impl QueryTable {
    /// A table of which only the columns matter.
    #[must_use]
    pub fn unnamed() -> Self {
        let (name, alias) = (String::new(), String::new());
        Self { schema: None, name, alias, range: 0..0, columns: None }
    }
}

/// A column of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryColumn {
    /// The name before the dot.
    pub table: Option<String>,
    /// The column.
    pub name: String,
    /// It stands in quotes, so its letters count as they are.
    pub quoted: bool,
    /// Bytes of the query: the column's name.
    pub range: Range<usize>,
    /// The texts that it is compared with.
    pub compared: Vec<QueryText>,
}

/// A text in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryText {
    /// What it says.
    pub text: String,
    /// Bytes of the query, with the quotes.
    pub range: Range<usize>,
}

/// Two values of a query that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryComparison {
    /// The one on the left.
    pub left: QuerySide,
    /// The one on the right.
    pub right: QuerySide,
}

/// A value of a query: one side of a comparison, a call, a computation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuerySide {
    /// The value.
    pub value: SqlValue,
    /// Bytes of the query, where they are known.
    pub range: Option<Range<usize>>,
}

/// The names in a query that stands in parentheses; nothing for one that cannot be read.
#[must_use]
pub fn query_names(query: &str) -> Option<QueryNames> {
    if check(query).is_some() {
        return None;
    }
    let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(MAX_DEPTH);
    let parsed = parser.try_with_sql(query).ok()?.parse_query().ok()?;
    let mut found = QueryNames::default();
    Names::new(query).query(&parsed, &mut found);
    Some(found)
}

pub(super) struct Names<'q> {
    text: &'q str,
    /// What `WITH` gives, here and around, with the columns that are known.
    given: RefCell<Vec<(String, Option<Vec<String>>)>>,
}

impl<'q> Names<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        Self { text, given: RefCell::default() }
    }
}

impl Names<'_> {
    fn query(&self, query: &Query, acc: &mut QueryNames) {
        let around = self.given.borrow().len();
        // The tables of `WITH` have names and columns of their own.
        for it in query.with.iter().flat_map(|it| &it.cte_tables) {
            let name = it.alias.name.value.clone();
            acc.given.push(name.clone());
            let columns = columns_of(&it.query, &it.alias);
            self.given.borrow_mut().push((name, columns));
            self.inner(&it.query, acc);
        }
        self.body(query, acc);
        self.given.borrow_mut().truncate(around);
    }

    fn body(&self, query: &Query, acc: &mut QueryNames) {
        self.set(&query.body, acc);
        if let Some(OrderByKind::Expressions(all)) = query.order_by.as_ref().map(|it| &it.kind) {
            let select = match query.body.as_ref() {
                SetExpr::Select(it) => Some(it.as_ref()),
                _ => None,
            };
            all.iter().for_each(|it| self.output(&it.expr, select, acc));
            select.iter().for_each(|it| without_declared_windows(it, acc));
        }
    }

    /// An expression in whose place the name of a result may stand.
    fn output(&self, expression: &Expr, select: Option<&Select>, acc: &mut QueryNames) {
        let is_result =
            |name: &Ident| select.is_none_or(|it| it.projection.iter().any(|it| gives(it, name)));
        match expression {
            Expr::Identifier(name) if is_result(name) => {}
            _ => self.expression(expression, acc),
        }
    }

    fn set(&self, set: &SetExpr, acc: &mut QueryNames) {
        match set {
            SetExpr::Select(it) => self.select(it, acc),
            SetExpr::Query(it) => self.query(it, acc),
            SetExpr::SetOperation { left, right, .. } => {
                for side in [left, right] {
                    let mut names = QueryNames::default();
                    self.set(side, &mut names);
                    acc.inner.push(names);
                }
            }
            _ => acc.is_open = true,
        }
    }

    pub(super) fn select(&self, select: &Select, acc: &mut QueryNames) {
        for item in &select.from {
            self.table(&item.relation, acc);
            for join in &item.joins {
                self.table(&join.relation, acc);
                match &join.join_operator {
                    JoinOperator::Join(it)
                    | JoinOperator::Inner(it)
                    | JoinOperator::Left(it)
                    | JoinOperator::LeftOuter(it)
                    | JoinOperator::Right(it)
                    | JoinOperator::RightOuter(it)
                    | JoinOperator::FullOuter(it) => match it {
                        JoinConstraint::On(it) => self.expression(it, acc),
                        JoinConstraint::None | JoinConstraint::Using(_) => {}
                        _ => acc.is_open = true,
                    },
                    JoinOperator::CrossJoin(_) => {}
                    _ => acc.is_open = true,
                }
            }
        }
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(it) | SelectItem::ExprWithAlias { expr: it, .. } => {
                    self.expression(it, acc);
                }
                _ => {}
            }
        }
        select.selection.iter().for_each(|it| self.expression(it, acc));
        if let GroupByExpr::Expressions(all, _) = &select.group_by {
            all.iter().for_each(|it| self.output(it, Some(select), acc));
        }
        select.having.iter().for_each(|it| self.expression(it, acc));
        without_declared_windows(select, acc);
        let found = Grouping::of(select);
        acc.misplaced.extend(found.misplaced.into_iter().map(|it| self.name(it)));
        let ungrouped = found.ungrouped.into_iter();
        acc.ungrouped.extend(ungrouped.map(|(table, it)| self.column(table, it)));
    }

    /// What stands behind a call: `FILTER`, `WITHIN GROUP`, `OVER`.
    fn behind_call(&self, call: &Function, acc: &mut QueryNames) {
        let sorted = call.within_group.iter().map(|it| &it.expr);
        call.filter.iter().map(AsRef::as_ref).chain(sorted).for_each(|it| self.expression(it, acc));
        match &call.over {
            Some(WindowType::WindowSpec(window)) => {
                let sorted = window.order_by.iter().map(|it| &it.expr);
                window.partition_by.iter().chain(sorted).for_each(|it| self.expression(it, acc));
            }
            Some(WindowType::NamedWindow(name)) => acc.windows.push(self.name(name)),
            None => {}
        }
    }

    fn table(&self, factor: &TableFactor, acc: &mut QueryNames) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let Some((schema, table)) = parts(name) else {
                    acc.is_open = true;
                    return;
                };
                let given = self.given.borrow();
                let is_it = |it: &&(String, _)| it.0.eq_ignore_ascii_case(&table.value);
                let given = given.iter().rev().find(is_it).filter(|_| schema.is_none());
                let columns = given.and_then(|it| it.1.clone());
                acc.is_open |= alias.as_ref().is_some_and(|it| !it.columns.is_empty())
                    || (given.is_some() && columns.is_none());
                acc.tables.push(QueryTable {
                    columns,
                    schema,
                    name: table.value.clone(),
                    alias: alias.as_ref().map_or(&table.value, |it| &it.name.value).clone(),
                    range: self.place(table),
                });
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let mut names = QueryNames::default();
                self.query(subquery, &mut names);
                acc.inner.push(names);
                let columns = alias.as_ref().and_then(|it| columns_of(subquery, it));
                acc.is_open |= columns.is_none();
                let alias = alias.as_ref().map(|it| it.name.value.clone()).unwrap_or_default();
                acc.tables.push(QueryTable { alias, columns, ..QueryTable::unnamed() });
            }
            _ => acc.is_open = true,
        }
    }

    fn expression(&self, expression: &Expr, acc: &mut QueryNames) {
        if self.comparison(expression, acc) {
            return;
        }
        match expression {
            Expr::Identifier(name) => acc.columns.push(self.column(None, name)),
            Expr::CompoundIdentifier(names) => {
                if let [table, name] = names.as_slice() {
                    acc.columns.push(self.column(Some(table), name));
                }
            }
            Expr::Subquery(query) | Expr::Exists { subquery: query, .. } => self.inner(query, acc),
            Expr::Cast { expr, data_type, .. } => {
                if let DataType::Custom(name, _) = data_type
                    && let [name] = name.0.as_slice()
                    && let Some(name) = name.as_ident().filter(|it| it.quote_style.is_none())
                {
                    acc.types.push(self.name(name));
                }
                if self.literal(expr).is_some() {
                    self.compared(expr, expression, acc);
                }
                self.expression(expr, acc);
            }
            Expr::UnaryOp { expr, .. }
            | Expr::Nested(expr)
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::IsTrue(expr)
            | Expr::IsNotTrue(expr)
            | Expr::IsFalse(expr)
            | Expr::IsNotFalse(expr) => self.expression(expr, acc),
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
                self.expression(expr, acc);
                self.expression(pattern, acc);
            }
            Expr::Extract { expr, .. } => self.expression(expr, acc),
            Expr::AtTimeZone { timestamp, .. } => self.expression(timestamp, acc),
            Expr::Tuple(all) => all.iter().for_each(|it| self.expression(it, acc)),
            Expr::Array(array) => array.elem.iter().for_each(|it| self.expression(it, acc)),
            Expr::Function(call) => {
                if let [name] = call.name.0.as_slice()
                    && let Some(name) = name.as_ident().filter(|it| it.quote_style.is_none())
                {
                    acc.calls.push(self.name(name));
                    self.valued(expression, acc);
                }
                self.behind_call(call, acc);
                if let FunctionArguments::List(list) = &call.args {
                    for it in &list.args {
                        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) = it {
                            self.expression(it, acc);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// An expression that compares, or computes with two values; whether it is one.
    fn comparison(&self, expression: &Expr, acc: &mut QueryNames) -> bool {
        match expression {
            Expr::In { expr, target, .. } => {
                self.expression(expr, acc);
                match target {
                    InTarget::List(list) => {
                        list.iter().for_each(|it| self.expression(it, acc));
                        self.compare(expr, list, acc);
                        list.iter().for_each(|it| self.compared(expr, it, acc));
                    }
                    InTarget::Subquery(query) => self.inner(query, acc),
                    _ => {}
                }
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq | BinaryOperator::NotEq, right }
            | Expr::IsDistinctFrom(left, right)
            | Expr::IsNotDistinctFrom(left, right) => {
                self.expression(left, acc);
                self.expression(right, acc);
                self.compare(left, [&**right], acc);
                self.compare(right, [&**left], acc);
                self.compared(left, right, acc);
            }
            Expr::BinaryOp { left, op, right } => {
                self.expression(left, acc);
                self.expression(right, acc);
                if let BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq = op
                {
                    self.compared(left, right, acc);
                }
                if let BinaryOperator::Plus
                | BinaryOperator::Minus
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Modulo = op
                {
                    self.valued(expression, acc);
                }
            }
            Expr::Between { expr, low, high, .. } => {
                [expr, low, high].into_iter().for_each(|it| self.expression(it, acc));
                [low, high].into_iter().for_each(|it| self.compared(expr, it, acc));
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                operand.iter().chain(else_result).for_each(|it| self.expression(it, acc));
                for it in conditions {
                    self.expression(&it.condition, acc);
                    self.expression(&it.result, acc);
                }
                if let Some(operand) = operand {
                    self.compare(operand, conditions.iter().map(|it| &it.condition), acc);
                    conditions.iter().for_each(|it| self.compared(operand, &it.condition, acc));
                }
            }
            Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
                self.expression(left, acc);
                self.expression(right, acc);
                if let Expr::Array(array) = bare(right) {
                    self.compare(left, &array.elem, acc);
                    array.elem.iter().for_each(|it| self.compared(left, it, acc));
                }
            }
            _ => return false,
        }
        true
    }

    fn inner(&self, query: &Query, acc: &mut QueryNames) {
        let mut names = QueryNames::default();
        self.query(query, &mut names);
        acc.inner.push(names);
    }

    /// Notes a comparison, for the types of both sides.
    fn compared(&self, left: &Expr, right: &Expr, acc: &mut QueryNames) {
        let side = |it: &Expr| QuerySide { value: value(it, self.text), range: self.extent(it) };
        acc.comparisons.push(QueryComparison { left: side(left), right: side(right) });
    }

    /// Notes a call or a computation, for the types in it.
    fn valued(&self, expression: &Expr, acc: &mut QueryNames) {
        let range = self.around(expression);
        acc.values.push(QuerySide { value: value(expression, self.text), range });
    }

    /// Where a value stands: from its first word to its last one; a call goes by its name.
    fn around(&self, expression: &Expr) -> Option<Range<usize>> {
        match expression {
            Expr::BinaryOp { left, right, .. } => {
                Some(self.around(left)?.start..self.around(right)?.end)
            }
            Expr::Function(call) => Some(self.place(call.name.0.last()?.as_ident()?)),
            Expr::Cast { expr, .. } | Expr::Nested(expr) => self.around(expr),
            _ => self.extent(expression),
        }
    }

    /// Where a value stands, for those that are one word.
    fn extent(&self, expression: &Expr) -> Option<Range<usize>> {
        match expression {
            Expr::Identifier(name) => Some(self.place(name)),
            Expr::CompoundIdentifier(names) => {
                Some(self.place(names.first()?).start..self.place(names.last()?).end)
            }
            Expr::Value(ValueWithSpan { span, .. }) => Some(self.span(*span)),
            Expr::Nested(it) => self.extent(it),
            _ => None,
        }
    }

    /// Notes the texts among what a column is compared with.
    fn compare<'e>(
        &self,
        operand: &Expr,
        with: impl IntoIterator<Item = &'e Expr>,
        acc: &mut QueryNames,
    ) {
        let name = match bare(operand) {
            Expr::Identifier(name) => name,
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                [_, name] => name,
                _ => return,
            },
            _ => return,
        };
        let place = self.place(name);
        let Some(column) = acc.columns.iter_mut().find(|it| it.range == place) else { return };
        column.compared.extend(with.into_iter().filter_map(|it| self.literal(it)));
    }

    fn literal(&self, expression: &Expr) -> Option<QueryText> {
        let Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), span }) =
            bare(expression)
        else {
            return None;
        };
        Some(QueryText { text: text.clone(), range: self.span(*span) })
    }

    fn name(&self, name: &Ident) -> QueryName {
        QueryName { name: name.value.clone(), range: self.place(name) }
    }

    fn column(&self, table: Option<&Ident>, name: &Ident) -> QueryColumn {
        QueryColumn {
            table: table.map(|it| it.value.clone()),
            name: name.value.clone(),
            quoted: name.quote_style.is_some(),
            range: self.place(name),
            compared: Vec::new(),
        }
    }

    pub(super) fn place(&self, name: &Ident) -> Range<usize> {
        self.span(name.span)
    }

    fn span(&self, it: Span) -> Range<usize> {
        let start = offset_of(self.text, it.start.line, it.start.column);
        start..offset_of(self.text, it.end.line, it.end.column).max(start)
    }
}

/// Without parentheses and casts around it.
fn bare(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(it) | Expr::Cast { expr: it, .. } => bare(it),
        it => it,
    }
}

/// Leaves the windows that a `SELECT` does not have.
fn without_declared_windows(select: &Select, acc: &mut QueryNames) {
    let is_declared = |it: &QueryName| {
        select.named_window.iter().any(|window| window.0.value.eq_ignore_ascii_case(&it.name))
    };
    acc.windows.retain(|it| !is_declared(it));
}

/// Whether a result has a name by itself: by its alias, or that of the function or type which makes it.
fn gives(item: &SelectItem, name: &Ident) -> bool {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => alias.value.eq_ignore_ascii_case(&name.value),
        SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => false,
        _ => true,
    }
}

/// The columns of a query inside of another one: as it gives them, or as its alias calls them.
fn columns_of(query: &Query, alias: &TableAlias) -> Option<Vec<String>> {
    let named = alias.columns.iter().map(|it| folded(&it.name));
    if let SetExpr::Values(values) = &*query.body {
        let count = values.rows.first()?.len();
        let unnamed = (alias.columns.len()..count).map(|it| format!("column{}", it + 1));
        return Some(named.chain(unnamed).collect());
    }
    let given = column_names(query)?;
    Some(named.chain(given.into_iter().skip(alias.columns.len())).collect())
}

/// Schema and table of a name.
fn parts(name: &ObjectName) -> Option<(Option<String>, &Ident)> {
    match name.0.as_slice() {
        [table] => Some((None, table.as_ident()?)),
        [schema, table] => Some((Some(schema.as_ident()?.value.clone()), table.as_ident()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::query_names;

    #[test]
    fn tables_and_columns_have_their_places() {
        let query = "(SELECT c.name, max(total)\n  FROM crm.tb_contact c JOIN tb_order ON c.id = x WHERE EXISTS (SELECT 1 FROM y))";
        let names = query_names(query).unwrap();
        let at = |range: &std::ops::Range<usize>| &query[range.clone()];
        let tables: Vec<_> =
            names.tables.iter().map(|it| (at(&it.range), it.alias.as_str())).collect();
        assert_eq!(tables, [("tb_contact", "c"), ("tb_order", "tb_order")]);
        let columns: Vec<_> = names.columns.iter().map(|it| at(&it.range)).collect();
        assert_eq!(columns, ["id", "x", "name", "total"]);
        assert_eq!(names.inner.len(), 1);
        assert!(!names.is_open && query_names("(SELECT a FROM f(1))").unwrap().is_open);
        assert_eq!(query_names("(SELECT FROM WHERE)"), None);
    }

    #[test]
    fn texts_that_a_column_is_compared_with() {
        let of = |condition: &str| {
            let query = format!("(SELECT 1 FROM t WHERE {condition})");
            let columns = query_names(&query).unwrap().columns;
            let of_x = columns.iter().filter(|it| it.name == "x").flat_map(|it| &it.compared);
            of_x.map(|it| format!("{} {}", it.text, &query[it.range.clone()])).collect::<Vec<_>>()
        };
        assert_eq!(of("x = 'a' AND y = 'b'"), ["a 'a'"]);
        assert_eq!(of("t.x<>'it''s'"), ["it's 'it''s'"]);
        assert_eq!(of("'ü' = x"), ["ü 'ü'"]);
        assert_eq!(of("x NOT IN ('a', 'b' ,'c')"), ["a 'a'", "b 'b'", "c 'c'"]);
        assert_eq!(of("(x) = ANY(ARRAY['a', 'b']::text[])"), ["a 'a'", "b 'b'"]);
        assert_eq!(of("CASE x WHEN 'a' THEN 1 END > 0"), ["a 'a'"]);
        assert_eq!(of("x IS DISTINCT FROM 'a'::text"), ["a 'a'"]);
        assert_eq!(of("x = y OR lower(x) = 'a' OR x || 'b' = 'c'"), [""; 0]);
    }

    #[test]
    fn columns_of_queries_inside() {
        let of = |query: &str| {
            let names = query_names(query).unwrap();
            (names.tables[0].columns.clone(), names.is_open)
        };
        let known = |it: &[&str]| (Some(it.iter().map(ToString::to_string).collect()), false);
        assert_eq!(
            of("(WITH c AS (SELECT a, count(*) FROM t) SELECT a FROM c)"),
            known(&["a", "count"])
        );
        assert_eq!(of("(SELECT s.n FROM (SELECT t.B AS n, id FROM t) s)"), known(&["n", "id"]));
        assert_eq!(of("(SELECT x FROM (SELECT 1, 2) AS s(x, y))"), known(&["x", "y"]));
        assert_eq!(of("(SELECT x FROM (SELECT * FROM t) s)"), (None, true));
        assert_eq!(
            of("(WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r) SELECT n FROM r)"),
            known(&["n"])
        );
    }

    #[test]
    fn functions_and_types() {
        let query = "(SELECT lowr(a)::txet, app.f(b)::int, sum(c)::app.x FROM t)";
        let names = query_names(query).unwrap();
        let shown = |it: &[super::QueryName]| -> Vec<String> {
            it.iter().map(|it| query[it.range.clone()].to_owned()).collect()
        };
        assert_eq!(shown(&names.calls), ["lowr", "sum"]);
        assert_eq!(shown(&names.types), ["txet"]);
    }
}
