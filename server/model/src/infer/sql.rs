//! What contradicts itself inside a query in SQL: comparisons of columns with values and with each other,
//! arguments of functions, computations, functions over rows beside single ones.
//!
//! Columns are judged where the tables of the query are those of entities; a column of a query around it is not
//! known here.

use std::ops::Range;

use specql_syntax::{QueryColumn, QueryComparison, QueryNames, QuerySide, SqlValue, query_names};

use super::{
    ValueType,
    call::{count_of, refused},
    operator,
    query::{Query, operator_of},
};
use crate::{
    Entity, EntityId, Field, Type, Workspace,
    functions::{Function, function},
    types::Scalar,
};

/// A contradiction inside a query in SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryMismatch<'a> {
    /// Bytes of the query.
    pub range: Range<usize>,
    /// What contradicts what.
    pub kind: QueryMismatchKind<'a>,
}

/// The kinds of contradictions.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryMismatchKind<'a> {
    /// Two values that cannot be compared.
    Compared(ValueType<'a>, ValueType<'a>),
    /// A text in quotes that is no value of the type that it meets.
    Literal(String, ValueType<'a>),
    /// Two values that cannot be computed with.
    Computed(ValueType<'a>, ValueType<'a>),
    /// An argument that a function does not take: the function, its number from one.
    Argument(String, usize, ValueType<'a>),
    /// A function that does not take so many arguments: the fewest and the most that it takes.
    ArgumentCount(String, usize, Option<usize>),
    /// A function over rows where the rows are still chosen.
    Misplaced(String),
    /// A column of single rows beside functions over rows.
    Ungrouped(String),
    /// A column that is compared with itself, once behind the name of its table.
    Itself(String),
    /// A text in quotes that is none of the values of a column.
    EnumValue {
        /// The text.
        text: String,
        /// The entity whose table has the column.
        entity: EntityId,
        /// The field whose values they are.
        field: &'a Field,
    },
}

/// The contradictions in a query in parentheses that stands in the file of an entity.
#[must_use]
pub fn query_mismatches<'a>(
    workspace: &'a Workspace,
    own: EntityId,
    query: &str,
) -> Vec<QueryMismatch<'a>> {
    let mut found = Vec::new();
    if let Some(names) = query_names(query) {
        of_names(workspace, own, &names, &mut found);
    }
    found
}

fn of_names<'a>(
    workspace: &'a Workspace,
    own: EntityId,
    names: &QueryNames,
    found: &mut Vec<QueryMismatch<'a>>,
) {
    let query = Query { workspace, own, names };
    for it in &names.comparisons {
        found.extend(of_itself(&query, it).or_else(|| of_comparison(&query, it)));
    }
    for it in &names.values {
        found.extend(of_value(&query, it));
    }
    found.extend(names.misplaced.iter().map(|it| {
        let kind = QueryMismatchKind::Misplaced(it.name.clone());
        QueryMismatch { range: it.range.clone(), kind }
    }));
    // One is enough: `GROUP BY` is missing, or lacks what it lacks.
    // A column that there is not may be the one that is grouped by.
    let is_said = names.columns.iter().any(|it| is_unknown(&query, it));
    let mut ungrouped = names.ungrouped.iter().filter(|_| !is_said);
    found.extend(ungrouped.find(|it| is_of_query(&query, it)).map(|it| {
        let kind = QueryMismatchKind::Ungrouped(it.name.clone());
        QueryMismatch { range: it.range.clone(), kind }
    }));
    for inner in &names.inner {
        of_names(workspace, own, inner, found);
    }
}

fn of_comparison<'a>(query: &Query<'_, 'a>, it: &QueryComparison) -> Option<QueryMismatch<'a>> {
    match (&it.left.value, &it.right.value) {
        (SqlValue::Text(_), SqlValue::Text(_)) => None,
        (SqlValue::Text(text), _) => of_text(query, text, &it.left, &it.right),
        (_, SqlValue::Text(text)) => of_text(query, text, &it.right, &it.left),
        (left, right) => {
            let (left, right) = (query.of(left), query.of(right));
            let (one, other) = (left.scalar()?, right.scalar()?);
            let is_judged = |it: Scalar| !matches!(it, Scalar::Json | Scalar::Array);
            if one.compares_with(other) || !is_judged(one) || !is_judged(other) {
                return None;
            }
            let range = match (it.left.range.clone(), it.right.range.clone()) {
                (Some(left), Some(right)) => left.start..right.end.max(left.end),
                (one, other) => one.or(other)?,
            };
            Some(QueryMismatch { range, kind: QueryMismatchKind::Compared(left, right) })
        }
    }
}

/// Whether a column is one of the query's own tables, and not of a query or a statement around it.
fn is_of_query(query: &Query<'_, '_>, column: &QueryColumn) -> bool {
    let mut tables = query.names.tables.iter();
    match &column.table {
        Some(table) => tables.any(|it| it.alias.eq_ignore_ascii_case(table)),
        None => query.owner(None, &column.name.to_ascii_lowercase()).is_some(),
    }
}

