//! Names and paths: `title`, `author.company.name`, `input.x`, `$x`, `old.x`.

use specql_model::{
    Entity, Field, Name,
    expression::{Expression, ExpressionKind, Path},
    infer::{Scalar, ValueType, type_of_column},
};
use specql_text::TextRange;

use super::{
    BindingKind, Environment, Kind, Read, Row, Scope, Value,
    input::{input_path, json_path},
};
use crate::{
    catalog::{Column, ColumnType},
    constraint::default_value,
    names,
    sql::{Ident, Literal, Sql, TypeName, sql},
};

impl<'a> Environment<'a> {
    pub(super) fn path(
        &mut self,
        path: &Path,
        range: TextRange,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let segments: Vec<&str> = path.segments.iter().map(Name::as_str).collect();
        let Some((first, rest)) = segments.split_first() else {
            return self.untranslated(range, "a name is missing");
        };
        if let Some(value) = self.root(path.dollar, first, rest, range, scope) {
            // A row is no enum: beside one the word is its value, even if a field has the name too.
            let is_value = rest.is_empty()
                && expected.is_some_and(|it| it.values.iter().any(|it| it == first));
            return match value.kind {
                Kind::Key(_) | Kind::Json if is_value => Value::literal(Literal::text(*first)),
                _ => value,
            };
        }
        // Raw forms written for the upstream generator name inputs so.
        if let Some(stem) = first.strip_prefix("p_").filter(|it| !it.is_empty() && !path.dollar) {
            let named: Vec<&str> = std::iter::once(stem).chain(rest.iter().copied()).collect();
            return self.input_value(&named, range, scope.last().map(|it| it.entity));
        }
        if rest.is_empty() && !path.dollar {
            if let Some(value) = word(first) {
                return value;
            }
            // A bare word beside an enum field is one of its values; beside others it is a name.
            if expected.is_some_and(|it| !it.values.is_empty()) {
                return Value::literal(Literal::text(*first));
            }
        }
        if path.dollar {
            return self.input_value(&segments, range, scope.last().map(|it| it.entity));
        }
        let message = format!("`{}` is neither a field, a variable nor an input", path.text());
        self.unresolved(range, &message)
    }

