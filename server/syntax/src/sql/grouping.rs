//! Functions over rows in a `SELECT`: beside columns of single rows, and where the rows are still chosen.
//!
//! Invariant: where a part is not understood nothing is said, and neither is where the rows are grouped by a
//! key, which makes every column of its table one of the group.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, InTarget,
    Select, SelectItem, Value,
};

/// PostgreSQL's functions over rows; one of an author's own schema may be one too.
pub const AGGREGATES: &[&str] = &[
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "every",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "max",
    "min",
    "stddev",
    "string_agg",
    "sum",
    "variance",
];

/// What PostgreSQL refuses of a `SELECT`.
#[derive(Debug, Default)]
pub(super) struct Grouping<'q> {
    /// Functions over rows in `WHERE`.
    pub(super) misplaced: Vec<&'q Ident>,
    /// Columns that are neither grouped nor inside of a function over rows, with the name before the dot.
    pub(super) ungrouped: Vec<(Option<&'q Ident>, &'q Ident)>,
}

impl<'q> Grouping<'q> {
    pub(super) fn of(select: &'q Select) -> Self {
        let mut misplaced = Vec::new();
        if let Some(it) = &select.selection {
            aggregates(it, &mut misplaced);
        }
        Self { misplaced, ungrouped: ungrouped(select).unwrap_or_default() }
    }
}

/// The columns of a `SELECT` that are no part of its groups; nothing where that is not surely known.
fn ungrouped(select: &Select) -> Option<Vec<(Option<&Ident>, &Ident)>> {
    let GroupByExpr::Expressions(by, modifiers) = &select.group_by else { return None };
    let outputs: Vec<&Expr> = select.projection.iter().map(output).collect::<Option<_>>()?;
    let mut over_rows = Vec::new();
    let having = select.having.iter();
    outputs.iter().copied().chain(having).for_each(|it| aggregates(it, &mut over_rows));
    if (by.is_empty() && over_rows.is_empty()) || !modifiers.is_empty() {
        return Some(Vec::new());
    }
    let groups: Vec<&Expr> = by.iter().map(|it| meant(select, it)).collect::<Option<_>>()?;
    let is_key = |it: &&Expr| column(it).is_some_and(|it| it.1.value.starts_with("pk_"));
    if groups.iter().any(is_key) {
        return None;
    }
    let mut found = Vec::new();
    for it in outputs {
        single(it, &groups, &mut found)?;
    }
    Some(found)
}

fn output(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(it) | SelectItem::ExprWithAlias { expr: it, .. } => Some(it),
        _ => None,
    }
}

/// What rows are grouped by: an expression, or the number or the alias of a result.
fn meant<'q>(select: &'q Select, by: &'q Expr) -> Option<&'q Expr> {
    match by {
        Expr::Value(it) => {
            let Value::Number(number, _) = &it.value else { return None };
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            output(select.projection.get(at)?)
        }
        Expr::Identifier(name) => {
            let is_it = |it: &&SelectItem| matches!(it, SelectItem::ExprWithAlias { alias, .. } if alias.value == name.value);
            Some(select.projection.iter().find(is_it).and_then(output).unwrap_or(by))
        }
        _ => Some(by),
    }
}

/// The columns of an expression that are of single rows; nothing where a part of it is not understood.
fn single<'q>(
    expression: &'q Expr,
    groups: &[&Expr],
    found: &mut Vec<(Option<&'q Ident>, &'q Ident)>,
) -> Option<()> {
    let is_group = |it: &&Expr| match (column(it), column(expression)) {
        (Some(one), Some(other)) => one.1.value.eq_ignore_ascii_case(&other.1.value),
        _ => *it == expression,
    };
    if groups.iter().any(is_group) {
        return Some(());
    }
    if let Some(it) = column(expression) {
        found.push(it);
        return Some(());
    }
    if let Expr::Function(call) = expression
        && (is_aggregate(call) || call.over.is_some())
    {
        return Some(());
    }
    for it in parts(expression)? {
        single(it, groups, found)?;
    }
    Some(())
}

