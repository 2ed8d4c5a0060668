//! How a step without `WHERE` finds its row: the own row, or the one `ref` between the two entities.

use specql_model::{
    Entity,
    expression::{BinaryOperator, Expression, ExpressionKind},
};
use specql_text::TextRange;

use super::frame::Frame;
use crate::{
    catalog::{Catalog, ColumnType},
    names,
    problem::ProblemKind,
    sql::{Ident, Sql, sql},
};

/// Which rows a write goes to.
pub(super) enum Rows {
    /// The own row, which is loaded.
    Own,
    /// Those for which a condition on the alias `t$` holds; `promised` is the condition under which
    /// there has to be one.
    Where { condition: Sql, promised: Option<Sql>, through: Option<String>, one: bool },
}

/// A `ref` field between two entities.
pub(super) struct Link {
    pub(super) field: String,
    pub(super) column: Ident,
    pub(super) nullable: bool,
}

/// The `ref` fields of `from` that lead to `to`.
pub(super) fn links<'a>(catalog: Catalog<'a>, from: &'a Entity, to: &Entity) -> Vec<Link> {
    let columns = catalog.columns(from).into_iter();
    columns
        .filter(
            |(_, column)| matches!(column.ty, ColumnType::Reference(Some(it)) if it.id == to.id),
        )
        .map(|(field, column)| Link {
            field: column.field,
            column: column.name,
            nullable: field.nullable,
        })
        .collect()
}

impl<'a> Frame<'a> {
    /// Finds the rows of a step; `None`, with a problem, when nothing says which.
    pub(super) fn rows(
        &mut self,
        entity: &'a Entity,
        filter: Option<&Expression>,
        range: TextRange,
    ) -> Option<Rows> {
        if let Some(filter) = filter {
            return Some(self.filtered(entity, filter));
        }
        if entity.id == self.env.entity.id {
            self.env.own_row_is_used = true;
            return Some(Rows::Own);
        }
        let own = self.env.entity;
        let forward = links(self.env.catalog, own, entity);
        let backward = links(self.env.catalog, entity, own);
        match (forward.as_slice(), backward.as_slice()) {
            ([link], []) => {
                let key = self.own_link(link);
                let promised =
                    if link.nullable { sql!("{} IS NOT NULL", key) } else { Sql::raw("true") };
                Some(Rows::Where {
                    condition: sql!("t$.{} = {}", names::primary_key(entity), key),
                    promised: Some(promised),
                    through: Some(link.field.clone()),
                    one: true,
                })
            }
            ([], [link]) => {
                let row = self.env.own();
                Some(Rows::Where {
                    condition: sql!(
                        "t$.{} = {}.{}",
                        link.column,
                        row.alias,
                        names::primary_key(own)
                    ),
                    promised: None,
                    through: None,
                    one: false,
                })
            }
            ([], []) => {
                let message = format!(
                    "no `ref` leads from `{}` to `{}`, so nothing says which rows are meant; add a `WHERE`",
                    own.name.text, entity.name.text
                );
                self.env.problem(ProblemKind::UntranslatedStep, range, &message);
                None
            }
            _ => {
                let names: Vec<String> =
                    forward.iter().chain(&backward).map(|it| format!("`{}`", it.field)).collect();
                let message = format!(
                    "{} lead to `{}`, so nothing says which rows are meant; add a `WHERE`",
                    names.join(" and "),
                    entity.name.text
                );
                self.env.problem(ProblemKind::UntranslatedStep, range, &message);
                None
            }
        }
    }

    /// The key that a link of the own row has, of the input before the row is inserted.
    pub(super) fn own_link(&mut self, link: &Link) -> Sql {
        if self.env.creates_own_row
            && let Some(field) = self.env.entity.field(&link.field)
        {
            let entity = self.env.entity;
            let index = self.env.input_of_field(entity, field);
            return self.env.input_key(index);
        }
        sql!("{}.{}", self.env.own().alias, link.column)
    }

    fn filtered(&mut self, entity: &'a Entity, filter: &Expression) -> Rows {
        let row = crate::expression::Row { alias: Sql::raw("t$"), entity };
        let condition = self.env.condition(filter, &[row]);
        let one = names_one_row(entity, filter);
        Rows::Where {
            condition: sql!("({})", condition),
            promised: one.then(|| Sql::raw("true")),
            through: None,
            one,
        }
    }
}

/// Whether a condition can hold for one row only: `id = …` or a unique field `= …`, perhaps with more.
pub(super) fn names_one_row(entity: &Entity, filter: &Expression) -> bool {
    let names_key = |it: &Expression| match &it.kind {
        ExpressionKind::Path(path) if !path.dollar && path.segments.len() == 1 => {
            path.first().is_some_and(|it| {
                it.text == "id" || entity.field(&it.text).is_some_and(|it| it.unique)
            })
        }
        _ => false,
    };
    match &filter.kind {
        ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) => {
            names_key(left) || names_key(right)
        }
        ExpressionKind::Binary(left, BinaryOperator::And, _, right) => {
            names_one_row(entity, left) || names_one_row(entity, right)
        }
        _ => false,
    }
}
