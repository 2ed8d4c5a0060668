//! Steps to PL/pgSQL. A step that cannot be translated fails when the function gets there: leaving it
//! out would run an action that is not the declared one.

use std::rc::Rc;

use heck::ToSnakeCase;
use specql_contract::returned_message;
use specql_model::{
    Entity, Name, Step, StepKind, Type, Write,
    expression::{Expression, ExpressionKind, Path},
    query_row::query_row,
};
use thin_vec::ThinVec;

use super::{
    failure::fail_if,
    frame::Frame,
    rows::{Count, Rows},
};
use crate::{
    catalog::ColumnType,
    expression::{Binding, BindingKind, Kind, Row},
    names,
    problem::ProblemKind,
    sql::{Comment, Lines, Literal, Sql, TypeName, sql},
    taken::has_table,
};

/// The length at which a step's text in a comment is cut.
const COMMENT_LENGTH: usize = 160;

impl<'a> Frame<'a> {
    pub(super) fn steps(&mut self, steps: &[Step], lines: &mut Lines) {
        for step in steps {
            let file = self.env.entity.id.0;
            lines.mapped(file, step.range, |lines| self.step(step, lines));
        }
    }

    fn step(&mut self, step: &Step, lines: &mut Lines) {
        lines.push(Sql::of(&Comment::new(self.comment(step))));
        let before = self.env.problems.len();
        if !step.problems.is_empty() {
            let message = "the statement cannot be read";
            self.env.problem(ProblemKind::UntranslatedStep, step.value_range, message);
        }
        let mut written = Lines::new();
        let done = self.statement(step, &mut written);
        if done.is_some() && self.env.problems.len() == before {
            lines.append(written);
            return;
        }
        let problems = self.env.problems.get(before..).unwrap_or_default();
        for it in problems {
            lines.push(Sql::of(&Comment::new(format!("{}: {}", it.kind.code(), it.message))));
        }
        let message = format!(
            "step `{}` of {} has no translation",
            step.keyword.text, self.env.action.name.text
        );
        lines.push(sql!(
            "RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = {};",
            Literal::text(message)
        ));
    }

    fn comment(&self, step: &Step) -> String {
        let source = self.env.catalog.source(self.env.entity.id.0, step.value_range);
        let mut text = format!("{}: {source}", step.keyword.text);
        if let Some((at, _)) = text.char_indices().nth(COMMENT_LENGTH) {
            text.truncate(at);
            text.push('…');
        }
        text
    }

    /// `None` when a problem says why there is no translation.
    fn statement(&mut self, step: &Step, lines: &mut Lines) -> Option<()> {
        match &step.kind {
            StepKind::Validate { condition, .. } => self.validate(lines, step, condition),
            StepKind::Insert(write) => self.insert(lines, step, write)?,
            StepKind::Update(write) => self.update(lines, step, write)?,
            StepKind::Upsert(write) => self.upsert(lines, step, write)?,
            StepKind::Delete { write, hard } => self.delete(lines, step, write, *hard)?,
            StepKind::Find { write, .. } => self.find(lines, step, write)?,
            StepKind::If { condition, then, otherwise } => {
                self.branch(lines, condition, then, otherwise);
            }
            StepKind::ForEach { variable, collection, filter, body } => {
                self.for_each(lines, step, variable.as_ref(), collection, filter.as_ref(), body)?;
            }
            StepKind::Switch { subject, cases, default } => {
                self.switch(lines, subject, cases, default);
            }
            StepKind::Call { .. } => self.call(lines, step)?,
            StepKind::Notify { recipient, channel, message, data } => {
                let to = recipient.as_ref();
                self.notify(lines, to, channel.as_ref(), message.as_ref(), data);
            }
            StepKind::Reject(_) => lines.push(self.fails(step, None)),
            StepKind::Return(_) => {
                self.returns = true;
                if let Some(message) = returned_message(step) {
                    lines.push(sql!("work$.message := {};", Literal::text(message)));
                }
                lines.push(Sql::raw("EXIT steps$;"));
            }
            StepKind::Refresh { propagate, .. } => self.refresh(lines, propagate),
            StepKind::Extended | StepKind::Unknown => {
                let message = format!("`{}` is no step that is understood here", step.keyword.text);
                self.env.problem(ProblemKind::UntranslatedStep, step.keyword.range, &message);
                return None;
            }
        }
        Some(())
    }

    fn validate(&mut self, lines: &mut Lines, step: &Step, condition: &Expression) {
        let field = first_field(self.env.entity, condition);
        let test = self.env.condition(condition, &[]);
        fail_if(lines, &sql!("({}) IS NOT TRUE", test), &self.fails(step, field));
    }

