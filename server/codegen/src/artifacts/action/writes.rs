//! `insert`, `update`, `delete`: each collects the rows it touched.

use specql_model::{Entity, Step, Write};

use super::{
    failure::{fail, fail_if},
    frame::{Change, Frame},
    rows::{Count, Rows},
    sources::{Noted, Source, field_names},
};
use crate::{
    expression::{Binding, BindingKind, Row},
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Sql, sql},
    taken::has_table,
};

impl<'a> Frame<'a> {
    pub(super) fn insert(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let sources = self.sources_of_new(step, entity, write);
        self.check_sources(lines, &sources, false);
        let row = self.new_row(entity, write);
        let (columns, values) = self.new_values(&sources);
        lines.push(sql!("INSERT INTO {} AS t$ ({})", names::table(entity), Sql::wrapped(columns)));
        lines.push(sql!("VALUES ({})", Sql::wrapped(values)));
        lines.push(sql!("RETURNING t$.* INTO {};", row));
        let id = sql!("{}.id", row);
        self.collect(lines, entity, Change::Created, &id, &field_names(&sources));
        self.note_fields(lines, entity, &sources, Noted::Inserted);
        self.own_row_is_there(entity);
        Some(())
    }

    /// From here on the fields of the own entity mean its row.
    pub(super) fn own_row_is_there(&mut self, entity: &Entity) {
        if entity.id == self.env.entity.id && self.env.creates_own_row {
            self.env.creates_own_row = false;
            self.fills |= self.nesting > 0;
        }
    }

