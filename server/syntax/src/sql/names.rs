//! The tables and the columns that a query in SQL names, each with its place in the query.
//!
//! Invariant: what is not understood (a function as a table, `NATURAL JOIN`) leaves its query open, so
//! that nobody takes a name in it for unknown.

use std::ops::Range;

use sqlparser::{
    ast::{
        Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident,
        InTarget, JoinConstraint, JoinOperator, ObjectName, OrderByKind, Query, Select, SelectItem,
        SetExpr, TableFactor, WindowType,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

use super::{MAX_DEPTH, check, offset_of};

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
    /// The queries inside of it.
    pub inner: Vec<Self>,
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
    Names { text: query }.query(&parsed, &mut found);
    Some(found)
}

pub(super) struct Names<'q> {
    pub(super) text: &'q str,
}

impl Names<'_> {
    fn query(&self, query: &Query, acc: &mut QueryNames) {
        // The tables of `WITH` have names and columns of their own.
        if let Some(with) = &query.with {
            acc.is_open = true;
            acc.given.extend(with.cte_tables.iter().map(|it| it.alias.name.value.clone()));
            with.cte_tables.iter().for_each(|it| self.inner(&it.query, acc));
        }
        self.set(&query.body, acc);
        if let Some(OrderByKind::Expressions(all)) = query.order_by.as_ref().map(|it| &it.kind) {
            all.iter().for_each(|it| self.output(&it.expr, acc));
        }
    }

    /// An expression in whose place the name of a result may stand.
    fn output(&self, expression: &Expr, acc: &mut QueryNames) {
        if !matches!(expression, Expr::Identifier(_)) {
            self.expression(expression, acc);
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
            all.iter().for_each(|it| self.output(it, acc));
        }
        select.having.iter().for_each(|it| self.expression(it, acc));
    }

    /// What stands behind a call: `FILTER`, `WITHIN GROUP`, `OVER`.
    fn behind_call(&self, call: &Function, acc: &mut QueryNames) {
        let sorted = call.within_group.iter().map(|it| &it.expr);
        call.filter.iter().map(AsRef::as_ref).chain(sorted).for_each(|it| self.expression(it, acc));
        if let Some(WindowType::WindowSpec(window)) = &call.over {
            let sorted = window.order_by.iter().map(|it| &it.expr);
            window.partition_by.iter().chain(sorted).for_each(|it| self.expression(it, acc));
        }
    }

    fn table(&self, factor: &TableFactor, acc: &mut QueryNames) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let Some((schema, table)) = parts(name) else {
                    acc.is_open = true;
                    return;
                };
                acc.is_open |= alias.as_ref().is_some_and(|it| !it.columns.is_empty());
                acc.tables.push(QueryTable {
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
                acc.is_open = true;
                let alias = alias.as_ref().map(|it| it.name.value.clone()).unwrap_or_default();
                acc.tables.push(QueryTable {
                    schema: None,
                    name: String::new(),
                    alias,
                    range: 0..0,
                });
            }
            _ => acc.is_open = true,
        }
    }

    fn expression(&self, expression: &Expr, acc: &mut QueryNames) {
        match expression {
            Expr::Identifier(name) => acc.columns.push(self.column(None, name)),
            Expr::CompoundIdentifier(names) => {
                if let [table, name] = names.as_slice() {
                    acc.columns.push(self.column(Some(table), name));
                }
            }
            Expr::Subquery(query) | Expr::Exists { subquery: query, .. } => self.inner(query, acc),
            Expr::In { expr, target, .. } => {
                self.expression(expr, acc);
                match target {
                    InTarget::List(list) => list.iter().for_each(|it| self.expression(it, acc)),
                    InTarget::Subquery(query) => self.inner(query, acc),
                    _ => {}
                }
            }
            Expr::BinaryOp { left, right, .. }
            | Expr::IsDistinctFrom(left, right)
            | Expr::IsNotDistinctFrom(left, right) => {
                self.expression(left, acc);
                self.expression(right, acc);
            }
            Expr::UnaryOp { expr, .. }
            | Expr::Nested(expr)
            | Expr::Cast { expr, .. }
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::IsTrue(expr)
            | Expr::IsNotTrue(expr)
            | Expr::IsFalse(expr)
            | Expr::IsNotFalse(expr) => self.expression(expr, acc),
            Expr::Between { expr, low, high, .. } => {
                [expr, low, high].into_iter().for_each(|it| self.expression(it, acc));
            }
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
                self.expression(expr, acc);
                self.expression(pattern, acc);
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                operand.iter().chain(else_result).for_each(|it| self.expression(it, acc));
                for it in conditions {
                    self.expression(&it.condition, acc);
                    self.expression(&it.result, acc);
                }
            }
            Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
                self.expression(left, acc);
                self.expression(right, acc);
            }
            Expr::Extract { expr, .. } => self.expression(expr, acc),
            Expr::AtTimeZone { timestamp, .. } => self.expression(timestamp, acc),
            Expr::Tuple(all) => all.iter().for_each(|it| self.expression(it, acc)),
            Expr::Array(array) => array.elem.iter().for_each(|it| self.expression(it, acc)),
            Expr::Function(call) => {
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

    fn inner(&self, query: &Query, acc: &mut QueryNames) {
        let mut names = QueryNames::default();
        self.query(query, &mut names);
        acc.inner.push(names);
    }

    fn column(&self, table: Option<&Ident>, name: &Ident) -> QueryColumn {
        QueryColumn {
            table: table.map(|it| it.value.clone()),
            name: name.value.clone(),
            quoted: name.quote_style.is_some(),
            range: self.place(name),
        }
    }

    fn place(&self, name: &Ident) -> Range<usize> {
        let start = offset_of(self.text, name.span.start.line, name.span.start.column);
        start..offset_of(self.text, name.span.end.line, name.span.end.column).max(start)
    }
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
}