    fn branch(
        &mut self,
        lines: &mut Lines,
        condition: &Expression,
        then: &[Step],
        otherwise: &[Step],
    ) {
        let test = self.env.condition(condition, &[]);
        lines.push(sql!("IF {} THEN", before_then(test)));
        self.block(lines, then);
        if !otherwise.is_empty() {
            lines.push(Sql::raw("ELSE"));
            self.block(lines, otherwise);
        }
        lines.push(Sql::raw("END IF;"));
    }

    /// Steps one level deeper; the names they introduce end with them.
    fn block(&mut self, lines: &mut Lines, steps: &[Step]) {
        let names = self.env.bindings.len();
        self.nesting += 1;
        lines.indented(|lines| {
            if steps.is_empty() {
                lines.push(Sql::raw("NULL;"));
            }
            self.steps(steps, lines);
        });
        self.nesting -= 1;
        self.env.bindings.truncate(names);
    }

    fn switch(
        &mut self,
        lines: &mut Lines,
        subject: &Expression,
        cases: &[(Expression, ThinVec<Step>)],
        default: &[Step],
    ) {
        if cases.is_empty() {
            self.steps(default, lines);
            return;
        }
        for (index, (when, steps)) in cases.iter().enumerate() {
            let test = self.env.is_case(subject, when);
            let keyword = Sql::raw(if index == 0 { "IF" } else { "ELSIF" });
            lines.push(sql!("{} {} THEN", keyword, before_then(test)));
            self.block(lines, steps);
        }
        if !default.is_empty() {
            lines.push(Sql::raw("ELSE"));
            self.block(lines, default);
        }
        lines.push(Sql::raw("END IF;"));
    }

    fn find(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let key = names::primary_key(entity);
        let (condition, count) = match self.rows(entity, write.filter.as_ref(), step.value_range)? {
            Rows::Own => (sql!("t$.{} = {}.{}", key, self.env.own_row, key), Count::OneByKey),
            Rows::Where { condition, count, .. } => (condition, count),
        };
        let condition = sql!("{} AND {}", condition, self.live(count, &Sql::raw("t$")));
        let name =
            write.bind.as_deref().map_or_else(|| entity.snake_name(), |it| it.text.to_string());
        let wanted = format!("var${}", name.to_snake_case());
        let variable = self.env.declare(&wanted, Sql::of(&names::table(entity)), None);
        let order = if count != Count::Many {
            Sql::default()
        } else {
            let settled = self.is_settled(step.range, entity);
            sql!("{} ORDER BY t$.{} LIMIT 1", settled, key)
        };
        let lock = if self.written.contains(&entity.id) { " FOR NO KEY UPDATE" } else { "" };
        let found = sql!(
            "FROM {} AS t$\nWHERE {}{}{};",
            names::table(entity),
            condition,
            order,
            Sql::raw(lock)
        );
        let filled = sql!("SELECT t$.* INTO {} {}", variable, found);
        lines.push_filling(filled, &variable, sql!("PERFORM {}", found));
        fail_if(lines, &Sql::raw("NOT FOUND"), &self.fails(step, None));
        let variable = Sql::of(&variable);
        self.env.bindings.push(Binding { name, variable, kind: BindingKind::Row(entity) });
        Some(())
    }

    fn for_each(
        &mut self,
        lines: &mut Lines,
        step: &Step,
        variable: Option<&Name>,
        collection: &Expression,
        filter: Option<&Expression>,
        body: &[Step],
    ) -> Option<()> {
        let name = variable.map_or("item", Name::as_str).to_owned();
        let wanted = format!("var${}", name.to_snake_case());
        let (query, ty, kind) = self.collection(step, collection, filter)?;
        let variable = self.env.declare(&wanted, ty, None);
        let counted = sql!("FOR turn$ IN 1..(SELECT count(*) FROM ({}) AS l$) LOOP", query);
        lines.push_filling(sql!("FOR {} IN\n    {}\nLOOP", variable, query), &variable, counted);
        let names = self.env.bindings.len();
        let variable = Sql::of(&variable);
        self.env.bindings.push(Binding { name, variable, kind });
        self.loops += 1;
        self.nesting += 1;
        // What a later step writes may be read by the next turn.
        self.env.written.extend(self.written.iter().copied());
        lines.indented(|lines| self.steps(body, lines));
        self.nesting -= 1;
        self.loops -= 1;
        self.env.bindings.truncate(names);
        lines.push(Sql::raw("END LOOP;"));
        Some(())
    }