    /// What the first segment means, and the rest from there.
    fn root(
        &mut self,
        dollar: bool,
        first: &str,
        rest: &[&str],
        range: TextRange,
        scope: Scope<'_, 'a>,
    ) -> Option<Value<'a>> {
        let written = scope.last().map(|it| it.entity);
        match first {
            "input" | "input_data" if !dollar && !rest.is_empty() => {
                return Some(self.input_value(rest, range, written));
            }
            "old" | "new" if !dollar && !rest.is_empty() => {
                let column = rest.first().copied().unwrap_or_default();
                let with_it = |entity: &Entity| self.is_column(entity, column);
                let is_own = |it: &&Row<'a>| it.entity.id == self.entity.id;
                // Before and after the step is no row that a condition asks for.
                let of_it = self.step_rows.and_then(|it| scope.get(..it)).unwrap_or(scope);
                let rows = || of_it.iter().rev().filter(|it| with_it(it.entity));
                let of_step = rows().find(is_own);
                let other = || rows().next().filter(|_| !with_it(self.entity));
                let row = match of_step.or_else(other).cloned() {
                    Some(it) => it,
                    None if first == "old" => self.old(),
                    None => self.own(),
                };
                return self.field(&row, rest, range);
            }
            _ => {}
        }
        if !dollar {
            let all: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
            for row in scope.iter().rev() {
                if self.is_of_binding(row, first, rest) {
                    break;
                }
                if let Some(value) = self.field(row, &all, range) {
                    return Some(value);
                }
            }
        }
        if let Some(value) = self.binding(first, rest, range) {
            return Some(value);
        }
        if dollar {
            return None;
        }
        let all: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
        if self.is_column(self.entity, first) {
            let row = self.own();
            return self.field(&row, &all, range);
        }
        if self.action.parameter(first).is_some() {
            return Some(self.input_value(&all, range, written));
        }
        // A row of the step or the action's by the name of its entity: `Post.title`.
        if !rest.is_empty() {
            let row = scope.iter().rev().find(|it| it.entity.is_qualifier(first)).cloned();
            let row = row.or_else(|| self.entity.is_qualifier(first).then(|| self.own()));
            if let Some(row) = row {
                return self.field(&row, rest, range);
            }
        }
        // Alone, it is the whole input where nothing else has the name.
        matches!(first, "input" | "input_data").then(|| self.input_value(rest, range, written))
    }

    /// Whether a bare word names anything.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        self.is_column(self.entity, name)
            || name == "input"
            || self.action.parameter(name).is_some()
            || self.bindings.iter().any(|it| it.name == name)
    }

    /// Whether names behind a name of a variable are the variable's, because a plain value of the row has it too.
    fn is_of_binding(&self, row: &Row<'a>, first: &str, rest: &[&str]) -> bool {
        !rest.is_empty()
            && self.bindings.iter().any(|it| it.name == first)
            && self
                .catalog
                .named_column(row.entity, first)
                .is_some_and(|it| matches!(it.ty, ColumnType::Scalar(_)))
    }

    fn is_column(&self, entity: &Entity, name: &str) -> bool {
        self.catalog.named_column(entity, name).is_some()
            || self.reference_id(entity, name).is_some()
    }

    /// The `ref` field whose id a name means: `author_id`, `authorId`.
    fn reference_id(&self, entity: &Entity, name: &str) -> Option<Column<'a>> {
        Some(self.catalog.column(entity, entity.reference_id(name)?))
    }

    /// A declared or built-in column of a row by a path; `None` when there is none.
    pub(crate) fn column_value(
        &mut self,
        row: &Row<'a>,
        segments: &[&str],
        range: TextRange,
    ) -> Option<Value<'a>> {
        self.field(row, segments, range)
    }

    /// A field of a row, or something that its references lead to.
    fn field(&mut self, row: &Row<'a>, segments: &[&str], range: TextRange) -> Option<Value<'a>> {
        let (first, rest) = segments.split_first()?;
        if row.alias.as_str() == "default$" {
            return self.default_of(row.entity, first).filter(|_| rest.is_empty());
        }
        if row.entity.id == self.entity.id && row.alias == self.own_row {
            if self.creates_own_row {
                return self.field_before(first, rest, range);
            }
            let is_input = self.before_steps && !self.own_row_is_left;
            if is_input && *first == "id" && rest.is_empty() {
                return Some(self.input_value(&["id"], range, None));
            }
            self.own_row_is_used = true;
        }
        let Some(column) = self.catalog.named_column(row.entity, first) else {
            let column = self.reference_id(row.entity, first)?;
            let ColumnType::Reference(Some(target)) = column.ty else { return None };
            let key = Value::atom(sql!("{}.{}", row.alias, column.name), Kind::Key(target));
            let id = self.id_of(&key, target);
            return rest.is_empty().then(|| Value::scalar(id, TypeName::new("uuid")));
        };
        let sql = sql!("{}.{}", row.alias, column.name);
        Some(match column.ty {
            ColumnType::Reference(Some(target)) if rest.is_empty() => {
                Value::atom(sql, Kind::Key(target))
            }
            ColumnType::Reference(Some(target)) => {
                self.through(Value::atom(sql, Kind::Key(target)), target, rest, range)
            }
            ColumnType::Reference(None) => {
                let message = format!("`{first}` refers to no entity of the workspace");
                self.unresolved(range, &message)
            }
            ColumnType::Json if rest.is_empty() => Value::atom(sql, Kind::Json),
            ColumnType::Json => json_path(&Value::atom(sql, Kind::Json), rest),
            ColumnType::Scalar(ty) if rest.is_empty() => Value::scalar(sql, ty),
            ColumnType::Scalar(_) => {
                let message = format!("`{first}` is no reference, so nothing comes after it");
                self.unresolved(range, &message)
            }
        })
    }

    /// What a path means in the row with a key.
    pub(super) fn through(
        &mut self,
        key: Value<'a>,
        target: &'a Entity,
        segments: &[&str],
        range: TextRange,
    ) -> Value<'a> {
        let alias = self.alias("r");
        let row = Row { alias: Sql::of(&alias), entity: target };
        self.read.push(Read { entity: target.id, key: key.sql.clone(), by_id: false });
        let below = self.read.len();
        let Some(value) = self.field(&row, segments, range) else {
            let message = format!("`{}` is no field of `{}`", segments.join("."), target.name.text);
            return self.unresolved(range, &message);
        };
        let tenant = self.and_tenant(&row.alias);
        let look_up = |what: &Sql| {
            sql!(
                "(SELECT {} FROM {} AS {} WHERE {}.{} = {}{})",
                what,
                names::table(target),
                alias,
                alias,
                names::primary_key(target),
                key.operand(),
                tenant
            )
        };
        // What was read further on is named from outside of this query.
        for it in self.read.get_mut(below..).unwrap_or_default() {
            it.key = look_up(&it.key);
        }
        Value::atom(look_up(&value.sql), value.kind)
    }

    fn binding(&mut self, first: &str, rest: &[&str], range: TextRange) -> Option<Value<'a>> {
        let binding = self.bindings.iter().rev().find(|it| it.name == first)?.clone();
        let variable = binding.variable;
        Some(match binding.kind {
            BindingKind::Row(entity) if rest.is_empty() => {
                let key = sql!("{}.{}", variable, names::primary_key(entity));
                Value::atom(key, Kind::Key(entity))
            }
            BindingKind::Row(entity) => {
                let row = Row { alias: variable, entity };
                match self.field(&row, rest, range) {
                    Some(it) => it,
                    None => {
                        let message =
                            format!("`{}` is no field of `{}`", rest.join("."), entity.name.text);
                        self.unresolved(range, &message)
                    }
                }
            }
            BindingKind::Item(ty) => self.item(&variable, ty, rest, range),
            BindingKind::Record(row) => match rest {
                [name] => match row.column(name) {
                    None if !row.is_open => {
                        let message = format!("the query has no column `{name}`");
                        self.unresolved(range, &message)
                    }
                    column => {
                        let kind = column.map_or(Kind::Unknown, |it| {
                            let workspace = self.catalog.workspace();
                            self.kind_of(type_of_column(workspace, self.entity.id, &row, it))
                        });
                        Value::atom(sql!("{}.{}", variable, Ident::new(*name)), kind)
                    }
                },
                _ => self.unresolved(range, "only the columns of a query's row can be named"),
            },
            BindingKind::Later => {
                self.is_later = true;
                Value::null()
            }
            BindingKind::Text if rest.is_empty() => Value::atom(variable, Kind::Untyped),
            BindingKind::Text => self.unresolved(range, "the result of a call has no fields"),
        })
    }

    /// An item of a list: JSON as it is, a row by its id, any other as a value of its type.
    fn item(
        &mut self,
        variable: &Sql,
        ty: ColumnType<'a>,
        rest: &[&str],
        range: TextRange,
    ) -> Value<'a> {
        let typed =
            |ty: TypeName| Value::scalar(ty.of_text(&sql!("({} #>> '{{}}')", variable)), ty);
        match ty {
            ColumnType::Json if rest.is_empty() => Value::atom(variable.clone(), Kind::Json),
            ColumnType::Json => input_path(variable, rest),
            ColumnType::Reference(Some(target)) if !rest.is_empty() => {
                let id = typed(TypeName::new("uuid"));
                let key = Value::atom(self.any_key_of(&id, target), Kind::Key(target));
                self.through(key, target, rest, range)
            }
            ColumnType::Reference(_) if rest.is_empty() => typed(TypeName::new("uuid")),
            ColumnType::Scalar(ty) if rest.is_empty() => typed(ty),
            ColumnType::Reference(None)
            | ColumnType::Scalar(_)
            | ColumnType::Reference(Some(_)) => {
                self.unresolved(range, "nothing comes after an item of this list")
            }
        }
    }

    /// What is known of a column of a query.
    fn kind_of(&self, ty: ValueType<'_>) -> Kind<'a> {
        match ty {
            ValueType::Row(id) => self.catalog.entity(id).map_or(Kind::Unknown, Kind::Key),
            ValueType::Enum(_) => Kind::Scalar(TypeName::new("text")),
            ValueType::List(_) | ValueType::Composite | ValueType::Scalar(Scalar::Json) => {
                Kind::Json
            }
            ValueType::Scalar(Scalar::Array) => Kind::Array,
            ValueType::Scalar(it) => {
                it.sql_name().map_or(Kind::Unknown, |it| Kind::Scalar(TypeName::new(it)))
            }
            ValueType::Rows(_) | ValueType::Literal(_) | ValueType::Null | ValueType::Unknown => {
                Kind::Unknown
            }
        }
    }

    /// What a field of a new row is when nothing is said of it.
    fn default_of(&self, entity: &Entity, name: &str) -> Option<Value<'a>> {
        let column = self.catalog.named_column(entity, name)?;
        let default = entity.field(name).and_then(default_value);
        let ty = column.ty.sql_type();
        let sql = match default {
            Some(it) => sql!("({})::{}", it, ty),
            None => sql!("NULL::{}", ty),
        };
        Some(match column.ty {
            ColumnType::Json => Value::atom(sql, Kind::Json),
            ColumnType::Reference(Some(target)) => Value::atom(sql, Kind::Key(target)),
            _ => Value::scalar(sql, ty),
        })
    }

    /// What a field of the own row means before the row is made: what the input has for it, or its
    /// default.
    fn field_before(&mut self, first: &str, rest: &[&str], range: TextRange) -> Option<Value<'a>> {
        let entity = self.entity;
        let is_built_in = Entity::built_in(first).is_some();
        let Some(field) = entity.field(first).filter(|_| !is_built_in) else {
            if let Some(it) = entity.reference_id(first).filter(|_| rest.is_empty()) {
                let index = self.input_of_field(entity, it);
                let variable = Sql::of(&self.inputs.get(index)?.variable);
                return Some(Value::scalar(variable, TypeName::new("uuid")));
            }
            let ty = TypeName::new(Entity::built_in(first)?.sql_type);
            return Some(Value::scalar(sql!("NULL::{}", ty), ty));
        };
        if self.given.is_some() {
            let segments: Vec<&str> =
                std::iter::once(field.name.as_str()).chain(rest.iter().copied()).collect();
            return Some(self.input_value(&segments, range, None));
        }
        let index = self.input_of_field(entity, field);
        let input = self.inputs.get(index)?;
        let variable = Sql::of(&input.variable);
        let default = default_value(field);
        let value = match &default {
            Some(default) => sql!("coalesce({}, {})", variable, default),
            None => variable.clone(),
        };
        Some(match &input.ty {
            Some(ColumnType::Reference(Some(_))) if rest.is_empty() => {
                Value::atom(variable, Kind::InputKey(index))
            }
            Some(ColumnType::Reference(Some(target))) => {
                let target = *target;
                self.through_input(index, target, rest, range)
            }
            Some(ColumnType::Json) if rest.is_empty() => Value::atom(value, Kind::Json),
            Some(ColumnType::Json) => json_path(&Value::atom(value, Kind::Json), rest),
            Some(ColumnType::Scalar(ty)) if rest.is_empty() => Value::scalar(value, ty.clone()),
            Some(ColumnType::Scalar(_)) => {
                let message = format!("`{first}` is no reference, so nothing comes after it");
                self.unresolved(range, &message)
            }
            Some(ColumnType::Reference(None)) | None => Value::scalar(value, TypeName::new("uuid")),
        })
    }

    /// The column that an expression names, to read bare words and `?` beside it.
    pub(super) fn column_of(
        &self,
        expression: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Option<Column<'a>> {
        let ExpressionKind::Path(path) = &expression.kind else { return None };
        let mut segments = path.segments.iter().map(Name::as_str).peekable();
        let mut entity = None;
        let first = *segments.peek()?;
        let is_prefix = first == "input" && path.segments.len() > 1;
        if path.dollar || is_prefix {
            if is_prefix {
                segments.next();
            }
            let name = segments.next()?;
            let column = self.input_column(name, scope.last().map(|it| it.entity))?;
            if segments.peek().is_none() {
                return Some(column);
            }
            let ColumnType::Reference(Some(target)) = column.ty else { return None };
            entity = Some(target);
        } else if let Some(binding) = self.bindings.iter().rev().find(|it| it.name == first) {
            let BindingKind::Row(row) = binding.kind else { return None };
            segments.next();
            entity = Some(row);
        }
        let rows = scope.iter().rev().map(|it| it.entity).chain(std::iter::once(self.entity));
        let mut entity =
            entity.or_else(|| rows.into_iter().find(|it| self.is_column(it, first)))?;
        loop {
            let name = segments.next()?;
            let column = self.catalog.named_column(entity, name)?;
            if segments.peek().is_none() {
                return Some(column);
            }
            let ColumnType::Reference(Some(target)) = column.ty else { return None };
            entity = target;
        }
    }

    /// The declared field that an expression names directly.
    pub(crate) fn field_of(
        &self,
        expression: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Option<&'a Field> {
        let ExpressionKind::Path(path) = &expression.kind else { return None };
        let name = path.segments.last()?.as_str();
        let rows = scope.iter().rev().map(|it| it.entity).chain(std::iter::once(self.entity));
        rows.into_iter().find_map(|it| it.field(name))
    }
}

/// Words that mean a value wherever no field has the name.
fn word<'a>(name: &str) -> Option<Value<'a>> {
    let (sql, ty) = match name.to_ascii_lowercase().as_str() {
        "now" | "current_timestamp" => ("now()", "timestamptz"),
        "current_date" | "today" => ("CURRENT_DATE", "date"),
        "current_time" => ("CURRENT_TIME", "time with time zone"),
        "localtime" => ("LOCALTIME", "time"),
        "localtimestamp" => ("LOCALTIMESTAMP", "timestamp"),
        "session_user" => ("SESSION_USER", "text"),
        "auth_user_id" | "current_user_id" | "current_user" => ("ctx$.user_id", "uuid"),
        "auth_tenant_id" | "current_tenant_id" => ("ctx$.tenant_id", "uuid"),
        _ => return None,
    };
    Some(Value::scalar(Sql::raw(sql), TypeName::new(ty)))
}
