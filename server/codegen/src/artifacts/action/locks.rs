//! The locks of an action. Invariant: every row that a step may write, that a value or a condition reads,
//! or that a new row refers to is locked before the first condition is evaluated, table by table in the
//! order of their names and row by row in the order of their keys, as strongly as what is done with it asks
//! for. So what was checked stays true until the commit, and two actions never wait for each other in a
//! circle.

use specql_model::{
    ActionId, Entity, Name, OwnRow, Step, StepKind, Write,
    expression::{BinaryOperator, Expression, ExpressionKind},
};
use specql_text::TextRange;

use super::{
    frame::Frame,
    lock_plan::{LookedThrough, Strength, Which},
    lock_scope::{Scope, Source, is_inner, names_alias},
    rows::Count,
};
use crate::{
    expression::{Binding, BindingKind, NamedRow, Row},
    names,
    sql::{Ident, Sql, sql},
};

/// How deep calls are followed.
const DEPTH: usize = 16;

impl<'a> Frame<'a> {
    /// Looks through the steps, and those of called actions, for the rows to lock.
    pub(super) fn plan_locks(&mut self, steps: &[Step]) {
        let problems = self.env.problems.len();
        let own_row = std::mem::replace(&mut self.env.own_row, Sql::raw("own$"));
        let mut scope = Scope { sources: Vec::new(), stack: vec![self.id], own_made: None };
        self.env.before_steps = true;
        self.own_source(&mut scope);
        self.look_through(steps, &mut scope);
        self.env.before_steps = false;
        self.env.own_row = own_row;
        self.env.own_row_is_used = false;
        self.env.own_row_is_left = false;
        self.env.creates_own_row = self.creates;
        self.env.bindings.clear();
        // Whatever is wrong is said when the steps are written.
        self.env.problems.truncate(problems);
        self.env.read.clear();
        self.env.asked.clear();
        let sets = self.locks.tables.values().flat_map(|it| &it.sets);
        let texts = sets.flat_map(|it| [&it.from, &it.condition, &it.for_each]).map(Sql::as_str);
        let keys = self.locks.key_locks().unwrap_or_default();
        let text = texts.chain([keys.as_str()]).collect::<Vec<_>>().join("\n");
        self.env.keep_inputs(|it| text.contains(Sql::of(it).as_str()));
    }

    /// The own row as a source, while it is one that is there.
    fn own_source(&mut self, scope: &mut Scope) {
        if self.env.creates_own_row {
            return;
        }
        let entity = self.env.entity;
        let alias = self.env.own_row.as_str().to_owned();
        let id = self.env.input_value(&["id"], entity.name.range, None);
        let made = scope.sources.iter().find(|it| {
            it.entity == Some(entity.id)
                && it.made.as_ref().is_some_and(|made| made.is_named(&it.alias, id.sql.as_str()))
        });
        if let Some(it) = made {
            self.env.own_row = Sql::of(&Ident::new(it.alias.as_str()));
            return;
        }
        scope.sources.push(Source {
            condition: Some(sql!("{}.id = {}", self.env.own_row, id.operand())),
            alias,
            table: Sql::of(&names::table(entity)),
            entity: Some(entity.id),
            made: None,
        });
    }

    fn look_through(&mut self, steps: &[Step], scope: &mut Scope) {
        for step in steps {
            self.look_at(step, scope);
        }
    }

    fn look_at(&mut self, step: &Step, scope: &mut Scope) {
        match &step.kind {
            StepKind::Validate { condition, .. } => self.look_at_demand(condition, scope),
            StepKind::If { condition, then, otherwise } => {
                self.look_at_condition(condition, scope);
                self.nested(then, scope);
                self.nested(otherwise, scope);
            }
            StepKind::Switch { subject, cases, default } => {
                self.look_at_condition(subject, scope);
                for (when, steps) in cases {
                    self.look_at_condition(when, scope);
                    self.nested(steps, scope);
                }
                self.nested(default, scope);
            }
            StepKind::Insert(write) => self.look_at_insert(step, write, scope),
            StepKind::Upsert(write) => self.look_at_upsert(write, scope),
            StepKind::Update(write) | StepKind::Delete { write, .. } => {
                self.look_at_write(step, write, scope);
            }
            StepKind::Find { write, .. } => self.look_at_find(step, write, scope),
            StepKind::ForEach { variable, collection, filter, body } => {
                self.look_at_loop(
                    step,
                    variable.as_ref(),
                    collection,
                    filter.as_ref(),
                    body,
                    scope,
                );
            }
            StepKind::Call { schema, function, arguments, bind } => {
                let is_bound = bind.is_some();
                let (schema, function) = (schema.as_ref(), function.as_ref());
                let row = self.look_at_call(schema, function, arguments, is_bound, scope);
                match (bind, row) {
                    (Some(name), Some((entity, row))) => self.env.bindings.push(Binding {
                        name: name.text.to_string(),
                        variable: row,
                        kind: BindingKind::Row(entity),
                    }),
                    (bind, _) => self.comes_later(bind.as_ref()),
                }
            }
            StepKind::Notify { .. }
            | StepKind::Reject(_)
            | StepKind::Return(_)
            | StepKind::Refresh { .. }
            | StepKind::Extended
            | StepKind::Unknown => {}
        }
    }

