//! How a step finds its rows: by its condition, the own row, or the one `ref` between the two entities.

use specql_model::{ActionId, Entity, Field, RowFilter, RowSource, expression::Expression};
use specql_text::TextRange;

use super::frame::Frame;
use crate::{
    catalog::Catalog,
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
    Where { condition: Sql, promised: Option<Sql>, through: Option<String>, count: Count },
}

/// How many rows a condition can hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// One, which its key finds.
    OneByKey,
    /// One, which the index of a unique field finds. That index has live rows only.
    OneByField,
    Many,
}

impl Count {
    pub(super) fn of(filter: RowFilter<'_>) -> Self {
        match (filter.names_id(), filter.names_one_row()) {
            (true, _) => Self::OneByKey,
            (false, true) => Self::OneByField,
            (false, false) => Self::Many,
        }
    }
}

/// A `ref` field between two entities.
pub(super) struct Link {
    pub(super) field: String,
    pub(super) column: Ident,
    /// The column of the row that it leads to which its own column holds.
    pub(super) key: Ident,
    /// It holds nothing, or a row of another entity.
    may_miss: bool,
    nullable: bool,
}

/// Which of two entities has the `ref` field.
pub(super) enum Way {
    /// The own one.
    Forward(Link),
    /// The written one.
    Backward(Link),
}

impl Link {
    /// The link of a `ref` field that leads to an entity.
    pub(super) fn new(catalog: Catalog<'_>, from: &Entity, field: &Field, to: &Entity) -> Self {
        let column = catalog.column(from, field);
        let has_several = field.ty.targets().len() > 1;
        Self {
            field: column.field,
            column: column.name,
            key: if has_several { Ident::new("id") } else { names::primary_key(to) },
            may_miss: has_several,
            nullable: field.nullable,
        }
    }
}

/// The one link between two entities, if there is one.
pub(super) fn way(catalog: Catalog<'_>, own: &Entity, entity: &Entity) -> Option<Way> {
    match catalog.workspace().rows_between(own, entity) {
        RowSource::Reference { field, forward: true, .. } => {
            Some(Way::Forward(Link::new(catalog, own, own.field(&field)?, entity)))
        }
        RowSource::Reference { field, forward: false, .. } => {
            Some(Way::Backward(Link::new(catalog, entity, entity.field(&field)?, own)))
        }
        _ => None,
    }
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
        let own = self.env.entity;
        if entity.id == own.id {
            self.env.own_row_is_used = true;
            return Some(Rows::Own);
        }
        match way(self.env.catalog, own, entity) {
            Some(Way::Forward(link)) => {
                let key = self.own_link(&link);
                let promised = match (link.may_miss, link.nullable) {
                    (true, _) => None,
                    (false, true) => Some(sql!("{} IS NOT NULL", key)),
                    (false, false) => Some(Sql::raw("true")),
                };
                Some(Rows::Where {
                    condition: sql!("t$.{} = {}", link.key, key),
                    promised,
                    through: Some(link.field),
                    count: Count::OneByKey,
                })
            }
            Some(Way::Backward(link)) => {
                let row = self.env.own();
                Some(Rows::Where {
                    condition: sql!("t$.{} = {}.{}", link.column, row.alias, link.key),
                    promised: None,
                    through: None,
                    count: Count::Many,
                })
            }
            None => {
                self.no_way(entity, range);
                None
            }
        }
    }

    /// Says why nothing tells which rows of an entity are meant.
    fn no_way(&mut self, entity: &Entity, range: TextRange) {
        let own = self.env.entity;
        let message = match self.env.catalog.workspace().rows_between(own, entity) {
            RowSource::Ambiguous(fields) => {
                let names: Vec<String> = fields.iter().map(|it| format!("`{it}`")).collect();
                format!(
                    "{} lead to `{}`, so nothing says which rows are meant; add a `WHERE`",
                    names.join(" and "),
                    entity.name.text
                )
            }
            _ => format!(
                "no `ref` leads from `{}` to `{}`, so nothing says which rows are meant; add a `WHERE`",
                own.name.text, entity.name.text
            ),
        };
        self.env.problem(ProblemKind::UntranslatedStep, range, &message);
    }

    /// What the column of a link of the own row holds; what the input gives before the row is inserted.
    pub(super) fn own_link(&mut self, link: &Link) -> Sql {
        if self.env.creates_own_row
            && let Some(field) = self.env.entity.field(&link.field)
        {
            let entity = self.env.entity;
            if link.may_miss {
                return self
                    .env
                    .input_value(&[&link.field], field.name.range, Some(entity))
                    .operand();
            }
            let index = self.env.input_of_field(entity, field);
            return self.env.input_key(index);
        }
        sql!("{}.{}", self.env.own().alias, link.column)
    }

    /// Whether a row lives, in words that leave the planner the index that finds it.
    pub(super) fn live(&self, count: Count, alias: &Sql) -> Sql {
        if count == Count::OneByKey { self.env.live_one(alias) } else { self.env.live(alias) }
    }

    /// How many rows of an entity the condition of a step of an action can hold for.
    pub(super) fn count(&self, action: ActionId, entity: &Entity, condition: &Expression) -> Count {
        let workspace = self.env.catalog.workspace();
        Count::of(RowFilter { workspace, action, entity, condition })
    }

    fn filtered(&mut self, entity: &'a Entity, filter: &Expression) -> Rows {
        let row = crate::expression::Row { alias: Sql::raw("t$"), entity };
        let condition = self.env.condition(filter, &[row]);
        let count = self.count(self.id, entity, filter);
        Rows::Where {
            condition: sql!("({})", condition),
            promised: (count != Count::Many).then(|| Sql::raw("true")),
            through: None,
            count,
        }
    }
}
