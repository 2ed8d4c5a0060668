//! What contradicts itself inside a query in SQL: comparisons of columns with values and with each other.
//!
//! Columns are judged where the tables of the query are those of entities; a column of a query around it is not
//! known here.

use std::ops::Range;

use specql_syntax::{QueryComparison, QueryNames, QuerySide, SqlValue, query_names};

use super::{ValueType, query::Query};
use crate::{Entity, EntityId, Field, Type, Workspace, query_row::Tables, types::Scalar};

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
        found.extend(of_comparison(&query, it));
    }
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
    let tables = Tables { workspace: query.workspace, own: query.own, names: query.names };
    let (entity, name) = tables.owner(table.as_deref(), name)?;
    let field = entity.fields.iter().find(|it| it.table_column() == name)?;
    (field.problems.is_empty() && matches!(field.ty, Type::Enum(_))).then_some((entity, field))
}
