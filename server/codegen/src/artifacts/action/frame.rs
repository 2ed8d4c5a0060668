//! The state while one function is written: the expressions' environment and the rows it touches.

use specql_model::{Action, ActionId, Entity, EntityId, Operation};

use crate::{
    catalog::Catalog,
    expression::Environment,
    names,
    sql::{Ident, Lines, Literal, Sql, sql},
};

/// What is done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Updated,
    Deleted,
}

/// The rows of one entity that the action touches: variables with their ids and keys.
#[derive(Debug, Clone)]
pub(super) struct Touched<'a> {
    pub(super) entity: &'a Entity,
    pub(super) created: Option<Ident>,
    pub(super) updated: Option<Ident>,
    pub(super) deleted: Option<Ident>,
    /// The keys of all of them, for the read model.
    pub(super) keys: Ident,
    /// The fields that the steps surely write.
    pub(super) fields: Vec<String>,
    /// The `ref` field through which its one row was found, which names it in a payload.
    pub(super) through: Option<String>,
    /// A step may touch several rows.
    pub(super) many: bool,
    /// The read models of deleted rows as they were.
    pub(super) before: Option<Ident>,
}

/// The state while one function is written.
pub(super) struct Frame<'a> {
    pub(super) id: ActionId,
    /// The primary entity of the impact and what happens to it.
    pub(super) primary: &'a Entity,
    pub(super) operation: Operation,
    pub(super) env: Environment<'a>,
    /// In the order of the first write.
    pub(super) touched: Vec<Touched<'a>>,
    pub(super) creates: bool,
    /// A step calls another action, whose cascade becomes part of this one.
    pub(super) calls: bool,
    /// Inside a loop a step runs any number of times.
    pub(super) loops: u32,
    /// The entities that any step writes, known in the second pass: reading such a row locks it.
    pub(super) written: Vec<EntityId>,
    /// A step ends the action early.
    pub(super) returns: bool,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        catalog: Catalog<'a>,
        id: ActionId,
        entity: &'a Entity,
        action: &'a Action,
        creates: bool,
    ) -> Self {
        let mut env = Environment::new(catalog, entity, action);
        env.creates_own_row = creates;
        let (primary, operation) = catalog.primary(id).unwrap_or((entity, Operation::Update));
        Self {
            id,
            primary,
            operation,
            env,
            touched: Vec::new(),
            creates,
            calls: false,
            loops: 0,
            written: Vec::new(),
            returns: false,
        }
    }

    /// The variable with the ids of an entity's rows that a change was done to, declared when it is
    /// asked for first, and the one with their keys.
    pub(super) fn touch(&mut self, entity: &'a Entity, change: Change) -> (Ident, Ident) {
        let name = names::snake(entity);
        let index =
            self.touched.iter().position(|it| it.entity.id == entity.id).unwrap_or_else(|| {
                let keys = self.env.declare(
                    &format!("v_{name}_keys"),
                    Sql::raw("integer[]"),
                    Some(Sql::raw("'{}'::integer[]")),
                );
                self.touched.push(Touched {
                    entity,
                    created: None,
                    updated: None,
                    deleted: None,
                    keys,
                    fields: Vec::new(),
                    through: None,
                    many: false,
                    before: None,
                });
                self.touched.len() - 1
            });
        let known = self.touched.get(index).and_then(|it| it.ids(change).clone());
        let ids = known.unwrap_or_else(|| {
            let suffix = match change {
                Change::Created => "created",
                Change::Updated => "updated",
                Change::Deleted => "deleted",
            };
            let initial = Some(Sql::raw("'{}'::uuid[]"));
            self.env.declare(&format!("v_{name}_{suffix}"), Sql::raw("uuid[]"), initial)
        });
        match self.touched.get_mut(index) {
            Some(it) => {
                it.many |= self.loops > 0;
                *it.ids_mut(change) = Some(ids.clone());
                (ids, it.keys.clone())
            }
            None => (ids, Ident::new("")),
        }
    }

    /// The rows of an entity, if a step touches any.
    pub(super) fn touched(&self, entity: &Entity) -> Option<&Touched<'a>> {
        self.touched.iter().find(|it| it.entity.id == entity.id)
    }

    pub(super) fn touched_mut(&mut self, entity: &Entity) -> Option<&mut Touched<'a>> {
        self.touched.iter_mut().find(|it| it.entity.id == entity.id)
    }

    /// Adds rows to those touched: expressions for their ids and keys, both arrays or both single.
    pub(super) fn collect(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        change: Change,
        ids: &Sql,
        keys: &Sql,
    ) {
        let (all_ids, all_keys) = self.touch(entity, change);
        lines.push(sql!("{} := {} || {};", all_ids, all_ids, ids));
        lines.push(sql!("{} := {} || {};", all_keys, all_keys, keys));
    }

    /// The declarations, those of the frame first.
    pub(super) fn declarations(&self, lines: &mut Lines) {
        for it in [
            "v_result app.mutation_result;",
            "v_mutation_id uuid := gen_random_uuid();",
            "v_outer_mutation_id text := current_setting('app.mutation_id', true);",
            "v_field text;",
            "v_code text;",
            "v_column text;",
            "v_constraint text;",
            "v_table text;",
        ] {
            lines.push(Sql::raw(it));
        }
        if self.env.own_row_is_used {
            lines.push(sql!("{} {};", self.env.own_row, names::table(self.env.entity)));
        }
        for it in &self.env.variables {
            match &it.initial {
                Some(initial) => lines.push(sql!("{} {} := {};", it.name, it.ty, initial)),
                None => lines.push(sql!("{} {};", it.name, it.ty)),
            }
        }
    }
}

impl<'a> Touched<'a> {
    pub(super) fn ids(&self, change: Change) -> &Option<Ident> {
        match change {
            Change::Created => &self.created,
            Change::Updated => &self.updated,
            Change::Deleted => &self.deleted,
        }
    }

    fn ids_mut(&mut self, change: Change) -> &mut Option<Ident> {
        match change {
            Change::Created => &mut self.created,
            Change::Updated => &mut self.updated,
            Change::Deleted => &mut self.deleted,
        }
    }

    /// All ids that a change was done to, in the order of the writes.
    pub(super) fn all_ids(&self) -> Sql {
        let all = [&self.created, &self.updated, &self.deleted];
        Sql::join(all.into_iter().flatten().map(|it| Sql::of(it)), " || ")
    }

    /// The entity's GraphQL type.
    pub(super) fn typename(&self) -> Literal {
        Literal::text(self.entity.name.as_str())
    }
}