    fn nested(&mut self, steps: &[Step], scope: &mut Scope) {
        let (names, sources) = (self.env.bindings.len(), scope.sources.len());
        let own = self.own_row_now();
        self.look_through(steps, scope);
        self.own_row_again(own);
        self.env.bindings.truncate(names);
        scope.sources.truncate(sources);
    }

    /// What the own row is at a place of the steps: that there is none, or which.
    fn own_row_now(&self) -> (Sql, bool, bool) {
        (self.env.own_row.clone(), self.env.creates_own_row, self.env.own_row_is_left)
    }

    fn own_row_again(&mut self, now: (Sql, bool, bool)) {
        (self.env.own_row, self.env.creates_own_row, self.env.own_row_is_left) = now;
    }

    /// A condition without which the action fails. Rows that it demands not to be there need not be those that were
    /// locked: one that is there by then makes the action fail, and says why.
    fn look_at_demand(&mut self, condition: &Expression, scope: &Scope) {
        match &condition.kind {
            ExpressionKind::Binary(left, BinaryOperator::And, _, right) => {
                self.look_at_demand(left, scope);
                self.look_at_demand(right, scope);
            }
            // Other rows that its filter asks for may be what makes it not hold.
            ExpressionKind::Exists { negated: true, filter, .. }
                if filter.as_deref().is_none_or(|it| !it.asks_for_rows()) =>
            {
                self.fails_if_found = true;
                self.look_at_condition(condition, scope);
                self.fails_if_found = false;
            }
            _ => self.look_at_condition(condition, scope),
        }
    }

    /// The rows that an expression reads through references or asks for.
    fn look_at_condition(&mut self, expression: &Expression, scope: &Scope) {
        self.translated(scope, |frame| frame.env.condition(expression, &[]));
    }

    /// Translates something and locks what it reads; `None` when it needs what only a step gives.
    pub(super) fn translated<T>(
        &mut self,
        scope: &Scope,
        translate: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        self.env.read.clear();
        self.env.asked.clear();
        self.env.is_later = false;
        let res = translate(self);
        let later = std::mem::take(&mut self.env.is_later);
        let (read, asked) =
            (std::mem::take(&mut self.env.read), std::mem::take(&mut self.env.asked));
        self.reads_rows = !read.is_empty() || !asked.is_empty();
        if later {
            return None;
        }
        for it in read {
            // The row of a query inside of the expression cannot be named from here.
            let inner = it.key.as_str().split('.').next().is_some_and(|it| is_inner(it, scope));
            let Some(entity) = self.env.catalog.entity(it.entity) else { continue };
            if inner {
                continue;
            }
            if it.by_id {
                let strength = self.strength(entity, Strength::Share);
                self.add_set(entity, &Which::Id(it.key), strength, scope);
            } else {
                self.add_key(entity.id, &it.key, Strength::Share, scope);
            }
        }
        for it in asked {
            if !self.written.contains(&it.entity.id) {
                continue;
            }
            let (table, key) = (names::table(it.entity), names::primary_key(it.entity));
            // Where the condition speaks of another row `t$`, the rows are asked for one level deeper.
            let rows = if names_alias(it.condition.as_str(), "t$") {
                sql!(
                    "t$.{} IN (SELECT {}.{} FROM {} AS {} WHERE {})",
                    key,
                    it.alias,
                    key,
                    table,
                    it.alias,
                    it.condition
                )
            } else {
                it.condition.aliased(&it.alias, "t$")
            };
            self.add_asked(it.entity, &Which::Where(rows), scope);
            if it.parents.is_empty() {
                self.guard(&table);
            }
            for (parent, key) in it.parents {
                // Two calls that ask whether a row is missing wait for each other there.
                self.add_key(parent.id, &key, Strength::NoKeyUpdate, scope);
            }
        }
        Some(res)
    }