    /// The query that a loop runs over, the type of its variable and what its fields are.
    pub(super) fn collection(
        &mut self,
        step: &Step,
        collection: &Expression,
        filter: Option<&Expression>,
    ) -> Option<(Sql, Sql, BindingKind<'a>)> {
        if let ExpressionKind::Path(path) = &collection.kind {
            let segments: Vec<&str> = path.segments.iter().map(Name::as_str).collect();
            if let Some(entity) = self.looped_entity(collection) {
                let row = Row { alias: Sql::raw("t$"), entity };
                let mut condition = self.env.live(&Sql::raw("t$"));
                if let Some(filter) = filter {
                    condition = sql!("({}) AND {}", self.env.condition(filter, &[row]), condition);
                }
                let query = sql!(
                    "SELECT t$.* FROM {} AS t$ WHERE {}{} ORDER BY t$.{}",
                    names::table(entity),
                    condition,
                    self.is_settled(step.range, entity),
                    names::primary_key(entity)
                );
                return Some((query, Sql::of(&names::table(entity)), BindingKind::Row(entity)));
            }
            if let Some(name) = self.looped_input(path) {
                let list = self.env.input_list(name, collection.range);
                let kind = BindingKind::Item(self.item_type(name));
                return Some((list_query(&list), Sql::raw("jsonb"), kind));
            }
            let column = self.env.catalog.named_column(self.env.entity, segments.first()?);
            if column.is_some_and(|it| matches!(it.ty, ColumnType::Json)) {
                let value = self.env.translate(collection, &[], None).sql;
                let query = sql!(
                    "SELECT e$.value FROM jsonb_array_elements(coalesce({}, '[]'::jsonb)) AS e$(value)",
                    value
                );
                let is_own = segments.len() == 1;
                let name = segments.first().filter(|_| is_own);
                let item = name.map_or(ColumnType::Json, |it| self.item_type_of_field(it));
                return Some((query, Sql::raw("jsonb"), BindingKind::Item(item)));
            }
        }
        if let ExpressionKind::RawSql(text) = &collection.kind {
            let value = self.env.translate(collection, &[], None).sql;
            let query = sql!("SELECT q$.* FROM {} AS q$", value);
            let row = query_row(self.env.catalog.workspace(), self.env.entity.id, text);
            return Some((query, Sql::raw("record"), BindingKind::Record(Rc::new(row))));
        }
        let message = "a loop runs over an entity with a `WHERE`, a list in the input, a list field or a `(SELECT …)`";
        self.env.problem(ProblemKind::UntranslatedStep, step.value_range, message);
        None
    }