    /// The columns of a new row and their values, with those of the framework.
    pub(super) fn new_values(&self, sources: &[Source<'a>]) -> (Vec<Sql>, Vec<Sql>) {
        let mut columns: Vec<Sql> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut add = |column: Sql, value: Sql| {
            if !columns.contains(&column) {
                columns.push(column);
                values.push(value);
            }
        };
        for source in sources {
            add(Sql::of(&source.column.name), self.inserted(source));
        }
        if self.env.catalog.has_tenants() {
            add(Sql::raw("tenant_id"), Sql::raw("ctx$.tenant_id"));
        }
        add(Sql::raw("created_by"), Sql::raw("ctx$.user_id"));
        add(Sql::raw("updated_by"), Sql::raw("ctx$.user_id"));
        (columns, values)
    }

    /// The variable for a new row: the own one for the first row of the own entity.
    pub(super) fn new_row(&mut self, entity: &'a Entity, write: &Write) -> Sql {
        let row = if entity.id == self.env.entity.id && self.env.creates_own_row {
            self.env.own_row_is_used = true;
            self.env.own_row.clone()
        } else {
            self.row_variable("new", entity)
        };
        self.bind_row(entity, write, &row);
        row
    }

    pub(super) fn row_variable(&mut self, kind: &'static str, entity: &Entity) -> Sql {
        let wanted = format!("{kind}${}", entity.snake_name());
        Sql::of(&self.env.declare(&wanted, Sql::of(&names::table(entity)), None))
    }

    fn bind_row(&mut self, entity: &'a Entity, write: &Write, row: &Sql) {
        if let Some(bind) = write.bind.as_deref() {
            self.env.bindings.push(Binding {
                name: bind.text.to_string(),
                variable: row.clone(),
                kind: BindingKind::Row(entity),
            });
        }
    }

    pub(super) fn update(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let rows = self.rows(entity, write.filter.as_ref(), step.value_range)?;
        let target = Row { alias: Sql::raw("t$"), entity };
        let sources = self.sources(step, entity, write, Some(&target));
        self.check_sources(lines, &sources, true);
        let set = self.updated_values(&sources);
        let statement = Statement {
            entity,
            change: Change::Updated,
            text: sql!("UPDATE {} AS t$ SET{}", names::table(entity), Sql::listed(set)),
            fields: field_names(&sources),
        };
        let own = matches!(rows, Rows::Own);
        self.run(lines, step, write, rows, &statement);
        self.note_fields(lines, entity, &sources, Noted::Updated { own });
        Some(())
    }

    /// `column = value` of an `UPDATE` of `t$`, with those of the framework.
    pub(super) fn updated_values(&self, sources: &[Source<'a>]) -> Vec<Sql> {
        let mut assignments: Vec<(Sql, Sql)> = Vec::new();
        for source in sources {
            assignments.push((Sql::of(&source.column.name), self.updated(source)));
        }
        for (column, value) in [("updated_at", "now()"), ("updated_by", "ctx$.user_id")] {
            let column = Sql::raw(column);
            if !assignments.iter().any(|it| it.0 == column) {
                assignments.push((column, Sql::raw(value)));
            }
        }
        assignments.into_iter().map(|(column, value)| sql!("{} = {}", column, value)).collect()
    }

    pub(super) fn delete(
        &mut self,
        lines: &mut Lines,
        step: &Step,
        write: &Write,
        hard: bool,
    ) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let rows = self.rows(entity, write.filter.as_ref(), step.value_range)?;
        let table = names::table(entity);
        let text = if hard {
            sql!("DELETE FROM {} AS t$", table)
        } else {
            sql!(
                "UPDATE {} AS t$ SET\n    deleted_at = now(), deleted_by = ctx$.user_id, updated_at = now(), updated_by = ctx$.user_id",
                table
            )
        };
        let statement = Statement { entity, change: Change::Deleted, text, fields: Vec::new() };
        self.run(lines, step, write, rows, &statement);
        Some(())
    }

    /// Runs an `UPDATE` or `DELETE` of `t$` on its rows and collects them.
    fn run(
        &mut self,
        lines: &mut Lines,
        step: &Step,
        write: &Write,
        rows: Rows,
        it: &Statement<'a>,
    ) {
        match rows {
            Rows::Own => {
                let row = self.env.own_row.clone();
                let key = names::primary_key(it.entity);
                let live = self.env.live_one(&Sql::raw("t$"));
                lines.push(sql!("{}\nWHERE t$.{} = {}.{} AND {}", it.text, key, row, key, live));
                lines.push(sql!("RETURNING t$.* INTO {};", row));
                not_found(lines, it.entity, &Sql::raw("NOT FOUND"), None);
                self.collect(lines, it.entity, it.change, &sql!("{}.id", row), &it.fields);
                self.bind_row(it.entity, write, &row);
            }
            Rows::Where { condition, count: Count::Many, .. } => {
                self.run_many(lines, step, &condition, it);
                self.after_filter(lines, it.entity, write, &Sql::raw("(new$[1]).id"));
            }
            Rows::Where { condition, promised, through, count } => {
                let live = self.live(count, &Sql::raw("t$"));
                let id = self.env.shared("id$", "uuid", None);
                lines.push(sql!("{}\nWHERE {} AND {}", it.text, condition, live));
                lines.push(sql!("RETURNING t$.id INTO {};", id));
                if self.nesting == 0 && promised.is_some() {
                    self.through.extend(through.clone());
                }
                self.collect_one(lines, it, promised, through.as_deref());
                self.after_filter(lines, it.entity, write, &Sql::raw("id$"));
            }
        }
    }

    /// Adds the row of the statement before, which may have to be there.
    fn collect_one(
        &mut self,
        lines: &mut Lines,
        it: &Statement<'a>,
        promised: Option<Sql>,
        field: Option<&str>,
    ) {
        let always = promised.as_ref().is_some_and(|it| it.as_str() == "true");
        match promised {
            Some(_) if always => not_found(lines, it.entity, &Sql::raw("NOT FOUND"), field),
            Some(promised) => {
                not_found(lines, it.entity, &sql!("NOT FOUND AND {}", promised), field);
            }
            None => {}
        }
        if always {
            self.collect(lines, it.entity, it.change, &Sql::raw("id$"), &it.fields);
            return;
        }
        lines.push(Sql::raw("IF FOUND THEN"));
        lines.indented(|lines| {
            self.collect(lines, it.entity, it.change, &Sql::raw("id$"), &it.fields);
        });
        lines.push(Sql::raw("END IF;"));
    }

    /// A statement that touches any number of rows.
    fn run_many(&mut self, lines: &mut Lines, step: &Step, condition: &Sql, it: &Statement<'a>) {
        let new = self.env.shared("new$", "app.touch[]", None);
        let key = names::primary_key(it.entity);
        let live = self.env.live(&Sql::raw("t$"));
        let settled = self.is_settled(step.range, it.entity);
        if self.unlocked.contains(&step.range) {
            lines.push(Sql::raw(
                "-- Which rows these are is known only now, so they are locked only now.",
            ));
            lines.push(sql!(
                "PERFORM FROM {} AS t$ WHERE {} AND {}\nORDER BY t$.{} FOR NO KEY UPDATE;",
                names::table(it.entity),
                condition,
                live,
                key
            ));
        }
        lines.push(Sql::raw("WITH w$ AS ("));
        lines.indented(|lines| {
            lines.push(sql!("{}\nWHERE {} AND {}{}", it.text, condition, live, settled));
            lines.push(sql!("RETURNING t$.id, t$.{} AS key", key));
        });
        lines.push(Sql::raw(")"));
        lines.push(sql!(
            "SELECT array_agg(ROW({}, {}, w$.id)::app.touch ORDER BY w$.key) INTO {} FROM w$;",
            Literal::text(self.env.catalog.type_name(it.entity)),
            Literal::text(it.change.letter()),
            new
        ));
        self.touch(it.entity, it.change, &it.fields);
        self.list(it.entity.id);
        lines.push(Sql::raw("touched$ := touched$ || new$;"));
        self.name_primary(lines, it.entity, it.change, &Sql::raw("(new$[1]).id"));
    }

    /// A write by a condition may have changed the own row, and may have to be bound.
    fn after_filter(&mut self, lines: &mut Lines, entity: &'a Entity, write: &Write, id: &Sql) {
        if entity.id == self.env.entity.id {
            self.read_own_row_again(lines);
        }
        if write.bind.is_some() {
            let table = names::table(entity);
            let wanted = format!("row${}", entity.snake_name());
            let row = self.env.declare(&wanted, Sql::of(&table), None);
            let filled =
                sql!("SELECT t$.* INTO {} FROM {} AS t$ WHERE t$.id = {};", row, table, id);
            lines.push_filling(filled, &row, Sql::default());
            self.bind_row(entity, write, &Sql::of(&row));
        }
    }

    /// The own row as it is now, after something may have written it behind its variable. A later step may
    /// be the first one that reads it.
    pub(super) fn read_own_row_again(&self, lines: &mut Lines) {
        if self.env.creates_own_row {
            return;
        }
        let row = &self.env.own_variable;
        let table = names::table(self.env.entity);
        let read = sql!("SELECT t$.* INTO {} FROM {} AS t$ WHERE t$.id = {}.id;", row, table, row);
        lines.push_filling(read, row, Sql::default());
    }

    /// The entity of a step; `None`, with a problem, when it leads nowhere.
    pub(super) fn written_entity(&mut self, step: &Step, write: &Write) -> Option<&'a Entity> {
        let Some(reference) = &write.entity else {
            self.env.problem(
                ProblemKind::UntranslatedStep,
                step.value_range,
                "the step names no entity",
            );
            return None;
        };
        let found = self.env.catalog.resolve(self.env.entity.id, reference);
        let message = match found {
            Some(it) if has_table(self.env.catalog, it) => return found,
            Some(_) => format!("`{}` has no table of its own", reference.name.text),
            None => format!("`{}` is no entity of the workspace", reference.name.text),
        };
        self.env.problem(ProblemKind::UnresolvedName, reference.range(), &message);
        None
    }
}

/// An `UPDATE` or `DELETE` of `t$`, without its condition.
struct Statement<'a> {
    entity: &'a Entity,
    change: Change,
    text: Sql,
    fields: Vec<String>,
}

fn not_found(lines: &mut Lines, entity: &Entity, condition: &Sql, field: Option<&str>) {
    let message = format!("{} not found", entity.name.text);
    fail_if(lines, condition, &fail("not_found", &message, field));
}
