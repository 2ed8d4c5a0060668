//! Rows that an action makes, before they are made: what their columns will hold, as a source of locks.
//! So rows to which a new row leads are locked before the first step, for called actions too.

use specql_model::{
    Entity, Write,
    expression::{Expression, ExpressionKind},
};

use super::{
    frame::Frame,
    lock_scope::{MadeRow, Scope, Source},
    rows::Link,
};
use crate::{
    constraint::default_value,
    expression::{Binding, BindingKind, Kind, Value},
    names,
    sql::{Ident, Sql, TypeName, sql},
};

impl<'a> Frame<'a> {
    /// Puts the row that an insert makes among the sources, under the name that the step gives it.
    pub(super) fn makes_row(
        &mut self,
        entity: &'a Entity,
        write: &Write,
        link: Option<&Link>,
        scope: &mut Scope,
    ) {
        let is_own = entity.id == self.env.entity.id && self.env.creates_own_row;
        if write.bind.is_none() && !is_own {
            return;
        }
        // What the values read is locked by those who ask for it.
        let read = std::mem::take(&mut self.env.read);
        let asked = std::mem::take(&mut self.env.asked);
        let made = self.made_row(entity, write, link);
        (self.env.read, self.env.asked) = (read, asked);
        let alias = self.env.alias("b");
        scope.sources.push(Source {
            alias: alias.as_str().to_owned(),
            table: Sql::default(),
            condition: None,
            entity: Some(entity.id),
            made: Some(made),
        });
        if is_own {
            scope.own_made = Some(alias.as_str().to_owned());
        }
        if let Some(name) = write.bind.as_deref() {
            self.env.bindings.push(Binding {
                name: name.text.to_string(),
                variable: Sql::of(&alias),
                kind: BindingKind::Row(entity),
            });
        }
    }

    fn made_row(&mut self, entity: &'a Entity, write: &Write, link: Option<&Link>) -> MadeRow {
        let key = names::primary_key(entity);
        let mut columns = vec![
            (Sql::of(&key).into_text(), sql!("NULL::integer AS {}", key)),
            ("id".to_owned(), Sql::raw("NULL::uuid AS id")),
        ];
        for (field, column) in self.env.catalog.columns(entity) {
            let assigned = write
                .assignments
                .iter()
                .find(|it| entity.field(it.field.as_str()).is_some_and(|it| it.name == field.name));
            let is_given = write.all_input
                || write.from.is_some()
                || write
                    .columns
                    .iter()
                    .any(|it| entity.field(it.as_str()).is_some_and(|it| it.name == field.name));
            let is_link = link.is_some_and(|it| it.column == column.name);
            self.env.is_later = false;
            let value = match assigned {
                Some(it) => self.env.assigned(&it.value, &[], &column),
                None if is_given && !is_link => {
                    let name = field.name.as_str();
                    let value = self.env.input_value(&[name], field.name.range, Some(entity));
                    self.env.coerce(value, &column.ty)
                }
                // A row that is not made yet has no key.
                None => match link.filter(|_| is_link && !self.env.creates_own_row) {
                    Some(link) => sql!("{}.{}", self.env.own_row, link.key),
                    None => Sql::raw("NULL"),
                },
            };
            let is_later = std::mem::take(&mut self.env.is_later);
            let ty = column.ty.sql_type();
            let value = match default_value(field) {
                _ if is_later => Sql::raw("NULL"),
                Some(default) if assigned.is_none() => sql!("coalesce({}, {})", value, default),
                _ => value,
            };
            let name = Sql::of(&column.name).into_text();
            columns.push((name, sql!("({})::{} AS {}", value, ty, column.name)));
        }
        columns.push(("tenant_id".to_owned(), Sql::raw("app.current_tenant_id() AS tenant_id")));
        for name in ["deleted_at", "created_at", "updated_at"] {
            columns.push((name.to_owned(), sql!("NULL::timestamptz AS {}", Ident::new(name))));
        }
        MadeRow { key: Sql::of(&key).into_text(), columns }
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
