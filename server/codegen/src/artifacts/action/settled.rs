//! Which rows a statement over many rows takes: those that fitted when the locks were taken. A row that
//! begins to fit later would be locked out of the order of the locks, and two actions could wait for
//! each other.

use specql_model::{
    Entity, Step, StepKind,
    expression::{Expression, ExpressionKind},
};
use specql_text::TextRange;

use super::{
    frame::Frame,
    lock_scope::{Scope, sources_of},
};
use crate::{
    names,
    sql::{Sql, sql},
};

impl<'a> Frame<'a> {
    /// Notes that the rows of a step are those that are locked for it, where its condition says of them
    /// what it said then: it looks at nothing that changes meanwhile but the rows themselves. Gives whether that
    /// is so; never of a step of a called action, whose place is one in another file.
    pub(super) fn settle(
        &mut self,
        step: TextRange,
        entity: &'a Entity,
        filter: Option<&Expression>,
        condition: &Sql,
        scope: &Scope,
    ) -> bool {
        let elsewhere = scope.stack.len() > 1 || self.reads_rows || filter.is_some_and(has_query);
        let sources = sources_of(condition, scope);
        let lists = sources.iter().filter(|it| it.entity.is_none()).map(|it| it.table.as_str());
        let text = lists.chain([condition.as_str()]).collect::<Vec<_>>().join("\n");
        let changing = sources
            .iter()
            .filter(|it| it.entity.is_some())
            .any(|it| it.alias != "own$" || !self.own_row_stays(step, entity, &text));
        let is_locked = self.locks.tables.contains_key(&names::table(entity).catalogue_text());
        let is_settled = !elsewhere && !changing && is_locked && !self.calls_functions();
        if is_settled {
            self.settled.insert(step);
        }
        is_settled
    }

    /// Whether what a condition reads of the own row is the same before the locks and at a step. The row
    /// is locked and read before tables that sort behind its own.
    fn own_row_stays(&self, step: TextRange, entity: &Entity, text: &str) -> bool {
        let own = self.env.entity;
        let key = sql!("own$.{}", names::primary_key(own));
        if !text.replace(key.as_str(), "").replace("own$.id", "").contains("own$") {
            return true;
        }
        let sorts_behind =
            names::table(entity).catalogue_text() > names::table(own).catalogue_text();
        sorts_behind && !self.creates && !self.is_written_beside(step, own)
    }

    /// Whether another step than this one, or another turn of its loop, writes an entity.
    fn is_written_beside(&self, step: TextRange, entity: &Entity) -> bool {
        let mut effects = self.env.catalog.effects(self.id).iter();
        effects.any(|it| {
            let is_step = it.action == self.id && it.step == step;
            it.entity == Some(entity.id) && (!is_step || self.loops > 0)
        })
    }

    /// Whether rows of an entity may be touched when a step is reached.
    fn is_written_before(&self, step: TextRange, entity: &Entity) -> bool {
        let mut effects = self.env.catalog.effects(self.id).iter();
        effects.any(|it| {
            let is_earlier = it.via.unwrap_or(it.step).start() < step.start();
            it.entity == Some(entity.id) && (is_earlier || self.loops > 0)
        })
    }

    /// A function of the database may change any row.
    fn calls_functions(&self) -> bool {
        let mut res = false;
        for step in &self.env.action.steps {
            step.walk(&mut |it: &Step| {
                if let StepKind::Call { schema, function: Some(function), .. } = &it.kind {
                    res |= self.action_named(schema.as_ref(), function).is_none();
                }
            });
        }
        res
    }

    /// ` AND …`: a row `t$` of a step is one that is locked, or one that this action has touched.
    pub(super) fn is_settled(&mut self, step: TextRange, entity: &'a Entity) -> Sql {
        if !self.settled.contains(&step) {
            return Sql::default();
        }
        let keys = self.locked_keys(entity);
        let locked = sql!("t$.{} = ANY ({})", names::primary_key(entity), keys);
        if self.is_written_before(step, entity) {
            sql!(
                " AND ({} OR t$.id = ANY (ARRAY(SELECT w$.id FROM unnest(touched$) AS w$)))",
                locked
            )
        } else {
            sql!(" AND {}", locked)
        }
    }

    /// The variable with the keys of the rows of an entity that are locked before the first step.
    pub(super) fn locked_keys(&mut self, entity: &Entity) -> Sql {
        if let Some(it) = self.keys.get(&entity.id) {
            return it.clone();
        }
        let wanted = format!("keys${}", entity.snake_name());
        let keys = Sql::of(&self.env.declare(&wanted, Sql::raw("integer[]"), None));
        self.keys.insert(entity.id, keys.clone());
        keys
    }
}

fn has_query(expression: &Expression) -> bool {
    let mut res = false;
    expression.walk(&mut |it| res |= matches!(it.kind, ExpressionKind::RawSql(_)));
    res
}