    fn look_at_find(&mut self, step: &Step, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let target = Row { alias: Sql::raw("t$"), entity };
        let name =
            write.bind.as_deref().map_or_else(|| entity.snake_name(), |it| it.text.to_string());
        let Some(filter) = &write.filter else {
            return self.comes_later(Some(&Name::new(name.as_str(), TextRange::empty(0))));
        };
        let found = self.translated(scope, |frame| {
            let condition = frame.env.condition(filter, std::slice::from_ref(&target));
            (condition, frame.named_row(filter, &target))
        });
        let Some((condition, row)) = found else {
            return self.comes_later(Some(&Name::new(name.as_str(), TextRange::empty(0))));
        };
        let count = self.count(self.looked_through(scope), entity, filter);
        let sets = |frame: &Self| {
            let table = names::table(entity).catalogue_text();
            frame.locks.tables.get(&table).map_or(0, |it| it.sets.len())
        };
        let before = sets(self);
        self.add_live(entity, &condition, row, count, scope);
        let is_alone = sets(self) > before;
        let is_settled = self.settle(step.range, entity, Some(filter), &condition, scope);
        if is_alone && self.loops == 0 && is_settled {
            self.takes_first(entity);
        }
        self.bind_rows(&name, entity, Some(filter), scope);
    }

    /// A `find` locks the row that it takes, and not all that it could take, where nothing else of the
    /// action looks at them; whatever does so later takes this back.
    fn takes_first(&mut self, entity: &Entity) {
        let table = names::table(entity).catalogue_text();
        let sets = self.locks.tables.get_mut(&table).map(|it| &mut it.sets);
        if let Some(set) = sets.and_then(|it| it.last_mut()) {
            set.first_only = true;
        }
    }

    /// Rows that a step finds: what it reads of them, and where they lead, stays so.
    fn add_live(
        &mut self,
        entity: &'a Entity,
        condition: &Sql,
        row: Option<Which>,
        count: Count,
        scope: &Scope,
    ) {
        let live = self.live(count, &Sql::raw("t$"));
        let which = row.unwrap_or_else(|| Which::Where(sql!("({}) AND {}", condition, live)));
        let strength = self.strength(entity, Strength::Share);
        self.add_set(entity, &which, strength, scope);
    }

    /// The one row that a condition names by its id: another condition that means it locks it once.
    pub(super) fn named_row(&mut self, filter: &Expression, row: &Row<'a>) -> Option<Which> {
        let (which, value) = match self.env.named_row(filter, row)? {
            NamedRow::Id(it) => (Which::Id(it.clone()), it),
            NamedRow::Key(it) => (Which::Key(it.clone()), it),
        };
        (!names_alias(value.as_str(), row.alias.as_str())).then_some(which)
    }

    /// A name for the rows of an entity that a condition finds.
    fn bind_rows(
        &mut self,
        name: &str,
        entity: &'a Entity,
        filter: Option<&Expression>,
        scope: &mut Scope,
    ) {
        let alias = self.env.alias("b");
        let row = Row { alias: Sql::of(&alias), entity };
        let count =
            filter.map_or(Count::Many, |it| self.count(self.looked_through(scope), entity, it));
        let live = self.live(count, &Sql::of(&alias));
        let condition = match filter {
            Some(it) => sql!("({}) AND {}", self.env.condition(it, &[row]), live),
            None => live,
        };
        scope.sources.push(Source {
            alias: alias.as_str().to_owned(),
            table: Sql::of(&names::table(entity)),
            condition: Some(condition),
            entity: Some(entity.id),
            made: None,
        });
        let variable = Sql::of(&alias);
        self.env.bindings.push(Binding {
            name: name.to_owned(),
            variable,
            kind: BindingKind::Row(entity),
        });
    }

    fn look_at_loop(
        &mut self,
        step: &Step,
        variable: Option<&Name>,
        collection: &Expression,
        filter: Option<&Expression>,
        body: &[Step],
        scope: &mut Scope,
    ) {
        let (names, sources) = (self.env.bindings.len(), scope.sources.len());
        let name = variable.map_or("item", Name::as_str);
        if let Some(entity) = self.looped_entity(collection) {
            let target = Row { alias: Sql::raw("t$"), entity };
            let found = self.translated(scope, |frame| {
                let Some(filter) = filter else { return (Sql::raw("true"), None) };
                let condition = frame.env.condition(filter, std::slice::from_ref(&target));
                (condition, frame.named_row(filter, &target))
            });
            if let Some((condition, row)) = found {
                let count = filter
                    .map_or(Count::Many, |it| self.count(self.looked_through(scope), entity, it));
                self.add_live(entity, &condition, row, count, scope);
                self.settle(step.range, entity, filter, &condition, scope);
            }
            self.bind_rows(name, entity, filter, scope);
        } else {
            let found = self.translated(scope, |frame| frame.collection(step, collection, filter));
            match found.flatten() {
                Some((query, _, kind)) => {
                    let alias = self.env.alias("b");
                    let (table, variable) = match &kind {
                        // The list may be in a row that stands before it.
                        BindingKind::Item(_) => {
                            (sql!("LATERAL ({}) AS {}", query, alias), sql!("{}.value", alias))
                        }
                        _ => (sql!("({}) AS {}", query, alias), Sql::of(&alias)),
                    };
                    scope.sources.push(Source {
                        alias: alias.as_str().to_owned(),
                        table,
                        condition: None,
                        entity: None,
                        made: None,
                    });
                    self.env.bindings.push(Binding { name: name.to_owned(), variable, kind });
                }
                None => self.comes_later(Some(&Name::new(name, step.range))),
            }
        }
        self.loops += 1;
        self.nested(body, scope);
        self.loops -= 1;
        self.env.bindings.truncate(names);
        scope.sources.truncate(sources);
    }

