//! Rows as steps leave them, before the steps run: what their columns will hold, as a source of locks. So rows
//! to which they lead are locked before the first step, for called actions too.

use specql_model::{
    Entity, Field, Write,
    expression::{Expression, ExpressionKind},
};

use super::{
    frame::Frame,
    lock_scope::{MadeRow, Scope, Source},
    rows::Link,
};
use crate::{
    catalog::Column,
    constraint::default_value,
    expression::{Binding, BindingKind, Kind, Row, Value},
    names,
    sql::{Ident, Sql, TypeName, sql},
};

/// How a step leaves a row.
#[derive(Clone, Copy)]
enum Left<'l> {
    /// It makes the row, which may belong to the own one.
    New(Option<&'l Link>),
    /// It changes the row of an alias.
    Changed(&'l Ident),
    /// It changes the row of an alias, or makes it where that has none.
    Upserted(&'l Ident),
}

/// What a step writes to a column.
enum Written {
    Assigned(Sql),
    /// By the input, which may leave it out.
    Given(Sql),
}

impl<'a> Frame<'a> {
    /// Puts the row that an insert makes among the sources, under the name that the step gives it.
    pub(super) fn makes_row(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        link: Option<&Link>,
        scope: &mut Scope,
    ) {
        if write.bind.is_none() && !self.makes_own_row(entity) {
            return;
        }
        let columns = self.unread(|frame| frame.columns(entity, write, Left::New(link)));
        let alias = self.leave(entity, columns, Sql::default(), scope);
        if self.makes_own_row(entity) {
            scope.own_made = Some(alias.as_str().to_owned());
        }
        self.bind_left(entity, write, &alias);
    }

    /// The same of the row that an upsert leaves: the one that its condition on `t$` finds, or a new one.
    /// From here on it is the own row, where the action has none before.
    pub(super) fn leaves_row(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        condition: &Sql,
        scope: &mut Scope,
    ) {
        let is_own = self.makes_own_row(entity);
        if write.bind.is_none() && !is_own {
            return;
        }
        let row = self.env.alias("u");
        let columns = self.unread(|frame| frame.columns(entity, write, Left::Upserted(&row)));
        let condition = condition.with_alias("t$", &Sql::of(&row));
        let table = names::table(entity);
        let from = sql!(" FROM (SELECT) AS n$ LEFT JOIN {} AS {} ON {}", table, row, condition);
        let alias = self.leave(entity, columns, from, scope);
        self.bind_left(entity, write, &alias);
        if is_own {
            self.env.own_row = Sql::of(&alias);
            self.env.creates_own_row = false;
            self.env.own_row_is_left = true;
        }
    }

    /// The same of a row that is there, and that a write by a condition on `t$` leaves.
    pub(super) fn changes_row(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        condition: &Sql,
        scope: &mut Scope,
    ) {
        if write.bind.is_none() {
            return;
        }
        let row = self.env.alias("u");
        let columns = self.unread(|frame| frame.columns(entity, write, Left::Changed(&row)));
        let condition = condition.with_alias("t$", &Sql::of(&row));
        let from = sql!(" FROM {} AS {} WHERE {}", names::table(entity), row, condition);
        let alias = self.leave(entity, columns, from, scope);
        self.bind_left(entity, write, &alias);
    }

    /// Whether a step that makes a row of an entity makes the own one.
    fn makes_own_row(&self, entity: &Entity) -> bool {
        entity.id == self.env.entity.id && self.env.creates_own_row
    }

    /// Translates values whose rows are locked by those who ask for them.
    fn unread<T>(&mut self, translate: impl FnOnce(&mut Self) -> T) -> T {
        let read = std::mem::take(&mut self.env.read);
        let asked = std::mem::take(&mut self.env.asked);
        let res = translate(self);
        (self.env.read, self.env.asked) = (read, asked);
        res
    }

    /// A row among the sources.
    fn leave(
        &mut self,
        entity: &'a Entity,
        columns: Vec<(String, Sql)>,
        from: Sql,
        scope: &mut Scope,
    ) -> Ident {
        let key = Sql::of(&names::primary_key(entity)).into_text();
        let alias = self.env.alias("b");
        scope.sources.push(Source {
            alias: alias.as_str().to_owned(),
            table: Sql::default(),
            condition: None,
            entity: Some(entity.id),
            made: Some(MadeRow { key, columns, from }),
        });
        alias
    }

    fn bind_left(&mut self, entity: &'a Entity, write: &Write, alias: &Ident) {
        if let Some(name) = write.bind.as_deref() {
            self.env.bindings.push(Binding {
                name: name.text.to_string(),
                variable: Sql::of(alias),
                kind: BindingKind::Row(entity),
            });
        }
    }

    /// What a step leaves in the columns of a row.
    fn columns(&mut self, entity: &'a Entity, write: &Write, left: Left<'_>) -> Vec<(String, Sql)> {
        let mut res = Vec::new();
        let mut add = |name: &Ident, ty: &str, value: &Sql| {
            let text = Sql::of(name).into_text();
            res.push((text, sql!("({})::{} AS {}", value, TypeName::new(ty), name)));
        };
        let before = |name: &Ident| match left {
            Left::New(_) => Sql::raw("NULL"),
            Left::Upserted(row) | Left::Changed(row) => sql!("{}.{}", row, name),
        };
        let key = names::primary_key(entity);
        add(&key, "integer", &before(&key));
        let built_in = [
            ("id", "uuid"),
            ("deleted_at", "timestamptz"),
            ("created_at", "timestamptz"),
            ("updated_at", "timestamptz"),
        ];
        for (name, ty) in built_in {
            let name = Ident::new(name);
            add(&name, ty, &before(&name));
        }
        add(&Ident::new("tenant_id"), "uuid", &Sql::raw("app.current_tenant_id()"));
        for (field, column) in self.env.catalog.columns(entity) {
            let value = match left {
                Left::New(link) => {
                    let written = self.written_value(entity, write, field, &column, &[]);
                    self.value_of_new(written, field, &column, link)
                }
                Left::Changed(row) => self.value_of_changed(entity, write, field, &column, row),
                Left::Upserted(row) => {
                    let default = Row { alias: Sql::raw("default$"), entity };
                    let written = self.written_value(entity, write, field, &column, &[default]);
                    let new = self.value_of_new(written, field, &column, None);
                    let changed = if write.keeps_existing() {
                        sql!("{}.{}", row, column.name)
                    } else {
                        self.value_of_changed(entity, write, field, &column, row)
                    };
                    if new == changed {
                        new
                    } else {
                        sql!("CASE WHEN {}.id IS NULL THEN {} ELSE {} END", row, new, changed)
                    }
                }
            };
            let name = Sql::of(&column.name).into_text();
            let ty = column.ty.sql_type();
            res.push((name, sql!("({})::{} AS {}", value, ty, column.name)));
        }
        res
    }

    /// What a column of a new row holds.
    fn value_of_new(
        &self,
        written: Option<Written>,
        field: &Field,
        column: &Column<'a>,
        link: Option<&Link>,
    ) -> Sql {
        let link = link.filter(|it| it.column == column.name);
        let value = match written {
            Some(Written::Assigned(it)) => return it,
            Some(Written::Given(it)) if link.is_none() => it,
            // A row that is not made yet has no key.
            _ => match link.filter(|_| !self.env.creates_own_row) {
                Some(link) => sql!("{}.{}", self.env.own_row, link.key),
                None => Sql::raw("NULL"),
            },
        };
        match default_value(field) {
            Some(default) => sql!("coalesce({}, {})", value, default),
            None => value,
        }
    }

    /// What a step leaves in a column of a row that is there.
    fn value_of_changed(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        field: &'a Field,
        column: &Column<'a>,
        row: &Ident,
    ) -> Sql {
        let before = sql!("{}.{}", row, column.name);
        let target = Row { alias: Sql::of(row), entity };
        match self.written_value(entity, write, field, column, &[target]) {
            Some(Written::Assigned(it)) => it,
            Some(Written::Given(it)) => sql!("coalesce({}, {})", it, before),
            None => before,
        }
    }

    /// What a step writes to a column, `rows` being those that its values name; nothing of what a step before
    /// gives.
    fn written_value(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        field: &'a Field,
        column: &Column<'a>,
        rows: &[Row<'a>],
    ) -> Option<Written> {
        self.env.is_later = false;
        let res = if let Some(it) = write.assigned(entity, field) {
            Written::Assigned(self.env.assigned(&it.value, rows, column))
        } else if write.takes(entity, field) {
            let value =
                self.env.input_value(&[field.name.as_str()], field.name.range, Some(entity));
            Written::Given(self.env.coerce(value, &column.ty))
        } else {
            return None;
        };
        let is_later = std::mem::take(&mut self.env.is_later);
        Some(if is_later { Written::Assigned(Sql::raw("NULL")) } else { res })
    }

    /// What a call is given, where that is a row that is not there yet: its id or its key.
    pub(super) fn made_argument(&mut self, value: &Expression, scope: &Scope) -> Option<Value<'a>> {
        let ExpressionKind::Path(path) = &value.kind else { return None };
        match (path.segments.as_slice(), &scope.own_made) {
            ([name], Some(alias))
                if name.as_str() == "id"
                    && self.env.creates_own_row
                    && scope.sources.iter().any(|it| it.alias == *alias) =>
            {
                Some(Value::scalar(
                    sql!("{}.id", Ident::new(alias.as_str())),
                    TypeName::new("uuid"),
                ))
            }
            ([name], _) => {
                let found = self.env.bindings.iter().rev().find(|it| it.name == name.as_str())?;
                let is_made = scope
                    .sources
                    .iter()
                    .any(|it| it.made.is_some() && it.alias == found.variable.as_str());
                let BindingKind::Row(entity) = found.kind else { return None };
                let key = sql!("{}.{}", found.variable, names::primary_key(entity));
                is_made.then(|| Value::atom(key, Kind::Key(entity)))
            }
            _ => None,
        }
    }
}
