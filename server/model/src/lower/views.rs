//! The block `table_views` of an entity.

use specql_syntax::{Name, ast};

use crate::views::{FilterColumn, TableViews, ViewRelation};

pub(super) fn views(block: ast::TableViews<'_>) -> TableViews {
    let column = |(name, it): (Name, Option<ast::FilterColumn<'_>>)| FilterColumn {
        name,
        source: it.and_then(ast::FilterColumn::source),
    };
    TableViews {
        relations: block.relations().map(relation).collect(),
        columns: block.columns().map(column).collect(),
    }
}

fn relation((name, it): (&Name, ast::ViewRelation<'_>)) -> ViewRelation {
    ViewRelation {
        name: name.clone(),
        fields: it.fields().unwrap_or_default().into(),
        relations: it.relations().map(relation).collect(),
    }
}