/// Whether a column is of a table that has none of this name.
fn is_unknown(query: &Query<'_, '_>, column: &QueryColumn) -> bool {
    let name = column.name.to_ascii_lowercase();
    let Some(table) = &column.table else { return query.owner(None, &name).is_none() };
    let owner = query.owner(Some(table), &name);
    owner.is_some_and(|(entity, name)| !entity.table_columns().any(|it| it == name))
}

/// `t.fk_post = fk_post`: both are of the one table of the query, though one was meant to be of the row around.
/// `t.pk_post = t.pk_post`: one was meant to be of another table.
fn of_itself<'a>(query: &Query<'_, 'a>, it: &QueryComparison) -> Option<QueryMismatch<'a>> {
    let (SqlValue::Column { table: one, name }, SqlValue::Column { table: other, name: same }) =
        (&it.left.value, &it.right.value)
    else {
        return None;
    };
    if name != same {
        return None;
    }
    let is_one = match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (None, None) => true,
        _ => {
            let is_only = query.names.tables.len() == 1 && !query.names.is_open;
            is_only && query.owner(None, name).is_some()
        }
    };
    if !is_one {
        return None;
    }
    let (one, other) = (it.left.range.clone()?, it.right.range.clone()?);
    let range = one.start.min(other.start)..one.end.max(other.end);
    Some(QueryMismatch { range, kind: QueryMismatchKind::Itself(name.clone()) })
}

/// A call or a computation.
fn of_value<'a>(query: &Query<'_, 'a>, it: &QuerySide) -> Option<QueryMismatch<'a>> {
    let range = it.range.clone()?;
    // A text in quotes takes the type of what it meets.
    let of = |it: &SqlValue| match it {
        SqlValue::Text(_) => ValueType::Unknown,
        it => query.of(it),
    };
    let kind = match &it.value {
        SqlValue::Computed(left, sign, right) => {
            let (left, right) = (of(left), of(right));
            let is_open = operator::computed(left.scalar()?, operator_of(*sign), right.scalar()?);
            is_open.is_none().then_some(QueryMismatchKind::Computed(left, right))?
        }
        SqlValue::Call(name, arguments) => {
            let types: Vec<ValueType<'a>> = arguments.iter().map(of).collect();
            of_call(name, &types)?
        }
        _ => return None,
    };
    Some(QueryMismatch { range, kind })
}

fn of_call<'a>(name: &str, types: &[ValueType<'a>]) -> Option<QueryMismatchKind<'a>> {
    if let Function::Known(signatures) = function(name) {
        if let Some((least, most)) = count_of(signatures, types.len()) {
            return Some(QueryMismatchKind::ArgumentCount(name.to_owned(), least, most));
        }
        let (at, ty) = refused(types, signatures)?;
        return Some(QueryMismatchKind::Argument(name.to_owned(), at.unwrap_or_default() + 1, ty));
    }
    let first = *types.first()?;
    let scalar = first.scalar()?;
    let takes = match name {
        "sum" | "avg" => scalar.is_number() || matches!(scalar, Scalar::Interval | Scalar::Time),
        "stddev" | "variance" => scalar.is_number(),
        "bool_and" | "bool_or" | "every" => scalar == Scalar::Boolean,
        "string_agg" => matches!(scalar, Scalar::Text | Scalar::Bytea),
        "min" | "max" => !matches!(scalar, Scalar::Boolean | Scalar::Uuid | Scalar::Json),
        _ => true,
    };
    (!takes).then(|| QueryMismatchKind::Argument(name.to_owned(), 1, first))
}

fn of_text<'a>(
    query: &Query<'_, 'a>,
    text: &str,
    side: &QuerySide,
    other: &QuerySide,
) -> Option<QueryMismatch<'a>> {
    let range = side.range.clone()?;
    if let Some((entity, field)) = enum_column(query, &other.value)
        && let Type::Enum(values) = &field.ty
    {
        let unquoted = |it: &str| it.trim_matches(['\'', '"']) == text;
        let is_known = values.is_empty() || values.iter().any(|it| unquoted(&it.text));
        let kind = QueryMismatchKind::EnumValue { text: text.to_owned(), entity: entity.id, field };
        return (!is_known).then_some(QueryMismatch { range, kind });
    }
    let ty = query.of(&other.value);
    let ValueType::Scalar(scalar) = ty else { return None };
    let kind = QueryMismatchKind::Literal(text.to_owned(), ty);
    (!scalar.reads(text)).then_some(QueryMismatch { range, kind })
}

/// The field of an enum whose column a value is.
fn enum_column<'a>(query: &Query<'_, 'a>, value: &SqlValue) -> Option<(&'a Entity, &'a Field)> {
    let SqlValue::Column { table, name } = value else { return None };
    let (entity, name) = query.owner(table.as_deref(), name)?;
    let field = entity.fields.iter().find(|it| it.table_column() == name)?;
    (field.problems.is_empty() && matches!(field.ty, Type::Enum(_))).then_some((entity, field))
}