    /// What the items of a list in the input are; JSON while nothing says.
    fn item_type(&self, name: &str) -> ColumnType<'a> {
        match self.env.action.parameter(name) {
            Some(it) => self.item_type_of(&it.ty),
            None => self.item_type_of_field(name),
        }
    }

    fn item_type_of_field(&self, name: &str) -> ColumnType<'a> {
        let entity = self.env.entity;
        entity.field(name).map_or(ColumnType::Json, |it| self.item_type_of(&it.ty))
    }

    fn item_type_of(&self, ty: &Type) -> ColumnType<'a> {
        match ty {
            Type::List(item) if !matches!(**item, Type::Unknown(_) | Type::Missing) => {
                self.env.catalog.column_type(self.env.entity.id, item)
            }
            _ => ColumnType::Json,
        }
    }

    /// The entity over whose rows a loop runs.
    pub(super) fn looped_entity(&self, collection: &Expression) -> Option<&'a Entity> {
        let ExpressionKind::Path(path) = &collection.kind else { return None };
        let (schema, name) = match path.segments.as_slice() {
            [name] if !path.dollar => (None, name),
            [schema, name] if !path.dollar && schema.text != "input" => (Some(schema), name),
            _ => return None,
        };
        let reference = specql_model::expression::EntityReference {
            schema: schema.cloned(),
            name: name.clone(),
        };
        let found = self.env.catalog.resolve(self.env.entity.id, &reference);
        found.filter(|it| has_table(self.env.catalog, it))
    }

    /// The list in the input over which a loop runs: `input.items`, or a parameter as `items` or `$items`,
    /// where nothing nearer has the name.
    fn looped_input<'e>(&self, path: &'e Path) -> Option<&'e str> {
        let name = match path.segments.as_slice() {
            [input, name] if input.text == "input" && !path.dollar => return Some(name.as_str()),
            [name] => name.as_str(),
            _ => return None,
        };
        let is_list = |ty: &Type| matches!(ty, Type::List(_));
        let is_parameter = self.env.action.parameter(name).is_some_and(|it| is_list(&it.ty));
        let own = self.env.entity.field(name);
        let is_input = match own {
            Some(own) => path.dollar && (is_parameter || is_list(&own.ty)),
            None => is_parameter,
        };
        (is_input && self.env.bindings.iter().all(|it| it.name != name)).then_some(name)
    }

    fn notify(
        &mut self,
        lines: &mut Lines,
        recipient: Option<&Expression>,
        channel: Option<&Name>,
        message: Option<&Expression>,
        data: &[(Name, Expression)],
    ) {
        let (recipient, message) = (self.notified(recipient), self.notified(message));
        let data = self.sent_along(data);
        let channel = channel.map_or(Literal::Null, |it| Literal::text(it.as_str()));
        lines.push(Sql::raw("-- Listeners get it when the transaction commits."));
        lines.push(sql!(
            "PERFORM pg_notify('specql_notification', jsonb_build_object(\n    'action', {}, 'mutationId', ctx$.mutation_id, 'tenantId', ctx$.tenant_id,\n    'recipient', app.cut_text(({})::text, 500), 'channel', {}, 'message', app.cut_text(({})::text, 4000){}\n)::text);",
            Literal::text(self.env.action.name.as_str()),
            recipient,
            channel,
            message,
            data
        ));
    }

    /// Further values of a notification, which PostgreSQL limits to 8,000 bytes: longer ones are left
    /// out, since they would fail the transaction.
    fn sent_along(&mut self, data: &[(Name, Expression)]) -> Sql {
        if data.is_empty() {
            return Sql::default();
        }
        let mut parts = Vec::new();
        for (name, value) in data {
            let value = self.notified(Some(value));
            parts.push(sql!("{}, {}", Literal::text(name.as_str()), value));
        }
        sql!(
            ",\n    'data', (SELECT d$.it FROM (SELECT jsonb_build_object({}) AS it) AS d$ WHERE octet_length(d$.it::text) <= 2000)",
            Sql::join(parts, ", ")
        )
    }

    /// A part of a notification as text: a row by its id, a word that names nothing as it is.
    fn notified(&mut self, it: Option<&Expression>) -> Sql {
        let Some(it) = it else { return Sql::raw("NULL") };
        if let ExpressionKind::Path(path) = &it.kind
            && let [word] = path.segments.as_slice()
            && !path.dollar
            && !self.env.is_known(word.as_str())
        {
            return Sql::of(&Literal::text(word.as_str()));
        }
        let value = self.env.translate(it, &[], None);
        match value.kind {
            Kind::Key(_) => self.env.coerce(value, &ColumnType::Scalar(TypeName::new("uuid"))),
            _ => value.into_sql(),
        }
    }

    /// The read models of the rows that are written are refreshed anyway; these are others.
    fn refresh(&mut self, lines: &mut Lines, propagate: &[Name]) {
        let own = self.env.entity;
        for name in propagate {
            let Some(column) = self.env.catalog.named_column(own, name.as_str()) else {
                let message = format!("`{}` is no `ref` field of `{}`", name.text, own.name.text);
                self.env.problem(ProblemKind::UnresolvedName, name.range, &message);
                continue;
            };
            if let ColumnType::Reference(Some(target)) = column.ty {
                let row = self.env.own();
                lines.push(sql!(
                    "PERFORM {}({}.{});",
                    names::refresh(target),
                    row.alias,
                    column.name
                ));
            }
        }
        if propagate.is_empty() {
            lines.push(Sql::raw("-- done at the end, for every row that is written"));
        }
    }
}

fn list_query(list: &Sql) -> Sql {
    sql!("SELECT e$.value FROM jsonb_array_elements(coalesce({}, '[]'::jsonb)) AS e$(value)", list)
}

/// The field that a condition is about: the first one it names.
fn first_field<'e>(entity: &'e Entity, condition: &Expression) -> Option<&'e str> {
    let mut res = None;
    condition.walk(&mut |it| {
        if let ExpressionKind::Path(path) = &it.kind
            && res.is_none()
        {
            let name = match path.segments.as_slice() {
                [input, name, ..] if input.text == "input" => name,
                [name, ..] => name,
                [] => return,
            };
            res = entity.field(name.as_str()).map(|it| it.name.as_str());
        }
    });
    res
}

/// A condition as it stands before the `THEN` of PL/pgSQL, which takes the one of a `CASE` for its own unless
/// parentheses are around it.
fn before_then(test: Sql) -> Sql {
    if test.as_str().contains("CASE") { sql!("({})", test) } else { test }
}