fn column(expression: &Expr) -> Option<(Option<&Ident>, &Ident)> {
    match expression {
        Expr::Identifier(it) => Some((None, it)),
        Expr::CompoundIdentifier(names) => match names.as_slice() {
            [table, it] => Some((Some(table), it)),
            _ => None,
        },
        Expr::Nested(it) => column(it),
        _ => None,
    }
}

/// The functions over rows in an expression, those of queries inside left out.
fn aggregates<'q>(expression: &'q Expr, found: &mut Vec<&'q Ident>) {
    if let Expr::Function(call) = expression
        && is_aggregate(call)
    {
        found.extend(call.name.0.last().and_then(|it| it.as_ident()));
        return;
    }
    parts(expression).into_iter().flatten().for_each(|it| aggregates(it, found));
}

fn is_aggregate(call: &Function) -> bool {
    let [name] = call.name.0.as_slice() else { return false };
    let is_listed = |it: &Ident| AGGREGATES.iter().any(|one| it.value.eq_ignore_ascii_case(one));
    call.over.is_none() && (!call.within_group.is_empty() || name.as_ident().is_some_and(is_listed))
}

/// The expressions that an expression is made of; nothing where that is not understood.
fn parts(expression: &Expr) -> Option<Vec<&Expr>> {
    Some(match expression {
        Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_) => Vec::new(),
        Expr::UnaryOp { expr, .. }
        | Expr::Nested(expr)
        | Expr::Cast { expr, .. }
        | Expr::IsNull(expr)
        | Expr::IsNotNull(expr)
        | Expr::IsTrue(expr)
        | Expr::IsNotTrue(expr)
        | Expr::IsFalse(expr)
        | Expr::IsNotFalse(expr)
        | Expr::Extract { expr, .. }
        | Expr::AtTimeZone { timestamp: expr, .. } => vec![expr],
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => vec![expr, pattern],
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Between { expr, low, high, .. } => vec![expr, low, high],
        Expr::In { expr, target: InTarget::List(list), .. } => {
            std::iter::once(&**expr).chain(list).collect()
        }
        Expr::Case { operand, conditions, else_result, .. } => {
            let arms = conditions.iter().flat_map(|it| [&it.condition, &it.result]);
            operand.iter().chain(else_result).map(AsRef::as_ref).chain(arms).collect()
        }
        // A function of an author's own may be one over rows.
        Expr::Function(call) if call.name.0.len() == 1 => match &call.args {
            FunctionArguments::None => Vec::new(),
            FunctionArguments::List(list) => {
                return list.args.iter().map(argument).collect();
            }
            FunctionArguments::Subquery(_) => return None,
        },
        _ => return None,
    })
}

fn argument(argument: &FunctionArg) -> Option<&Expr> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) => Some(it),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::query_names;

    #[test]
    fn columns_of_single_rows() {
        for (query, ungrouped, misplaced) in [
            ("(SELECT name, count(*) FROM t)", "name", ""),
            ("(SELECT lower(t.name) || max(a) FROM t)", "name", ""),
            ("(SELECT name, count(*) FROM t GROUP BY name)", "", ""),
            ("(SELECT t.name AS n, b, count(*) FROM t GROUP BY n)", "b", ""),
            ("(SELECT date_trunc('day', d), a, sum(b) FROM t GROUP BY 1)", "a", ""),
            ("(SELECT a, b FROM t GROUP BY a)", "b", ""),
            ("(SELECT a, count(*) OVER (), count(b) OVER (ORDER BY c) FROM t)", "", ""),
            ("(SELECT a, count(*) FROM t GROUP BY pk_t)", "", ""),
            ("(SELECT x.f(a), count(*) FROM t)", "", ""),
            ("(SELECT a, (SELECT max(b) FROM u) FROM t)", "", ""),
            ("(SELECT max(a) FROM t WHERE max(b) > 1 AND a > 2)", "", "max"),
            ("(SELECT max(a) FROM t HAVING max(b) > 1)", "", ""),
            ("(SELECT a FROM t WHERE b > (SELECT avg(b) FROM t))", "", ""),
        ] {
            let names = query_names(query).unwrap();
            let found: Vec<&str> = names.ungrouped.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(found.join(" "), ungrouped, "{query}");
            let found: Vec<&str> = names.misplaced.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(found.join(" "), misplaced, "{query}");
        }
    }
}