    /// The steps of a called action, with what the caller gives for its inputs. Gives the row that a name for its
    /// result means, where that is known.
    fn look_at_call(
        &mut self,
        schema: Option<&Name>,
        function: Option<&Name>,
        arguments: &[(Option<Name>, Expression)],
        is_bound: bool,
        scope: &mut Scope,
    ) -> Option<(&'a Entity, Sql)> {
        let id = function.and_then(|it| self.action_named(schema, it))?;
        if scope.stack.contains(&id) || scope.stack.len() > DEPTH {
            return None;
        }
        let (entity, action) = self.env.catalog.action(id)?;
        let mut given = Vec::new();
        for (name, value) in self.arguments(action, arguments) {
            let made = self.made_argument(value, scope);
            let value =
                made.or_else(|| self.translated(scope, |frame| frame.argument_value(value)));
            if let Some(value) = value {
                let name = entity.field(&name).map_or(name.clone(), |it| it.name.text.to_string());
                given.push((name, value));
            }
        }
        let known = LookedThrough {
            action: id,
            given: given.iter().map(|it| (it.0.clone(), it.1.sql.as_str().to_owned())).collect(),
            in_loop: self.loops > 0,
        };
        let writes = self.locks.key_writes;
        if let Some(count) = self.looked_through.get(&known) {
            self.locks.count_key_writes(*count);
            return None;
        }
        let creates = self.env.catalog.workspace().own_row(id) == OwnRow::Awaited;
        let alias = Sql::of(&self.env.alias("own"));
        let outer = (
            std::mem::replace(&mut self.env.entity, entity),
            std::mem::replace(&mut self.env.action, action),
            self.env.given.replace(given),
            std::mem::take(&mut self.env.bindings),
            std::mem::replace(&mut self.env.creates_own_row, creates),
            std::mem::replace(&mut self.env.own_row, alias),
            std::mem::take(&mut self.env.own_row_is_left),
        );
        let (sources, own_made) = (scope.sources.len(), scope.own_made.take());
        scope.stack.push(id);
        self.own_source(scope);
        self.look_through(&action.steps, scope);
        scope.stack.pop();
        let is_of_own = self.env.catalog.primary(id).is_some_and(|it| it.0.id == entity.id);
        let row = if self.env.creates_own_row {
            scope.own_made.take().map(|it| Sql::of(&Ident::new(it)))
        } else {
            Some(self.env.own_row.clone())
        };
        let row = row.filter(|_| is_bound && is_of_own);
        if row.is_none() {
            scope.sources.truncate(sources);
        }
        scope.own_made = own_made;
        (
            self.env.entity,
            self.env.action,
            self.env.given,
            self.env.bindings,
            self.env.creates_own_row,
            self.env.own_row,
            self.env.own_row_is_left,
        ) = outer;
        self.looked_through.insert(known, self.locks.key_writes.saturating_sub(writes));
        row.map(|it| (entity, it))
    }

    /// A name that stands for what a step gives.
    pub(super) fn comes_later(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.env.bindings.push(Binding {
                name: name.text.to_string(),
                variable: Sql::raw("NULL"),
                kind: BindingKind::Later,
            });
        }
    }

    pub(super) fn locked_late(&mut self, step: TextRange) {
        if self.env.given.is_none() {
            self.unlocked.insert(step);
        }
    }

    /// The action whose steps are looked through.
    pub(super) fn looked_through(&self, scope: &Scope) -> ActionId {
        scope.stack.last().copied().unwrap_or(self.id)
    }

    pub(super) fn entity_of(&self, write: &Write) -> Option<&'a Entity> {
        self.env.catalog.resolve(self.env.entity.id, write.entity.as_ref()?)
    }
}
