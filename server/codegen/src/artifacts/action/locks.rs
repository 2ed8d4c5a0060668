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
    lock_scope::{Scope, Source, is_inner, names_alias, sources_of},
    rows::{Count, Link, Way, way},
};
use crate::{
    catalog::ColumnType,
    expression::{Binding, BindingKind, NamedRow, Row, Value},
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
        self.env.creates_own_row = self.creates;
        self.env.bindings.clear();
        // Whatever is wrong is said when the steps are written.
        self.env.problems.truncate(problems);
        self.env.read.clear();
        self.env.asked.clear();
        let sets = self.locks.tables.values().flat_map(|it| &it.sets);
        let texts = sets.flat_map(|it| [it.from.as_str(), it.condition.as_str()]);
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
                self.look_at_call(schema.as_ref(), function.as_ref(), arguments, scope);
                self.comes_later(bind.as_ref());
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
        self.look_through(steps, scope);
        self.env.bindings.truncate(names);
        scope.sources.truncate(sources);
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
    fn translated<T>(
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

    fn look_at_values(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        target: Option<&Row<'a>>,
        link: Option<&Link>,
        scope: &Scope,
    ) {
        for it in &write.assignments {
            let Some(column) = self.env.catalog.named_column(entity, it.field.as_str()) else {
                continue;
            };
            let rows: Vec<Row<'a>> = target.cloned().into_iter().collect();
            let value =
                self.translated(scope, |frame| frame.env.assigned(&it.value, &rows, &column));
            let Some(value) = value.filter(|it| !names_alias(it.as_str(), "t$")) else { continue };
            self.add_unique_value(entity, &column, &value, scope);
            self.add_named_rows(entity, &column, &value, scope);
            if let ColumnType::Reference(Some(to)) = column.ty {
                self.add_key(to.id, &value, Strength::KeyShare, scope);
            }
        }
        // The row that a reference of the input leads to may be written by a later step, and must not go.
        for (field, column) in self.env.catalog.columns(entity) {
            let given = write.all_input
                || write.from.is_some()
                || write
                    .columns
                    .iter()
                    .any(|it| entity.field(it.as_str()).is_some_and(|it| it.name == field.name));
            let is_link = link.is_some_and(|it| it.column == column.name);
            if !given || is_link || !self.is_locked_by_value(entity, field, &column) {
                continue;
            }
            let value =
                self.env.input_value(&[field.name.as_str()], field.name.range, Some(entity));
            if let ColumnType::Reference(Some(target)) = column.ty {
                let strength = self.strength(target, Strength::KeyShare);
                self.add_set(target, &Which::Id(value.operand()), strength, scope);
                continue;
            }
            let value = self.env.coerce(value, &column.ty);
            self.add_unique_value(entity, &column, &value, scope);
            self.add_named_rows(entity, &column, &value, scope);
        }
    }

    fn add_id(&mut self, entity: &'a Entity, id: &Value<'a>, scope: &Scope) {
        self.add(entity, &Which::Id(id.operand()), scope);
    }

    fn look_at_insert(&mut self, step: &Step, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let id = self.looked_through(scope);
        let link = self.link_to_own(id, step, entity);
        // The fields of the own row mean the input still: that is what the row is made of.
        self.look_at_values(entity, write, None, link.as_ref(), scope);
        self.count_key_write(entity, write);
        self.makes_row(entity, write, link.as_ref(), scope);
    }

    fn look_at_upsert(&mut self, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let target = Row { alias: Sql::raw("t$"), entity };
        self.look_at_values(entity, write, Some(&target), None, scope);
        self.look_at_values(entity, write, None, None, scope);
        let values = self.translated(scope, |frame| frame.target_values(entity, write)).flatten();
        self.add_target(entity, values.as_deref(), scope);
        if let Some(values) = values {
            let same = values.iter().map(|(column, it)| sql!("t$.{} = {}", column.name, it));
            let live = self.env.live(&Sql::raw("t$"));
            let condition = sql!("{} AND {}", Sql::join(same, " AND "), live);
            self.add(entity, &Which::Where(condition), scope);
        }
        self.comes_later(write.bind.as_deref());
    }

    fn look_at_write(&mut self, step: &Step, write: &Write, scope: &mut Scope) {
        let Some(entity) = self.entity_of(write) else { return };
        let target = Row { alias: Sql::raw("t$"), entity };
        match &write.filter {
            Some(filter) => {
                let id = self.looked_through(scope);
                let found = self.translated(scope, |frame| {
                    let condition = frame.env.condition(filter, std::slice::from_ref(&target));
                    let live = frame.live(frame.count(id, entity, filter), &target.alias);
                    (sql!("({}) AND {}", condition, live), frame.named_row(filter, &target))
                });
                match found {
                    Some((condition, row)) => {
                        let which = row.unwrap_or_else(|| Which::Where(condition.clone()));
                        self.add(entity, &which, scope);
                        self.settle(step.range, entity, Some(filter), &condition, scope);
                        // What a column of a new row will hold may be known only then.
                        if sources_of(&condition, scope).iter().any(|it| it.made.is_some()) {
                            self.locked_late(step.range);
                        }
                    }
                    None => self.locked_late(step.range),
                }
            }
            None if entity.id == self.env.entity.id => {
                if !self.env.creates_own_row {
                    let id = self.env.input_value(&["id"], step.range, None);
                    self.add_id(entity, &id, scope);
                }
            }
            None => self.look_at_link(step, entity, scope),
        }
        self.look_at_values(entity, write, Some(&target), None, scope);
        self.count_key_write(entity, write);
        self.comes_later(write.bind.as_deref());
    }

    /// The row that a reference of the own row leads to, or the rows that refer to it.
    fn look_at_link(&mut self, step: &Step, entity: &'a Entity, scope: &Scope) {
        let own = self.env.entity;
        match way(self.env.catalog, own, entity) {
            Some(Way::Forward(link)) if self.env.creates_own_row => {
                let id = self.env.input_value(&[&link.field], own.name.range, None);
                self.add_id(entity, &id, scope);
            }
            Some(Way::Forward(link)) => {
                let key = sql!("{}.{}", self.env.own_row, link.column);
                let is_id = link.key.as_str() == "id";
                let which = if is_id { Which::Id(key) } else { Which::Key(key) };
                self.add(entity, &which, scope);
            }
            Some(Way::Backward(link)) if !self.env.creates_own_row => {
                let key = sql!("{}.{}", self.env.own_row, link.key);
                let tenant = self.env.and_tenant(&Sql::raw("t$"));
                let condition = sql!("t$.{} = {}{}", link.column, key, tenant);
                self.add(entity, &Which::Where(condition.clone()), scope);
                self.reads_rows = false;
                self.settle(step.range, entity, None, &condition, scope);
            }
            _ => {}
        }
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
    fn named_row(&mut self, filter: &Expression, row: &Row<'a>) -> Option<Which> {
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
        self.look_through(body, scope);
        self.loops -= 1;
        self.env.bindings.truncate(names);
        scope.sources.truncate(sources);
    }

    /// The steps of a called action, with what the caller gives for its inputs.
    fn look_at_call(
        &mut self,
        schema: Option<&Name>,
        function: Option<&Name>,
        arguments: &[(Option<Name>, Expression)],
        scope: &mut Scope,
    ) {
        let Some(id) = function.and_then(|it| self.action_named(schema, it)) else { return };
        if scope.stack.contains(&id) || scope.stack.len() > DEPTH {
            return;
        }
        let Some((entity, action)) = self.env.catalog.action(id) else { return };
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
            return;
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
        );
        let (sources, own_made) = (scope.sources.len(), scope.own_made.take());
        scope.stack.push(id);
        self.own_source(scope);
        self.look_through(&action.steps, scope);
        scope.stack.pop();
        scope.sources.truncate(sources);
        scope.own_made = own_made;
        (
            self.env.entity,
            self.env.action,
            self.env.given,
            self.env.bindings,
            self.env.creates_own_row,
            self.env.own_row,
        ) = outer;
        self.looked_through.insert(known, self.locks.key_writes.saturating_sub(writes));
    }

    /// A name that stands for what a step gives.
    fn comes_later(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.env.bindings.push(Binding {
                name: name.text.to_string(),
                variable: Sql::raw("NULL"),
                kind: BindingKind::Later,
            });
        }
    }

    fn locked_late(&mut self, step: TextRange) {
        if self.env.given.is_none() {
            self.unlocked.insert(step);
        }
    }

    /// The action whose steps are looked through.
    fn looked_through(&self, scope: &Scope) -> ActionId {
        scope.stack.last().copied().unwrap_or(self.id)
    }

    fn entity_of(&self, write: &Write) -> Option<&'a Entity> {
        self.env.catalog.resolve(self.env.entity.id, write.entity.as_ref()?)
    }
}
